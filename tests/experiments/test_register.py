"""The register foresees what no list holds, and tells how good it was when something is measured."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from replicate.errors import DataError
from replicate.experiments.beyond import register
from replicate.experiments.beyond.specs import REGISTER
from replicate.experiments.core import Run
from replicate.features.composition import parse, reduced_keys
from replicate.predict import predict
from replicate.results import records
from replicate.results.records import Record

COLUMNS = ["formula", "band-gap", "band-gap-trees", "band-gap-low", "band-gap-high"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The arrays and metrics of a smoke run, and its register."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATE_WORK", str(tmp_path_factory.mktemp("register")))
        run = Run("beyond-register", "smoke", REGISTER.smoke, [0], torch.device("cpu"))
        register.run_register(run)
        yield run, register.read(as_record(run))


def as_record(run: Run) -> Record:
    full = records.full_record("beyond-register")
    return replace(full, profile=run.profile, arrays=run.arrays)


def test_what_a_list_holds_is_not_foreseen(written):
    run, table = written
    for listed in REGISTER.smoke.lists[1:]:
        known = table.index.isin(register.load(run, listed, REGISTER.smoke.most).groups("composition"))
        assert known.any()
        assert table.loc[known, f"{listed.name}-trees"].isna().all()
        assert run.metrics[f"register/{listed.name}/compounds"].mean == table[f"{listed.name}-trees"].notna().sum()
    assert table.index.is_unique and table.notna().any(axis=1).all()


def test_the_network_is_that_of_replicate_predict(written):
    _, table = written
    some = table.dropna().iloc[:5]
    for listed in REGISTER.smoke.lists:
        values = [one.value for one in predict(listed.network, some["formula"].tolist())]
        np.testing.assert_allclose(some[listed.name], values, rtol=6e-3, atol=6e-3)


def test_intervals_hold_their_prediction_and_stay_physical(written):
    _, table = written
    for listed in REGISTER.smoke.lists:
        low, middle, high = (table[f"{listed.name}-{column}"].dropna() for column in ("low", "trees", "high"))
        assert (low <= middle).all() and (middle <= high).all() and (low < high).all()
        assert listed.signed or (low >= 0).all()


def test_another_file_than_the_dated_one_is_refused(written, monkeypatch, tmp_path):
    run, _ = written
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / run.arrays["register"]["file"]).write_bytes(b"changed later")
    with pytest.raises(DataError, match="is not the register of the record"):
        register.read(as_record(run))


def test_scores_of_what_was_measured_later():
    rows = [["NaCl", 8.0, 8.4, 7.4, 9.4], ["KCl", 8.5, 8.0, 7.0, 9.0], ["Si", np.nan, np.nan, np.nan, np.nan]]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.set_index(reduced_keys(parse(table["formula"].tolist())))
    scores = register.scored(table, "band-gap", ["Na2Cl2", "KCl", "Si", "GaN"], [8.5, 9.5, 1.1, 3.4])
    assert scores["network"] == {"compounds": 2, "mae": pytest.approx(0.75)}
    # An interval of NaCl holds its gap; that of KCl ends half an eV below.
    trees = {"compounds": 2, "mae": 0.8, "coverage": 0.5, "width": 2.0, "interval_score": 2 + 20 * 0.25}
    assert scores["trees"] == pytest.approx(trees)
    with pytest.raises(DataError, match="the band-gap of none of the 2 compounds"):
        register.scored(table, "band-gap", ["Si", "GaN"], [1.1, 3.4])


def test_the_committed_register_is_whole():
    record = records.full_record("beyond-register")
    table = register.read(record)
    assert len(table) == record.arrays["register"]["compounds"] > 90_000
    for listed in REGISTER.full.lists:
        found = table[f"{listed.name}-trees"].notna().sum()
        assert found == record.metrics[f"register/{listed.name}/compounds"].mean
