"""A training killed anywhere, or done by two processes at once, ends with the numbers of an undisturbed one."""

import shutil
from pathlib import Path

import pytest
import tasks
from children import KILLS, Child, Ended, crash_everywhere, done, kill_again_and_again, report
from test_killed import content, leftovers

from replicate import paths
from replicate.results import records
from replicate.results.records import Record
from replicate.training.checkpoint import load_checkpoint

TRAIN = (tasks.train, ("zeng2019-metal",))
# Crystal graphs, `train --group` for each of two seeds, and the record that gathers both.
GROUPS = (tasks.train_groups, ("xie2018-hyperparameters", 2))


def numbers(work: Path) -> tuple[object, ...]:
    """Return all of the one record in a work folder that does not depend on the clock."""
    (file,) = paths.finished(work / "records", "*.json")
    record: Record = records.load(file)
    training = {k: {n: v for n, v in about.items() if n != "seconds"} for k, about in record.training.items()}
    return record.key, record.metrics, record.arrays, record.splits, record.data, training


def whole(work: Path) -> int:
    """Read every finished checkpoint of a work folder, and return their number."""
    return len([load_checkpoint(file) for file in paths.finished(work / "checkpoints", "*.pt")])


@pytest.mark.parametrize(
    ("task", "kills"), [(TRAIN, KILLS), (GROUPS, max(2, KILLS // 3))], ids=["one job", "seed groups"]
)
def test_killed_at_random(task, kills, tmp_path, work, env):
    """The first kill comes after the first checkpoint, the later ones anywhere from the start to the record."""
    job, arguments = task
    quiet = tmp_path / "quiet"
    resumed = completed = 0

    def begun(folder: Path) -> bool:
        return bool(paths.finished(folder / "checkpoints", "*.pt"))

    def look(ended: Ended) -> None:
        nonlocal resumed, completed
        resumed += ended.killed and bool(whole(work))
        if not ended.killed:
            assert numbers(work) == expected
            completed += 1
            shutil.rmtree(work)

    at_quiet = env | {"REPLICATE_WORK": str(quiet)}
    longest = done(job, *arguments, env=at_quiet, begun=lambda: begun(quiet)).seconds
    expected = numbers(quiet)
    options = {"longest": longest, "kills": kills, "begun": lambda: begun(work)}
    landed = kill_again_and_again(job, *arguments, env=env, look=look, goes_on=True, **options)
    report(f"{landed} kills, {resumed} of them after a checkpoint; {completed} runs ended in between")
    assert resumed
    done(job, *arguments, env=env)
    assert numbers(work) == expected and not leftovers(work)


def test_killed_at_operations_on_files(tmp_path: Path, work: Path, env: dict[str, str]) -> None:
    """Each attempt starts where the one before it was killed, and gets a little farther."""
    job, arguments = TRAIN
    done(job, *arguments, env=env | {"REPLICATE_WORK": str(tmp_path / "quiet")})
    step = max(3, 80 // KILLS)
    kills = crash_everywhere(job, *arguments, env=env, folder=work, look=lambda _: whole(work), step=step)
    report(f"{kills} kills")
    assert kills >= 3 and numbers(work) == numbers(tmp_path / "quiet")


@pytest.mark.parametrize("task", [TRAIN, (tasks.build_graphs, ("dejong2015", 250))], ids=["experiment", "graphs"])
def test_two_at_once_both_end_well(task, tmp_path, work, env):
    job, arguments = task
    alone = tmp_path / "alone"
    done(job, *arguments, env=env | {"REPLICATE_WORK": str(alone)})
    for child in [Child(job, *arguments, env=env) for _ in range(2)]:
        ended = child.ended()
        assert ended.status == 0, ended.err
    assert sorted(path.name for path in work.rglob("*")) == sorted(path.name for path in alone.rglob("*"))
    state = numbers if task is TRAIN else content
    assert state(work) == state(alone)
