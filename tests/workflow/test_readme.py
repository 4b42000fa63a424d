"""The README says what the records say, and its commands are the Makefile's."""

import re

import pytest

from replicate import paths
from replicate.results.compare import counts, of_kind, scoreboard
from workflow import picture, readme


def test_the_tables_in_the_readme_are_those_of_the_records():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    assert readme.written(text) == text, "run `make scoreboard`"


def test_the_picture_shows_the_counts_of_the_records():
    shown = counts(of_kind(scoreboard(), "trained"))
    assert picture.shown_counts(picture.picture_file()) == shown, "run `make book picture`"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_target_and_file_that_is_named_exists(name: str) -> None:
    text = (paths.root() / name).read_text(encoding="utf-8")
    makefile = (paths.root() / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"make ([a-z]+)", text))
    assert targets and targets <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert [file for file in re.findall(r"\]\(([^)#]+)\)", text) if not (paths.root() / file).exists()] == []
