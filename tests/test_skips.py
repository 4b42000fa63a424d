"""In CI a test is skipped for a known reason only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.skipif(True, reason="the data are not here")
def test_data():
    raise AssertionError

def test_reason():
    pytest.skip("for no good reason")
"""


@pytest.mark.parametrize(("ci", "failed"), [("true", True), ("", False)], ids=["in CI", "elsewhere"])
def test_a_skip_without_a_good_reason_fails_in_ci(tmp_path: Path, ci: str, failed: bool) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rs",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        str(tmp_path),
    ]
    env = {**os.environ, "CI": ci, "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert bool(done.returncode) == failed, done.stdout
    assert ("not to be skipped in CI: Skipped: for no good reason" in done.stdout) == failed
    assert "the data are not here" in done.stdout and ("1 failed, 1 skipped" in done.stdout) == failed
