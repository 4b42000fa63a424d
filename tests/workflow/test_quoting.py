"""No name becomes a command, a pattern or an option on its way through the rules."""

from __future__ import annotations

import ast
import re
import shlex
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from running import ROOT, snakemake

from replicate.errors import ConfigError
from workflow.sources import discover

RULES = (ROOT / "workflow/Snakefile", ROOT / "workflow/rules/screen.smk")
NAMES = [
    "paper/a; touch INJECTED; echo b",
    "my notes",
    "-x",
    "it's",
    "$(touch INJECTED)",
    "paper/a|b (c+d)",
    "a.*",
]


def shell_lines(text: str) -> Iterator[str]:
    """Yield the text of each shell directive: the strings after it, up to the next line that is none."""
    for match in re.finditer(r"^( +)shell:((?:\s*(?:\"[^\"\n]*\"|#[^\n]*))+)\s*$", text, re.MULTILINE):
        strings = re.findall(r"^\s*(\"[^\"\n]*\")", match[2], re.MULTILINE)
        yield "".join(map(ast.literal_eval, strings))


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.name)
def test_every_word_of_a_shell_line_is_quoted(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = list(shell_lines(text))
    rules = re.findall(r"^rule (?!pages|records)", text, re.MULTILINE)
    assert len(lines) == text.count("shell:") == len(rules)
    for line in lines:
        words = [(name, form) for _, name, form, _ in string.Formatter().parse(line) if name is not None]
        assert {form for name, form in words if name != "threads"} == {"q"}, line
        options, separator, named = line.partition(" -- ")
        assert "{wildcards." not in options and (separator or "{wildcards." not in named), line


def write(root: Path, name: str) -> None:
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")], metadata=kernel), path)


def planned(checkout: Path, *arguments: str) -> str:
    settings = ("profile=smoke", "device=cpu", *arguments)
    return snakemake("--dry-run", "--printshellcmds", "--cores", "2", "--config", *settings, root=checkout)


def test_odd_names_stay_names(checkout: Path) -> None:
    for name in NAMES:
        write(checkout, name)
    lines = re.findall(r"\S+ -m workflow page .*", planned(checkout, "--", "pages"))
    assert sorted(shlex.split(line)[-1] for line in lines) == sorted(NAMES)
    assert {shlex.split(line)[-2] for line in lines} == {"--"}
    (checkout / "x.cif").touch()
    (checkout / "--all; touch INJECTED").write_text("x.cif", encoding="utf-8")
    plan = planned(checkout, "structures=--all; touch INJECTED", "--", "screen")
    (shard,) = re.findall(r"\S+ -m workflow.jobs shard .*", plan)
    words = shlex.split(shard)
    assert words[words.index("--") + 2] == "--all; touch INJECTED"


# A page in a folder shows its own records only, so this one needs none.
def test_a_page_with_an_odd_name_is_made(checkout: Path) -> None:
    write(checkout, NAMES[0])
    command = [sys.executable, "-m", "workflow", "execute", "--profile", "smoke", "--device", "cpu"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checkout / "book" / f"{NAMES[0]}.ipynb").is_file()
    assert not list(checkout.rglob("INJECTED"))


@pytest.mark.parametrize("name", ["a{b}", "a\nb"])
def test_a_name_that_snakemake_cannot_carry_is_refused(name: str, checkout: Path) -> None:
    write(checkout, name)
    with pytest.raises(ConfigError, match="has no braces and no control characters"):
        discover()
