"""Sentences of pages: their numbers are the record's, and what they claim is so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from replicate import records
from replicate.errors import ConfigError
from replicate.evaluation.compare import compare
from replicate.papers import target
from replicate.records import Metric, Record
from replicate.report import say
from replicate.report.sentences import true
from workflow.sources import discover

METRICS = {
    "random/atcnn/mae": Metric("eV", (0.31, 0.33, 0.35)),
    "random/xgboost/mae": Metric("eV", (0.26, 0.27, 0.34)),
    "system/atcnn/mae": Metric("eV", (0.5, 0.5, 0.5)),
    "random/atcnn/auc": Metric("", (0.9, 0.92, 0.94)),
    "data/all/rows": Metric("", (13598.0,)),
    "random/extra-trees-fractions/mae": Metric("eV", (0.3,)),
}


def record(profile: str = "full") -> Record:
    return Record("zeng2019-gap", profile, "0" * 16, {}, [], {}, [0, 1, 2], METRICS)


@pytest.mark.parametrize(
    ("braces", "text"),
    [
        ("random/atcnn/mae", "0.330 ± 0.020"),
        ("random/extra-trees-fractions/mae:2", "0.30"),
        ("random/atcnn/auc:%", "92.0 ± 2.0 %"),
        ("data/all/rows:,", "13,598"),
        ("random/atcnn/auc:.2f", "0.92"),
        ("system/atcnn/mae / random/atcnn/mae:.1f", "1.5"),
        ("100 * abs(random/xgboost/mae - random/atcnn/mae):.0f", "4"),
        ("=zeng2019-gap/mae", "0.307 eV"),
    ],
)
def test_what_stands_in_braces_is_replaced(braces: str, text: str) -> None:
    assert say(record(), f"It is {{{braces}}}.").data == f"It is {text}."


def test_the_full_record_of_another_experiment_can_be_asked() -> None:
    full = records.full_record("zeng2019-gap")
    assert full is not None
    mean = full.metrics["random/atcnn/mae"].mean
    assert say(record(), "{random/atcnn/mae@zeng2019-gap:.4f}").data == f"{mean:.4f}"
    assert say("zeng2019-gap", "{random/atcnn/mae:.4f}").data == f"{mean:.4f}"
    assert (
        say("zeng2019-gap", "{?zeng2019-gap/mae}").data == compare(target("zeng2019-gap/mae"), full).verdict
    )


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ("random/xgboost/mae < random/atcnn/mae", True),
        ("every(random/xgboost/mae < random/atcnn/mae)", True),
        ("every(random/xgboost/mae < random/extra-trees-fractions/mae)", True),  # of the seed both have
        ("every(random/xgboost/mae < 0.3)", False),
        ("every(random/atcnn/mae > published('zeng2019-gap/mae'))", True),
        ("random/xgboost/mae < 0.3 < random/atcnn/mae", True),
        ("not random/atcnn/mae < 0.3 and random/atcnn/mae > 0.3", True),
        ("random/atcnn/mae < 0.3 or sd(random/atcnn/mae) > 0.01", True),
        ('random/atcnn/mae - 2 * sd(random/atcnn/mae) < published("zeng2019-gap/mae")', True),
        ('random/atcnn/mae <= published("zeng2019-gap/mae")', False),
        ('random/atcnn/auc > published("zeng2019-metal/metals")', True),  # printed in per cent
        ("1.5 < system/atcnn/mae / random/atcnn/mae < 1.6", True),
        ("max(random/atcnn/mae, 0.4) == 0.4", True),
    ],
)
def test_conditions(holds: str, expected: bool) -> None:
    assert true(record(), holds) == expected


def test_a_run_in_which_a_sentence_does_not_hold_says_so() -> None:
    claim = "random/atcnn/mae < random/xgboost/mae"
    assert (
        say(record("quick"), "It is ahead.", holds=claim).data == "It is ahead. *(Not so in this quick run.)*"
    )
    assert say(record("quick"), "It is behind.", holds=f"not {claim}").data == "It is behind."


@pytest.mark.parametrize(
    "holds",
    [
        "random/atcnn/rmse < 1",
        "random/atcnn/mae <",
        "open(1)",
        "__import__",
        "random/atcnn/mae.real < 1",
        "'a' < 1",
    ],
)
def test_what_cannot_be_read_is_refused(holds: str) -> None:
    with pytest.raises(ConfigError):
        true(record(), holds)
    with pytest.raises(ConfigError):
        say(record(), "{random/atcnn/rmse}")


def sentences(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield (experiment, text, condition) of every ``say`` of a notebook."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    runs = [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("run", "run_or_full")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "say":
            of, text = call.args
            holds = next((ast.literal_eval(word.value) for word in call.keywords if word.arg == "holds"), "")
            yield of.value if isinstance(of, ast.Constant) else runs[0], ast.literal_eval(text), holds


@pytest.mark.parametrize("page", [source.name for source in discover()])
def test_every_sentence_of_a_page_holds(page: str) -> None:
    """Fails where a new record contradicts a sentence, which must then be written anew."""
    (source,) = (found for found in discover() if found.name == page)
    for experiment, text, holds in sentences(source.pair.read_text(encoding="utf-8")):
        full = records.full_record(experiment)
        assert full is not None, text
        said = say(full, text, holds).data
        assert "Not so in this" not in said, said


def test_a_sentence_is_found_with_its_condition() -> None:
    source = (
        'best = experiments.run("zeng2019-gap", profile)\n'
        'say(best, "A {random/atcnn/mae}.", holds="random/atcnn/mae < 1")\nsay("zeng2019-tc", "B.")\n'
    )
    assert list(sentences(source)) == [
        ("zeng2019-gap", "A {random/atcnn/mae}.", "random/atcnn/mae < 1"),
        ("zeng2019-tc", "B.", ""),
    ]
