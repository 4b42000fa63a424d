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
    for folder in ("src", "scripts", "notebooks")
    for path in sorted((paths.root() / folder).rglob("*.py"))
    if ".ipynb_checkpoints" not in path.parts
]
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.full_load",
         "yaml.unsafe_load", "pd.read_pickle", "pandas.read_pickle", "torch.jit.load", "torch.hub.load",
         "tempfile.mktemp", "shutil.unpack_archive"}  # fmt: skip
METHODS = {"extractall", "to_pickle", "read_pickle"}
# Calls that are safe with one argument only: what it must be.
NEEDED = {"torch.load": ("weights_only", True), "np.load": ("allow_pickle", False)}


def dangers(text: str) -> Iterator[str]:
    """Yield what a source does that could run code from a file or a user's text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (f"import {name.name}" for name in node.names if name.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield f"import {node.module}"
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            given = {word.arg: word.value for word in node.keywords}
            # A loader of this project that is a safe one, see the test below.
            if name == "yaml.load" and "Loader" in given and ast.unparse(given["Loader"]) == "_UniqueKeys":
                continue
            if name in CALLS or name.rpartition(".")[2] in METHODS:
                yield name
            if name in NEEDED:
                argument, value = NEEDED[name]
                found = given.get(argument)
                if not isinstance(found, ast.Constant) or found.value is not value:
                    yield f"{name} without {argument}={value}"
            if "shell" in given and not (
                isinstance(given["shell"], ast.Constant) and given["shell"].value is False
            ):
                yield f"{name} with a shell"


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from joblib import load",
        "eval('1')",
        "yaml.load(x)",
        "torch.load(x)",
        "torch.load(x, weights_only=False)",
        "np.load(x)",
        "subprocess.run('ls', shell=True)",
        "archive.extractall()",
    ],
)
def test_a_danger_is_found(text: str) -> None:
    assert len(list(dangers(text))) == 1


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
