"""No source of this project runs what it reads: no pickle, eval or shell, no loader that could."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml

from replicate import paths
from replicate.results.papers.loading import _UniqueKeys

DANGERS = """\
import pickle
from joblib import load as read
eval(x)
exec(x)
yaml.load(x)
torch.load(x)
t.load(x, weights_only=False)
torch.jit.load(x)
from torch import hub
np.load(x, allow_pickle=True)
p.read_pickle(x)
o.system(x)
subprocess.run(x, shell=True)
subprocess.getoutput(x)
tarfile.open(x).extractall()
"""
IMPORTS = """\
import os as o
import subprocess
import tarfile
import numpy as np
import pandas as p
import torch
import torch as t
import yaml
"""


def dangers(*arguments: str, text: str | None = None) -> set[int]:
    """Return the lines in which ruff's rules, as this project sets them, see code that could be run by what is read."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--output-format",
        "json",
        "--no-cache",
    ]
    ended = subprocess.run(
        [*command, *arguments], input=text, capture_output=True, text=True, cwd=paths.root(), check=False
    )
    assert not ended.stderr, ended.stderr
    rows = json.loads(ended.stdout)
    return {row["location"]["row"] for row in rows if re.fullmatch(r"S\d+|TID251", row["code"])}


def test_every_danger_is_seen() -> None:
    first = IMPORTS.count("\n") + 1
    seen = dangers("--stdin-filename", "src/replicate/some.py", "-", text=IMPORTS + DANGERS)
    assert seen >= {*range(first, first + DANGERS.count("\n"))}


def test_no_source_runs_what_it_reads() -> None:
    assert dangers("src", "workflow", "notebooks") == set()
    assert issubclass(_UniqueKeys, (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@pytest.mark.parametrize("name", ["tables.js", "reach.js"])
def test_the_books_scripts_insert_no_html(name: str) -> None:
    text = (paths.root() / "book" / "_assets" / name).read_text(encoding="utf-8")
    words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc"]
    assert [word for word in words if word in text] == [] and "textContent" in text


def test_only_the_books_own_scripts_are_shipped() -> None:
    book = paths.root() / "book"
    scripts = {path.relative_to(book).as_posix() for path in book.rglob("*.js")}
    scripts = {name for name in scripts if "_build" not in name.split("/")}
    assert scripts == {"_assets/tables.js", "_assets/reach.js", "_assets/mathjax/es5/tex-mml-chtml.js"}
