"""Names, formulas and files from a user: used as what they are, or refused in one short line; nothing is touched."""

import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from replicate import cli, data, experiments
from replicate.errors import LONGEST_MESSAGE, ConfigError, DataError, FormulaError, one_line
from replicate.features.composition import LONGEST_FORMULA, parse
from replicate.predict import predict
from replicate.training import store
from workflow import __main__ as bookbuild

MODEL = "atcnn/formation-energy-per-atom"
CRYSTALS = "cgcnn-authors/band-gap"
HOSTILE = [
    "<script>alert(1)</script>", "../../x", "/etc/passwd", "$(touch ran)", "`touch ran`", "; touch ran", "| touch ran",
    "-rf", "a\nb", "a\rb", "\x1b[2J", "\u202egnp", "Fe\u0663", "Fe\u00b2", "\uff26\uff45", "\udcff",
    "%2e%2e%2fx", "x" * 100_000, "{0.__class__}", "[/bold]", "Fe'); DROP TABLE runs;--", "*", "~", "",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, work folder and cache in one; it must stay empty."""
    for variable in ("REPLICATE_WORK", "REPLICATE_CACHE", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("REPLICATE_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def line(arguments: Sequence[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Run ``replicate`` in this process as its entry point does; return the one line it must end with."""
    monkeypatch.setattr(sys, "argv", ["replicate", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    assert end.value.code in (1, 2), said
    assert "Traceback" not in said.err
    last = said.err.rstrip("\n").rpartition("\n")[2]
    if end.value.code == 1:
        assert said.err == f"{last}\n" and last.startswith("replicate: ")
        assert last.isprintable() and len(last) < LONGEST_MESSAGE + 100
    return last


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "command",
    [("predict", MODEL, "--"), ("predict", "--"), ("run", "--"), ("data", "fetch", "--"), ("release", "--")],
    ids=["formula", "model", "experiment", "dataset", "release"],
)
def test_what_a_user_types(command, text: str, folder: Path, capsys, monkeypatch) -> None:
    after = ["NaCl"] if command == ("predict", "--") else []
    line([*command, text, *after], capsys, monkeypatch)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", [t for t in HOSTILE if t != "-rf"], ids=lambda text: ascii(text[:20]))
def test_files_that_are_not_there(text: str, folder: Path, capsys, monkeypatch) -> None:
    line(["predict", CRYSTALS, "--", text], capsys, monkeypatch)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", ["Fe\0", "\0", *HOSTILE])
def test_what_a_program_passes_on(text: str, folder: Path) -> None:
    with pytest.raises(FormulaError):
        predict(MODEL, [text])
    (found,) = predict(CRYSTALS, [text])
    assert found.value is None and re.search("cannot be read|not a readable CIF", found.warnings[0])
    for use in (lambda: predict(text, ["NaCl"]), lambda: experiments.run(text)):
        with pytest.raises(ConfigError):
            use()
    for use in (lambda: data.load(text), lambda: data.fetch(text), lambda: data.locate(text)):
        with pytest.raises(ConfigError):
            use()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("piece", ["A", "(", "()", "1", "Fe", "Fe-", "Fe(", "1e", " ", "(O)2", "\n", "[(", "Fe.1"])
def test_no_formula_takes_long(piece: str) -> None:
    """Neither ten megabytes, refused at once, nor the longest that is read."""
    started = time.perf_counter()
    with pytest.raises(FormulaError) as caught:
        parse([piece * (10_000_000 // len(piece))])
    assert len(str(caught.value)) < 500 and len(str(caught.value.value)) >= 9_000_000
    parse([(piece * LONGEST_FORMULA)[:LONGEST_FORMULA]], on_error="collect")
    assert time.perf_counter() - started < 5


def test_brackets_as_deep_as_a_formula_is_long() -> None:
    deep = (LONGEST_FORMULA - 2) // 2
    assert parse(["(" * deep + "Fe" + ")" * deep]).amounts.sum() == 1


def test_file_names_are_no_markup_and_no_terminal_commands(folder: Path, capsys, monkeypatch) -> None:
    for name in ("[bold]x.cif", "[red]y.cif", "\x1b[31m.cif", "\udcff.cif", "a\nb.cif"):
        (folder / name).write_text("data_x\n", encoding="utf-8")
    salt = folder / "[link=x]salt.cif"
    table = data.load("faber2015").table
    salt.write_text(data.structures.to_structure(table["structure"].iloc[0]).to(fmt="cif"), encoding="utf-8")
    names = [path.name for path in folder.iterdir()]
    found = CliRunner().invoke(cli.app, ["predict", CRYSTALS, *names])
    assert found.exit_code == 3, found
    assert "[link=x]salt.cif" in found.output and "[bold]x.cif" in found.output
    assert "\x1b" not in found.output and r"a b.cif" in found.output


def test_a_file_without_end_is_no_structure() -> None:
    (found,) = predict(CRYSTALS, ["/dev/zero"])
    assert found.warnings == ("cannot be read: it has more than 16,777,216 bytes",)


@pytest.mark.parametrize("text", HOSTILE)
def test_names_of_notebooks(text: str, folder: Path) -> None:
    found = CliRunner().invoke(bookbuild.app, ["execute", "--", text])
    assert found.exit_code == 1 and isinstance(found.exception, ConfigError)
    assert list(folder.iterdir()) == []


def test_a_name_never_becomes_a_path() -> None:
    for name in HOSTILE:
        assert Path(store.file_name(name, "full")).name == store.file_name(name, "full")


def test_a_message_is_one_printable_line() -> None:
    told = one_line("a\nb\x1b[2J\u202e\udcff" + "x" * 10_000_000)
    assert told.isprintable() and len(told) <= LONGEST_MESSAGE + 50 and told.startswith("a b\\x1b[2J\\u202e\\udcff")
    assert len(str(DataError("bad", value="x" * 1_000_000))) < 300
