"""Records: schema, round trip, and that a broken one is named."""

import json
from dataclasses import replace

import pytest

from replicate import paths
from replicate.errors import DataError
from replicate.results import records
from replicate.results.records import Metric, Record


@pytest.fixture
def record(make_record) -> Record:
    return make_record(
        "zeng2019-gap",
        {"random/atcnn/mae": Metric("eV", (0.3, 0.32), 780)},
        "quick",
        seeds=[0, 1],
        data=[{"name": "zhuo2018-gap", "digest": "d", "rows": 3}],
        splits={"random": ["a", "b"]},
        arrays={"parity/random/atcnn": {"cells": [[0, 1, 2]]}},
        environment=records.environment("cpu", "a processor", 2.0),
    )


def test_round_trip(record, tmp_path):
    path = tmp_path / "record.json"
    records.save(record, path)
    assert records.load(path) == record
    written = json.loads(path.read_text())["metrics"]["random/atcnn/mae"]
    assert written["mean"] == pytest.approx(0.31)
    assert written["sd"] == pytest.approx(0.0141421, rel=1e-5)
    assert Metric("eV", (0.3,)).sd is None


@pytest.mark.parametrize(
    "change",
    [{"profile": "huge"}, {"key": "x"}, {"metrics": {"a": Metric("eV", ())}}, {"arrays": {"a": [float("nan")]}}],
    ids=["profile", "key", "values", "not a number"],
)
def test_a_record_that_breaks_the_schema_is_not_written(record, tmp_path, change):
    with pytest.raises((DataError, ValueError)):
        records.save(replace(record, **change), tmp_path / "record.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}'])
def test_a_broken_record_is_named(tmp_path, text):
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(DataError, match="broken.json"):
        records.load(path)


def test_the_committed_records_are_valid_and_whole():
    from replicate import experiments
    from replicate.settings import plain

    found = sorted(paths.results_dir().glob("*.json"))
    for path in found:
        record = records.load(path)
        assert record.profile == "full" and path.stem == record.experiment
        experiment = experiments.get(record.experiment)
        allowed = [c for c in (experiment.config("full"), experiment.on_cpu) if c is not None]
        made = [config for config in allowed if records.made_with(record, plain(config))]
        assert made, f"{path.name} was made with other settings"
        # Nothing random: one. A network that takes more than five minutes to train: three.
        long = record.experiment.startswith(("xie2018", "quinn2022", "beyond")) or record.experiment == "zeng2019-tc"
        least = 1 if not record.training else 3 if long else 5
        assert len(record.seeds) == made[0].seeds >= least
        if made[0].seeds != allowed[0].seeds:
            assert f"{made[0].seeds} networks" in record.budget
        if made == [experiment.on_cpu]:
            assert record.budget == experiment.budget and record.environment["device"] == "cpu"


def test_the_latest_local_record_passes_over_broken_and_foreign_files(record, tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    assert records.latest_local(record.experiment) is None
    folder = tmp_path / "records"
    quick = replace(record, profile="quick")
    records.save(quick, folder / f"{record.experiment}-quick-1.json")
    records.save(replace(record, profile="full"), folder / f"{record.experiment}-full-2.json")
    (folder / f"{record.experiment}-quick-3.json").write_text("{half a rec")
    assert records.latest_local(record.experiment) == quick


def test_core_hours_follow_from_the_seconds_of_the_record(full_record) -> None:
    record = full_record("zeng2019-gap")
    record.training["random/some"] = {"seconds": 720.0, "epochs": 10, "best_epoch": [9, 10]}
    assert record.core_hours("random/some", 100) == pytest.approx(2.0)
    assert record.core_hours("random/some", 100, 20) == pytest.approx(20.0)
    assert record.core_hours("random/none", 100) is None
    record.environment["device"] = "cuda"
    assert record.core_hours("random/some", 100) is None
