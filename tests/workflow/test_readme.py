"""The README says what the records say, and its commands are the Makefile's."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
import torch

from replicate import paths
from replicate.results.compare import counts, of_kind, scoreboard
from workflow import picture, readme


def test_the_tables_in_the_readme_are_those_of_the_records():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    assert readme.written(text) == text, "run `make scoreboard`"


def test_the_picture_shows_the_counts_of_the_records():
    shown = {name: n for name, n in counts(of_kind(scoreboard(), "trained")).items() if n}
    assert picture.shown_counts(picture.picture_file()) == shown, "run `make book picture`"


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


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_target_and_file_that_is_named_exists(name: str) -> None:
    text = (paths.root() / name).read_text(encoding="utf-8")
    makefile = (paths.root() / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"make ([a-z]+)", text))
    assert targets and targets <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert [file for file in re.findall(r"\]\(([^)#]+)\)", text) if not (paths.root() / file).exists()] == []
