"""Beyond the papers: all representations see the same compounds, and no test set leaks into training."""

import numpy as np
import pandas as pd
import pytest
import torch

from replicate import data, experiments
from replicate.experiments.beyond.floor import run_floor
from replicate.experiments.beyond.matbench import folds
from replicate.experiments.beyond.representations import _finds, compounds_then, load_compounds
from replicate.experiments.beyond.specs import FLOOR, KINDS, MATBENCH, REPRESENTATIONS
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
