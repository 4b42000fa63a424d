"""Where `predict` takes its inputs from and puts its values, and what a program can rely on."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from pymatgen.core import Lattice, Structure
from typer.testing import CliRunner

from replicate import cli, paths
from replicate.errors import ConfigError, ReplicateError
from replicate.predict.structure_files import LARGEST

GAP, CRYSTALS = "atcnn/band-gap", "cgcnn-authors/formation-energy-per-atom"
SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.7), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])


def call(*arguments: str, status: int = 0, stdin: str | bytes | None = None) -> str:
    result = CliRunner().invoke(cli.app, ["predict", *arguments], input=stdin)
    assert result.exit_code == status, (result.output, result.exception)
    return result.stdout


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_lists_tables_and_standard_input(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes("\ufeff# my compounds\nGaN\r\n\r\nPbTe\n".encode())
    (tmp_path / "table.csv").write_text("id;Formula\n1;GaN\n2;PbTe\n", encoding="utf-8")
    plain = call(GAP, "GaN", "PbTe", "--csv")
    assert [row["input"] for row in rows(plain)] == ["GaN", "PbTe"]
    assert call(GAP, f"@{tmp_path / 'list.txt'}", "--csv") == plain
    assert call(GAP, str(tmp_path / "table.csv"), "--column", "Formula", "--csv") == plain
    assert call(GAP, "-", "--csv", stdin="GaN\nPbTe\n") == plain
    assert call(GAP, "-", "--csv", stdin="\ufeffGaN\nPbTe".encode("utf-16-le")) == plain
    assert call(GAP, "-", "--column", "Formula", "--csv", stdin="Formula\nGaN\nPbTe\n") == plain


def test_a_file_out_for_a_file_in(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("formula\nGaN\n\nxx\nFe(III)2O3\n", encoding="utf-8")
    assert call(GAP, str(table), "--column", "formula", "-o", str(tmp_path / "out.csv"), status=3) == ""
    found = rows((tmp_path / "out.csv").read_text("utf-8"))
    assert [row["input"] for row in found] == ["GaN", "xx", "Fe(III)2O3"]
    assert [row["formula"] for row in found] == ["GaN", "", "Fe2O3"]
    call(GAP, "GaN", "-o", str(tmp_path / "out.json"))
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))[0]["read"] == {"formula": "GaN"}


def test_several_models_at_once() -> None:
    found = json.loads(call(f"{GAP},atcnn/metal", "GaN", "PbTe", "--json"))
    assert [(row["model"], row["input"]) for row in found] == [
        (model, formula) for model in (GAP, "atcnn/metal") for formula in ("GaN", "PbTe")
    ]
    assert "atcnn/metal" in call(f"{GAP},atcnn/metal", "GaN")


def test_files_of_every_kind_give_one_value(tmp_path: Path) -> None:
    text = SALT.to(fmt="cif")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.cif").write_text(text)
    SALT.to(filename=str(folder / "POSCAR"))
    SALT.to(filename=str(folder / "b.json"))
    (folder / "two.cif").write_text(text + "\n" + text.replace("data_NaCl", "data_again"))
    (folder / "notes.txt").write_text("no structure")
    (folder / "c.cif.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.writestr("in/e.cif", text)
    with tarfile.open(folder / "f.tar.gz", "w:gz") as archive:
        archive.add(folder / "a.cif", "g.cif")
    found = json.loads(call(CRYSTALS, str(folder), "--json"))
    names = [row["input"].removeprefix(f"{folder}/") for row in found]
    assert names == ["POSCAR", "a.cif", "b.json", "c.cif.gz", "d.zip::in/e.cif", "f.tar.gz::g.cif",
                     "two.cif::NaCl", "two.cif::again"]  # fmt: skip
    assert {round(row["value"], 3) for row in found} == {round(found[0]["value"], 3)}
    assert {(row["read"]["formula"], row["read"]["sites"]) for row in found} == {("Na4Cl4", 8)}
    assert [row["read"]["space_group"] for row in found] == [None, "P 1", None, *["P 1"] * 5]
    some = json.loads(call(CRYSTALS, f"{folder}/*.cif", "--json"))
    assert [row["input"] for row in some] == [
        f"{folder}/a.cif",
        f"{folder}/two.cif::NaCl",
        f"{folder}/two.cif::again",
    ]


def test_a_member_that_unpacks_to_more_than_a_structure_is_refused(tmp_path: Path) -> None:
    """A part of it would be another crystal."""
    text = SALT.to(fmt="cif").encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("small.cif.gz", gzip.compress(text))
        archive.writestr("large.cif.gz", gzip.compress(text + b"# ".ljust(LARGEST, b"x")))
    result = CliRunner().invoke(cli.app, ["predict", CRYSTALS, str(tmp_path / "a.zip"), "--json"])
    small, large = json.loads(result.stdout)
    assert small["value"] is not None and large["value"] is None
    assert f"more than {LARGEST:,} bytes" in large["warnings"][0] and "large.cif.gz" in large["warnings"][0]


def test_broken_files_get_a_reason(tmp_path: Path) -> None:
    for name in ("a.zip", "b.tar.gz", "c.cif.gz", "d.json", "POSCAR"):
        (tmp_path / name).write_bytes(b"\x1f\x8bnothing of the kind")
    (tmp_path / "e.json").write_text('{"formula": "NaCl"}')
    (tmp_path / "e.vasp").write_text("NaCl\n1.0\n4 0 0\n0 4 0\n0 0 4\n1 1\nDirect\n0 0 0\n.5 .5 .5\n")
    (tmp_path / "empty").mkdir()
    names = sorted(str(path) for path in tmp_path.iterdir())
    result = CliRunner().invoke(cli.app, ["predict", CRYSTALS, *names, "--json"])
    found = json.loads(result.stdout)
    assert [row["input"] for row in found] == names and isinstance(result.exception, ReplicateError)
    assert all(row["value"] is None and row["warnings"] for row in found)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["table.csv"], "--column id or formula"),
        (["table.csv", "--column", "Formula"], "no column 'Formula'; there are id, formula"),
        (["GaN", "--column", "formula"], "no CSV table"),
        (["@absent.txt"], "absent.txt cannot be read"),
        (["GaN", "--csv", "--json"], "only one"),
    ],
)
def test_mistakes_are_told(arguments: list[str], told: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text("id,formula\n1,GaN\n", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["predict", GAP, *arguments])
    assert isinstance(result.exception, ConfigError) and told in str(result.exception)


def started(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"{code}; from replicate.cli import main; main()", "list", "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, env=os.environ | changes)


def test_json_in_a_plain_locale_and_a_closed_output() -> None:
    latin = started("pass", PYTHONIOENCODING="ascii")
    assert json.loads(latin.stdout)[0]["id"] == "zeng2019-gap"
    closed = started("import os, sys; os.close(1); sys.stdout = None")
    assert closed.returncode == 0 and not closed.stderr


def test_a_root_and_a_home_that_are_not_there(tmp_path: Path, monkeypatch) -> None:
    for root in (tmp_path / "absent", tmp_path):
        monkeypatch.setenv("REPLICATE_ROOT", str(root))
        for command in ("list", "report"):
            told = str(CliRunner().invoke(cli.app, [command]).exception)
            assert told.startswith("REPLICATE_ROOT names no checkout")
    monkeypatch.setenv("REPLICATE_CACHE", "~nobody-of-this-name/cache")
    with pytest.raises(ConfigError, match="no home folder"):
        paths.cache_dir()
