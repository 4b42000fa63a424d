"""A paper's file that breaks a rule is refused with a message that names the file and the entry."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from test_fifth_paper import NUMBERS

from replicate.errors import ConfigError
from replicate.results.papers.loading import parse

GOOD: dict[str, Any] = {
    **yaml.safe_load(NUMBERS),
    "claims": [{"id": "toy2024-gap/best", "where": "Text", "statement": "It is best.", "metric": "random/net/mae"}],
    "tables": {"table1": {"caption": "Table 1", "columns": ["a", "b"], "units": {"b": "K"}, "rows": [[1, 2.5]]}},
}


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    raw = copy.deepcopy(GOOD)
    change(raw)
    return yaml.safe_dump(raw)


def test_a_good_file_is_read_with_its_defaults():
    good = parse(yaml.safe_dump(GOOD), file="toy2024.yaml")
    (target,), (claim,), (question,) = good.targets, good.claims, good.questions
    assert (target.experiment, target.paper, target.published) == ("toy2024-gap", "toy2024", 0.5)
    assert (target.printed, target.scale, target.note) == ("0.50", 1.0, "")
    assert (claim.experiment, claim.paper, claim.quantity, claim.others) == ("toy2024-gap", "toy2024", "", ())
    assert (question.id, question.paper, question.title) == ("toy2024-gap", "toy2024", "Band gaps in one epoch")


@pytest.mark.parametrize(
    ("printed", "value"), [("13,598", 13598), ("1 234 567.5", 1234567.5), ("+1", 1), ("-0.16", -0.16)]
)
def test_numbers_may_be_grouped_by_comma_or_space(printed, value):
    text = changed(lambda raw: raw["targets"][0].update(published=printed))
    assert parse(text, file="toy2024.yaml").targets[0].published == value


def test_a_statement_may_say_in_words_what_is_compared():
    words = {"quantity": "MAE", "others": [{"quantity": "MAE of the mean", "metric": "random/mean/mae"}]}
    (claim,) = parse(changed(lambda raw: raw["claims"][0].update(words)), file="toy2024.yaml").claims
    assert (claim.quantity, claim.others) == ("MAE", (("MAE of the mean", "random/mean/mae"),))


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "number, not text": (lambda r: r["targets"][0].update(published=0.3), "toy2024-gap/mae, published"),
    "sign of nearness": (lambda r: r["targets"][0].update(published="~0.3"), "toy2024-gap/mae, published"),
    "wrong grouping": (lambda r: r["targets"][0].update(published="1,35"), "toy2024-gap/mae, published"),
    "direction": (lambda r: r["targets"][0].update(better="smaller"), "toy2024-gap/mae, better"),
    "metric of two parts": (lambda r: r["targets"][0].update(metric="net/mae"), "toy2024-gap/mae, metric"),
    "unknown key": (lambda r: r["targets"][0].update(units="eV"), "toy2024-gap/mae: .*units"),
    "missing key": (lambda r: r["targets"][0].pop("where"), "toy2024-gap/mae: .*where"),
    "missing id": (lambda r: r["targets"][0].pop("id"), "targets, entry 1: .*id"),
    "missing paper": (lambda r: r.pop("paper"), "whole file: .*paper"),
    "no title": (lambda r: r["experiments"]["toy2024-gap"].pop("title"), "toy2024-gap: .*title"),
    "other paper's experiment": (
        lambda r: r["experiments"].update({"roe2020-gap": r["experiments"]["toy2024-gap"]}),
        "'roe2020-gap' must begin with 'toy2024-'",
    ),
    "target without experiment": (
        lambda r: r["targets"][0].update(id="toy2024-tc/mae"),
        "toy2024-tc/mae: there is no experiment 'toy2024-tc'",
    ),
    "claim without experiment": (
        lambda r: r["claims"][0].update(id="toy2024-tc/best"),
        "toy2024-tc/best: there is no experiment 'toy2024-tc'",
    ),
    "headline without number": (
        lambda r: r["paper"].update(headline=["toy2024-gap/rmse"]),
        "headline: there is no published number 'toy2024-gap/rmse'",
    ),
    "kind by another word": (lambda r: r["targets"][0].update(kind="no"), "toy2024-gap/mae, kind"),
    "id twice": (lambda r: r["targets"].append(r["targets"][0]), "'toy2024-gap/mae' stands twice"),
    "metric twice": (
        lambda r: r["targets"].append({**r["targets"][0], "id": "toy2024-gap/again", "published": "0.4"}),
        "two numbers have the metric 'random/atcnn/mae'",
    ),
    "short row": (lambda r: r["tables"]["table1"]["rows"].append([1]), "table1, row 2 has 1 values for 2"),
    "unit of no column": (lambda r: r["tables"]["table1"].update(units={"c": "K"}), r"unknown columns \['c'\]"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_by_name(name):
    change, message = BROKEN[name]
    with pytest.raises(ConfigError, match=rf"^toy2024\.yaml: .*{message}"):
        parse(changed(change), file="toy2024.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (yaml.safe_dump(GOOD) + "claims: []\n", ".*'claims' stands twice"),
        ("paper: [", "not readable as YAML"),
        ("", "whole file"),
    ],
)
def test_repeated_keys_and_bad_yaml_are_refused(text, message):
    with pytest.raises(ConfigError, match=rf"(?s)^toy2024\.yaml: {message}"):
        parse(text, file="toy2024.yaml")
