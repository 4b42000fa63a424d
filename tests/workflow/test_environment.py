"""The files that make the environment agree with each other, and the book with what it ships."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from replicate import __version__, paths

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


def test_constraints_hold_on_cpu_and_cuda_machines() -> None:
    assert [f"{name}=={version}" for name, version in CONSTRAINTS.items() if "+" in version] == []


def test_conda_environment_installs_this_package_with_the_constraints() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    (python,) = (entry.partition("=")[2] for entry in plain if entry.startswith("python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{python}.0")
    assert "pip" in plain
    (pip,) = (entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict))
    assert "-c constraints.txt" in pip
    (package,) = (entry for entry in pip if entry.startswith("-e"))
    extras = re.fullmatch(r"-e \.\[(.+)\]", package)
    assert extras is not None
    assert set(extras[1].split(",")) <= set(PROJECT["optional-dependencies"])


def test_the_pip_part_of_the_conda_environment_installs_into_a_fresh_one(tmp_path: Path) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed; with pip alone this takes minutes")
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = (entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict))
    (tmp_path / "pip.txt").write_text("\n".join(pip), encoding="utf-8")
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
    )
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["VIRTUAL_ENV"] = str(tmp_path / "fresh")

    def call(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        if done.returncode and re.search(r"Failed to fetch|error sending request|dns error", done.stderr):
            pytest.skip(f"packages are neither cached nor to be reached: {done.stderr.splitlines()[0]}")
        assert done.returncode == 0, done.stderr
        return done.stdout

    call(uv, "venv", "--python", sys.executable, "fresh")
    call(uv, "pip", "install", "-r", "pip.txt")
    fresh = str(tmp_path / "fresh" / "bin" / "python")
    call(uv, "pip", "check", "--python", fresh)
    installed = dict(
        line.split("==")
        for line in call(uv, "pip", "freeze", "--exclude-editable").splitlines()
        if "==" in line
    )
    wrong = {
        name: version
        for name, version in installed.items()
        if CONSTRAINTS.get(canonicalize_name(name)) != version.partition("+")[0]
    }
    assert wrong == {} and len(installed) > 100
    assert call(fresh, "-c", "import replicate; print(replicate.__file__)").startswith(str(tmp_path / "src"))
    assert "zeng2019-gap" in call(str(tmp_path / "fresh" / "bin" / "replicate"), "list")
    shutil.rmtree(tmp_path / "fresh")  # two gigabytes that pytest would keep for three runs


def test_makefile_installs_the_same_extras() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert makefile.count("-e '.[book,dev,fast]' -c constraints.txt") == 2


def test_version_is_told_once() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"] == __version__


def test_mathjax_is_shipped_with_its_fonts_and_licence() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    script = ROOT / "book" / "_assets" / config["mathjax_path"]
    assert "3.2.2" in script.read_text(encoding="utf-8")
    assert len(list((script.parent / "output/chtml/fonts/woff-v2").glob("*.woff"))) == 23
    assert "Apache License" in (ROOT / "book/_assets/mathjax/LICENSE").read_text(encoding="utf-8")
