"""The README says what the records say, and its commands are the Makefile's."""

from __future__ import annotations

import re

from replicate import paths, readme


def test_the_scoreboard_in_the_readme_is_that_of_the_records():
    text = (paths.root() / "README.md").read_text(encoding="utf-8")
    assert readme.with_scoreboard(text) == text, "run `make scoreboard`"


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
