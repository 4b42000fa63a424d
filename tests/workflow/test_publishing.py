"""The workflows that publish the book, and the buttons that open its notebooks elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from typer.core import TyperGroup as Group
from typer.main import get_command

from replicate import cli, paths
from replicate.errors import ConfigError
from workflow import launching
from workflow.__main__ import app
from workflow.sources import Source

ROOT = paths.root()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
REPOSITORY = "https://github.com/someone/replicate"


def steps_of(file: Path) -> list[dict]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if "runs" in content:
        return content["runs"]["steps"]
    return [step for job in content["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: file.parent.name + "/" + file.stem)
def test_steps_use_pinned_actions_and_commands_that_exist(file: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    settings = set(re.findall(r"^([A-Z_]+) +\?=", makefile, flags=re.MULTILINE))
    for step in steps_of(file):
        assert ("uses" in step) != ("run" in step), step
        if "uses" in step and step["uses"].startswith("./"):
            assert (ROOT / step["uses"] / "action.yml").is_file()
        elif "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), (
                "an action is pinned by its major version"
            )
        else:
            for words in (line.split() for line in step["run"].splitlines()):
                if words[0] == "make":
                    assert words[1] in targets and {w.split("=")[0] for w in words[2:]} <= settings, words
                if words[0] == ".venv/bin/replicate":
                    commands = get_command(cli.app)
                    for word in words[1:]:
                        if isinstance(commands, Group):
                            commands = commands.commands[word]
                if "workflow" in words:
                    command = words[words.index("workflow") + 1]
                    assert command in get_command(app).commands, words


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_can_do_no_more_than_it_needs(file: Path) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert content["permissions"] == {"contents": "read"}
    for name, job in content["jobs"].items():
        assert job["runs-on"].startswith("ubuntu-")
        writes = {scope for scope, level in job.get("permissions", {}).items() if level == "write"}
        assert writes == {"deploy": {"pages", "id-token"}, "launch": {"contents"}}.get(name, set())


def test_a_notebook_for_elsewhere_installs_the_package_first_and_once(project) -> None:
    project.write("paper/gap", "print('here')")
    source = Source("paper/gap")
    assert launching.add_install_cells([source], REPOSITORY) == 1
    assert launching.add_install_cells([Source("paper/gap")], REPOSITORY) == 0
    notebook = nbformat.read(source.path, as_version=4)
    nbformat.validate(notebook)
    first, second, *_ = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert first.source == launching.install_cell(REPOSITORY) and REPOSITORY in first.source
    assert second.source.startswith("# parameters:")


@pytest.mark.parametrize(
    "wrong", ["github.com/a/b", "https://github.com/a/b c", 'https://github.com/a/b"', ""]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError, match="a repository is https"):
        launching.theme_options(wrong)
