"""The page *Predict* computes in the reader's browser what ``replicate predict`` computes."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from replicate import data, paths
from replicate.features.elements import SYMBOLS
from replicate.predict import predictions
from replicate.predict.formulas import read_formulas
from workflow.browser import MODELS, write_scripts

# Read alike, or refused for the same reason; the page says less of what may be meant.
FORMULAS = [
    "GaN", "Cu2ZnSnS4", "La1.85Sr0.15CuO4", "YBa2Cu3O6.93", "Mg(OH)2", "Ca10(PO4)6(OH)2", "K[Fe(CN)6]",
    "CuSO4(H2O)5", "SiO₂", "D2O", "Na0.3WO3", "Na.3WO3", "Fe2.O3.", "Bi1Sr0.85Nd0.15Cu1OY", "Rb7Xe3",
    "HgBa2Ca2Cu3O8", "(Ba0.6K0.4)Fe2As2", "Si", "Og",
]  # fmt: skip
REFUSED = ["", "  ", "XyO", "GaN)", "(GaN", "[GaN)", "Ga0N", "Ga-1N", "Ga?N", "gan", "hello"]
ONLY_THE_COMMAND = ["CuSO4.5H2O", "CuSO4·5H2O", "Fe(III)2O3", "LiCl.2NH3"]


@pytest.fixture
def page(built_book: Path, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto((built_book / "predict.html").as_uri())
    yield page
    context.close()


@pytest.fixture
def address(built_book: Path) -> Iterator[str]:
    """The book on a web server of its own."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built_book))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("name", "n"), [(name, 200 if "temperature" not in name else 30) for name in MODELS])
def test_the_page_predicts_what_the_command_does(name: str, n: int, page: Page) -> None:
    tables = (data.load_once(table).table["formula"] for table in ("zhuo2018-gap", "madml-superconductors"))
    rng = np.random.default_rng(0)
    formulas = [str(formula) for table in tables for formula in rng.choice(table.to_numpy(), n // 2, replace=False)]
    expected = [one.to_dict() for one in predictions(name, formulas)]
    ask = """async ([name, formulas]) => {
        await replicate.need(name);
        return formulas.map((formula) => replicate.predict(name, formula));
    }"""
    for ours, theirs in zip(page.evaluate(ask, [name, formulas]), expected, strict=True):
        numbers = [ours["value"], ours["spread"]]
        assert numbers == pytest.approx([theirs["value"], theirs["spread"]], abs=1e-4), theirs["input"]
        assert ours["warnings"] == theirs["warnings"], theirs["input"]
        if theirs["distance"] is not None:
            near = ours["nearest"]
            assert near["distance"] == pytest.approx(theirs["distance"], abs=1e-9)
            assert (near.get("formula"), near["error"]) == (theirs["nearest"], theirs["expected_error"])
        if theirs["low"] is not None:
            assert [ours["low"], ours["high"]] == pytest.approx([theirs["low"], theirs["high"]], abs=1e-4)


def test_the_page_says_what_a_network_loads(tmp_path: Path) -> None:
    write_scripts(tmp_path)
    text = (paths.root() / "book" / "predict.md").read_text(encoding="utf-8")
    stated = {name: float(size) for name, size in re.findall(r'value="(atcnn/[^"]+)".*\(([\d.]+) MB\)', text)}
    files = {name: tmp_path / f"{name.replace('/', '--')}.js" for name in MODELS}
    loaded = {name: len(gzip.compress(file.read_bytes())) / 1e6 for name, file in files.items()}
    assert stated == {name: float(f"{size:.1g}") for name, size in loaded.items()}


def read_on(page: Page, formula: str) -> dict[str, float] | str:
    """Return the fractions that the page reads, by atomic number, or what it says is wrong."""
    page.evaluate("replicate.need('atcnn/formation-energy-per-atom')")
    read = "(formula) => { try { return replicate.fractions(formula); } catch (error) { return error.message; } }"
    answer: dict[str, float] | str = page.evaluate(read, formula)
    return answer


def test_formulas_are_read_as_the_command_reads_them(page: Page) -> None:
    _, compositions, _ = read_formulas(FORMULAS)
    assert len(compositions) == len(FORMULAS)
    for formula, fractions in zip(FORMULAS, compositions.fractions, strict=True):
        expected = {SYMBOLS[z]: share for z, share in enumerate(fractions) if share}
        answer = read_on(page, formula)
        assert isinstance(answer, dict), (formula, answer)
        assert {SYMBOLS[int(z) - 1]: share for z, share in answer.items()} == pytest.approx(expected), formula


def test_what_the_command_refuses_the_page_refuses_for_the_same_reason(page: Page) -> None:
    reasons = {row: problem.reason for row, problem in enumerate(read_formulas(REFUSED)[1].problems)}
    for row, formula in enumerate(REFUSED):
        answer = read_on(page, formula)
        assert isinstance(answer, str), formula
        assert reasons[row].startswith(answer.split(";")[0]), (formula, answer, reasons[row])
    for formula in ONLY_THE_COMMAND:
        assert "replicate predict" in str(read_on(page, formula)), formula


@pytest.mark.parametrize("over", ["file", "http"])
def test_a_reader_asks_on_the_front_page_and_reads_the_answer(
    over: str, built_book: Path, address: str, browser: Browser
) -> None:
    loaded: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: loaded.append(request.url))
    page.goto((built_book / "intro.html").as_uri() if over == "file" else f"{address}/intro.html")
    assert not any("/predict/" in url for url in loaded), "networks are loaded when they are asked for"
    page.locator("form.ask input").fill("BaZrS3")
    page.locator("form.ask button").click()
    expect(page.locator("#predicted tr")).to_have_count(2, timeout=60_000)
    first = page.locator("#predicted tr").first
    expect(first).to_contain_text("band gap")
    expect(first).to_contain_text("far from the training data")
    page.locator("#formula").fill("Xy2")
    page.locator("form#predict button").click()
    expect(page.locator("form#predict output")).to_have_text("unknown element 'Xy'")
    expect(page.locator("#predicted tr")).to_have_count(0)
    assert all("temperature" not in url for url in loaded)
    context.close()
