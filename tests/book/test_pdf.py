"""The PDF of the book: every page in the order of the contents, and its links lead where the pages' do."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from replicate.errors import ConfigError
from workflow import pdf

NAMES = ["intro", "zeng2019/index", "zeng2019/metals", "about/glossary"]


@pytest.fixture(scope="module")
def printed(built_book: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    count = pdf.write(browser, built_book, NAMES, target)
    reader = PdfReader(target)
    assert len(reader.pages) == count
    return reader


def test_bookmarks_contents_and_page_numbers_agree(printed: PdfReader) -> None:
    contents, intro, chapter, (metals,), glossary = printed.outline
    firsts = [printed.get_destination_page_number(mark) for mark in (contents, intro, chapter, metals, glossary)]
    assert firsts[:2] == [0, 1] and firsts == sorted(set(firsts))
    lines = printed.pages[0].extract_text().splitlines()
    for mark, first in zip((intro, chapter, metals, glossary), firsts[1:], strict=True):
        assert any(line.startswith(mark.title) and line.endswith(str(first + 1)) for line in lines)
        text = " ".join(printed.pages[first].extract_text().split())
        assert mark.title in text and text.split()[-1] == str(first + 1)


def test_links_lead_within_the_pdf_or_to_the_web(printed: PdfReader) -> None:
    """A link to a file of this machine would lead nowhere on another."""
    links = [link.get_object() for page in printed.pages for link in page.get("/Annots", ())]
    addresses = [link["/A"]["/URI"] for link in links if "/A" in link and "/URI" in link["/A"]]
    assert all(address.startswith("http") for address in addresses)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(printed.pages)}
    led = {numbers[link["/Dest"][0].idnum] for link in links if "/Dest" in link}
    firsts = {printed.get_destination_page_number(mark) for mark in (*printed.outline[1:3], printed.outline[-1])}
    assert firsts < led  # the others are headings and terms within a page


def test_a_page_that_is_not_built_is_named(built_book: Path, browser: Browser, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.html is not there: run `make book`"):
        pdf.write(browser, built_book, ["intro", "nowhere"], tmp_path / "book.pdf")
    assert list(tmp_path.iterdir()) == []
