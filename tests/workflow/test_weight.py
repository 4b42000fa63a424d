"""What is taken out of a built book's style sheets, and how its search parts words."""

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

from workflow.search import NumberSearch, part_cells
from workflow.weight import rules, used

WORDS = {"table", "note"}


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        ("a{b:c} .table{d:e}", "a{b:c}.table{d:e}"),
        (".table,.gone,.table .gone{d:e}", ".table{d:e}"),
        (".gone{d:e}", ""),
        ("@media print{.gone{d:e}.note{f:g}}", "@media print{.note{f:g}}"),
        ("@media print{.gone{d:e}}", ""),
        (":is(.gone,.note) b,.table:not(.gone){d:e}", ":is(.gone,.note) b,.table:not(.gone){d:e}"),
        ('.table{content:"}.gone{"}', '.table{content:"}.gone{"}'),
        ("/*! licence */.note{/* a{} */d:url(x;y)}/* why */", "/*! licence */.note{/* a{} */d:url(x;y)}"),
        ('@charset "UTF-8";@font-face{a:b}', '@charset "UTF-8";@font-face{a:b}'),
        (r".w-1\/2{a:b}[class*=gone]{c:d}", r".w-1\/2{a:b}[class*=gone]{c:d}"),
    ],
)
def test_rules_that_no_page_can_use_are_dropped_and_no_others(sheet: str, left: str) -> None:
    assert "".join(rules(sheet, lambda selector: used(selector, WORDS))) == left


def test_search_keeps_numbers_and_formulas_whole() -> None:
    text = "MAE 0.039 eV of 4,459 rows. MgB₂ and Mg0.9Al0.1B2.Then"
    words = ["MAE", "0.039", "eV", "of", "4,459", "rows", "MgB2", "and", "Mg0.9Al0.1B2", "Then"]
    assert NumberSearch({}).split(text) == words


def test_cells_of_a_table_are_words_of_their_own() -> None:
    document = new_document("page", get_default_settings())
    document += nodes.raw("", "<tr><td>0.039</td><td>Mg<sub>2</sub>Si</td></tr>", format="html")
    part_cells(None, document)
    assert document.astext().split() == ["<tr>", "<td>0.039", "</td>", "<td>Mg<sub>2</sub>Si", "</td>", "</tr>"]
