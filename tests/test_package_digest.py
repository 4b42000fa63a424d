"""A page depends on all that is shown; a record on what decides its numbers, and on nothing else."""

import ast
import shutil
from pathlib import Path

import pytest

from replicate.package_digest import DECIDING, PACKAGE, package_digest, page_digest

# What deciding modules use of the rest: messages, places of files, names of profiles, counts of processes.
NEUTRAL = {
    "__version__",
    "errors",
    "package_digest",
    "paths",
    "processes",
    "progress",
    "records",
    "settings",
    "wording",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy") / "replicate"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def digests(folder: Path) -> tuple[str, str]:
    # Without the cache: the copy changes between two calls.
    return package_digest.__wrapped__(folder), page_digest.__wrapped__(folder)


def test_the_digests_of_a_copy_are_those_of_the_package(copy):
    assert digests(copy) == (package_digest(), page_digest())
    assert package_digest() != page_digest()


WEIGHTS = "models/weights"
NUMBERS_AND_PAGES = [
    "models/cgcnn.py", "experiments/zeng2019/tc.py", "evaluation/metrics.py", "data/registry.yaml",
    f"{WEIGHTS}/cgcnn-authors/band-gap.safetensors", "results/papers/zeng2019.yaml", "results/record_schema.json",
]  # fmt: skip
PAGES = [
    "report/html.py", "report/style.py", "results/compare.py", "predict/models.py", "cli.py",
    f"{WEIGHTS}/atcnn--band-gap.full.safetensors",
]  # fmt: skip


@pytest.mark.parametrize("name", [*NUMBERS_AND_PAGES, *PAGES])
def test_what_a_changed_file_changes(copy, name):
    before = digests(copy)
    content = (copy / name).read_bytes()
    try:
        (copy / name).write_bytes(content + b" ")
        changed = [old != new for old, new in zip(before, digests(copy), strict=True)]
    finally:
        (copy / name).write_bytes(content)
    assert changed == [name in NUMBERS_AND_PAGES, True] and digests(copy) == before


def test_what_decides_numbers_uses_nothing_else():
    stray = []
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] not in DECIDING or path.name in ("compare.py", "verdict.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "replicate":
                parts = (node.module or "").split(".")[1:]
                used = [parts[0]] if parts else [alias.name for alias in node.names]
                stray += [f"{path.name}: {one}" for one in used if one not in {*DECIDING, *NEUTRAL}]
    assert not stray
