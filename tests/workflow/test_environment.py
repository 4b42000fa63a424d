"""The files that make the environment agree with each other."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinx.application import Sphinx
from typer.testing import CliRunner

from replicate import __version__, paths
from replicate.errors import ConfigError
from workflow import flow, sphinx_extension
from workflow.__main__ import app

ROOT = paths.root()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = {
    canonicalize_name(name): version
    for name, _, version in (
        line.partition("==") for line in (ROOT / "constraints.txt").read_text("utf-8").split() if "==" in line
    )
}
DIRECT = [
    Requirement(text)
    for text in (
        *PROJECT["dependencies"],
        *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
    )
]


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda requirement: requirement.name)
def test_constraints_pin_what_pyproject_asks_for(requirement: Requirement) -> None:
    pinned = CONSTRAINTS.get(canonicalize_name(requirement.name))
    assert pinned is not None, "not in constraints.txt"
    assert requirement.specifier.contains(pinned, prereleases=True)


def test_the_pip_part_of_the_conda_environment_is_what_the_constraints_pin(tmp_path: Path) -> None:
    """In an empty environment; nothing is installed, which would be two gigabytes."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not here; with pip alone this takes minutes")
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = (entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict))
    (tmp_path / "pip.txt").write_text("\n".join(pip), encoding="utf-8")
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    package = tmp_path / "src" / "replicate"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "src" / "replicate" / "__init__.py", package)  # holds the version
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["VIRTUAL_ENV"] = str(tmp_path / "fresh")
    for words in (("venv", "--python", sys.executable, "fresh"), ("pip", "install", "--dry-run", "-r", "pip.txt")):
        done = subprocess.run([uv, *words], cwd=tmp_path, env=environment, capture_output=True, text=True)
        if done.returncode and re.search(r"Failed to fetch|error sending request|dns error", done.stderr):
            pytest.skip(f"packages are neither cached nor to be reached: {done.stderr.splitlines()[0]}")
        assert done.returncode == 0, done.stderr
    wanted = dict(re.findall(r"^ \+ ([\w.-]+)==(\S+)", done.stderr, re.MULTILINE))
    assert " + replicate" in done.stderr and len(wanted) > 100, done.stderr
    pinned = {name: CONSTRAINTS.get(canonicalize_name(name)) for name in wanted}
    assert pinned == {name: version.partition("+")[0] for name, version in wanted.items()}


@pytest.mark.parametrize("installed", ["2.0.1", "2.1.0b1", "0.15.1", ""])
def test_another_jupyter_book_is_refused_before_anything_runs(installed: str, monkeypatch) -> None:
    def version(name: str) -> str:
        assert name == "jupyter-book"
        if not installed:
            raise metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(flow.metadata, "version", version)
    monkeypatch.setattr(flow.subprocess, "Popen", lambda *_, **__: pytest.fail("Snakemake is started"))
    said = CliRunner().invoke(app, ["book"]).exception
    with pytest.raises(ConfigError) as refused:
        sphinx_extension.setup(Sphinx.__new__(Sphinx))
    (needed,) = (each for each in DIRECT if each.name == "jupyter-book")
    assert isinstance(said, ConfigError) and str(said) == str(refused.value)
    for words in (installed or "none is installed", f"{needed.name}{needed.specifier}", "make env"):
        assert words in str(said)


def test_version_is_told_once() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__ and PROJECT["dynamic"] == ["version"]
