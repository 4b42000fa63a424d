"""The superconductor experiments: what is held out stays out, shared networks see the same rows."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from replicate import data, experiments, papers
from replicate.data.supercon import related
from replicate.evaluation.neighbours import composition_distance
from replicate.experiments.base import Run
from replicate.experiments.superconductors import groups_of, load_negatives, load_superconductors
from replicate.experiments.zeng2019.architecture import flattening, with_convolutions
from replicate.experiments.zeng2019.held_out import containing
from replicate.experiments.zeng2019.superconductors import INSULATORS_ON_CPU, INSULATORS_QUICK, TC_QUICK
from replicate.features.composition import parse, reduced_keys
from replicate.models.atcnn import TC

PROFILES = {"quick": INSULATORS_QUICK, "full": INSULATORS_ON_CPU}


@pytest.fixture(scope="module", params=PROFILES)
def mixed(request):
    """Return (config, superconductors, both tables joined) of a profile."""
    config = PROFILES[request.param]
    if not all(data.available(name) for name in (config.tc.dataset, config.insulators)):
        pytest.skip("the authors' data are not here; set REPLICATE_MIRROR or fetch them")
    run = Run("zeng2019-tc-insulators", "quick", config, [0], torch.device("cpu"))
    known = load_superconductors(run, config.tc)
    return config, known, known.joined(load_negatives(run, config.insulators, known))


def test_no_relative_of_table_2_is_left_in_any_set(mixed):
    config, known, both = mixed
    forbidden = set(reduced_keys(parse(papers.table("zeng2019", "table2")["formula"].tolist())))
    for rows, kinds in ((known, ("random", "system")), (both, ("random",))):
        assert not related(rows.compositions).any()
        for kind in kinds:
            split = rows.split(kind, 0, config.tc)
            for part in (split.train, split.validation, split.test):
                assert not forbidden & set(rows.groups["composition"][part])


def test_superconductors_fall_alike_with_and_without_insulators(mixed):
    config, known, both = mixed
    for seed in range(3):
        alone, joined = known.split("random", seed, config.tc), both.split("random", seed, config.tc)
        for name in ("train", "validation", "test"):
            rows = getattr(joined, name)
            assert np.array_equal(rows[rows < len(known)], getattr(alone, name))
        covered = np.sort(np.concatenate([joined.train, joined.validation, joined.test]))
        assert np.array_equal(covered, np.arange(len(both)))


def test_no_insulator_is_a_superconductor_and_none_comes_twice(mixed):
    _, known, both = mixed
    insulators = both.groups["composition"][len(known) :]
    assert len(set(insulators)) == len(insulators)
    assert not set(insulators) & set(known.groups["composition"])
    assert (both.target[len(known) :] == 0).all()


def test_the_test_set_has_the_papers_size():
    if not data.available("atcnn-superconductors"):
        pytest.skip("the authors' superconductors are not here; set REPLICATE_MIRROR or fetch them")
    config = INSULATORS_ON_CPU.tc
    run = Run("zeng2019-tc", "full", config, [0], torch.device("cpu"))
    rows = load_superconductors(run, config)
    assert run.arrays["related"] == {"rows": 1, "of": 13598}
    assert len(rows.split("random", 0, config).test) == 2720


def test_the_strict_removal_takes_what_contains_a_family():
    found = containing(parse(["Mg0.9Al0.1B2", "HgBa2CuO4", "Y0.9Ca0.1Ba2Cu3O7", "FeAs", "La2CuO4"]))
    assert found.tolist() == [True, True, True, False, False]


def test_groups_of_table_1():
    found = groups_of(parse(["YBa2Cu3O7", "FeSe", "CuFeS2", "Nb3Sn"]))
    assert found.tolist() == ["group-I", "group-II", "group-III", "group-IV"]


@pytest.mark.parametrize("n", range(1, 9))
def test_depth_changes_the_middle_only(n):
    kernels = with_convolutions(TC, n).kernels
    assert len(kernels) == n and kernels[0] == TC.kernels[0]
    assert n == 1 or kernels[-1] == TC.kernels[-1]
    assert with_convolutions(TC, 5) == TC


def test_flattening_finds_the_knee():
    epochs = np.arange(1, 401)
    found = flattening(np.where(epochs < 200, 14 - 0.05 * epochs, 4.0))
    assert found["best_epoch"] == pytest.approx(200, abs=15)
    assert found["mae_after_best_epoch"] == pytest.approx(4, rel=0.02)


def test_a_processor_gets_its_own_full_settings_and_says_so():
    for name in ("zeng2019-tc", "zeng2019-tc-insulators", "zeng2019-held-out", "zeng2019-screening"):
        experiment = experiments.get(name)
        cut = experiment.config("full", torch.device("cpu"))
        assert cut is experiment.on_cpu and "60 epochs" in cut.budget
        assert experiment.config("full", torch.device("cuda")) is experiment.config("full")
        assert not experiment.config("full").budget
        assert experiment.config("quick", torch.device("cpu")) is experiment.config("quick")


def test_a_distance_counts_training_rows_only():
    run = Run("zeng2019-tc", "quick", TC_QUICK, [0], torch.device("cpu"))
    rows = load_superconductors(run, TC_QUICK)
    split = rows.split("system", 0, TC_QUICK)
    fractions = rows.compositions.fractions
    near = composition_distance(fractions[split.test], fractions[split.train])
    assert near.min() > 0, "a chemical system stays on one side, so no test composition is in training"
