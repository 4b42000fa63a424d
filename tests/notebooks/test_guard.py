"""The guard, on its own and through papermill as a user would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from replicate.errors import ConfigError
from replicate.notebook import assigned_names, guard

DECLARED = '# parameters: how to run\nprofile = "quick"\nseeds = 0\ndevice: str = "auto"\nrefresh = False'
DEFAULTS = {"profile": "quick", "seeds": 0, "device": "auto", "refresh": False}

SAMPLE = f"""# %% [markdown]
# # Sample

# %% tags=["parameters"]
{DECLARED}

# %%
from replicate.notebook import guard

guard(globals())

# %%
print("ran with", profile, seeds)
"""


def session(*cells: str, **values: object) -> dict[str, object]:
    return {"In": ["", *cells], **DEFAULTS, **values}


def test_known_parameters_pass() -> None:
    guard(session(DECLARED, '# Parameters\nprofile = "full"\nseeds = 3\n', profile="full", seeds=3))


def test_notebook_without_parameters_passes() -> None:
    guard({"In": ["", "import math"]})


def test_script_without_ipython_is_checked_for_values_only() -> None:
    guard({**DEFAULTS, "anything": 1})
    with pytest.raises(ConfigError, match="'device'"):
        guard({**DEFAULTS, "device": "tpu"})


@pytest.mark.parametrize(("typed", "meant"), [("profle", "profile"), ("SEEDS", "seeds"), ("seed", "seeds")])
def test_unknown_parameter_names_itself_and_the_closest(typed: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown parameter '{typed}'; did you mean '{meant}'"):
        guard(session(DECLARED, f"# Parameters\n{typed} = 1\n"))


def test_unknown_parameter_with_no_neighbour_lists_the_known() -> None:
    with pytest.raises(ConfigError, match="device, profile, refresh, seeds"):
        guard(session(DECLARED, "# Parameters\nxyz = 1\n"))


def test_lost_tag_is_found() -> None:
    # Without the tag papermill injects at the top, and the defaults below undo it.
    with pytest.raises(ConfigError, match="lost its 'parameters' tag"):
        guard(session('# Parameters\nprofile = "full"\n', DECLARED))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profile", "fast"),
        ("profile", None),
        ("seeds", -1),
        ("seeds", 2.0),
        ("seeds", "5"),
        ("seeds", True),
        ("device", "gpu"),
        ("refresh", "True"),
        ("refresh", 1),
    ],
)
def test_ill_value_names_parameter_and_value(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"parameter '{name}' must be .*{value!r}"):
        guard(session(DECLARED, **{name: value}))


def test_assigned_names_are_top_level_only() -> None:
    assert assigned_names("a = b = 1\nc: int = 2\ndef f():\n    d = 3\ne.x = 4") == ["a", "b", "c"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.ipynb"
    notebook = jupytext.reads(SAMPLE, "py:percent")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    path.with_suffix(".py").write_text(SAMPLE, encoding="utf-8")
    return path


def papermill(sample: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", str(sample), "out.ipynb", *options]
    return subprocess.run(command, cwd=sample.parent, capture_output=True, text=True, timeout=120)


def test_papermill_passes_known_parameters(sample: Path) -> None:
    done = papermill(sample, "-p", "profile", "smoke", "-p", "seeds", "2")
    assert done.returncode == 0, done.stderr
    assert "ran with smoke 2" in (sample.parent / "out.ipynb").read_text(encoding="utf-8")


def test_papermill_stops_at_an_unknown_parameter(sample: Path) -> None:
    done = papermill(sample, "-p", "profle", "full")
    assert done.returncode != 0
    assert "ConfigError: unknown parameter 'profle'; did you mean 'profile'?" in done.stderr


def test_runs_as_a_script(sample: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(sample.with_suffix(".py"))], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "ran with quick 0\n", done.stderr
