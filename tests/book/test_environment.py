"""The files that make the environment agree with each other, and the book with what it ships."""

from __future__ import annotations

import re
import tomllib

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


def test_makefile_installs_the_same_extras() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert makefile.count("-e '.[book,dev]' -c constraints.txt") == 2


def test_version_is_told_once() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"] == __version__
    assert f"version = {{{__version__}}}" in (ROOT / "book/about/how-to-cite.md").read_text(encoding="utf-8")


def test_mathjax_is_shipped_with_its_fonts_and_licence() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    script = ROOT / "book" / "_assets" / config["mathjax_path"]
    assert "3.2.2" in script.read_text(encoding="utf-8")
    assert len(list((script.parent / "output/chtml/fonts/woff-v2").glob("*.woff"))) == 23
    assert "Apache License" in (ROOT / "book/_assets/mathjax/LICENSE").read_text(encoding="utf-8")
