"""The guard, on its own and through papermill as a user would run it."""

import subprocess
import sys
from pathlib import Path

import pytest
from checkout import write_notebook

from replicate.errors import ConfigError
from replicate.notebook import guard

DECLARED = '# parameters: how to run\nprofile = "quick"\nseeds = 0\ndevice: str = "auto"\nrefresh = False\nchange = ""'
DEFAULTS = {"profile": "quick", "seeds": 0, "device": "auto", "refresh": False, "change": ""}
CODE = """from replicate.notebook import guard

guard(globals())

# %%
print("ran with", profile, seeds)
"""


def session(*cells: str, **values: object) -> dict[str, object]:
    return {"In": ["", *cells], **DEFAULTS, **values}


@pytest.mark.parametrize(
    "names",
    [
        session(DECLARED, '# Parameters\nprofile = "full"\nseeds = 3\n', profile="full", seeds=3),
        session(DECLARED, '# Parameters\nchange = "seeds=1"\n', change="fit.epochs=3; model.hidden=(5, 5)"),
        session(DECLARED, "def f():\n    profle = 1\n"),
        {"In": ["", "import math"]},  # no parameters
        {**DEFAULTS, "anything": 1},  # a script, which IPython does not run
    ],
)
def test_known_parameters_pass(names: dict[str, object]) -> None:
    guard(names)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (session(DECLARED, "# Parameters\nprofle = 1\n"), "unknown parameter 'profle'; did you mean 'profile'"),
        (session(DECLARED, "# Parameters\nSEEDS = 1\n"), "unknown parameter 'SEEDS'; did you mean 'seeds'"),
        (session(DECLARED, "# Parameters\nxyz = 1\n"), "change, device, profile, refresh, seeds"),
        # Without the tag papermill injects at the top, and the defaults below undo it.
        (session('# Parameters\nprofile = "full"\n', DECLARED), "lost its 'parameters' tag"),
        ({**DEFAULTS, "device": "tpu"}, "'device'"),
        *(
            (session(DECLARED, **{name: value}), f"parameter '{name}' must be .*{value!r}")
            for name, values in {
                "profile": ["fast", None],
                "seeds": [-1, 2.0, "5", True],
                "device": ["gpu"],
                "refresh": ["True", 1],
                "change": ["dropout", "=3", 3],
            }.items()
            for value in values
        ),
    ],
)
def test_a_wrong_name_or_value_is_refused(names: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        guard(names)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notebook(tmp_path_factory.mktemp("root"), "sample", CODE, DECLARED)


def run(sample: Path, *command: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, *command)
    return subprocess.run(command, cwd=sample.parent, capture_output=True, text=True, timeout=120)


def test_papermill_passes_known_parameters_and_stops_at_unknown_ones(sample: Path) -> None:
    papermill = ("-m", "papermill", str(sample), "out.ipynb")
    done = run(sample, *papermill, "-p", "profile", "smoke", "-p", "seeds", "2")
    assert done.returncode == 0, done.stderr
    assert "ran with smoke 2" in (sample.parent / "out.ipynb").read_text(encoding="utf-8")
    done = run(sample, *papermill, "-p", "profle", "full")
    assert done.returncode != 0
    assert "ConfigError: unknown parameter 'profle'; did you mean 'profile'?" in done.stderr
    assert run(sample, str(sample.with_suffix(".py"))).stdout == "ran with quick 0\n"
