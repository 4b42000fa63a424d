"""Tables and sentences on classifiers, attributes and the search: computed words follow the numbers."""

from __future__ import annotations

import re

import pytest

from replicate import display as show
from replicate import papers
from replicate.display.superconductors import usual_formula
from replicate.experiments.quinn2022.names import NAMED, RUTHENATES
from replicate.records import Metric, Record


def record(name, metrics, arrays=None, config=None, seeds=(0, 1, 2)):
    """Return a record of an experiment with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(
        f"quinn2022-{name}", "full", "k", config or {}, [], {}, list(seeds), found, arrays or {},
        environment={"device_name": "a processor"},
    )  # fmt: skip


def cells(made, row):
    """Return the texts of the rows of a table whose cells hold ``row``, a list per row."""
    lines = [line.replace("</td>", "|") for line in re.findall(r"<tr>(.*?)</tr>", made.data)]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in line.split("|")] for line in lines if row in line
    ]


def scores(start, value):
    return {f"{start}/{name}": value for name in ("accuracy", "precision", "recall", "f1", "auc")}


def thresholds(net=0.8, rule=0.7, ordered=0.9, far=0.6):
    """Return a record whose models have the same value of every score."""
    metrics = {
        "data/all/rows": [20_000],
        "data/superconductors/rows": [9_000],
        "data/nonsuperconductors/rows": [11_000],
        "data/nonsuperconductors/cuprates": [150],
        "data/superconductors/disordered_share": [0.84],
        "data/nonsuperconductors/disordered_share": [0],
        "best/cgcnn/threshold": [20],
        "best/cgcnn/accuracy": [net] * 3,
        "thresholds/cgcnn/noise": [0.01],
    }
    values = {"cgcnn": net, "extra-trees-fractions": 0.75, "disorder-rule": rule}
    for label in ("threshold-0K", "threshold-20K", "threshold-0K-parent"):
        metrics[f"{label}/baseline/accuracy"] = [0.55] * 3
        metrics[f"{label}-ordered/baseline/accuracy"] = [0.88] * 3
        for model, value in values.items():
            here = far if label.endswith("parent") and model == "cgcnn" else value
            metrics |= scores(f"{label}/{model}", [here] * 3)
            if model != "disorder-rule":
                metrics |= scores(f"{label}-ordered/{model}", [ordered] * 3)
    return record("thresholds", metrics, {"left-out": {"no parent": 12}})


def test_the_dataset_and_what_is_disordered_in_it():
    text = show.dataset_sentence(thresholds()).data
    assert "**84 %** of the superconductors and in **0 %** of the others" in text
    assert "no parent (12)" in text and "150 of those with copper" in text


def test_every_threshold_and_model_stands_in_the_table():
    made = show.threshold_table(thresholds())
    assert [row[0] for row in cells(made, "CGCNN")] == [
        "0 K, all",
        "0 K, ordered",
        "20 K, all",
        "20 K, ordered",
    ]
    # The rule calls no ordered crystal a superconductor, and is not scored there.
    assert [row[0] for row in cells(made, "Disordered or not")] == ["0 K, all", "20 K, all"]
    # Of 100 ordered test crystals 88 are in the larger class.
    assert cells(made, "Larger class always")[1][1] == "Larger class always; in the other 12 of 100"
    assert "searchable" in made.data


@pytest.mark.parametrize(("ordered", "word"), [(0.95, "ahead of"), (0.5, "behind"), (0.88, "level with")])
def test_ordered_crystals_are_held_against_the_larger_class(ordered, word):
    text = show.threshold_sentence(thresholds(ordered=ordered)).data
    assert f"of the ordered crystals, {word} always saying the larger class (88.0 ± 0.0 %" in text
    assert "the classifier above 20 K takes away" in text and "would give 55.0 ± 0.0 %" in text


def test_without_ordered_crystals_only_the_best_threshold_is_told():
    one = thresholds()
    for key in [key for key in one.metrics if "ordered" in key]:
        del one.metrics[key]
    assert show.threshold_sentence(one).data.startswith("On validation crystals")
    assert not cells(show.threshold_table(one), "K, ordered")


@pytest.mark.parametrize(("far", "words"), [(0.6, ("behind", "behind")), (0.72, ("behind", "ahead of"))])
def test_parents_kept_together(far, words):
    text = show.split_sentence(thresholds(far=far)).data
    assert f"in F1 {words[0]} the trees (0.750 ± 0.000) and {words[1]} the rule" in text
    made = show.split_table(thresholds(far=far))
    assert [row[0] for row in cells(made, "CGCNN")] == [
        "above 0 K, randomall crystals", "above 0 K, randomordered crystals",
        "above 0 K, parents togetherall crystals", "above 0 K, parents togetherordered crystals",
    ]  # fmt: skip


def test_no_split_that_keeps_parents_together():
    one = thresholds()
    for key in [key for key in one.metrics if "parent" in key]:
        del one.metrics[key]
    assert "No split" in show.split_sentence(one).data
    assert list(show.threshold_histories(one).values()) == ["above 0 K", "above 20 K"]
    assert "parents together" in list(show.threshold_histories(thresholds()).values())[-1]


def benchmarks(f1, seeds=3):
    metrics = {"data/training/rows": [16_000]}
    for group, label, value in (
        ("training-size", "train-2000", 0.5),
        ("batch-size", "batch-25", f1),
        ("batch-size", "batch-100", 0.8),
        ("convolutions", "convolutions-2", 0.8),
        ("convolutions", "convolutions-4", 0.8),
        ("features", "group-period", 0.8),
        ("features", "block", 0.8),
        ("features", "valence-electrons", 0.8),
        ("features", "all", 0.8),
    ):
        metrics |= scores(f"{group}/{label}", [value] * seeds)
    metrics |= {
        f"features/{name}/gain": [gain] * seeds
        for name, gain in (("group-period", 0), ("block", 0.02), ("valence-electrons", 0.01), ("all", 0.03))
    }
    return record("classifier-benchmarks", metrics, config={"threshold": 20}, seeds=range(seeds))


@pytest.mark.parametrize(("f1", "best"), [(0.9, "25"), (0.7, "100")])
def test_the_best_variant_by_each_score(f1, best):
    text = show.variants_sentence(benchmarks(f1)).data
    assert f"Batch size: highest are all four scores with {best}. F1 differs by 0.100" in text
    assert "Convolutions: all variants have the same scores." in text
    assert "Training compounds" not in text  # one size: nothing to compare
    assert "block 2.0 ± 0.0 and valence electrons 1.0 ± 0.0" in text
    assert "All nine are ahead of the best single one (3 seeds)" in text


def test_one_seed_says_so_and_scores_may_disagree():
    one = benchmarks(0.9, seeds=1)
    one.metrics["batch-size/batch-25/recall"] = Metric("", (0.1,), 100)
    text = show.variants_sentence(one).data
    assert "highest are accuracy with 25, precision with 25, recall with 100 and F1 with 25" in text
    assert "there is one seed" in text and "(1 seed)" in text
    made = show.variants_table(one)
    assert cells(made, "group and period")[0][2] == "0.800" and "one seed" in made.data
    assert cells(made, "2,000")[0][:2] == ["training compounds", "2,000"]


def as_classifier(regression=0.9, classifier=0.95):
    metrics = {"test/split/rows": [2_500], "test/split/others": [800]}
    for threshold in (25, 30):
        metrics[f"threshold-{threshold}K/baseline/accuracy"] = [0.8] * 3
        metrics |= scores(f"threshold-{threshold}K/combined", [regression] * 3)
    metrics |= scores("threshold-30K/cgcnn", [classifier] * 3)
    metrics["threshold-30K/baseline-of-the-classifier/accuracy"] = [0.5] * 3
    return record("regression-as-classifier", metrics)


@pytest.mark.parametrize(("regression", "count"), [(0.9, "2 of 2"), (0.5, "0 of 2")])
def test_the_regression_is_held_against_the_larger_class(regression, count):
    text = show.as_classes_sentence(as_classifier(regression)).data
    assert f"at {count} thresholds." in text
    assert "Above 30 K the regression" in text and "Above 25 K" not in text
    assert f"the regression leaves {100 * (1 - regression) / 0.2:.0f} %, the classifier 10 %" in text


def test_only_some_thresholds_are_named():
    one = as_classifier()
    one.metrics["threshold-25K/baseline/accuracy"] = Metric("", (0.99,) * 3, 100)
    assert "1 of 2 thresholds (30 K)" in show.as_classes_sentence(one).data


@pytest.mark.parametrize("share", [None, 1.0])
def test_where_no_error_could_be_made_nothing_is_said_of_errors_left(share):
    one = as_classifier()
    name = "threshold-30K/baseline-of-the-classifier/accuracy"
    if share is None:
        del one.metrics[name]
        assert cells(show.as_classes_table(one), "its own test compounds")[0][6] == "–"
    else:
        one.metrics[name] = Metric("", (share,) * 3, 100)
    assert "Of the errors" not in show.as_classes_sentence(one).data
    assert "2,500 test compounds, 800 of them no superconductors" in show.as_classes_table(one).data


def attributes(few):
    metrics = {"debye_temperature/split/train_rows": [3_000], "debye_temperature/cgcnn/r2": [0.8, 0.9]}
    if few:
        metrics["debye_temperature-few/split/train_rows"] = [600]
    return record("attributes", metrics)


def test_attributes_of_the_paper_and_what_is_run():
    made = show.attribute_table(attributes(few=True))
    printed = papers.table("quinn2022", "attributes")
    assert len(re.findall("<tr>", made.data)) == len(printed) + 1
    assert cells(made, "Debye")[0][:5] == [
        "Debye temperature", "about 650", "about 0.68", "AFLOW's computed values", "0.850 ± 0.071",
    ]  # fmt: skip
    assert cells(made, "Néel")[0][2:5] == ["about 0.68", "not run: the column of SuperCon is not public", "–"]
    assert cells(made, "coherence")[0][2] == "–"
    assert len(show.attribute_sets(attributes(few=True))) == 2
    assert list(show.attribute_sets(attributes(few=False)).values()) == ["all 3,000 training compounds"]


def search(rows, known=()):
    metrics = {f"search/pipeline/{name}": [0.1, 0.2, 0.3] for name in
               ("superconducting_share", "positive_share_untaught", "taught_share")}  # fmt: skip
    shares = ("positive_share", "known_class_share", "new_share", "oxygen_share", "ni_pd_ru_ag_oxide_share",
              "ta_re_os_ir_oxide_share")  # fmt: skip
    for start, value in (
        ("search/pipeline", 0.01),
        ("search/regression", 0.037),
        ("search-any-iron/regression", 0.5),
    ):
        metrics |= {f"{start}/{name}": [value] * 3 for name in shares}
    for way in ("pipeline", "regression"):
        metrics |= {f"search/{way}/{group}_found": [1, 2, 3] for group in NAMED}
        metrics |= {f"search/{way}/new_count": [5, 10, 15], f"search/{way}/new_above_30K": [1, 2, 3]}
        metrics |= {
            f"search/{way}-majority/new_count": [len(rows)],
            f"search/{way}-majority/listed_count": [len(known)],
        }
    metrics |= {f"search/pipeline/{group}_searched": [len(formulas)] for group, formulas in NAMED.items()}
    metrics["search/pipeline/crystals"] = [1_000] * 3
    nickelates = [
        ["CaNiO2", "mp-1", 40.0, 2.0, 0.9, 2, 3, False, False],
        ["CaNiO2", "mp-2", 50.0, 1.0, 0.4, 0, 1, True, False],
    ]
    arrays = {f"candidates/{way}": list(rows) for way in ("pipeline", "regression")}
    arrays |= {f"known/{way}": list(known) for way in ("pipeline", "regression")}
    return record("search", metrics, arrays | {"nickelates": nickelates, "ruthenates": [], "layered": []})


CANDIDATES = [
    ["Ni1O2Sr1", "tetragonal", "mp-3", 60.0, 5.0, 0.75, 1, 2, True, False],
    ["O3Ru1Sr1", "cubic", "mp-4", 30.0, 5.0, 0.9, 0, 3, False, False],
]
MEASURED = ["B2Mg1", "hexagonal", "mp-763", 36.3, 1.0, 1.0, 3, 3, False, True]


def test_candidates_in_a_table():
    made = show.new_candidates(search(CANDIDATES))
    assert cells(made, "mp-3")[0][:6] == ["1", "SrNiO2", "tetragonal", "mp-3", "60.0", "5.0"]
    assert cells(made, "mp-3")[0][6:9] == ["0.75", "2", "taught as 0 K"]
    assert cells(made, "mp-4")[0][7] == "3" and "all of them" in made.data
    assert cells(show.new_candidates(search(CANDIDATES), "pipeline"), "mp-3")[0][7] == "1"
    text = show.pipeline_sentence(search(CANDIDATES)).data
    assert "the regression gives 3.7 ± 0.0 % more than 25 K" in text
    assert "regression alone: 10.0 ± 5.0 structures per seed, of which 2.0 ± 1.0 above 30 K" in text


def test_what_supercon_has_is_counted_and_no_new_candidate():
    one = search(CANDIDATES, [MEASURED])
    made = show.new_candidates(one)
    assert (
        not cells(made, "mp-763")
        and "1 more are left out because SuperCon has their composition: MgB2" in made.data
    )
    text = show.pipeline_sentence(one).data
    assert (
        "Most seeds agree on 3; SuperCon has the composition of 1 of these" in text
        and "and 2 are left" in text
    )


def test_no_candidate_at_all():
    assert "no new candidate" in show.new_candidates(search([])).data


def test_both_readings_are_judged():
    made = show.search_readings(search([]))
    row = cells(made, "candidates, of all searched")[0]
    assert row[1:6] == ["3.7 %", "3.7 ± 0.0 %", "reproduced", "1.0 ± 0.0 %", "not reproduced"]
    assert cells(made, "nickelates found")[0][2:5] == ["2.0 ± 1.0", "–", "2.0 ± 1.0"]


def test_named_compounds_with_several_structures_one_or_none():
    made = show.named_candidates(search([]))
    assert [row[2:9] for row in cells(made, "CaNiO2")] == [
        ["mp-1", "0.90", "40.0", "2.0", "3 of 3", "2 of 3", ""],
        ["mp-2", "0.40", "50.0", "1.0", "1 of 3", "0 of 3", "taught as 0 K"],
    ]
    assert cells(made, "BaNiO2")[0][2] == "not among those searched"
    assert len(cells(made, "IrRuO9")) == len(RUTHENATES)


def test_a_noble_gas_in_a_formula_is_no_warning(recwarn):
    assert usual_formula("He1Na2") == "Na2He" and not recwarn.list
