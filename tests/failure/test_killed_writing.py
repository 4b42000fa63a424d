"""A record killed while it is written is the old one or the new one; what the kill leaves is taken for nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tasks
from children import Child, Ended, crash_everywhere, done, kill_again_and_again, report

from replicate import paths, records
from replicate.training import store

TIMES = 10  # that a record is written, one after the other


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """Two committed records as this version writes them."""
    for name in ("zeng2019-gap", "zeng2019-screening"):
        records.save(records.load(paths.results_dir() / f"{name}.json"), tmp_path / f"{name}.json")
    return tmp_path / "zeng2019-gap.json", tmp_path / "zeng2019-screening.json"


def test_a_record_killed_at_any_operation(both: tuple[Path, Path], work: Path, env: dict[str, str]) -> None:
    old, new = both
    folder = work / "records"
    target = folder / "zeng2019-gap-smoke-0.json"
    folder.mkdir(parents=True)
    seen: set[bytes] = set()

    def look(_: Ended) -> None:
        seen.add(target.read_bytes())
        assert paths.finished(folder, "*.json") == [target]
        shutil.copy(old, target)

    shutil.copy(old, target)
    kills = crash_everywhere(tasks.save_record, str(new), str(target), env=env, folder=folder, look=look)
    assert kills >= 5 and seen <= {old.read_bytes(), new.read_bytes()}
    assert target.read_bytes() == new.read_bytes()
    assert list(folder.iterdir()) == [target], "the last run sweeps what all the others left"


def test_a_record_killed_at_random(both: tuple[Path, Path], work: Path, env: dict[str, str]) -> None:
    target = work / "records" / "zeng2019-gap-smoke-0.json"
    sources = [str(file) for file in both]
    longest = done(tasks.save_records, sources, str(target), TIMES, env=env).seconds
    torn = 0

    def look(ended: Ended) -> None:
        nonlocal torn
        torn += any(path.name.startswith(".partial-") for path in target.parent.iterdir())
        assert records.load(target).experiment in ("zeng2019-gap", "zeng2019-screening")
        assert target.read_bytes() in [file.read_bytes() for file in both]

    landed = kill_again_and_again(
        tasks.save_records, sources, str(target), TIMES, env=env, longest=longest, look=look
    )
    report(f"{landed} kills, {torn} of them between the first byte and the last")


def test_what_a_kill_leaves_is_no_record_no_model_and_no_page(work: Path, monkeypatch) -> None:
    monkeypatch.setenv("REPLICATE_WORK", str(work))
    for folder, name in (
        ("records", "zeng2019-gap-smoke-0.json"),
        ("models", "atcnn--gap.quick.safetensors"),
    ):
        (work / folder).mkdir(parents=True)
        (work / folder / f".partial-{name}").write_text("{half of")
    assert records.latest_local("zeng2019-gap") is None
    assert "" not in store.stored_names() and "atcnn/gap" not in store.stored_names()
    assert paths.finished(work / "records", "*.json") == []


def test_the_temporary_of_a_living_process_is_not_swept(
    both: tuple[Path, Path], work: Path, env: dict[str, str]
) -> None:
    target, go = work / "slow.txt", work.parent / "go"
    started = lambda: bool(list(work.glob(".partial-*")))  # noqa: E731
    slow = Child(tasks.write_when_told, str(target), str(go), env=env, begun=started)
    try:
        done(tasks.save_record, str(both[0]), str(work / "other.json"), env=env)
        assert len(list(work.glob(".partial-*"))) == 1
    finally:
        go.touch()
        ended = slow.ended()
    assert ended.status == 0, ended.err
    assert target.read_text() == "whole" and sorted(p.name for p in work.iterdir()) == [
        "other.json",
        "slow.txt",
    ]
