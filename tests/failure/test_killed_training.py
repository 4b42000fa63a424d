"""A run killed in the middle of training, at a checkpoint or between its stages ends with the same numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tasks
from children import KILLS, Ended, crash_everywhere, done, kill_again_and_again, report

from replicate import paths, records
from replicate.records import Record
from replicate.training.checkpoint import load_checkpoint

NAME = "zeng2019-metal"
DEALT = "xie2018-hyperparameters"  # crystal graphs, trained seed by seed


def numbers(work: Path) -> tuple[object, ...]:
    """Return all of the one record in a work folder that does not depend on the clock."""
    (file,) = paths.finished(work / "records", "*.json")
    record: Record = records.load(file)
    training = {k: {n: v for n, v in about.items() if n != "seconds"} for k, about in record.training.items()}
    return record.key, record.metrics, record.arrays, record.splits, record.data, training


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[object, ...], float]:
    """The numbers of an undisturbed run, and the seconds it takes from its first checkpoint on."""
    work = tmp_path_factory.mktemp("quiet")
    env = {"REPLICATE_WORK": str(work), "OMP_NUM_THREADS": "1"}
    ended = done(tasks.train, NAME, env=env, begun=lambda: bool(whole(work)))
    return numbers(work), ended.seconds


def whole(work: Path) -> int:
    """Read every finished checkpoint of a work folder, and return their number."""
    return len([load_checkpoint(file) for file in paths.finished(work / "checkpoints", "*.pt")])


def test_killed_at_random(quiet, work: Path, env: dict[str, str]) -> None:
    """The first kill comes after the first checkpoint, the later ones anywhere from the start to the record."""
    expected, longest = quiet
    resumed = completed = 0

    def look(ended: Ended) -> None:
        nonlocal resumed, completed
        if ended.killed:
            resumed += bool(whole(work))
            return
        assert numbers(work) == expected
        completed += 1
        shutil.rmtree(work)

    landed = kill_again_and_again(
        tasks.train,
        NAME,
        env=env,
        longest=longest,
        look=look,
        goes_on=True,
        begun=lambda: bool(paths.finished(work / "checkpoints", "*.pt")),
    )
    report(
        f"{landed} kills, after {resumed} of them a checkpoint was there; {completed} runs ended in between"
    )
    assert resumed
    done(tasks.train, NAME, env=env)
    assert numbers(work) == expected
    assert not list(work.rglob(".partial-*"))


def test_killed_at_operations_on_files(quiet, work: Path, env: dict[str, str]) -> None:
    """Each attempt starts where the one before it was killed, and gets a little farther."""
    expected, _ = quiet
    step = max(3, 80 // KILLS)
    kills = crash_everywhere(tasks.train, NAME, env=env, folder=work, look=lambda _: whole(work), step=step)
    report(f"{kills} kills")
    assert kills >= 3
    assert numbers(work) == expected


def test_seed_groups_killed_at_random(tmp_path: Path, work: Path, env: dict[str, str]) -> None:
    """`train --group` twice and the record that gathers both; each attempt goes on where the last one was killed."""
    arguments = (DEALT, 2)
    quiet = tmp_path / "quiet"

    def begun(folder: Path) -> bool:
        return bool(paths.finished(folder / "checkpoints", "*.pt"))

    longest = done(
        tasks.train_groups, *arguments, env=env | {"REPLICATE_WORK": str(quiet)}, begun=lambda: begun(quiet)
    ).seconds
    resumed = completed = 0

    def look(ended: Ended) -> None:
        nonlocal resumed, completed
        resumed += ended.killed and bool(whole(work))
        if not ended.killed:
            assert numbers(work) == numbers(quiet)
            completed += 1
            shutil.rmtree(work)

    landed = kill_again_and_again(
        tasks.train_groups,
        *arguments,
        env=env,
        longest=longest,
        look=look,
        kills=max(2, KILLS // 3),
        goes_on=True,
        begun=lambda: begun(work),
    )
    report(
        f"{landed} kills, after {resumed} of them a checkpoint was there; {completed} runs ended in between"
    )
    assert resumed
    done(tasks.train_groups, *arguments, env=env)
    assert numbers(work) == numbers(quiet)
    assert not list(work.rglob(".partial-*"))
