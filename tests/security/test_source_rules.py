"""No source of this project runs what it reads: no pickle, eval or shell, no loader that could."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from replicate import paths
from replicate.papers.loading import _UniqueKeys

SOURCES = [
    path
    for folder in ("src", "workflow", "notebooks")
    for path in sorted((paths.root() / folder).rglob("*.py"))
    if ".ipynb_checkpoints" not in path.parts
]
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
# By their full names, whatever a source calls them.
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.full_load",
         "yaml.unsafe_load", "pandas.read_pickle", "torch.jit.load", "torch.hub.load", "tempfile.mktemp",
         "shutil.unpack_archive", "subprocess.getoutput", "subprocess.getstatusoutput"}  # fmt: skip
METHODS = {"extractall", "to_pickle", "read_pickle"}
# Calls that are safe with one argument only: what it must be.
NEEDED = {"torch.load": ("weights_only", True), "numpy.load": ("allow_pickle", False)}


def meanings(tree: ast.AST) -> dict[str, str]:
    """Return what the names that a source binds stand for: name → full name of a module or of what it holds."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    # A function under another name: load = torch.load. Each round follows one step more of a chain.
    given = [
        (target.id, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    for _ in given:
        for name, value in given:
            if isinstance(value, ast.Name | ast.Attribute):
                full = full_name(value, found)
                if full != name and (full in CALLS | NEEDED.keys() or full in found.values()):
                    found[name] = full
    return found


def full_name(node: ast.expr, known: dict[str, str]) -> str:
    """Return the dotted name of an expression with its first part resolved."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr" and len(node.args) >= 2:
        base, word = node.args[:2]
        if isinstance(word, ast.Constant):
            return f"{full_name(base, known)}.{word.value}"
    first, dot, rest = ast.unparse(node).partition(".")
    return (known.get(first, first) + dot + rest).removeprefix("builtins.")


def dangers(text: str) -> Iterator[str]:
    """Yield what a source does that could run code from a file or a user's text."""
    tree = ast.parse(text)
    known = meanings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"import {name.name}" for name in node.names if name.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] in MODULES:
                yield f"import {node.module}"
            if node.module and any(one.name == "*" for one in node.names):
                yield f"from {node.module} import *, which hides what is called"
        elif isinstance(node, ast.Call):
            yield from _dangers_of_call(node, known)


def _dangers_of_call(node: ast.Call, known: dict[str, str]) -> Iterator[str]:
    name = full_name(node.func, known)
    given = {word.arg: word.value for word in node.keywords}
    # A loader of this project that is a safe one, see the test below.
    if name == "yaml.load" and "Loader" in given and ast.unparse(given["Loader"]) == "_UniqueKeys":
        return
    if name in CALLS or name.rpartition(".")[2] in METHODS:
        yield name
    if name in NEEDED:
        argument, value = NEEDED[name]
        found = given.get(argument)
        if not isinstance(found, ast.Constant) or found.value is not value:
            yield f"{name} without {argument}={value}"
    if "shell" in given and not (isinstance(given["shell"], ast.Constant) and given["shell"].value is False):
        yield f"{name} with a shell"


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from joblib import load",
        "eval('1')",
        "import yaml\nyaml.load(x)",
        "import torch\ntorch.load(x)",
        "import torch\ntorch.load(x, weights_only=False)",
        "import torch as t\nt.load(x)",
        "from torch import load\nload(x)",
        "from torch import load as read, nn\nread(x, weights_only=False)",
        "import torch.jit\ntorch.jit.load(x)",
        "from torch import jit\njit.load(x)",
        "from torch.hub import load\nload(x)",
        "import torch\nread = torch.load\nread(x)",
        "from torch import load\none = load\ntwo = one\ntwo(x)",
        "import torch\ngetattr(torch, 'load')(x)",
        "import numpy as np\nnp.load(x)",
        "import numpy\nnumpy.load(x, allow_pickle=True)",
        "from numpy import load\nload(x)",
        "import pandas as p\np.read_pickle(x)",
        "from yaml import load as parse\nparse(x)",
        "import os as o\no.system(x)",
        "from os import system\nsystem(x)",
        "def f():\n    from os import popen as p\n    return p(x)",
        "import builtins as b\nb.eval(x)",
        "from torch import *",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "from subprocess import getoutput\ngetoutput(x)",
        "archive.extractall()",
    ],
)
def test_a_danger_is_found(text: str) -> None:
    assert len(list(dangers(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from torch import load\nload(x, weights_only=True)",
        "import numpy as np\nnp.load(x, allow_pickle=False)",
        "from json import load\nload(x)",
        "import re\nre.compile(x)",
        "from re import compile\ncompile(x)",
        "import subprocess\nsubprocess.run(['ls'], shell=False)",
    ],
)
def test_what_is_safe_passes(text: str) -> None:
    assert list(dangers(text)) == []


def test_no_source_runs_what_it_reads() -> None:
    assert len(SOURCES) > 150
    assert {str(path): found for path in SOURCES if (found := list(dangers(path.read_text("utf-8"))))} == {}


def test_the_loader_of_the_papers_is_a_safe_one() -> None:
    safe = (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert issubclass(_UniqueKeys, safe)


@pytest.mark.parametrize("name", ["tables.js", "reach.js"])
def test_the_books_scripts_insert_no_html(name: str) -> None:
    text = (paths.root() / "book" / "_assets" / name).read_text(encoding="utf-8")
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "srcdoc",
    ):
        assert word not in text, word
    assert "textContent" in text


def test_only_the_books_own_scripts_are_shipped() -> None:
    scripts = {
        path.relative_to(paths.root() / "book").as_posix()
        for path in Path(paths.root() / "book").rglob("*.js")
        if "_build" not in path.parts
    }
    assert scripts == {"_assets/tables.js", "_assets/reach.js", "_assets/mathjax/es5/tex-mml-chtml.js"}
