"""Commands and pages load what they work with, and no library that trains."""

from __future__ import annotations

import subprocess
import sys

import pytest

from replicate import paths, report
from replicate.experiments import all_experiments

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
    [["--help"], ["-h"], ["--version"], ["list"], ["list", "--json"], ["data", "list"], ["report"]],
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
        ("zeng2019/index", TRAIN),
        ("xie2018/index", TRAIN),
        ("konno2021/index", TRAIN),
        ("quinn2022/index", TRAIN),
    ],
)
def test_a_page_of_committed_records_loads_nothing_that_trains(page, absent):
    code = f"import runpy; runpy.run_path('notebooks/{page}.py')"
    assert not loaded(code) & absent


def test_settings_are_known_without_what_trains():
    assert not loaded("from replicate import experiments; list(experiments.all_experiments())") & {
        *HEAVY,
        "scipy",
    }


def test_every_experiment_names_a_function_that_is_there():
    from importlib import import_module

    for experiment in all_experiments():
        module, _, name = experiment.function.partition(":")
        assert callable(getattr(import_module(f"replicate.experiments.{module}"), name)), experiment.id


@pytest.mark.parametrize("package", [report])
def test_every_name_of_a_lazy_package_is_there_once(package):
    assert len(set(package.__all__)) == len(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = package.nonsense


def test_the_version_is_told():
    from typer.testing import CliRunner

    from replicate import __version__
    from replicate.cli import app

    assert CliRunner().invoke(app, ["--version"]).output == f"replicate {__version__}\n"
