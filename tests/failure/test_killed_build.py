"""A data build killed at any moment leaves no table and no graphs, or whole ones; a rerun gives the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import made_archive
import pandas as pd
import pytest
import tasks
from children import KILLS, Ended, crash_everywhere, done, kill_again_and_again, report

from replicate import data, paths
from replicate.data.digest import file_sha256, table_digest

TABLE = "madml-superconductors"


def leftovers(folder: Path) -> list[Path]:
    return (
        [path for path in folder.rglob("*") if path.name.startswith(".partial-")] if folder.is_dir() else []
    )


def content(folder: Path) -> dict[str, str]:
    """Return a hash of each finished file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    whole = (path for path in files if not any(p.startswith(".partial-") for p in path.parts))
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in whole}


def test_a_parquet_file_is_whole_or_not_there(tmp_path: Path, env: dict[str, str]) -> None:
    quiet, out = tmp_path / "quiet", tmp_path / "out"
    quiet.mkdir()
    out.mkdir()
    longest = done(tasks.write_parquet, TABLE, str(quiet), env=env).seconds
    expected, torn = content(quiet), 0

    def look(_: Ended) -> None:
        nonlocal torn
        torn += bool(leftovers(out))
        found = content(out)
        assert found in ({}, expected)
        if found:
            (out / f"{TABLE}.parquet").unlink()

    landed = kill_again_and_again(tasks.write_parquet, TABLE, str(out), env=env, longest=longest, look=look)
    report(f"{landed} kills, {torn} of them while the file was being written")
    done(tasks.write_parquet, TABLE, str(out), env=env)
    assert content(out) == expected and not leftovers(out)
    assert table_digest(pd.read_parquet(out / f"{TABLE}.parquet")) == data.entry(TABLE).digest


@pytest.mark.parametrize("name", ["dejong2015", made_archive.NAME], ids=["table", "archive"])
def test_graphs_are_whole_or_not_there(name: str, tmp_path: Path, work: Path, env: dict[str, str]) -> None:
    made = made_archive.make(tmp_path / "mirror")
    env = env | {"REPLICATE_MIRROR": str(made.mirror)}
    quiet, own = tmp_path / "quiet", {"limits": made.limits}
    longest = done(tasks.build_graphs, name, 250, env=env | {"REPLICATE_WORK": str(quiet)}, **own).seconds
    expected = content(quiet)
    assert any(file.endswith("report.json") for file in expected)

    def look(_: Ended) -> None:
        assert content(work) in ({}, expected)
        shutil.rmtree(work / "graphs", ignore_errors=True)

    landed = kill_again_and_again(
        tasks.build_graphs, name, 250, env=env, longest=longest, look=look, kills=max(4, KILLS // 2), **own
    )
    report(f"{landed} kills")
    done(tasks.build_graphs, name, 250, env=env, **own)
    assert content(work) == expected


def test_graphs_killed_at_operations_on_files(tmp_path: Path, work: Path, env: dict[str, str]) -> None:
    quiet = tmp_path / "quiet"
    done(tasks.build_graphs, "dejong2015", 5, env=env | {"REPLICATE_WORK": str(quiet)})
    expected, torn = content(quiet), 0

    def look(_: Ended) -> None:
        nonlocal torn
        # One folder at most: each run sweeps what the one before it left.
        assert len([path for path in leftovers(work) if path.is_dir()]) <= 1
        torn += bool(leftovers(work))
        found = content(work)
        assert found in ({}, expected)
        for folder in paths.finished(work / "graphs", "*"):
            shutil.rmtree(folder)

    at = crash_everywhere(tasks.build_graphs, "dejong2015", 5, env=env, folder=work, look=look, step=2)
    report(f"{at} kills, {torn} of them left half a folder")
    assert torn >= 5
    assert content(work) == expected and not leftovers(work)
