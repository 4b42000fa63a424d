"""What the workflows that publish the book may do, and the notebooks that open elsewhere."""

from pathlib import Path

import nbformat
import pytest
import yaml

from replicate import paths
from replicate.errors import ConfigError
from workflow import launching
from workflow.sources import Source

ROOT = paths.root()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
REPOSITORY = "https://github.com/someone/replicate"


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


@pytest.mark.parametrize("wrong", ["github.com/a/b", "https://github.com/a/b c", 'https://github.com/a/b"', ""])
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError, match="a repository is https"):
        launching.theme_options(wrong)
