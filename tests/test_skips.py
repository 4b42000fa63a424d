"""In CI a test is skipped for a known reason only."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import pytest

@pytest.mark.skipif(True, reason="the data are not here")
def test_data():
    raise AssertionError

def test_reason():
    pytest.skip("for no good reason")
"""


@pytest.mark.parametrize(("ci", "failed"), [("true", True), ("", False)], ids=["in CI", "elsewhere"])
def test_a_skip_without_a_good_reason_fails_in_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, failed: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(TESTS)
    ended = pytester.runpytest_inprocess("-rs", "-p", "no:cacheprovider", "-p", "no:xdist")
    ended.assert_outcomes(failed=int(failed), skipped=2 - failed)
    said = ended.stdout.str()
    assert bool(ended.ret) == failed
    assert ("not to be skipped in CI: Skipped: for no good reason" in said) == failed
    assert "the data are not here" in said
