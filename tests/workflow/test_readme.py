"""The README says what the records say, and its commands are the Makefile's."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
import torch

from replicate import papers, paths
from replicate.errors import DataError
from replicate.evaluation.compare import counts, of_kind, scoreboard
from replicate.report import speeds
from workflow import picture, readme


def test_the_tables_in_the_readme_are_those_of_the_records():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    assert readme.written(text) == text, "run `make scoreboard`"


def test_the_table_of_speeds_has_every_row_with_a_peer_of_others():
    shown = [line for line in readme.speed_lines() if line.startswith("| ")]
    kept = [json.loads(path.read_text("utf-8")) for path in (paths.results_dir() / "bench").glob("*.json")]
    rows = [row for one in kept for row in one["rows"]]
    rows = [row for row in rows if row["against"] in ("published code", "pymatgen one by one", "matminer")]
    assert rows and len(shown) == len(rows) + 2 * len(kept)
    for row in rows:
        line = next(line for line in shown if f"| {row['what']} |" in line)
        assert speeds.rate(row["per_second"]) in line and row["against"] in line


def test_the_table_of_numbers_is_what_the_papers_are_known_for():
    text = "\n".join(readme.scoreboard_lines())
    for id in (id for paper in papers.papers() for id in paper.headline):
        assert f"| {papers.target(id).quantity} | {papers.target(id).printed}" in text


def test_the_picture_shows_the_counts_of_the_records():
    shown = {name: n for name, n in counts(of_kind(scoreboard(), "trained")).items() if n}
    assert picture.shown_counts(picture.picture_file()) == shown, "run `make book picture`"


@pytest.mark.parametrize(
    ("cost", "told"), [("20 s", 1 / 3), ("3 min, 1 min with stored graphs", 3), ("1.5 h", 90)]
)
def test_a_cost_is_minutes(cost: str, told: float) -> None:
    assert readme.minutes(cost) == pytest.approx(told)


def test_the_environment_is_as_large_as_told() -> None:
    if torch.version.cuda is not None:
        pytest.skip("torch without CUDA is not here")
    folder = paths.root() / ".venv"
    if Path(sys.prefix).resolve() != folder.resolve():
        pytest.skip("the environment that make makes is not here")
    taken = sum(
        os.lstat(Path(at) / name).st_blocks * 512
        for at, _, names in os.walk(folder.resolve())
        for name in names
    )
    assert taken / 2**30 == pytest.approx(readme.ENVIRONMENT_GB, rel=0.25)


def test_a_readme_without_its_marks_is_refused():
    with pytest.raises(DataError, match="marks around the cost"):
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
