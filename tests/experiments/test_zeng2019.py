"""The ATCNN experiments at smoke size: records complete, repeatable, resumed, honest about their data."""

from __future__ import annotations

import json

import numpy as np
import pytest

from replicate import experiments, papers, paths, records
from replicate.errors import ConfigError
from replicate.evaluation.splits import shared_with_training
from replicate.experiments.rows import load_rows
from replicate.experiments.zeng2019.elements import feature_scores, main_group_elements, neighbour_agreement
from replicate.training import fit

IDS = [experiment.id for experiment in experiments.all_experiments()]


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """Run every experiment once."""
    patch = pytest.MonkeyPatch()
    patch.setenv("REPLICATE_WORK", str(tmp_path_factory.mktemp("smoke")))
    yield {name: experiments.run(name, "smoke", device="cpu") for name in IDS}
    patch.undo()


@pytest.mark.parametrize("name", IDS)
def test_every_published_number_of_the_experiment_is_measured_in_full(name):
    """A target without a metric would stay 'not run' for ever; full records must answer them all."""
    full = records.full_record(name)
    if full is None:
        pytest.skip(f"no full record of {name} yet")
    missing = [t.metric for t in papers.targets(name) if t.metric not in full.metrics]
    # A record made on a processor may leave out what only a long run can answer; the scoreboard says so.
    assert not missing or (full.config.get("budget") and missing == ["validation/atcnn/best_epoch"])


@pytest.mark.parametrize("name", IDS)
def test_a_record_is_complete(smoke, name):
    record = smoke[name]
    assert record.profile == "smoke" and len(record.seeds) == 2
    assert record.data and all(d["rows"] > 0 for d in record.data)
    assert record.training and record.splits and record.metrics
    for metric in record.metrics.values():
        assert np.isfinite(metric.values).all()


@pytest.mark.parametrize("name", IDS)
def test_no_row_of_the_data_stands_in_a_record(smoke, name):
    """Reduced arrays only: no list as long as a test set, no table with a column of formulas."""
    for key, value in smoke[name].arrays.items():
        text = json.dumps(value)
        assert '"formula"' not in text, key
        assert len(text) < 60_000, key


def test_a_second_call_returns_the_record_without_training(smoke, monkeypatch, tmp_path):
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    said: list[str] = []
    first = experiments.run("zeng2019-metal", "smoke", device="cpu", say=said.append)
    assert said
    said.clear()
    again = experiments.run("zeng2019-metal", "smoke", device="cpu", say=said.append)
    assert not said and again == records.load(records.record_path("zeng2019-metal", "smoke", first.key))


def test_refresh_trains_again_and_gives_the_same_numbers(smoke, monkeypatch, tmp_path):
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    experiments.run("zeng2019-formation", "smoke", device="cpu")
    epochs = []
    one_epoch = fit._Run.one_epoch
    monkeypatch.setattr(fit._Run, "one_epoch", lambda run: (epochs.append(1), one_epoch(run)))
    again = experiments.run("zeng2019-formation", "smoke", device="cpu", refresh=True)
    assert len(epochs) == 2 * len(again.training), "every network is trained again, both epochs"
    first = smoke["zeng2019-formation"].metrics
    assert again.metrics.keys() == first.keys()
    for key, metric in again.metrics.items():
        assert metric.values == pytest.approx(first[key].values, rel=1e-4, abs=1e-4), key


def test_a_smoke_run_never_touches_the_book(smoke):
    assert all(record.profile == "full" for record in map(records.load, paths.results_dir().glob("*.json")))


def test_honest_splits_share_nothing(smoke):
    record = smoke["zeng2019-gap"]
    assert record.metrics["composition/split/shared_composition"].mean == 0
    assert record.metrics["system/split/shared_composition"].mean == 0


def test_leakage_of_the_random_split_is_what_the_data_say():
    """About 44 % of the random test rows of the gaps have their composition in training."""
    from replicate.experiments.base import Run
    from replicate.training.config import resolve_device

    config = experiments.get("zeng2019-gap").config("quick")
    run = Run("zeng2019-gap", "quick", config, [0], resolve_device("cpu"))
    rows = load_rows(run, config)
    shared = [
        shared_with_training(rows.split("random", s, config), rows.groups["composition"]) for s in range(5)
    ]
    assert np.mean(shared) == pytest.approx(0.44, abs=0.03)


def test_table3_compounds_are_kept_out(smoke):
    record = smoke["zeng2019-gap"]
    assert "table3/held-out/mae" in record.metrics
    assert set(record.arrays["table3/rows_in_data"]) == set(papers.table("zeng2019", "table3")["formula"])


def test_main_group_elements():
    symbols = {symbol: group for symbol, _, group in main_group_elements()}
    assert len(symbols) == 42
    assert (symbols["Na"], symbols["Ca"], symbols["I"], symbols["He"]) == (1, 2, 17, 18)
    assert "Fe" not in symbols and "La" not in symbols


def test_neighbour_agreement_of_clear_and_of_mixed_groups():
    groups = np.repeat([1, 2], 4)
    apart = np.array([[g * 100.0 + i] for i, g in enumerate(groups)])
    assert neighbour_agreement(apart, groups) == 1
    mixed = np.array([[0.0], [10], [20], [30], [1], [11], [21], [31]])
    assert neighbour_agreement(mixed, groups) == 0
    assert feature_scores(apart, groups)["silhouette"] > 0.9


def test_wrong_names_are_answered_with_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'zeng2019-gap'"):
        experiments.get("zeng2019-gaps")
    with pytest.raises(ConfigError, match="profile must be one of"):
        experiments.run("zeng2019-gap", "fast")
    with pytest.raises(ConfigError, match="seeds"):
        experiments.run("zeng2019-gap", "smoke", seeds=-1)
