"""The sentences about classifiers, attributes and search, and the chapter's verdict, follow the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replicate import display as show
from replicate import experiments, records
from replicate.display.verdict_quinn2022 import _WRITTEN, apart
from replicate.records import Metric, Record

DEVICE = {"device_name": "a processor"}


def record(name, metrics, config=None):
    """Return a record of an experiment with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(
        f"quinn2022-{name}", "full", "k", config or {}, [], {}, [0, 1], found, {}, environment=DEVICE
    )


def conclusion(one):
    return show.quinn2022_conclusion(one).data


def thresholds(net, trees, rule=(0.9, 0.9), ordered=True):
    metrics = {
        "best/cgcnn/threshold": [5],
        "best/cgcnn/accuracy": net,
        "data/superconductors/disordered_share": [0.8],
        "data/nonsuperconductors/disordered_share": [0.0],
        "threshold-0K-parent/cgcnn/f1": [0.6, 0.7],
    }
    for threshold in (0, 5):
        for suffix in ("", "-ordered") if ordered else ("",):
            for model, values in (("cgcnn", net), ("extra-trees-fractions", trees), ("disorder-rule", rule)):
                metrics |= {f"threshold-{threshold}K{suffix}/{model}/{s}": values for s in ("accuracy", "f1")}
    return record("thresholds", metrics)


def test_classifiers_stand_beside_what_knows_less():
    text = conclusion(thresholds((0.96, 0.97), (0.9, 0.91)))
    assert "at 5 K, has an accuracy of 96.50 ± 0.71 % (published 95 %: too noisy)" in text
    assert "is ahead of trees" in text and "ahead of the rule" in text and "0 % of the others" in text
    assert "ahead of the trees' 0.905" in text and "one side of the split 0.650" in text
    text = conclusion(thresholds((0.8, 0.8), (0.9, 0.7), ordered=False))
    assert "is level with trees" in text and "behind the rule" in text and "Among ordered" not in text


def test_benchmarks_of_the_classifier():
    metrics = {
        "batch-size/cgcnn/best": [50],
        "convolutions/cgcnn/best": [1],
        "features/block/gain": [0.01, 0.02],
        "features/group-period/gain": [0, 0],
        "features/all/gain": [0.03, 0.03],
    }
    text = conclusion(record("classifier-benchmarks", metrics))
    assert "1 convolution (" in text and "one single feature tried, block, adds" in text
    assert "all nine add 0.030" in text and "12,000" not in text
    metrics |= {"features/valence-electrons/gain": [0.1, 0.1], "training-size/cgcnn/recall_below_8500": [0.7]}
    metrics["training-size/cgcnn/gain_12000_to_16000"] = [0.0, 0.01]
    text = conclusion(record("classifier-benchmarks", metrics))
    assert "Of 2 single features valence electrons adds most" in text and "F1 changes by 0.005" in text
    assert "below 8,500 is 0.700" in text


def as_classifier(mine, rival):
    metrics = {"others/combined/mean_tc": [4, 5], "others/combined/share_above_10K": [0.1, 0.1]}
    metrics |= {"threshold-25K/combined/f1": [0.95, 0.95]}
    for model, values in (("combined", mine), ("cgcnn", rival), ("baseline", [0.8, 0.8])):
        metrics[f"threshold-30K/{model}/accuracy"] = values
    return record("regression-as-classifier", metrics, config={"rivals": [30]})


def test_the_regression_beside_the_classifier():
    assert "it is more accurate than the classifier" in conclusion(as_classifier([0.96, 0.97], [0.9, 0.95]))
    assert "it is less accurate than the classifier" in conclusion(as_classifier([0.8, 0.8], [0.9, 0.95]))
    text = conclusion(as_classifier([0.92, 0.96], [0.9, 0.95]))
    assert "about as accurate as" in text and "above 25 K is 0.950 ± 0.000 (published 0.94: better)" in text
    one = as_classifier([0.8, 0.8], [0.9, 0.95])
    del one.metrics["threshold-30K/cgcnn/accuracy"], one.metrics["threshold-25K/combined/f1"]
    assert "accurate" not in conclusion(one) and "F1" not in conclusion(one)


def test_attributes_say_what_they_stand_for():
    start = "debye_temperature"
    metrics = {f"{start}/cgcnn/r2": [0.8, 0.9], f"{start}/extra-trees-fractions/r2": [0.7, 0.7]}
    metrics[f"{start}/split/train_rows"] = [3000]
    text = conclusion(record("attributes", metrics))
    assert "ahead of trees" in text and "published 0.68: other data" in text and "nearer" not in text
    metrics |= {f"{start}-few/cgcnn/r2": [0.5, 0.5], f"{start}-few/split/train_rows": [600]}
    assert "with 600, nearer to the paper's number, 0.500" in conclusion(record("attributes", metrics))


def search(both, alone):
    """Return a record whose regression alone, and whose two models, find these shares of candidates."""
    metrics = {}
    for way, share in (("pipeline", both), ("regression", alone)):
        metrics |= {f"search/{way}/positive_share": [share], f"search/{way}/new_share": [share * 2 / 3.7]}
        metrics |= {f"search/{way}/{name}": [0.5] for name in ("known_class_share", "oxygen_share")}
        metrics |= {f"search/{way}/{name}_found": [2] for name in ("nickelates", "ruthenates")}
        metrics |= {f"search/{way}-majority/{kind}_count": [7] for kind in ("new", "listed")}
    metrics |= {"search/pipeline/nickelates_searched": [3], "search/pipeline/ruthenates_searched": [0]}
    return record("search", metrics | {"search/pipeline/crystals": [100]})


def test_the_search_names_what_it_finds():
    text = conclusion(search(0.1, 0.037))
    assert "a regression finds 2.0 of the 3 nickelates that are there." in text
    assert "perovskites that are there" not in text and "agree on 7 new ones, besides 7 whose" in text
    assert "puts 3.7 % above 25 K (published 3.7 %: reproduced, one seed), 50 % of them cuprates" in text


@pytest.mark.parametrize(
    ("both", "alone", "said"), [(0.1, 0.037, True), (0.037, 0.1, False), (0.1, 0.1, False)]
)
def test_whether_the_printed_shares_are_the_regression_s_own(both, alone, said):
    text = conclusion(search(both, alone))
    assert ("The printed shares are those of the regression alone" in text) is said


def test_scores_on_other_rows_are_apart_only_without_overlap():
    one, two = Metric("", (0.5, 0.6)), Metric("", (0.7, 0.8))
    assert apart(two, one) == "above" and apart(one, two) == "below"
    assert apart(one, Metric("", (0.55, 0.9))) == "level with"


def test_verdict_with_and_without_records(monkeypatch):
    monkeypatch.setattr(records, "full_record", lambda _: None)
    assert "No full-profile record" in show.quinn2022_verdict().data
    metrics = {"others/combined/mean_tc": [4, 5], "others/combined/share_above_10K": [0.1, 0.1]}
    one = replace(record("regression-as-classifier", metrics, {"rivals": []}), budget="cut short")
    monkeypatch.setattr(records, "full_record", lambda name: one if name == one.experiment else None)
    assert show.quinn2022_verdict().data.endswith("less than the full budget: cut short.")


def test_every_experiment_of_the_chapter_has_its_sentences():
    written = [one.id for one in experiments.all_experiments() if one.id.startswith("quinn2022")]
    assert sorted(_WRITTEN) == sorted(written) and len(written) == 10


def test_choices_read_the_settings():
    made = show.quinn2022_choices().data
    assert "over 33,000 entries" in made and "26,321 entries, few columns" in made
    assert "3 and 5" in made and "AdamW, one-cycle schedule" in made
