"""The superconductor experiments: what is held out stays out, shared networks see the same rows."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import numpy as np
import pytest
import torch

from replicate import data, experiments, papers
from replicate.evaluation.splits import Split
from replicate.experiments import core
from replicate.experiments.core import Run
from replicate.experiments.samples import draw, make_rows
from replicate.experiments.zeng2019.architecture import flattening, with_convolutions
from replicate.experiments.zeng2019.held_out import containing
from replicate.experiments.zeng2019.insulators import score_mixed
from replicate.experiments.zeng2019.specs import INSULATORS_ON_CPU, INSULATORS_QUICK
from replicate.experiments.zeng2019.superconductors import (
    groups_of,
    load_negatives,
    load_superconductors,
    reported,
)
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


def elements(formula: str) -> frozenset[str]:
    """Return the symbols in a formula by plain reading, apart from the package's own parser."""
    return frozenset(re.findall(r"[A-Z][a-z]?", formula))


# Table 2's families, written out once more and not taken from the code under test.
FAMILIES = ({"Hg"}, {"Mg", "B"}, {"Fe", "Se"}, {"Y", "Ba", "Cu", "O"})


def test_no_relative_of_table_2_is_left_in_any_set(mixed):
    _, known, both = mixed
    raw = data.load(known.name).table["formula"]
    assert sum(elements(formula) in FAMILIES for formula in raw) > 0, "there was something to remove"
    for rows in (known, both):
        assert not [f for f in rows.compositions.formulas if elements(f) in FAMILIES]


def test_superconductors_fall_alike_with_and_without_insulators(mixed):
    config, known, both = mixed
    run = Run("zeng2019-tc-insulators", "quick", config, range(3), torch.device("cpu"))
    for alone, joined in zip(draw(run, known, config.tc), draw(run, both, config.tc), strict=True):
        for name in ("train", "validation", "test"):
            rows = getattr(joined, name)
            assert np.array_equal(rows[rows < len(known)], getattr(alone, name))
        covered = np.sort(np.concatenate([joined.train, joined.validation, joined.test]))
        assert np.array_equal(covered, np.arange(len(both)))


def test_no_insulator_is_a_superconductor_and_none_comes_twice(mixed):
    _, known, both = mixed
    insulators = both.groups("composition")[len(known) :]
    assert len(set(insulators)) == len(insulators)
    assert not set(insulators) & set(known.groups("composition"))
    assert (both.target[len(known) :] == 0).all()


def test_the_test_set_has_the_papers_size():
    if not data.available("atcnn-superconductors"):
        pytest.skip("the authors' superconductors are not here; set REPLICATE_MIRROR or fetch them")
    config = INSULATORS_ON_CPU.tc
    run = Run("zeng2019-tc", "full", config, [0], torch.device("cpu"))
    rows = load_superconductors(run, config)
    assert run.arrays["related"] == {"rows": 1, "of": 13598}
    assert len(draw(run, rows, config)[0].test) == 2720


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
        assert cut is experiment.on_cpu and "60 epochs" in experiment.budget
        assert experiment.config("full", torch.device("cuda")) is experiment.config("full")
        assert experiment.config("quick", torch.device("cpu")) is experiment.config("quick")


def test_a_processor_trains_for_as_long_as_the_paper_when_told_to(monkeypatch):
    configs = []

    def stop(experiment, state):
        configs.append(state.config)
        raise InterruptedError

    monkeypatch.setattr(core, "_work", stop)
    experiment = experiments.get("zeng2019-tc")
    for told in (False, True):
        with pytest.raises(InterruptedError):
            experiments.run("zeng2019-tc", "full", device="cpu", refresh=True, paper_budget=told)
    assert configs == [experiment.on_cpu, experiment.config("full")]


def test_scores_of_mixed_rows_follow_from_the_predictions():
    """Two superconductors and two insulators, predictions made by hand."""
    formulas, tc = ["Nb3Sn", "YBa2Cu4O8", "NaCl", "MgO"], [18.0, 80.0, 0.0, 0.0]
    known = make_rows("known", "a", parse(formulas[:2]), np.array(tc[:2]))
    rows = known.joined(make_rows("others", "b", parse(formulas[2:]), np.zeros(2)))
    nothing = np.array([], dtype=int)
    split = Split("random", 0, nothing, nothing, np.arange(4))
    run = Run("zeng2019-tc-insulators", "smoke", None, [0], torch.device("cpu"))
    positive = score_mixed(run, known, rows, [split], {"net": np.array([[0.0, 90.0, 5.0, 0.0]])})
    assert positive[0].tolist() == [True, True, False, False]
    means = {key: metric.mean for key, metric in run.metrics.items()}
    assert means["superconductors/net/misclassified"] == means["insulators/net/misclassified"] == 0.5
    assert means["superconductors/net/mae"] == pytest.approx(14) and means["insulators/net/mae"] == 2.5
    assert means["all/net/mae"] == pytest.approx(33 / 4)
    assert means["all/net/auc"] == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert run.arrays["confusion/net"] == [[[1, 1], [1, 1]]]


def test_non_superconductors_are_also_scored_by_chemical_system():
    record = experiments.run("zeng2019-tc-insulators", "smoke", device="cpu")
    scores = {key for key in record.metrics if key.startswith("system-all/")}
    assert "system-all/extra-trees-fractions/auc" in scores and "system-all/atcnn-ii/auc" not in scores
    whole = experiments.get("zeng2019-tc-insulators").config("full")
    assert whole.network_by_system and not experiments.get("zeng2019-tc-insulators").on_cpu.network_by_system


def test_candidates_are_new_ranked_and_looked_up():
    record = experiments.run("zeng2019-screening", "smoke", device="cpu")
    found = record.arrays["candidates"]
    tc = [candidate["tc"] for candidate in found]
    assert tc == sorted(tc, reverse=True)
    run = Run("zeng2019-screening", "smoke", None, [0], torch.device("cpu"))
    lists = reported(run, "madml-superconductors")
    for candidate in found:
        key = str(reduced_keys(parse([candidate["compound"]]))[0])
        assert (candidate["status"].startswith("superconductor")) == (key in lists)
        assert candidate["lowest"] <= candidate["tc"] and 0 <= candidate["distance"] <= 1


@pytest.mark.parametrize("most", [None, 100])
def test_the_page_counts_the_non_superconductors_that_are_used(most):
    config = INSULATORS_QUICK
    if not all(data.available(name) for name in (config.tc.dataset, "jarvis-dft-3d")):
        pytest.skip("the authors' data are not here; set REPLICATE_MIRROR or fetch them")
    run = Run("zeng2019-tc-insulators", "quick", config, [0], torch.device("cpu"))
    used = load_negatives(run, "jarvis-dft-3d", load_superconductors(run, config.tc), most)
    counts = run.arrays["negatives/jarvis-dft-3d"]
    assert counts["beyond_radon"] > 0
    assert 2 * counts["read"] - sum(counts.values()) == len(used)  # all but what was left out for a reason


def test_depths_are_also_tried_on_unseen_systems_and_the_curve_is_read_at_tenths():
    record = experiments.run("zeng2019-architecture", "smoke", device="cpu")
    kinds = {key.split("/")[0] for key in record.metrics if "/convolutions-" in key}
    assert kinds == {"validation", "validation-system"}
    target = papers.target("zeng2019-architecture/epochs")
    read = [key for key in record.metrics if fnmatch(key, target.argmin)]
    long = experiments.get("zeng2019-architecture").config("full").long
    assert read and long.fit.epochs % 10 == 0 and target.published % (long.fit.epochs / 10) == 0
