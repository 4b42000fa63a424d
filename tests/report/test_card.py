"""The card of a page: its numbers, units and links, and that every page's card can be written."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from bs4 import BeautifulSoup

from replicate import papers, records
from replicate.errors import ConfigError
from replicate.evaluation.compare import compare
from replicate.report import answer_card
from replicate.report.links import PAGES
from workflow.sources import discover


def calls(source: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (number, scores) of every card of a notebook."""
    return [
        (
            ast.literal_eval(call.args[0]),
            {word.arg or "": ast.literal_eval(word.value) for word in call.keywords},
        )
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "answer_card"
    ]


CARDS = [
    (source.name, number, scores)
    for source in discover()
    for number, scores in calls(source.pair.read_text(encoding="utf-8"))
]


def card(number: str, **scores: Any) -> tuple[BeautifulSoup, dict[str, str]]:
    """Return a card, and what stands under each of its labels."""
    parsed = BeautifulSoup(answer_card(number, **scores).data, "html.parser")
    labels = (term.get_text() for term in parsed.select("dt"))
    return parsed, dict(zip(labels, (value.get_text(" ") for value in parsed.select("dd")), strict=True))


@pytest.mark.parametrize(("page", "number", "scores"), CARDS)
def test_every_score_of_a_page_is_in_its_record(page: str, number: str, scores: dict[str, Any]) -> None:
    parsed, said = card(number, **scores)
    assert PAGES[number.split("/")[0]] == page
    assert "–" not in [text.split()[0] for text in said.values()]
    assert parsed.select("a[href='#data']") and parsed.select("a[href='#run-it-yourself']")


def test_a_card_has_the_printed_number_ours_and_the_verdict() -> None:
    parsed, said = card("zeng2019-gap/mae", baseline="random/xgboost/mae", honest="system/atcnn/mae")
    record = records.full_record("zeng2019-gap")
    assert record is not None
    assert said["printed"].startswith("0.307 eV")
    assert said["here"].startswith(f"{record.metrics['random/atcnn/mae'].mean:.3f} ± ")
    assert "XGBoost, random rows" in said["plainest baseline"]
    assert "by chemical system" in said["honest test"]
    verdict = compare(papers.target("zeng2019-gap/mae"), record).verdict
    assert parsed.select_one("span[class^=verdict]").get_text() == verdict  # type: ignore[union-attr]
    assert [a["href"] for a in parsed.select("a")][:3] == [
        "#number-mae",
        "#number-mae",
        "../results/zeng2019-gap.json",
    ]


def test_shares_stand_in_the_unit_of_the_printed_number_and_other_scores_in_their_own() -> None:
    _, said = card(
        "zeng2019-tc-insulators/ii-insulators-missed",
        baseline="insulators/extra-trees-fractions/misclassified",
        honest=("all/atcnn-ii/mae", "<error> on all"),
    )
    assert said["plainest baseline"].split("%")[0].count("±") == 1
    assert " K" in said["honest test"] and "<error> on all" in said["honest test"]


def test_a_statement_without_a_number_has_no_verdict() -> None:
    parsed, said = card("zeng2019-elements/groups-cluster")
    assert list(said) == ["measured here"] and not parsed.select("span[class^=verdict]")


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(ConfigError):
        answer_card("zeng2019-gap/mea")
