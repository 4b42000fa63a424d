"""Tables and sentences of the chapter on superconductors with structure: computed words follow the numbers."""

from __future__ import annotations

import re

import pytest

from replicate import data
from replicate import display as show
from replicate.display import quinn2022
from replicate.experiments.quinn2022.names import CLASSES
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
