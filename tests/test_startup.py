"""Commands and pages load what they work with, and no library that trains."""

import subprocess
import sys
from importlib import import_module

import pytest

from replicate import paths, report
from replicate.experiments import all_experiments
from replicate.results import papers

TRAIN = {"torch", "sklearn", "xgboost", "pymatgen"}
HEAVY = {*TRAIN, "pandas", "matplotlib", "seaborn", "pyarrow"}  # scipy gives the interval of a verdict
LOADED = "import sys; print(*sys.modules, sep='\\n', file=sys.stderr)"


def loaded(code: str) -> set[str]:
    """Return the packages that a new Python has loaded when it has run some code."""
    script = f"try:\n    exec({code!r})\nexcept SystemExit:\n    pass\n{LOADED}"
    done = subprocess.run([sys.executable, "-c", script], cwd=paths.root(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = set(done.stderr.split())
    assert "replicate" in found
    return found


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["list", "--json"], ["data", "list"], ["report"]],
    ids=" ".join,
)
def test_a_command_that_trains_nothing_loads_nothing_that_trains(arguments):
    code = f"import sys; sys.argv[1:] = {arguments!r}; from replicate.cli import main; main()"
    assert not loaded(code) & (HEAVY if "report" in arguments else {*HEAVY, "scipy"})


@pytest.mark.parametrize(
    ("page", "absent"),
    [
        ("scoreboard", HEAVY),
        ("status", HEAVY),
        ("intro", TRAIN),
        *((f"{paper.id}/index", TRAIN) for paper in papers.papers()),
    ],
)
def test_a_page_of_committed_records_loads_nothing_that_trains(page, absent):
    code = f"import runpy; runpy.run_path('notebooks/{page}.py')"
    assert not loaded(code) & absent


def test_every_experiment_names_a_function_that_is_there():
    for experiment in all_experiments():
        module, _, name = experiment.function.partition(":")
        assert callable(getattr(import_module(f"replicate.experiments.{module}"), name)), experiment.id


def test_every_name_of_a_lazy_package_is_there_once():
    assert len(set(report.__all__)) == len(report.__all__) and set(report.__all__) <= set(dir(report))
    assert [name for name in report.__all__ if getattr(report, name) is None] == []
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = report.nonsense
