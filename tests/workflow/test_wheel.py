"""An installed wheel says away from the checkout what the package says in it."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from checkout import ROOT

COMMANDS = (
    ("list", "--json"),
    ("report", "--json"),
    ("predict", "list"),
    ("predict", "atcnn/band-gap", "GaN", "Cu2ZnSnS4", "--json"),
    ("run", "zeng2019-gap", "--profile", "full"),
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a wheel's content, built from this checkout."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not here")
    folder = tmp_path_factory.mktemp("wheel")
    command = [uv, "build", "--wheel", "--quiet", "--out-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and re.search(r"Failed to fetch|error sending request|dns error", done.stderr):
        pytest.skip("packages are neither cached nor to be reached")
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def said(arguments: tuple[str, ...], source: Path, folder: Path) -> str:
    """Return what a command prints with the package of a source, run in a folder."""
    env = {name: value for name, value in os.environ.items() if name != "REPLICATE_ROOT"}
    env["PYTHONPATH"] = str(source)
    command = [sys.executable, "-c", "from replicate.cli import main; main()", *arguments]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_say_the_same(arguments: tuple[str, ...], installed: Path, tmp_path: Path) -> None:
    assert said(arguments, installed, tmp_path) == said(arguments, ROOT / "src", ROOT)
    assert list(tmp_path.iterdir()) == []
