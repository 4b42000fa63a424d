"""The card of a page: its numbers, units and links, and that every page's card can be written."""

import ast
from typing import Any

import pytest
from bs4 import BeautifulSoup

from replicate.errors import ConfigError
from replicate.report import answer_card
from replicate.report.links import pages
from replicate.results import papers
from replicate.results.compare import compare
from workflow.sources import discover

PAGES = pages()
CARDS = [
    (source.name, ast.literal_eval(call.args[0]), {w.arg: ast.literal_eval(w.value) for w in call.keywords})
    for source in discover()
    for call in ast.walk(ast.parse(source.pair.read_text(encoding="utf-8")))
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "answer_card"
]


def card(number: str, **scores: Any) -> tuple[BeautifulSoup, dict[str, str]]:
    """Return a card, and what stands under each of its labels."""
    parsed = BeautifulSoup(answer_card(number, **scores).data, "html.parser")
    labels = (term.get_text() for term in parsed.select("dt"))
    return parsed, dict(zip(labels, (value.get_text(" ") for value in parsed.select("dd")), strict=True))


def test_every_page_with_printed_numbers_has_one_card() -> None:
    assert sorted(page for page, *_ in CARDS) == sorted(p for p in PAGES.values() if "beyond" not in p)


@pytest.mark.parametrize(("page", "number", "scores"), CARDS, ids=[page for page, *_ in CARDS])
def test_every_score_of_a_page_is_in_its_record(page: str, number: str, scores: dict[str, Any]) -> None:
    parsed, values = card(number, **scores)
    assert PAGES[number.split("/")[0]] == page
    assert "–" not in [text.split()[0] for text in values.values()]
    assert parsed.select("a[href='#data']") and parsed.select("a[href='#run-it-yourself']")


def test_a_card_has_the_printed_number_ours_and_the_verdict(full_record) -> None:
    parsed, values = card("zeng2019-gap/mae", baseline="random/xgboost/mae", honest="system/atcnn/mae")
    record = full_record("zeng2019-gap")
    assert values["printed"].startswith("0.307 eV")
    assert values["here"].startswith(f"{record.metrics['random/atcnn/mae'].mean:.3f} ± ")
    assert "XGBoost, random rows" in values["simplest baseline"]
    assert "by chemical system" in values["honest test"]
    verdict = compare(papers.target("zeng2019-gap/mae"), record).verdict
    assert parsed.select_one("span[class^=verdict]").get_text() == verdict
    links = [a["href"] for a in parsed.select("a")]
    assert links[:4] == ["#number-mae"] * 3 + ["../results/zeng2019-gap.json"]


def test_shares_stand_in_the_unit_of_the_printed_number_and_other_scores_in_their_own() -> None:
    _, values = card(
        "zeng2019-tc-insulators/ii-insulators-missed",
        baseline="insulators/extra-trees-fractions/misclassified",
        honest=("all/atcnn-ii/mae", "<error> on all"),
    )
    assert values["simplest baseline"].split("%")[0].count("±") == 1
    assert " K" in values["honest test"] and "<error> on all" in values["honest test"]


def test_a_statement_has_no_verdict_and_an_unknown_number_no_card() -> None:
    parsed, values = card("zeng2019-elements/groups-cluster")
    assert list(values) == ["measured here"] and not parsed.select("span[class^=verdict]")
    with pytest.raises(ConfigError):
        answer_card("zeng2019-gap/mea")
