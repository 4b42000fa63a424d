"""Sentences whose numbers and conditions are read from a record."""

from dataclasses import replace

import pytest

from replicate.errors import ConfigError
from replicate.report import say
from replicate.report.sentences import true
from replicate.results.compare import compare
from replicate.results.papers import target
from replicate.results.records import Metric, Record


@pytest.fixture
def record(make_record) -> Record:
    metrics = {
        "random/atcnn/mae": Metric("eV", (0.31, 0.33, 0.35)),
        "random/xgboost/mae": Metric("eV", (0.26, 0.27, 0.34)),
        "system/atcnn/mae": Metric("eV", (0.5, 0.5, 0.5)),
        "random/atcnn/auc": Metric("", (0.9, 0.92, 0.94)),
        "data/all/rows": Metric("", (13598.0,)),
        "random/extra-trees-fractions/mae": Metric("eV", (0.3,)),
    }
    return make_record("zeng2019-gap", metrics, "quick")


@pytest.mark.parametrize(
    ("braces", "text"),
    [
        ("random/atcnn/mae", "0.330 ± 0.020"), ("random/extra-trees-fractions/mae:2", "0.30"),
        ("random/atcnn/auc:%", "92.0 ± 2.0 %"), ("data/all/rows:,", "13,598"), ("random/atcnn/auc:.2f", "0.92"),
        ("system/atcnn/mae / random/atcnn/mae:.1f", "1.5"),
        ("100 * abs(random/xgboost/mae - random/atcnn/mae):.0f", "4"), ("=zeng2019-gap/mae", "0.307 eV"),
    ],
)  # fmt: skip
def test_what_stands_in_braces_is_replaced(braces: str, text: str, record: Record) -> None:
    assert say(record, f"It is {{{braces}}}.").data == f"It is {text}."


def test_a_variant_claims_nothing_that_does_not_hold(record: Record) -> None:
    """Its note names the change, and a sentence of a number that it does not have is left out."""
    variant = replace(record, change="fit.epochs=3")
    assert say(variant, "It is {random/atcnn/mae:2}.", "random/atcnn/mae < 0.4").data == "It is 0.330 ± 0.020."
    note = say(variant, "It is small.", "random/atcnn/mae < 0.1").data
    assert "Not so" in note and "epochs" in note
    assert "0.5" not in say(variant, "It is {system/forest/mae}, not {system/atcnn/mae}.").data
    with pytest.raises(ConfigError, match="no metric"):
        say(record, "It is {system/forest/mae}.")


def test_the_full_record_of_another_experiment_can_be_named(record: Record, full_record) -> None:
    full = full_record("zeng2019-gap")
    mean = f"{full.metrics['random/atcnn/mae'].mean:.4f}"
    verdict = compare(target("zeng2019-gap/mae"), full).verdict
    assert say(record, "{random/atcnn/mae@zeng2019-gap:.4f}").data == mean
    assert say("zeng2019-gap", "{random/atcnn/mae:.4f} {?zeng2019-gap/mae}").data == f"{mean} {verdict}"


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
def test_conditions(holds: str, expected: bool, record: Record) -> None:
    assert true(record, holds) == expected
    note = "" if expected else " *(Not so in this quick run.)*"
    assert say(record, "It is so.", holds=holds).data == f"It is so.{note}"


@pytest.mark.parametrize(
    "holds",
    [
        "random/atcnn/rmse < 1", "random/atcnn/mae <", "open(1)", "__import__", "random/atcnn/mae.real < 1",
        "'a' < 1",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(holds: str, record: Record) -> None:
    with pytest.raises(ConfigError):
        true(record, holds)
    with pytest.raises(ConfigError):
        say(record, f"{{{holds}}}")
