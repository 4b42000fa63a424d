"""Tables and sentences of the chapter on superconductors with structure: computed words follow the numbers."""

from __future__ import annotations

import re

import pytest

from replicate import data, papers
from replicate import display as show
from replicate.display import quinn2022
from replicate.experiments.quinn2022.configs import CLASSES
from replicate.parents import search
from replicate.records import Metric, Record

SCORES = ("mae", "rmse", "r2", "r", "error_p90")


DEVICE = {"device_name": "a processor"}


def record(name, metrics, arrays=None, config=None, profile="full", seeds=2):
    """Return a record of an experiment with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    config = {"compounds": {"superconductors": None, "parents": None}} | (config or {})
    return Record(
        f"quinn2022-{name}",
        profile,
        "k",
        config,
        [],
        {},
        list(range(seeds)),
        found,
        arrays or {},
        environment=DEVICE,
    )


def cells(made, row):
    """Return the texts of the rows of a table whose cells hold ``row``, a list per row."""
    lines = [line.replace("</td>", "|") for line in re.findall(r"<tr>(.*?)</tr>", made.data)]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in line.split("|")] for line in lines if row in line
    ]


def conclusion(one):
    return show.quinn2022_conclusion(one).data


def structures(parents=None, some=None):
    names = ("entries", "unreadable", "open", "off_stoichiometric", "with_structure", "as_it_is",
             "several_polymorphs", "told_by_type", "with_structure_and_tc", "without_tc")  # fmt: skip
    metrics = {f"data/supercon/{name}": [n] for n, name in zip(range(1000, 900, -10), names, strict=True)}
    metrics |= {f"data/{name}/rows": [50] for name in (*CLASSES, "any-iron")}
    metrics |= {f"data/compositions/{name}": [20] for name in (*CLASSES, "rows", "parents")}
    metrics |= {
        "data/compositions/disordered_share": [0.84],
        "parents/3dsc/same": [0.9],
        "parents/3dsc/another_polymorph": [0.04],
        "parents/3dsc/another_parent": [0.05],
        "parents/3dsc/none_here": [0.01],
        "parents/3dsc/same_composition": [0.94],
    }
    arrays = {
        "left-out": {"no parent within reach": 7, "no site for some of its atoms": 3},
        "parents/commonest": [["Cu0.1429La0.2857O0.5714", 5]],
        "parents/kinds": {"other elements": 1, "the same elements in other amounts": 4},
        "parents/disagreements": [["Ba1Cu1", "Cu0.5O0.5, mp-12", "Ba0.5Cu0.5", 0.081]],
    }
    config = {"compounds": {"superconductors": some, "parents": parents}}
    return record("data", metrics, arrays, config)


@pytest.mark.parametrize(
    ("fractions", "formula"),
    [
        ("Cu0.1429La0.2857O0.5714", "La2CuO4"),
        ("Ba0.1538Cu0.2308O0.5385Y0.0769", "Ba2YCu3O7"),
        ("Ba0.1481Si0.8519", "Ba4Si23"),
        ("Zr1", "Zr"),
        ("mp-1193715", "mp-1193715"),
        ("Cu0.9998O0.0002", "Cu0.9998O0.0002"),
    ],
)
def test_fractions_become_whole_formulas(fractions, formula):
    assert quinn2022.whole_formula(fractions) == formula


def test_entries_and_compositions_are_counted():
    made = show.entry_counts(structures())
    assert cells(made, "with a structure")[0] == ["with a structure", "19,000", "960", ""]
    assert cells(made, "iron-based")[0][1:3] == ["1300", "50"]
    assert cells(made, "holding iron")[0][1:3] == ["–", "50"]
    assert "drawn" not in made.data and "drawn at random" in show.entry_counts(structures(some=500)).data
    text = show.composition_counts(structures()).data
    assert "Of 30 compositions with stated amounts **20**" in text and "no parent within reach (7)" in text


def test_parents_and_disagreements():
    one = structures()
    assert cells(show.commonest_parents(one), "La2CuO4")[0][1:3] == ["5", "25.0"]
    assert cells(show.disagreements(one), "Ba1Cu1")[0][:4] == ["Ba1Cu1", "CuO, mp-12", "BaCu", "8.1"]
    text = show.agreement_sentence(one).data
    assert "90.0 % the same entry" in text and "amounts (4); other elements (1)" in text
    assert "In this profile" not in text and "In this profile" in show.agreement_sentence(structures(0)).data


def test_the_conclusion_says_what_the_search_could_choose_from():
    assert "3DSC's own parents alone" in conclusion(structures(0, 500))
    assert "own parents" not in conclusion(structures()) and "drawn" not in conclusion(structures())
    assert "(published: 19,000 of 33,000, 58 %)" in conclusion(structures())


def test_rules_read_the_constants():
    made = show.assignment_rules().data
    assert f"{search.PER_ATOM:g} more" in made and f"up to {search.MOST_DOPANTS} left out" in made


def test_the_card_shows_supercon_as_prepared(monkeypatch):
    monkeypatch.setattr(data, "available", lambda _: False)
    assert "<tbody></tbody>" in show.compounds_card("quinn2022-data", "quick").data


def regression(net, trees, far=None, own=(0.9, 0.9), three_d=False):
    metrics = {"random/split/test_rows": [300, 300]}
    kinds = {"random": net, "parent": far} | ({"3dsc": net, "3dsc-parent": far} if three_d else {})
    for kind, value in kinds.items():
        models = {"combined": value, "extra-trees-fractions": trees, "parent-mean": (0.5, 0.5)}
        for model, values in models.items():
            if values is not None and value is not None:
                metrics |= {f"{kind}/{model}/{score}": values for score in SCORES}
    for name in CLASSES:
        metrics |= {f"{name}/{name}/{score}": own for score in SCORES}
        metrics |= {f"{name}/combined/{score}": (0.8, 0.8) for score in SCORES}
        for other in CLASSES:
            if other != name:
                metrics |= {f"{name}/{other}/{s}": (-1, -2) for s in ("r2", "mae", "mean_error")}
                metrics[f"{name}/{other}/share_below_10K"] = (0.9, 0.8)
    return record("regression", metrics, {"history/random/combined": {}, "history/low-tc/low-tc": {}})


def test_regression_conclusion_follows_the_scores():
    good = conclusion(regression((0.92, 0.92), (0.99, 0.98), (0.5, 0.6)))
    assert "reproduced" in good and "is ahead of trees" in good and "below that on random rows" in good
    assert "for cuprates, iron-based and low-Tc (the paper: for every class)" in good
    assert "6 of 6 pairs have an R² below zero" in good
    bad = conclusion(regression((0.95, 0.5), (0.9, 0.6), own=(0.1, 0.2)))
    assert "is level with trees" in bad and "one side of the split" not in bad
    assert "none of the classes (the paper: for all)" in bad


def test_both_readings_of_iron_are_told_where_both_were_scored():
    one = regression((0.9, 0.8), (0.9, 0.8))
    assert "holds iron" not in conclusion(one)
    scores = {
        "any-iron/combined/r2": (0.72, 0.74),
        "iron-based/combined/r2": (0.4, 0.5),
        "any-iron/any-iron/mae": (6, 7),
    }
    one.metrics.update({key: Metric("", values, 9) for key, values in scores.items()})
    text = conclusion(one)
    assert "an R² of 0.730 ± 0.014 (published 0.73: reproduced)" in text and "the R² is 0.450 ± 0.071" in text


def test_scores_by_split_in_a_table():
    made = show.leakage_table(regression((0.9, 0.8), (0.9, 0.8), (0.5, 0.6), three_d=True))
    assert len(cells(made, "CGCNN, all classes")) == 4
    assert cells(made, "3DSC</b>, random rows")[0][1] == "Mean of the parent's compounds"
    assert len(cells(show.leakage_table(regression((0.9, 0.8), (0.9, 0.8))), "CGCNN, all classes")) == 1


def test_every_printed_score_of_a_class_stands_in_the_table():
    made = show.class_table(regression((0.9, 0.8), (0.9, 0.8)))
    printed = papers.table("quinn2022", "classes")
    own = cells(made, "the class's own")
    for row, (_, there) in zip(own, printed.iloc[1:4].iterrows(), strict=True):
        assert [row[2], row[4]] == [f"{there['r2']:.2f}", f"{there['mae']:.1f}"]
    combined = cells(made, "combined")
    assert [row[2] for row in combined] == ["0.82", "0.73", "0.81"]
    assert [row[4] for row in combined] == ["–"] * 3
    assert len(cells(made, "that of low-Tc")) == 2
    assert cells(made, "85.0 ± 7.1 %")


def test_ordered_crystals_may_be_too_few():
    one = regression((0.9, 0.8), (0.9, 0.8))
    assert "Too few" in show.ordered_sentence(one).data
    one.metrics.update({f"ordered/combined/{s}": Metric("", (0.7, 0.7), 9) for s in ("mae", "r2")})
    assert "On the 9 ordered crystals" in show.ordered_sentence(one).data


def test_validation_curves_are_named():
    labels = show.regression_histories(regression((0.9, 0.8), (0.9, 0.8)))
    assert labels == {"random/combined": "all classes, random rows", "low-tc/low-tc": "low-Tc"}


def features(first, radius, seeds=2):
    sets = {"group-period": 0.5, "first-ionization-energy": first, "covalent-radius": radius, "all": 0.9,
            "best-combination": 0.8}  # fmt: skip
    metrics = {f"data/{name}/rows": [9] for name in CLASSES}
    arrays = {}
    for name in CLASSES:
        for key, value in sets.items():
            metrics |= {f"{name}/{key}/{score}": [value] * seeds for score in SCORES}
        metrics[f"{name}/single-features/r2_range"] = [abs(first - radius)]
        metrics[f"{name}/single-features/noise"] = [0.02]
        order = sorted(("first-ionization-energy", "covalent-radius"), key=sets.get)
        arrays |= {f"order/{name}": order, f"combination/{name}": ["covalent-radius"]}
    return record("features", metrics, arrays, {"features": list(sets)[:4]}, seeds=seeds)


def test_features_are_ranked_and_named():
    text = conclusion(features(0.7, 0.6))
    assert (
        "first ionisation energy for cuprates (the paper: first ionisation energy, here in place 1 of 2)"
        in text
    )
    assert "low-Tc (the paper: covalent radius, here in place 2 of 2)" in text and "cuprates 0.100" in text
    assert "alone, for every seed, for cuprates, iron-based and low-Tc." in text
    assert "standard deviation of: cuprates 0.020" in text and "a smaller difference is none" in text
    assert "one seed cannot say" in conclusion(features(0.7, 0.6, seeds=1))
    lines = show.feature_sentence(features(0.7, 0.4)).data
    assert "cuprates, first ionisation energy: ahead of group and period alone, ahead of 1 of the 1" in lines
    assert "low-Tc, covalent radius: behind group and period alone" in lines
    assert "cuprates, electronegativity: not tried" in lines
    made = show.feature_table(features(0.7, 0.6))
    assert cells(made, "best few joined")[0][1] == "0.800 ± 0.000"
    assert "Joined, by validation error: cuprates: covalent radius" in made.data


def ionization(ranks, slope=-1.5):
    metrics = {}
    for label in ("cuprate", "all-cuprates"):
        for reading, rank in zip(("", "-per-copper", "-mean"), ranks, strict=True):
            start = f"{label}/envelope{reading}"
            metrics |= {f"{start}/slope": [slope], f"{start}/rank": [rank], f"{start}/all_rank": [0.4]}
    one = record("ionization", metrics)
    bins = {k: Metric("", m.values, 12) for k, m in one.metrics.items() if k.endswith("/rank")}
    one.metrics.update(bins)
    return one


@pytest.mark.parametrize(
    ("ranks", "words"),
    [
        ((0.9, 0.8, 0.7), "so it rises whichever way"),
        ((0.9, 0.1, -0.7), "depends on what the sum is taken over"),
        ((0.5, 0.5, 0.5), "so no reading tells a rise from chance"),
    ],
)
def test_a_rise_is_held_against_chance(ranks, words):
    text = conclusion(ionization(ranks))
    assert words in text and "−1.5 K/eV" in text and "within ±0.60" in text
    assert cells(show.ionization_table(ionization(ranks)), "all of SuperCon")[0][3] == "−1.5"


def benchmarks(r2, seeds=2, gain=None):
    metrics = {"data/all/rows": [20], "data/training/rows": [15]}
    for n, values in r2.items():
        metrics |= {f"convolutions/convolutions-{n}/{score}": values for score in ("r2", "mae")}
    metrics |= {f"epochs/epochs-{n}/{score}": [0.5] * seeds for n in (10, 20) for score in ("r2", "mae")}
    metrics |= {f"training-size/train-4000/{score}": [0.5] * seeds for score in ("r2", "mae")}
    metrics["convolutions/combined/best"] = [max(r2, key=lambda n: sum(r2[n]))]
    metrics["epochs/combined/best"] = [10]
    if gain is not None:
        metrics["training-size/combined/gain_4000_to_8000"] = gain
    return record("regression-benchmarks", metrics, seeds=seeds)


def test_benchmarks_say_when_a_lead_is_chance():
    text = conclusion(benchmarks({1: [0.5, 0.6], 5: [0.9, 0.9]}, gain=[0.01, 0.02]))
    assert "lowest with 5 convolutions (published 5); in R² on the test set it is ahead of all" in text
    assert "R² changes by 0.0150 ± 0.0071" in text and "longer ones bring no more" in text
    errors = {"validation/convolutions-1/mae": [4, 5], "validation/convolutions-5/mae": [4, 4.2]}
    one = benchmarks({1: [0.5, 0.6], 5: [0.9, 0.9]})
    one.metrics.update({f"convolutions-{k}": Metric("K", tuple(v), 9) for k, v in errors.items()})
    assert "5 convolutions (within one standard error: 5) (" in conclusion(one)
    one.metrics["convolutions-validation/convolutions-1/mae"] = Metric("K", (4.05, 4.3), 9)
    assert "(within one standard error: 1, 5) (" in conclusion(one).replace(" and ", ", ")
    assert "not ahead of 1 for every seed" in conclusion(benchmarks({1: [0.8, 0.6], 5: [0.7, 0.9]}))
    assert "one seed cannot say" in conclusion(benchmarks({1: [0.8], 3: [0.9]}, seeds=1))
    made = show.benchmark_table(benchmarks({1: [0.5, 0.6], 5: [0.9, 0.9]}))
    assert cells(made, "4,000")[0][2] == "0.500 ± 0.000"
    assert show.benchmark_histories(benchmarks({1: [0.5, 0.6]})) == {
        "epochs/epochs-10/combined": "10 epochs",
        "epochs/epochs-20/combined": "20 epochs",
    }
