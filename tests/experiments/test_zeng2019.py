"""The ATCNN experiments: repeatable, honest about their data, and what is held out stays out."""

import re
from dataclasses import replace
from fnmatch import fnmatch

import numpy as np
import pandas as pd
import pytest
import torch

from replicate import data, experiments, train
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments import runs
from replicate.experiments.core import Run
from replicate.experiments.samples import draw, load_rows, make_rows
from replicate.experiments.zeng2019.architecture import flattening, with_convolutions
from replicate.experiments.zeng2019.elements import feature_scores, neighbour_agreement
from replicate.experiments.zeng2019.gaps import count_classes
from replicate.experiments.zeng2019.held_out import containing
from replicate.experiments.zeng2019.insulators import score_mixed
from replicate.experiments.zeng2019.specs import TC_INSULATORS
from replicate.experiments.zeng2019.superconductors import groups_of, load_negatives, load_superconductors, reported
from replicate.experiments.zeng2019.tc import count_contradictions
from replicate.features.composition import parse, reduced_keys
from replicate.features.periodic_table import main_group_elements
from replicate.models.configs import TC
from replicate.results import papers, records

PROFILES = {"quick": TC_INSULATORS.quick, "full": TC_INSULATORS.on_cpu}
# Table 2's families, written out once more and not taken from the code under test.
FAMILIES = ({"Hg"}, {"Mg", "B"}, {"Fe", "Se"}, {"Y", "Ba", "Cu", "O"})


@pytest.fixture(scope="module", params=PROFILES)
def mixed(request, needs):
    """Return (config, superconductors, both tables joined) of a profile."""
    config = PROFILES[request.param]
    needs(config.tc.dataset, config.insulators)
    run = Run("zeng2019-tc-insulators", "quick", config, [0], torch.device("cpu"))
    known = load_superconductors(run, config.tc)
    return config, known, known.joined(load_negatives(run, config.insulators, known))


def elements(formula: str) -> frozenset[str]:
    """Return the symbols in a formula by plain reading, apart from the package's own parser."""
    return frozenset(re.findall(r"[A-Z][a-z]?", formula))


def means(run: Run) -> dict[str, float]:
    return {key: metric.mean for key, metric in run.metrics.items()}


def test_a_second_call_returns_the_record_without_training(monkeypatch, tmp_path):
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    lines: list[str] = []
    first = experiments.run("zeng2019-metal", "smoke", device="cpu", say=lines.append)
    assert lines
    lines.clear()
    again = experiments.run("zeng2019-metal", "smoke", device="cpu", say=lines.append)
    assert not lines and again == records.load(records.record_path("zeng2019-metal", "smoke", first.key))


def test_a_processor_has_its_own_full_settings_unless_told_to_train_as_long_as_the_paper(monkeypatch):
    experiment = experiments.get("zeng2019-tc")
    assert experiment.config("full", torch.device("cpu")) is experiment.on_cpu
    assert experiment.config("full", torch.device("cuda")) is experiment.config("full")
    assert experiment.config("quick", torch.device("cpu")) is experiment.config("quick")
    configs = []

    def stop(_, run):
        configs.append(run.config)
        raise InterruptedError

    monkeypatch.setattr(runs, "work", stop)
    for paper_budget in (False, True):
        with pytest.raises(InterruptedError):
            experiments.run("zeng2019-tc", "full", device="cpu", refresh=True, paper_budget=paper_budget)
    assert configs == [experiment.on_cpu, experiment.config("full")]


def test_the_full_gap_run_is_the_authors_schedule_with_both_losses():
    experiment = experiments.get("zeng2019-gap")
    whole = {network.name: network.fit for network in experiment.config("full").networks}
    (epochs,) = papers.stated("zeng2019/script-epochs").values
    (batch,) = papers.stated("zeng2019/script-batch").values
    assert [whole[name].loss for name in ("atcnn", "atcnn-mse")] == ["mae", "mse"]
    for name in ("atcnn", "atcnn-mse"):
        assert (whole[name].epochs, whole[name].batch_size, whole[name].patience) == (epochs, batch, None)
    assert f"{epochs:,.0f}" in experiment.budget


def test_leakage_is_what_the_data_say_and_honest_splits_share_nothing(smoke):
    """About 44 % of the random test rows of the gaps have their composition in training."""
    for kind in ("composition", "system"):
        assert smoke("zeng2019-gap").metrics[f"{kind}/split/shared_composition"].mean == 0
    config = replace(experiments.get("zeng2019-gap").config("quick"), max_rows=None)
    run = Run("zeng2019-gap", "quick", config, range(5), torch.device("cpu"))
    rows = load_rows(run, config)
    shared = [shared_with_training(split, rows.groups("composition")) for split in draw(run, rows, config)]
    assert np.mean(shared) == pytest.approx(0.44, abs=0.03)


def test_main_group_elements():
    groups = {symbol: group for symbol, _, group in main_group_elements()}
    assert len(groups) == 42 and not {"Fe", "La"} & groups.keys()
    assert (groups["Na"], groups["Ca"], groups["I"], groups["He"]) == (1, 2, 17, 18)


def test_neighbour_agreement_of_clear_and_of_mixed_groups():
    groups = np.repeat([1, 2], 4)
    apart = np.array([[g * 100.0 + i] for i, g in enumerate(groups)])
    assert neighbour_agreement(apart, groups) == 1
    together = np.array([[0.0], [10], [20], [30], [1], [11], [21], [31]])
    assert neighbour_agreement(together, groups) == 0
    assert feature_scores(apart, groups)["silhouette"] > 0.9


def test_contradictions_are_counted_by_composition_not_by_name(run):
    """Two Tc of H2S and one of D2S, two of Nb3Sn that agree, one compound at 0 K, one formula that cannot be read."""
    formulas = ["H2S", "H2S", "D2S", "Nb3Sn", "Nb6Sn2", "Pb", "Au", "La2Oz"]
    tc = [60.0, 185, 30, 17.9, 18.1, 7.2, 0, 30]
    count_contradictions(run, "mdr-supercon", pd.DataFrame({"formula": formulas, "critical_temperature": tc}))
    counts = {key.rpartition("/")[2]: value for key, value in means(run).items()}
    assert (counts["compositions"], counts["repeated"], counts["contradictory"]) == (3, 2, 1)
    assert (counts["h2s_entries"], counts["h2s_lowest"], counts["h2s_highest"]) == (3, 30, 185)
    assert counts["least_mae"] == pytest.approx((30 + 125 + 0 + 0.1 + 0.1) / 5)
    assert run.arrays == {"listed/mdr-supercon/h2s": [30.0, 60.0, 185.0]}


def test_each_class_of_the_metals_is_counted_by_rows_and_compositions(run):
    compositions = parse(["PbCoO3", "CoPbO3", "NaCl", "PbCoO3", "Cu"])
    count_classes(run, make_rows("some", "a", compositions, np.array([0.0, 0.0, 0.0, 1.0, 1.0])))
    counts = {"semiconductors/rows": 3, "semiconductors/compositions": 2, "metals/rows": 2, "metals/compositions": 2}
    assert means(run) == {f"data/{name}": n for name, n in (counts | {"both/compositions": 1}).items()}


def test_no_set_holds_a_relative_of_table_2_and_no_insulator_a_superconductor_or_one_twice(mixed):
    _, known, both = mixed
    raw = data.load(known.name).table["formula"]
    assert sum(elements(formula) in FAMILIES for formula in raw) > 0, "there was something to remove"
    for rows in (known, both):
        assert not [f for f in rows.compositions.formulas if elements(f) in FAMILIES]
    insulators = both.groups("composition")[len(known) :]
    assert len(set(insulators)) == len(insulators)
    assert not set(insulators) & set(known.groups("composition"))
    assert (both.target[len(known) :] == 0).all()


def test_superconductors_fall_alike_with_and_without_insulators(mixed, run):
    config, known, both = mixed
    for alone, joined in zip(draw(run, known, config.tc), draw(run, both, config.tc), strict=True):
        for name in ("train", "validation", "test"):
            rows = getattr(joined, name)
            assert np.array_equal(rows[rows < len(known)], getattr(alone, name))
        covered = np.sort(np.concatenate([joined.train, joined.validation, joined.test]))
        assert np.array_equal(covered, np.arange(len(both)))


def test_the_test_set_has_the_papers_size(run, needs):
    needs("atcnn-superconductors")
    rows = load_superconductors(run, TC_INSULATORS.on_cpu.tc)
    assert run.arrays["related"] == {"rows": 1, "of": 13598}
    assert len(draw(run, rows, TC_INSULATORS.on_cpu.tc)[0].test) == 2720


@pytest.mark.parametrize("most", [None, 100])
def test_insulators_that_are_left_out_are_counted(run, needs, most):
    config = TC_INSULATORS.quick
    needs(config.tc.dataset, "jarvis-dft-3d")
    used = load_negatives(run, "jarvis-dft-3d", load_superconductors(run, config.tc), most)
    counts = run.arrays["negatives/jarvis-dft-3d"]
    assert counts["beyond_radon"] > 0
    assert 2 * counts["read"] - sum(counts.values()) == len(used)


def test_the_strict_removal_and_the_groups_of_table_1():
    compositions = parse(["Mg0.9Al0.1B2", "HgBa2CuO4", "Y0.9Ca0.1Ba2Cu3O7", "FeAs", "La2CuO4"])
    assert containing(compositions).tolist() == [True, True, True, False, False]
    groups = groups_of(parse(["YBa2Cu3O7", "FeSe", "CuFeS2", "Nb3Sn"]))
    assert groups.tolist() == ["group-I", "group-II", "group-III", "group-IV"]


@pytest.mark.parametrize("n", range(1, 9))
def test_depth_changes_the_middle_only(n):
    kernels = with_convolutions(TC, n).kernels
    assert len(kernels) == n and kernels[0] == TC.kernels[0]
    assert n == 1 or kernels[-1] == TC.kernels[-1]
    assert with_convolutions(TC, 5) == TC


def test_flattening_is_at_the_knee():
    epochs = np.arange(1, 401)
    knee = flattening(np.where(epochs < 200, 14 - 0.05 * epochs, 4.0))
    assert knee["best_epoch"] == pytest.approx(200, abs=15)
    assert knee["mae_after_best_epoch"] == pytest.approx(4, rel=0.02)


def test_scores_of_mixed_rows_follow_from_the_predictions(run):
    """Two superconductors and two insulators, predictions made by hand."""
    formulas, tc = ["Nb3Sn", "YBa2Cu4O8", "NaCl", "MgO"], [18.0, 80.0, 0.0, 0.0]
    known = make_rows("known", "a", parse(formulas[:2]), np.array(tc[:2]))
    rows = known.joined(make_rows("others", "b", parse(formulas[2:]), np.zeros(2)))
    nothing = np.array([], dtype=int)
    split = Split("random", 0, nothing, nothing, np.arange(4))
    score_mixed(run, rows, [split], {"net": np.array([[0.0, 90.0, 5.0, 0.0]])})
    scores = means(run)
    assert scores["superconductors/net/misclassified"] == scores["insulators/net/misclassified"] == 0.5
    assert scores["superconductors/net/mae"] == pytest.approx(14) and scores["insulators/net/mae"] == 2.5
    assert scores["all/net/mae"] == pytest.approx(33 / 4)
    assert scores["all/net/auc"] == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert run.arrays["confusion/net"] == [[[1, 1], [1, 1]]]


def test_candidates_are_new_ranked_and_looked_up(smoke, run):
    candidates = smoke("zeng2019-screening").arrays["candidates"]
    tc = [candidate["tc"] for candidate in candidates]
    assert tc == sorted(tc, reverse=True)
    lists = reported(run, "madml-superconductors")
    for candidate in candidates:
        key = str(reduced_keys(parse([candidate["compound"]]))[0])
        assert (candidate["status"].startswith("superconductor")) == (key in lists.index)
        assert candidate["lowest"] <= candidate["tc"] and 0 <= candidate["distance"] <= 1


def test_the_curve_is_read_at_tenths(smoke):
    metrics = smoke("zeng2019-architecture").metrics
    target = papers.target("zeng2019-architecture/epochs")
    long = experiments.get("zeng2019-architecture").config("full").long
    assert any(fnmatch(key, target.argmin) for key in metrics)
    assert long.fit.epochs % 10 == 0 and target.published % (long.fit.epochs / 10) == 0


def test_with_an_experiments_settings_the_numbers_are_its_records(smoke) -> None:
    record = smoke("zeng2019-gap")
    config = experiments.get("zeng2019-gap").config("smoke")
    rows = load_rows(Run("zeng2019-gap", "smoke", config, record.seeds, torch.device("cpu")), config)
    options = {"profile": "smoke", "seeds": len(record.seeds), "device": "cpu", "say": lambda line: None}
    model = train(rows.compositions.formulas, rows.target, "atcnn/band-gap", **options)
    assert "random" in set(model.tests["split"])
    for kind, table in model.tests.groupby("split"):
        mae = (table["predicted"] - table["target"]).abs().groupby(table["seed"]).mean()
        assert mae.tolist() == pytest.approx(record.metrics[f"{kind}/atcnn/mae"].values, rel=1e-5)
