"""What the workflows that publish the book may do, and notebooks that open elsewhere: their first cell installs."""

import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from replicate import paths
from replicate.errors import ConfigError
from replicate.results.compare import counts_by_kind, scoreboard
from workflow import launching
from workflow.sources import Source

WORKFLOWS = sorted((paths.root() / ".github" / "workflows").glob("*.yml"))
REPOSITORY = "https://github.com/someone/replicate"
PIP = '[sys.executable, "-m", "pip", "install", "--quiet", *wanted]'
# What makes this environment one without the package, but with all that the package needs.
WITHOUT = """\
import sys
from pathlib import Path

sys.path[:] = [p for p in sys.path if not (Path(p or ".") / "replicate" / "__init__.py").is_file()]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The part of the book's repository that a page without data needs, as the branch the buttons open."""
    root = tmp_path_factory.mktemp("repository")
    left = shutil.ignore_patterns("__pycache__", "*.parquet", "*.safetensors")
    shutil.copytree(paths.root() / "src", root / "src", ignore=left)
    shutil.copytree(paths.results_dir(), root / "book" / "results")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(paths.root() / name, root)
    for words in (
        ("init", "--quiet", "--initial-branch", launching.BRANCH),
        ("add", "--all"),
        ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "book"),
    ):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


def _text(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    return str(output.get("text") or data.get("text/html") or data.get("text/markdown") or data["text/plain"])


def test_a_page_shows_the_committed_numbers(repository, tmp_path, capfd, monkeypatch):
    """On a new machine, with a folder for the address, and a command for pip that installs nothing."""
    for name in ("PYTHONPATH", "REPLICATE_ROOT", "REPLICATE_WORK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    code = launching.install_cell(REPOSITORY)
    assert code.count(REPOSITORY) == code.count(PIP) == 1
    install = code.replace(REPOSITORY, repository.as_uri()).replace(PIP, '["echo", *wanted]')
    where = "import replicate.paths\nprint(replicate.paths.results_dir())"
    # Twice, as when all cells are run again.
    cells = [nbformat.v4.new_code_cell(text) for text in (WITHOUT, install, install, where)]
    page = nbformat.read(paths.root() / "notebooks/scoreboard.ipynb", as_version=4)
    cells += [cell for cell in page.cells if cell.cell_type == "code"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    _, _, again, found, verdicts, *tables = ["".join(map(_text, each.outputs)) for each in notebook.cells]
    clone = tmp_path / launching.FOLDER
    pip = f"--editable ./{clone.name}[book] --constraint {clone.name}/constraints.txt\n"
    assert capfd.readouterr().out.count(pip) == 1
    assert again == ""
    assert found.strip() == str(clone / "book" / "results")
    assert (clone / "pyproject.toml").is_file() and (clone / "constraints.txt").is_file()
    for words, numbers in counts_by_kind(scoreboard()).items():
        assert numbers.total() > 10
        for name, n in numbers.items():
            assert f"{name}</span> {n}</span>" in verdicts, (words, name, n, verdicts)
    assert any("±" in table for table in tables)


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
