"""Tables and sentences of the reading-periodic-table chapter: computed words follow the numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from replicate import display as show
from replicate import papers, records
from replicate.display import words
from replicate.display.konno2021_collapse import collapsed
from replicate.display.konno2021_discovery import authors_boride
from replicate.records import Metric, Record

DEVICE = {"device_name": "a processor"}


def record(name, metrics, arrays=None, config=None, profile="full", splits=None):
    """Return a record of an experiment with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(
        f"konno2021-{name}",
        profile,
        "k",
        config or {},
        [],
        splits or {},
        [0, 1, 2],
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


def preliminary(net, trees, far, outliers=(4, 5, 6)):
    metrics = {
        "random/periodic-resnet/r2": net,
        "random/extra-trees-fractions/r2": trees,
        "system/periodic-resnet/r2": far,
        "system/extra-trees-fractions/r2": [0.5, 0.5, 0.5],
        "outliers/periodic-resnet/rows": outliers,
        "outliers/periodic-resnet/cuprate_share": [0.5, 0.6, 0.7],
        "outliers/periodic-resnet/suspects": [1, 2, 3],
        "outliers/all/cuprate_share": [0.34],
    }
    return record("preliminary", metrics)


def conclusion(one):
    return show.konno2021_conclusion(one).data


def test_counts_and_shares_in_words():
    assert words.percent(Metric("", (0.25, 0.35))) == "30.0 ± 7.1 %"
    assert words.counted(Metric("", (17000.0, 18000.0))) == "17,500 ± 707"
    assert words.counted(Metric("", (1234.0,))) == "1,234"
    assert words.times(0.6, 0.3) == "2.0 times"
    assert words.times(0.6, 0) == "more than any multiple of"
    assert words.listed(["a"]) == "a" and words.listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("mine", "theirs", "lower", "word"),
    [
        ((2.0, 3.0), (1.0, 2.0), False, "ahead of"),
        ((2.0, 3.0), (1.0, 2.0), True, "behind"),
        ((2.0, 1.0), (1.0, 2.0), False, "level with"),
        ((1.0, 1.0), (1.0, 1.0), False, "level with"),
        ((2.0, 3.0, 0.0), (1.0,), False, "ahead of"),
    ],
)
def test_ahead_is_ahead_for_every_seed(mine, theirs, lower, word):
    assert words.standing(Metric("", mine), Metric("", theirs), lower=lower) == word


REPORTED = [(0.921, "reproduced"), (0.912, "close"), (0.95, "better"), (0.5, "not reproduced")]


@pytest.mark.parametrize(("r2", "word"), REPORTED)
def test_published_numbers_come_with_their_verdict(r2, word):
    made = record("preliminary", {"random/periodic-resnet/r2": [r2, r2]})
    assert words.judged(made, "konno2021-preliminary/r2") == f"published 0.92: {word}"
    assert words.judged(record("preliminary", {}), "konno2021-preliminary/r2") == "published 0.92"


def test_preliminary_conclusion_follows_the_scores():
    good = conclusion(preliminary([0.92, 0.93, 0.92], [0.9, 0.91, 0.9], [0.6, 0.6, 0.6]))
    assert "reproduced" in good and "is ahead of extra trees" in good and "owes much to relatives" in good
    assert "For 6 of the 15 in all test sets" in good and "34 % of all rows" in good
    bad = conclusion(preliminary([0.5, 0.5, 0.5], [0.9, 0.9, 0.9], [0.5, 0.5, 0.5], outliers=(0, 0, 0)))
    assert "not reproduced" in bad and "is behind extra trees" in bad and "does not rest on relatives" in bad
    assert "No error is large enough" in bad


def garbage(held):
    metrics = {f"cod/preliminary/above_{t}K": [90, 90] for t in (0, 4, 10)}
    metrics |= {f"cod/garbage-in/above_{t}K": [4, 4] for t in (0, 4, 10)}
    metrics |= {f"cod/garbage-in-held/share_above_{t}K": [held, held] for t in (0, 4, 10)}
    metrics |= {
        "cod/list/rows": [100],
        "cod/list/searched": [100],
        "cod/list/in_supercon": [2],
        "cod/list/cuprates_and_iron_based": [3],
        "supercon-held/garbage-in/r2": [0.9, 0.9],
    }
    return record("garbage-in", metrics)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (0.08, "2.0 times the share: the count is in part"),
        (0.04, "about the same"),
        (0.01, "a smaller share"),
    ],
)
def test_what_was_not_taught_says_whether_the_count_is_memory(held, words):
    text = conclusion(garbage(held))
    assert words in text and "90 % (published: 17 000 of 48 000, 35 %)" in text


def test_counts_of_the_cod_stand_beside_the_published():
    made = show.cod_counts(garbage(0.04))
    assert cells(made, "published")[0][:5] == [
        "superconductors only, published",
        "48 000",
        "–",
        "–",
        "17 000",
    ]
    assert cells(made, "published")[1][2:5] == ["900", "280", "70"]
    assert cells(made, "not taught")[0][2] == "4.0 ± 0.0 %"
    assert (
        " 2 are in SuperCon as well and are not searched. 100 are searched"
        in show.known_in_cod(garbage(0.04)).data
    )


def temporal(net, forest, sigma=3.0):
    metrics = {"data/hosono/within_5_percent": [0.1]}
    for threshold, base in ((0, 0.32), (10, 0.1)):
        start = f"above-{threshold}K"
        metrics[f"{start}/baseline/precision"] = [base]
        for model, value in (("regression", net), ("forest", forest), ("preliminary", 0.5)):
            names = ("accuracy", "precision", "recall", "f1", "auc", "predicted_positive")
            metrics |= {f"{start}/{model}/{name}": [value, value] for name in names}
            metrics[f"{start}/{model}/sigma"] = [sigma, sigma]
            metrics[f"{start}/{model}/sigma_list"] = [2 * sigma, 2 * sigma]
    listed = [["FeSe", 8.0, 5.0, 1.0, 3], ["NaCl", 0.0, 5.0, 1.0, 3]]
    sizes = {f"atoms/{name}": [1, 2, 3, 4, 5] for name in ("supercon", "cod", "list")}
    return record("hosono", metrics, {"predicted/regression": listed, **sizes})


def test_temporal_conclusion_follows_the_scores():
    text = conclusion(temporal(0.8, 0.6))
    assert "80 ± 0 % above 0 K (published 62 %: better), 2.5 times the share" in text
    assert "6.0 ± 0.0 standard deviations above the share by the paper's own count" in text
    assert "and 3.0 ± 0.0 where n is what was called superconducting" in text
    assert text.count("ahead of") == 2
    text = conclusion(temporal(0.2, 0.6, sigma=-2.0))
    assert "-4.0 ± 0.0 standard deviations" in text and text.count("behind") == 2


def test_table_one_holds_every_printed_score():
    made = show.temporal_table(temporal(0.8, 0.6))
    printed = papers.table("konno2021", "table1")
    shown = cells(made, "Regression, published") + cells(made, "Random forest, published")
    for row, model, threshold in zip(
        shown, ["Our DL model Reg"] * 2 + ["Random Forest Cls"] * 2, [0, 10, 0, 10], strict=True
    ):
        there = printed[(printed["model"] == model) & (printed["threshold"] == threshold)].iloc[0]
        assert row[2:6] == [f"{there[s]:.0f}" for s in ("accuracy", "precision", "recall", "f1")]
    assert [row[6] for row in shown] == ["0.78", "0.94", "0.78", "0.96"]
    assert cells(made, "Share on the list, published")[0][3] == "32"


def test_the_list_says_what_most_networks_get_right():
    made = show.temporal_list(temporal(0.8, 0.6))
    assert cells(made, "FeSe")[0][4:6] == ["3 of 3", "right"] and cells(made, "NaCl")[0][5] == "wrong"
    assert "searchable" in made.data
    assert "fractions" not in show.sizes_sentence(temporal(0.8, 0.6)).data


def iron(found, others):
    n = len(found)
    start = "iron-based/periodic-resnet"
    metrics = {
        f"{start}/found": [100 * v for v in found],
        f"{start}/found_share": found,
        f"{start}/alike_share": others,
        f"{start}/alike_bare_share": others,
        f"{start}/auc": [0.6] * n,
        "iron-based-held/periodic-resnet/r2": [0.8] * n,
        "iron-based/formula-size/auc": [0.77],
        "data/iron-based/relatives": [7],
        "data/iron-based/alike_bare": [5],
        f"{start}/mean_tc": [6.0 if v else 0.0 for v in found],
        "iron-based/shallow/found": [0.0] * n,
        "data/iron-based/rows": [100],
        "data/iron-based/alike": [30],
        "data/iron-based/metal": [40],
        "data/iron-based/training": [5000],
    }
    arrays = {
        "in-training/iron-based": [],
        "most-often/iron-based/periodic-resnet": [["Fe1Se1", 0.5], ["Fe1Te1", 0.0]],
    }
    return record("iron", metrics, arrays)


@pytest.mark.parametrize(
    ("found", "others", "words"),
    [
        ([0.5, 0.4, 0.3], [0.1, 0.1, 0.1], "nearly all networks find a larger share"),
        ([0.5, 0.4, 0.0], [0.1, 0.1, 0.1], "most networks, but not all"),
        ([0.1, 0.1, 0.0], [0.5, 0.1, 0.1], "find no larger share"),
    ],
)
def test_a_discovery_is_held_against_the_base_rate(found, others, words):
    text = conclusion(iron(found, others))
    assert words in text
    assert f"Of 3 networks {sum(v > 0 for v in found)} call at least one of the 100" in text
    assert "Of 3 10-layer networks 0 find any" in text and "the best of many draws" in text
    # A network that finds none has no Tc; the zero in its record is not averaged.
    assert "those found is 6.0" in text
    assert "cuprates" not in text


def test_nothing_found_at_all():
    text = conclusion(iron([0.0, 0.0], [0.0, 0.0]))
    assert "those found is" not in text and "Of 2 networks 0 call" in text


def test_families_in_tables():
    one = iron([0.5, 0.0], [0.1, 0.1])
    made = show.family_table(one, "iron-based")
    assert cells(made, "models that find any")[0][1] == "1 of 2"
    assert cells(made, "lowest / median / highest")[0][1] == "0 / 25 / 50"
    assert cells(made, "found, of 100")[0][1] == "25 ± 35 %"
    assert cells(made, "others with the metal")[0][1] == "–"
    assert cells(made, "more than of the like")[0][1] == "1 of 2"
    assert cells(made, "R², known")[0][1] == "0.80 ± 0.00" and "0.77" in made.data
    assert cells(show.most_often(one, "iron-based"), "Fe1Se1") and not cells(
        show.most_often(one, "iron-based"), "Fe1Te1"
    )
    assert "none is a superconductor of this kind" in show.in_training(one, "iron-based").data
    one.arrays["in-training/iron-based"] = [["FeS", 1.0], ["FeP", 4.0]]
    assert "2 are of this kind" in show.in_training(one, "iron-based").data
    assert "FeP 4 K, FeS 1 K" in show.in_training(one, "iron-based").data


def candidates(tc):
    names = ("CaBi2", "Hf0.5Nb0.2V2Zr0.3", "BeB2")
    metrics = {f"candidates/periodic-resnet/{name}": tc for name in names}
    overlap = {"candidates": [30, 40], "authors_too": [3, 5], "by_chance": [1, 1], "between_networks": [0.25]}
    metrics |= {f"overlap/periodic-resnet/{key}": values for key, values in overlap.items()}
    metrics |= {
        f"candidates/authors/{key}": [n] for key, n in (("rows", 686), ("other", 300), ("in_pool", 9))
    }
    one = {"compound": "LiB", "tc": 5.0, "sd": 1.0, "members": 1, "nearest": "MgB2", "nearest_tc": 39.0,
           "distance": 0.123, "authors": True}  # fmt: skip
    return record("candidates", metrics, {"candidates": [one]})


@pytest.mark.parametrize(("tc", "yes"), [([5.0, 0.0], 1), ([0.0, 0.0], 0), ([5.0, 6.0], 2)])
def test_candidates_are_counted_network_by_network(tc, yes):
    text = conclusion(candidates(tc))
    assert f"CaBi2 by {yes} of 2 networks, above 4 K by {yes}" in text and "share 25 %" in text
    assert cells(show.named_table(candidates(tc)), "BeB2")[0][4:6] == [f"{yes} of 2"] * 2


def test_a_tc_below_four_kelvin_is_no_candidate_in_text_and_table():
    assert "CaBi2 by 2 of 2 networks, above 4 K by 1" in conclusion(candidates([5.0, 2.0]))
    assert cells(show.named_table(candidates([5.0, 2.0])), "CaBi2")[0][4:6] == ["2 of 2", "1 of 2"]


def test_candidates_in_a_table_and_without_the_authors_list(monkeypatch):
    row = cells(show.candidate_table(candidates([1.0, 2.0])), "LiB")[0]
    assert row[4:8] == ["1 of 3", "MgB2, 39 K", "12.3", "authors too"]
    monkeypatch.setattr("replicate.data.available", lambda _: False)
    assert (show.authors_predictions(), authors_boride(), show.named_in_supercon()) == ({}, "", "")
    assert cells(show.named_table(candidates([1.0, 2.0])), "CaBi2")[0][2] == "not on the list"


def gap(splits):
    metrics = {}
    for model, value in (("periodic-resnet", 0.3), ("extra-trees-fractions", 0.4)):
        metrics |= {f"random/{model}/{score}": [value, value] for score in ("mae", "rmse", "r2")}
    metrics["random/periodic-resnet-edge/mae"] = [0.35, 0.36]
    metrics |= {f"random/periodic-resnet-edge/{score}": [0.4] for score in ("rmse", "r2")}
    return record("gap", metrics, splits=splits)


def test_the_two_representations_are_compared_on_the_same_splits_only():
    theirs = records.full_record("zeng2019-gap")
    assert theirs is not None
    same, other = gap({"random": theirs.splits["random"]}), gap({"random": ["x"]})
    assert "On the very same splits" in conclusion(same) and "ahead of it" in conclusion(same)
    assert "behind the plain edge" in conclusion(same)
    assert "other splits" in conclusion(other)
    assert "atom table, random rows" in show.atom_table_errors(same) and not show.atom_table_errors(other)
    assert cells(show.gap_table(same), "ATCNN") and not cells(show.gap_table(other), "ATCNN")


def test_settings_come_from_the_record():
    def network(name, blocks, amounts="coefficients"):
        model = {"blocks": blocks, "stages": [20, 30], "residual_stages": blocks > 0, "amounts": amounts,
                 "edge": "zero", "output": "relu"}  # fmt: skip
        fit = {"optimizer": "adamw", "schedule": "one-cycle", "learning_rate": 0.003, "loss": "mse",
               "batch_size": 128, "epochs": 60}  # fmt: skip
        return {"name": name, "model": model, "fit": fit}

    deep, shallow = network("periodic-resnet", 20), network("shallow", 0)
    config = {"regression": [deep], "preliminary": {"networks": [deep, shallow]}}
    made = show.periodic_networks(record("hosono", {}, config=config))
    assert cells(made, "squared")[0][:10] == [
        "Periodic-table network", "22", "coefficients", "zeros", "ReLU", "squared", "AdamW, one-cycle", "0.003",
        "128", "60",
    ]  # fmt: skip
    assert [row[0] for row in cells(made, "squared")] == [
        "Periodic-table network", "Periodic-table network (superconductors only)",
    ]  # fmt: skip


def test_choices_read_the_settings():
    made = show.konno2021_choices().data
    assert "59 + 3 layers without its residual blocks: 7 convolutions and 3 linear layers" in made
    assert "about 130" in made and "48 000 compositions" in made


def test_verdict_with_and_without_records(monkeypatch):
    monkeypatch.setattr(records, "full_record", lambda _: None)
    assert "No full-profile record" in show.konno2021_verdict().data
    one = replace(garbage(0.04), budget="cut short")
    monkeypatch.setattr(records, "full_record", lambda name: one if name == one.experiment else None)
    assert show.konno2021_verdict().data.endswith("less than the full budget: cut short.")


def held(scores, bar):
    """Return a record of the test by year whose trainings have these validation R², and precisions 0.1, 0.2, …"""
    precisions = [0.1 * (i + 1) for i in range(len(scores))]
    metrics = {
        "temporal-held/periodic-resnet/r2": scores,
        "temporal-held/two-means/r2": bar,
        "above-0K/regression/precision": precisions,
        "above-10K/regression/precision": precisions,
    }
    return record("hosono", metrics)


def test_a_training_no_better_than_two_means_has_collapsed_and_scores_come_with_and_without():
    one = held([0.7, 0.5, 0.8], [0.6, 0.5, 0.6])
    assert collapsed(one, "temporal-held", "periodic-resnet") == (False, True, False)
    made = show.collapsed_trainings(one)
    assert cells(made, "temporal")[0][2:5] == ["0.50", "0.50", "1 of 3"]
    assert cells(made, "above-0K/regression")[0][2:4] == ["0.20 ± 0.10", "0.20 ± 0.14"]
    none_left = show.collapsed_trainings(held([0.1, 0.2], [0.5, 0.5]))
    assert cells(none_left, "above-10K/regression")[0][3] == "–"


def test_without_a_collapse_no_score_is_given_twice():
    made = show.collapsed_trainings(held([0.7, 0.8], [0.6, 0.5]))
    assert cells(made, "temporal")[0][4] == "0 of 2" and not cells(made, "above-0K")
    assert not cells(show.collapsed_trainings(record("hosono", {})), "Periodic-table network")


@pytest.mark.parametrize("name", ["garbage-in", "hosono", "iron", "candidates"])
def test_every_record_says_what_its_trainings_scored_on_validation(name):
    full = records.full_record(f"konno2021-{name}")
    groups = {key.split("/")[0] for key in full.metrics if "/two-means/" in key}
    assert groups
    for group in groups:
        networks = {key.split("/")[1] for key in full.metrics if key.startswith(f"{group}/")} - {"two-means"}
        assert networks or group.startswith("temporal-above")
