"""Later superconductors: no year teaches what it could not know, and nothing sought is alike."""

import numpy as np
import pandas as pd
import pytest
import torch

from replicate import data, experiments
from replicate.experiments.beyond.years import HELD, KNOWN, NEAREST, POOL, TAUGHT, up_to, without
from replicate.experiments.beyond.years import load_compounds as load_years
from replicate.experiments.beyond.years_specs import YEARS
from replicate.experiments.core import Run
from replicate.experiments.konno2021.training_sets import same_as_any
from replicate.experiments.quinn2022.specs import SUPERCON
from replicate.features.composition import parse, reduced_keys


@pytest.fixture(scope="module")
def dated(needs):
    needs(*YEARS.smoke.datasets)
    run = Run("beyond-test", "smoke", YEARS.smoke, [0, 1], torch.device("cpu"))
    return run, load_years(run)


@pytest.mark.parametrize("year", YEARS.smoke.years)
def test_no_superconductor_is_taught_that_is_later_than_its_year_and_none_is_sought_that_is_earlier_or_alike(
    dated, year
):
    run, compounds = dated
    case, part = up_to(run, compounds, year), compounds.rows.part
    taught, sought = case.taught[part[case.taught] == KNOWN], case.test[part[case.test] == KNOWN]
    assert len(taught) and len(sought)
    assert compounds.year[taught].max() <= year < compounds.year[sought].min()
    assert compounds.year[sought].max() <= year + YEARS.smoke.ahead
    known, new = (compounds.rows.compositions.take(rows) for rows in (taught, sought))
    assert not same_as_any(new, known).any()
    for split in case.splits([0, 1]):
        parts = [split.train, split.validation]
        assert sorted(np.concatenate(parts).tolist()) == sorted(case.taught.tolist())
        assert len(split.validation) == round(HELD * len(case.taught))
        assert np.array_equal(split.test, case.test)


def test_later_entries_change_no_target_that_is_taught(dated):
    run, compounds = dated
    case = up_to(run, compounds, 2000)
    table = data.load(SUPERCON).table
    early = table[((table["year"] <= 2000) & (table["critical_temperature"].between(1e-9, 399))).fillna(False)]
    read = parse(early["formula"].tolist(), on_error="collect")
    tc = pd.Series(early["critical_temperature"].to_numpy()[read.rows]).groupby(reduced_keys(read)).median()
    taught = case.taught[compounds.rows.part[case.taught] == KNOWN]
    expected = tc[compounds.rows.groups("composition")[taught]].to_numpy()
    assert case.target[taught] == pytest.approx(expected, rel=1e-5)
    assert (case.target[case.taught[compounds.rows.part[case.taught] == TAUGHT]] == 0).all()


def test_the_pool_is_unlike_all_that_is_taught(dated):
    _, compounds = dated
    part, systems = compounds.rows.part, compounds.rows.groups("system")
    assert not set(systems[part == POOL]) & set(systems[part == TAUGHT])
    pool, known = (compounds.rows.compositions.take(part == kind) for kind in (POOL, KNOWN))
    assert not same_as_any(pool, known).any()


@pytest.mark.parametrize("family", YEARS.full.families)
def test_nothing_of_a_family_that_is_left_out_is_taught(dated, family):
    _, compounds = dated
    member = compounds.members(family)
    case = without(compounds, family)
    assert not member[case.taught].any()
    sought = case.test[compounds.rows.part[case.test] == KNOWN]
    assert len(sought) and member[sought].all()


@pytest.mark.xdist_group("beyond-years")
def test_every_model_ranks_in_every_case_and_the_reference_differs_from_itself_by_nothing(smoke):
    record = smoke("beyond-years")
    config = experiments.get("beyond-years").config("smoke")
    for case in (*(f"until-{year}" for year in config.years), *(f"without-{family}" for family in config.families)):
        networks = [n.name for n in config.networks] if case in config.network_cases else []
        for model in (NEAREST, *config.baselines, *networks):
            ends = record.arrays[f"interval/{case}/{model}"]
            assert all(low <= value <= high for value, low, high in ends.values())
            assert 0 < record.metrics[f"{case}/{model}/average_precision"].mean < 1
        assert record.arrays[f"interval/{case}/{NEAREST}"]["difference"] == [0, 0, 0]
        base = record.metrics[f"{case}/base/share"]
        assert base.mean == pytest.approx(record.metrics[f"{case}/base/sought"].mean / base.n)
    gain, ours, theirs = (
        record.metrics[key].mean
        for key in ("years/forest/gain", "years/forest/average_precision", f"years/{NEAREST}/average_precision")
    )
    assert gain == pytest.approx(ours - theirs)
    assert record.metrics["story-MgB2/base/year"].mean == 2001
