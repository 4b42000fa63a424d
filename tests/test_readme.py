"""The README says what the records say, and its commands are the Makefile's."""

from __future__ import annotations

import json
import re

import pytest

from replicate import paths, readme
from replicate.errors import DataError


def test_the_tables_in_the_readme_are_those_of_the_records():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    assert readme.written(text) == text, "run `make scoreboard`"


def test_the_table_of_speeds_has_every_row_of_every_benchmark():
    shown = [line for line in readme.speed_lines() if line.startswith("| ")]
    kept = [json.loads(path.read_text("utf-8")) for path in (paths.results_dir() / "bench").glob("*.json")]
    rows = [row for one in kept for row in one["rows"]]
    assert rows and len(shown) == len(rows) + 2 * len(kept)
    for row in rows:
        line = next(line for line in shown if f"| {row['what']} |" in line)
        assert f"{row['per_second']:,.0f}" in line
        assert (row["ratio"] is None) == line.endswith("|  |")


def test_a_readme_without_its_marks_is_refused():
    with pytest.raises(DataError, match="marks around the scoreboard"):
        readme.written("# A readme")


def test_every_make_target_named_in_the_readme_exists():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    makefile = (paths.root() / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z]+)", text))
    assert named >= {"book", "test", "bench"}
    assert named <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


def test_every_file_linked_from_the_readme_exists():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (paths.root() / target).exists(), target
