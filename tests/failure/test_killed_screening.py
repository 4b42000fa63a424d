"""A screening killed at any moment leaves whole tables and a whole list or none; a rerun makes what is missing."""

from __future__ import annotations

import tarfile
from pathlib import Path

import made_archive
import pytest
import tasks
from children import KILLS, Ended, crash_everywhere, done, kill_again_and_again, report
from test_killed_build import content, leftovers

MODEL = "cgcnn-authors/formation-energy-per-atom"
CRYSTALS = 10


@pytest.fixture
def crystals(tmp_path: Path) -> Path:
    """A folder of tiny CIF files."""
    made = made_archive.make(tmp_path / "mirror")
    folder = tmp_path / "crystals"
    folder.mkdir()
    with tarfile.open(made.file) as archive:
        for member in archive.getmembers()[:CRYSTALS]:
            text = archive.extractfile(member)
            assert text is not None
            (folder / Path(member.name).name).write_bytes(text.read())
    return folder


def test_tables_and_the_list_are_whole_or_not_there(
    crystals: Path, tmp_path: Path, env: dict[str, str]
) -> None:
    quiet, out = tmp_path / "quiet", tmp_path / "out"
    longest = done(tasks.screen_shards, MODEL, str(crystals), str(quiet), env=env).seconds
    expected, torn = content(quiet), 0
    assert sorted(expected) == ["0.parquet", "1.parquet", "2.parquet", "best.csv"]

    def look(ended: Ended) -> None:
        nonlocal torn
        torn += bool(leftovers(out))
        found = content(out) if out.is_dir() else {}
        assert found.items() <= expected.items()
        assert ended.killed or found == expected
        if "2.parquet" in found:  # all tables were there: the next one begins anew
            for name in found:
                (out / name).unlink()

    def look_at_the_list(_: Ended) -> None:
        found = content(out)
        assert found.items() <= expected.items() and found.keys() >= expected.keys() - {"best.csv"}

    arguments = (MODEL, str(crystals), str(out))
    landed = kill_again_and_again(
        tasks.screen_shards, *arguments, env=env, longest=longest, look=look, goes_on=True
    )
    report(f"{landed} kills at random, {torn} of them while a file was being written")
    torn = 0
    step = max(2, 36 // KILLS)
    kills = crash_everywhere(tasks.screen_shards, *arguments, env=env, folder=out, look=look, step=step)
    report(f"{kills} kills at operations on files, {torn} of them left half a file")
    assert torn
    done(tasks.screen_shards, *arguments, env=env)
    (out / "best.csv").unlink()
    kills = crash_everywhere(tasks.screen_shards, *arguments, env=env, folder=out, look=look_at_the_list)
    report(f"{kills} kills while the list was being made")
    assert kills >= 3
    assert content(out) == expected and not leftovers(out)
