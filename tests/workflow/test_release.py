"""``make release``: one commit with version, citation and changelog, and its tag."""

import shutil
import subprocess
from pathlib import Path

import pytest
from checkout import ROOT

FILES = ("src/replicate/__init__.py", "CITATION.cff", "book/about/changelog.md")


def told(root: Path, *words: str, status: int = 0) -> str:
    who = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    done = subprocess.run(words, cwd=root, env={"PATH": "/usr/bin:/bin", **who}, capture_output=True, text=True)
    assert (done.returncode == 0) == (status == 0), done.stderr
    return (done.stderr if status else done.stdout).strip()


def test_a_release_is_one_commit_and_a_tag(tmp_path: Path) -> None:
    for name in ("Makefile", *FILES):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "all")):
        told(tmp_path, "git", *words)
    told(tmp_path, "make", "release", "VERSION=98.7.6")
    package, citation, changelog = ((tmp_path / name).read_text(encoding="utf-8") for name in FILES)
    assert '\n__version__ = "98.7.6"\n' in package and "\nversion: 98.7.6\n" in citation
    assert "## Unreleased\n\n## 98.7.6, 20" in changelog
    assert told(tmp_path, "git", "tag", "--points-at", "HEAD") == "v98.7.6"
    assert told(tmp_path, "git", "diff", "--stat", "HEAD~", "HEAD").count("|") == len(FILES)
    assert told(tmp_path, "git", "status", "--porcelain") == ""
    for version, problem in (("98.7.6", "there is a tag"), ("9", "a version is x.y.z"), ("", "a version is x.y.z")):
        assert problem in told(tmp_path, "make", "release", f"VERSION={version}", status=2)
    (tmp_path / "CITATION.cff").write_text("edited", encoding="utf-8")
    assert "commit first" in told(tmp_path, "make", "release", "VERSION=99.0.0", status=2)


@pytest.mark.parametrize("name", FILES)
def test_what_a_release_changes_stands_on_one_line(name: str) -> None:
    starts = ("__version__ = ", "version: ", "## Unreleased")
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith(starts) for line in lines) == 1
