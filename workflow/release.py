"""A release: version, citation and changelog in one commit, and its tag."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from replicate import __version__, paths
from replicate.errors import ConfigError

# File → the text before its version; the package's own is where every other place reads it.
VERSIONS = {"src/replicate/__init__.py": '__version__ = "', "CITATION.cff": "version: "}
CHANGELOG, NEWS = "book/about/changelog.md", "## Unreleased\n"


def release(version: str) -> str:
    """Write a version, put what is new under it, commit and tag; return the tag. Nothing is pushed.

    Raises:
        ConfigError: no version above the present one, a tag that is there, files that are not committed, or nothing new
            in the changelog.
    """
    root = paths.root()
    texts = {name: (root / name).read_text(encoding="utf-8") for name in (*VERSIONS, CHANGELOG)}
    if not re.fullmatch(r"\d+\.\d+\.\d+", version) or _parts(version) <= _parts(__version__):
        raise ConfigError(f"a version is x.y.z and above {__version__}, not {version!r}: make release VERSION=x.y.z")
    tag = f"v{version}"
    if _git(root, "tag", "--list", tag):
        raise ConfigError(f"there is a tag {tag} already")
    if changed := _git(root, "status", "--porcelain", "--untracked-files=no"):
        raise ConfigError(f"commit first what has changed: {changed.splitlines()[0].strip()}")
    before, news, after = texts[CHANGELOG].partition(NEWS)
    if not news or not after.partition("\n## ")[0].strip():
        raise ConfigError(f"{CHANGELOG} says nothing new under {NEWS.strip()!r}")
    for name, start in VERSIONS.items():
        texts[name] = re.sub(rf"^({re.escape(start)})[\d.]+", rf"\g<1>{version}", texts[name], flags=re.MULTILINE)
    texts[CHANGELOG] = f"{before}{NEWS}\n## {version}, {datetime.now(UTC):%Y-%m-%d}\n{after}"
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    _git(root, "commit", "-m", f"Release {version}", "--", *texts)
    _git(root, "tag", "-a", tag, "-m", f"Release {version}")
    return tag


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _git(root: Path, *words: str) -> str:
    """Return what git says, or raise ConfigError with its reason."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise ConfigError(f"git {words[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()
