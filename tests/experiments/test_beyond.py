"""Beyond the papers: all representations see the same compounds, and no test set leaks into training."""

import numpy as np
import pandas as pd
import pytest
import torch

from replicate import data, experiments
from replicate.data.cards import Dataset
from replicate.data.clean import CleaningReport
from replicate.evaluation.distances import composition_distance
from replicate.experiments.beyond import coverage
from replicate.experiments.beyond.floor import run_floor
from replicate.experiments.beyond.matbench import folds
from replicate.experiments.beyond.representations import _finds, compounds_then, load_compounds
from replicate.experiments.beyond.specs import COVERAGE, FLOOR, KINDS, MATBENCH, REPRESENTATIONS, TEMPORAL
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


@pytest.fixture
def dated():
    """Return SuperCon's list as the experiment reads it, of 150 compositions up to 2007, 31 later ones, one undated."""
    metals, others = ("Nb", "V", "Ta", "Mo", "W", "Zr", "Ti", "Hf", "Re", "Ru"), ("N", "C", "Si", "Ge", "Ga", "Sn")
    pairs = enumerate((a, b) for a in metals for b in others)
    formulas = [f"{a}{n}{b}" for place, (a, b) in pairs for n in range(1, 2 + place % 5)]
    years = [1990] * 150 + [2010] * 30
    formulas += ["Nb1N", "Nb1.001N", "MgB2"]  # measured again; all but the same as an earlier one; undated
    table = pd.DataFrame(
        {
            "formula": formulas,
            "critical_temperature": [*np.linspace(1, 20, 180), 15.0, 9.0, 39.0],
            "year": pd.array([*years, 2010, 2010, pd.NA], dtype="Int64"),
            "structure_type": "",
        }
    )
    run = Run("beyond-coverage", "smoke", COVERAGE.smoke, [0], torch.device("cpu"))
    run.datasets[SUPERCON] = Dataset(table, data.entry(SUPERCON), CleaningReport(len(table)))
    return coverage.load(run, next(each for each in COVERAGE.full.lists if TEMPORAL in each.kinds))


def test_later_measurements_are_tested_only_where_their_composition_is_new(dated):
    cut = coverage.cut(dated, TEMPORAL, 0, COVERAGE.smoke)
    formulas = np.array(dated.compositions.formulas)
    assert "MgB2" not in formulas and (dated.part == 0).sum() == 150
    assert dated.target[list(formulas).index("Nb1N")] == 1  # not the median with what was measured later
    later = set(formulas[dated.part == 1])
    assert "Nb1.001N" in later and set(formulas[cut.split.test]) == later - {"Nb1.001N"}


@pytest.mark.parametrize("kind", [*KINDS, "composition"])
def test_calibration_rows_are_seen_by_no_model_and_half_of_them_share_no_system_with_training(dated, kind):
    for seed in range(3):
        cut = coverage.cut(dated, kind, seed, COVERAGE.smoke)
        parts = [cut.split.train, cut.split.validation, *cut.held.values()]
        assert len(set(np.concatenate(parts).tolist())) == sum(map(len, parts)) >= len(dated) - 1
        assert len(cut.calibration["random"]) == len(cut.calibration["system"]) == round(0.1 * len(dated))
        labels = dated.groups("system")
        assert not np.isin(labels[cut.calibration["system"]], labels[np.concatenate(parts[:2])]).any()
        if kind in ("system", "composition"):
            labels = dated.groups(kind)
            assert not np.isin(labels[cut.split.test], np.delete(labels, cut.split.test)).any()


def test_the_distance_of_a_row_is_that_to_what_its_model_saw(dated):
    cut = coverage.cut(dated, "random", 0, COVERAGE.smoke)
    size = sum(map(len, cut.held.values()))
    held = coverage._held(dated, cut, np.stack([np.arange(size), np.ones(size)]))
    assert np.concatenate([each.predicted for each in held.values()]).tolist() == list(range(size))
    known = dated.fractions()[np.concatenate([cut.split.train, cut.split.validation])]
    exact = composition_distance(dated.fractions()[cut.split.test], known)
    assert held["test"].distance == pytest.approx(np.where(exact < 1e-3, 0, exact), abs=1e-9)


@pytest.mark.xdist_group("beyond-coverage")
def test_every_interval_of_every_model_is_scored(smoke):
    record = smoke("beyond-coverage")
    for listed in COVERAGE.smoke.lists:
        for kind in listed.kinds:
            models = [coverage.TREES, *(n.name for n in listed.networks if kind in n.splits)]
            for name in (f"{listed.name}-{kind}/{model}" for model in models):
                for method in ("one-width", "by-distance", "by-spread"):
                    value = {cal: record.metrics[f"{name}-{method}-{cal}/coverage"] for cal in coverage.CALIBRATIONS}
                    assert all(0 <= metric.mean <= 1 for metric in value.values())
                    assert record.metrics[f"{name}-{method}-random/interval_score"].mean > 0
                missed = record.arrays[f"missed/{name}"]["models"]
                assert missed.keys() >= {coverage.MEMBERS, "by-distance-system"}
