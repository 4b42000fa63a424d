"""Beyond the papers: all representations see the same compounds, and no test set leaks into training."""

import numpy as np
import pandas as pd
import pytest
import torch

from replicate import data, experiments
from replicate.experiments.beyond.floor import run_floor
from replicate.experiments.beyond.matbench import folds
from replicate.experiments.beyond.representations import _finds, compounds_then, load_compounds
from replicate.experiments.beyond.specs import FLOOR, KINDS, MATBENCH, REPRESENTATIONS, YEARS
from replicate.experiments.beyond.years import HELD, KNOWN, NEAREST, POOL, TAUGHT, up_to, without
from replicate.experiments.beyond.years import load_compounds as load_years
from replicate.experiments.core import Run, archives_of
from replicate.experiments.konno2021.training_sets import same_as_any
from replicate.experiments.quinn2022.specs import SUPERCON
from replicate.experiments.samples import make_rows
from replicate.features.composition import parse, reduced_keys


@pytest.fixture(scope="module")
def compounds(smoke_work, needs):
    needs(*REPRESENTATIONS.smoke.datasets, *archives_of(REPRESENTATIONS.smoke))
    run = Run("beyond-test", "smoke", REPRESENTATIONS.smoke, [0, 1], torch.device("cpu"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATE_WORK", str(smoke_work))
        return load_compounds(run, REPRESENTATIONS.smoke.compounds)


def test_crystals_and_compositions_are_the_same_compounds_in_the_same_order(compounds):
    from_crystals, written = compounds.crystals.fractions(), compounds.rows.compositions.fractions
    assert from_crystals.shape == written.shape
    # A doped crystal holds its formula to the twentieth of an atom that found no site.
    assert np.abs(from_crystals - written).max() < 0.05
    assert np.array_equal(compounds.rows.target, compounds.crystals.target)
    assert (compounds.rows.target[compounds.superconducting] > 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_sets_are_disjoint_and_hold_both_kinds(compounds, kind):
    split = compounds.split(kind)
    parts = [set(part.tolist()) for part in (split.train, split.validation, split.test)]
    assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])
    for part in (split.train, split.validation, split.test):
        assert 0 < compounds.superconducting[part].sum() < len(part)


def test_the_temporal_split_teaches_nothing_later_nothing_undated_and_nothing_alike(compounds):
    split = compounds.split("temporal")
    taught = np.concatenate([split.train, split.validation])
    ours = compounds.superconducting
    year = compounds.crystals.labels["year"]
    assert (year[taught][ours[taught]] <= 2007).all()
    assert (year[split.test][ours[split.test]] >= 2008).all()
    compositions = compounds.rows.compositions
    tested, known = (compositions.take(part[ours[part]]) for part in (split.test, taught))
    assert not same_as_any(tested, known).any()


def test_the_temporal_split_teaches_the_medians_of_its_time(compounds, run):
    then = compounds_then(run, compounds)
    table = data.load(SUPERCON).table
    early = table[((table["year"] <= 2007) & (table["critical_temperature"] > 0)).fillna(False)]
    read = parse(early["formula"].tolist(), on_error="collect")
    tc = early["critical_temperature"].to_numpy()[read.rows]
    median = pd.Series(tc[tc < 400]).groupby(reduced_keys(read)[tc < 400]).median()
    known = compounds.superconducting & (compounds.crystals.labels["year"] <= 2007)
    assert known.any()
    # Formulas with an open amount of oxygen have compositions of their own, and no composition here is one of theirs.
    expected = median[then.rows.groups("composition")[known]].to_numpy()
    assert then.rows.target[known] == pytest.approx(expected, rel=1e-5)
    assert np.array_equal(then.rows.target[~known], compounds.rows.target[~known])
    assert np.array_equal(then.crystals.target, then.rows.target)
    assert then.crystals.digest != compounds.crystals.digest
    assert run.arrays["later/superconductors-2007"]["of"] == known.sum()


def test_finds_by_hand():
    hot = np.array([True, True, False, False, False])
    cold = np.array([False, False, False, True, True])
    family = np.array(["cuprate", "iron-based", "low-tc", "", ""])
    predicted = np.array([50.0, 3.0, 8.0, 9.0, 0.0])
    scores = _finds(hot, cold, predicted, np.array([0.0, 5.0]), family)
    assert scores["bar"] == pytest.approx(4.95)
    assert scores["recall"] == 0.5 and scores["false_positives"] == 0.5
    assert scores["recall_cuprate"] == 1 and scores["recall_iron-based"] == 0
    assert "recall_low-tc" not in scores  # none of them is above 10 K
    assert scores["average_precision"] == pytest.approx((1 + 2 / 4) / 2)


@pytest.mark.xdist_group("beyond-representations")
def test_every_model_has_every_score(smoke):
    record = smoke("beyond-representations")
    config = experiments.get("beyond-representations").config("smoke")
    models = [n.name for n in config.networks] + [config.crystal_network.name, *config.baselines]
    for kind in KINDS:
        for model in models:
            assert {f"{kind}/{model}/mae", f"{kind}-finding/{model}/average_precision"} <= record.metrics.keys()
            mean, low, high = record.arrays[f"interval/{kind}/{model}"]
            assert low < mean < high
            assert mean == pytest.approx(record.metrics[f"{kind}-ensemble/{model}/mae"].mean, rel=1e-4)


def test_official_folds_are_those_of_matbench():
    """The first test rows of the validation file of matbench 0.6 for its 4,604 measured band gaps, from 0."""
    rows = make_rows("gaps", "", parse([f"Al{n}O" for n in range(1, 4605)]), np.zeros(4604))
    task = MATBENCH.full.tasks[0]
    splits = folds(rows, task)
    starts = [[7, 9, 18, 29, 30], [2, 22, 24, 44, 53], [0, 5, 6, 8, 11], [1, 3, 10, 16, 20], [4, 12, 13, 14, 15]]
    assert [split.test[:5].tolist() for split in splits] == starts
    assert sorted(np.concatenate([split.test for split in splits]).tolist()) == list(range(4604))


@pytest.mark.parametrize("place", [0, 1])
def test_folds_test_every_row_once_and_have_classes_in_equal_shares(place):
    formulas = [f"{a}{n}{b}" for a in ("Al", "Ga", "In", "Zn", "Cd") for b in ("O", "S", "Se") for n in (1, 2, 3, 4)]
    rows = make_rows("some", "", parse(formulas), np.arange(len(formulas)) % 2)
    splits = folds(rows, MATBENCH.full.tasks[place])
    assert sorted(np.concatenate([split.test for split in splits]).tolist()) == list(range(len(rows)))
    for split in splits:
        parts = [set(part.tolist()) for part in (split.train, split.validation, split.test)]
        assert sum(map(len, parts)) == len(set.union(*parts)) == len(rows)
        assert place == 0 or rows.target[split.test].mean() == 0.5


def test_the_floor_is_of_measurements_kept_apart_and_groups_are_parts_of_the_whole():
    run = Run("beyond-floor", "smoke", FLOOR.smoke, [0], torch.device("cpu"))
    run_floor(run)
    value = {key: metric.values[0] for key, metric in run.metrics.items()}
    for name in ("band-gap", "formation-energy", "critical-temperature"):
        assert 0 < value[f"{name}/all/floor_own"] < value[f"{name}/all/floor_mae"] < value[f"{name}/all/floor_others"]
        assert value[f"{name}/all/measurements"] > value[f"{name}/all/repeated_measurements"] > 0
    groups = [key for key in value if key.startswith("critical-temperature/group") and key.endswith("/measurements")]
    assert sum(value[key] for key in groups) == value["critical-temperature/all/measurements"]
    entries, agreeing = (value[f"critical-temperature{form}/all/measurements"] for form in ("", "-agreeing"))
    assert agreeing < entries


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
