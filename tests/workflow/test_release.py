"""``make release``: one commit with version, citation and changelog, and its tag, in a clone of this checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from checkout import ROOT

from replicate import __version__
from replicate.errors import ConfigError
from workflow.release import CHANGELOG, release

NEXT = f"{int(__version__.split('.')[0]) + 1}.0.0"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the files of this checkout that a release reads and writes."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "a")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@b")
    root = tmp_path / "clone"
    for name in ("src/replicate/__init__.py", "CITATION.cff", CHANGELOG):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes((ROOT / name).read_bytes())
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "all")
    monkeypatch.setenv("REPLICATE_ROOT", str(root))
    return root


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def test_a_release_is_one_commit_and_a_tag(clone: Path) -> None:
    before = (clone / CHANGELOG).read_text(encoding="utf-8")
    news = before.partition("## Unreleased\n")[2].partition("\n## ")[0].strip()
    if not news:
        pytest.skip("nothing is unreleased: that ends with an error, which the next test has")
    assert release(NEXT) == f"v{NEXT}"
    package = (clone / "src/replicate/__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{NEXT}"\n' in package and __version__ not in package
    assert yaml.safe_load((clone / "CITATION.cff").read_text(encoding="utf-8"))["version"] == NEXT
    after = (clone / CHANGELOG).read_text(encoding="utf-8")
    unreleased, _, released = after.partition(f"## {NEXT}, ")
    assert unreleased.endswith("## Unreleased\n\n") and news in released and len(after) < len(before) + 40
    assert git(clone, "tag", "--points-at", "HEAD") == f"v{NEXT}"
    assert git(clone, "log", "-1", "--format=%s") == f"Release {NEXT}"
    assert git(clone, "status", "--porcelain") == ""
    with pytest.raises(ConfigError, match="there is a tag"):
        release(NEXT)


@pytest.mark.parametrize("version", ["", "1", "v9.0.0", "9.0", __version__, "0.0.1"])
def test_what_is_no_new_version_is_refused(version: str, clone: Path) -> None:
    with pytest.raises(ConfigError, match="a version is x.y.z and above"):
        release(version)
    assert git(clone, "log", "--oneline").count("\n") == 0


def test_nothing_is_written_where_something_is_in_the_way(clone: Path) -> None:
    git(clone, "tag", f"v{NEXT}")
    with pytest.raises(ConfigError, match="there is a tag"):
        release(NEXT)
    git(clone, "tag", "-d", f"v{NEXT}")
    (clone / CHANGELOG).write_text("# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- All.\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="commit first what has changed: M book/about/changelog.md"):
        release(NEXT)
    git(clone, "commit", "-qam", "no news")
    with pytest.raises(ConfigError, match="says nothing new"):
        release(NEXT)
    assert git(clone, "status", "--porcelain") == "" and git(clone, "tag") == ""
