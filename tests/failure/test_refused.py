"""Full and read-only disks, and files in the way: one line that says which file, why, and what to do."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import tasks
from children import Ended, as_module, command, done, run
from limits import can_mount, largest_file, no_privileges, read_only_disk, small_disk

from replicate import paths, records
from replicate.training.checkpoint import load_checkpoint

TRAINS = ("run", "zeng2019-metal", "--profile", "smoke", "--device", "cpu")
PAGE = "xie2018/nacl-kcl"  # the smallest real page: no download, a second of computing
COMPUTES = ("run", "xie2018-nacl-kcl", "--profile", "smoke")  # in a moment, and writes a record only


def message(ended: Ended) -> str:
    """Return the one line a command ended with."""
    assert ended.status == 1, ended.err
    assert "Traceback" not in ended.err + ended.out
    lines = [line for line in ended.err.splitlines() if line.startswith("replicate: ")]
    assert len(lines) == 1 and ended.err.splitlines()[-1] == lines[0], ended.err
    return lines[0]


def checkout(root: Path) -> dict[str, str]:
    """Copy what the page needs to a folder, and return the environment for it."""
    for suffix in (".py", ".ipynb"):
        target = (root / "notebooks" / PAGE).with_suffix(suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy((paths.root() / "notebooks" / PAGE).with_suffix(suffix), target)
    shutil.copytree(paths.results_dir(), root / "book" / "results")
    shutil.copy(paths.root() / "book" / "_toc.yml", root / "book")
    return {"REPLICATE_ROOT": str(root), "REPLICATE_WORK": str(root / ".replicate"), "OMP_NUM_THREADS": "1"}


def finished_files(work: Path) -> list[str]:
    return sorted(path.suffix for path in work.rglob("*") if path.is_file())


def test_a_checkpoint_without_room(work: Path, env: dict[str, str]) -> None:
    said = message(command(*TRAINS, env=env, limits=[partial(largest_file, 3000)]))
    assert f"cannot write {work}/checkpoints/" in said and ".pt: the file would be larger" in said
    assert "set REPLICATE_WORK" in said and "run the command again" in said
    assert {*finished_files(work)} <= {".txt"}  # nothing but a table's digest
    assert command(*TRAINS, env=env).status == 0


@pytest.mark.parametrize(
    ("arguments", "file", "n_bytes"),
    [(TRAINS, "checkpoints/", 1 << 16), (COMPUTES, "records/", 1 << 12)],
    ids=["checkpoint", "record"],
)
def test_a_full_disk(
    arguments: tuple[str, ...], file: str, n_bytes: int, work: Path, env: dict[str, str]
) -> None:
    work.mkdir()
    if not can_mount(work):
        pytest.skip("this machine lets a test mount no disk of its own")
    said = message(command(*arguments, env=env, limits=[partial(small_disk, work, n_bytes)]))
    assert f"cannot write {work}/{file}" in said and "no space is left on the disk" in said


def test_a_record_without_room_leaves_the_one_before(tmp_path: Path, env: dict[str, str]) -> None:
    source, target = paths.results_dir() / "zeng2019-gap.json", tmp_path / "records" / "kept.json"
    done(tasks.save_record, str(source), str(target), env=env)
    before = target.read_bytes()
    ended = run(tasks.save_record, str(source), str(target), env=env, limits=[partial(largest_file, 1000)])
    assert (
        ended.status == 70 and f"StorageError: cannot write {target}: the file would be larger" in ended.err
    )
    assert target.read_bytes() == before and list(target.parent.iterdir()) == [target]


def test_a_checkpoint_without_room_leaves_the_one_before(work: Path, env: dict[str, str]) -> None:
    file = work / "run.pt"
    done(tasks.save_state, str(file), 10, env=env)
    ended = run(tasks.save_state, str(file), 100_000, env=env, limits=[partial(largest_file, 20_000)])
    assert ended.status == 70 and f"StorageError: cannot write {file}: the file would be larger" in ended.err
    assert len(load_checkpoint(file)["weights"]) == 10 and list(work.iterdir()) == [file]


def test_graphs_without_room_leave_no_folder(work: Path, env: dict[str, str]) -> None:
    ended = run(tasks.build_graphs, "dejong2015", 5, env=env, limits=[partial(largest_file, 600)])
    assert (
        f"StorageError: cannot write {work}/graphs/dejong2015" in ended.err and "would be larger" in ended.err
    )
    assert list((work / "graphs").iterdir()) == []


def forbidden(work: Path) -> list[Callable[[], None]]:
    work.mkdir()
    work.chmod(0o555)
    return [no_privileges]


def read_only(work: Path) -> list[Callable[[], None]]:
    work.mkdir()
    if not can_mount(work):
        pytest.skip("this machine lets a test mount no disk of its own")
    return [partial(read_only_disk, work)]


def a_file_in_the_way(work: Path) -> list[Callable[[], None]]:
    work.touch()
    return []


def full(work: Path) -> list[Callable[[], None]]:
    work.mkdir()
    if not can_mount(work):
        pytest.skip("this machine lets a test mount no disk of its own")
    return [partial(small_disk, work, 4096)]


REFUSALS = [
    (forbidden, "permission is denied"),
    (read_only, "the disk is read-only"),
    (a_file_in_the_way, "a file stands where a folder must be"),
]
FULL = (full, "no space is left on the disk")


@pytest.mark.parametrize(("prepare", "reason"), REFUSALS)
def test_a_work_folder_that_cannot_be_written(
    prepare: Callable[[Path], list[Callable[[], None]]], reason: str, work: Path, env: dict[str, str]
) -> None:
    said = message(command(*COMPUTES, env=env, limits=prepare(work)))
    assert f"cannot write {work}/records/" in said and reason in said and "set REPLICATE_WORK" in said


def test_several_experiments_each_say_why(work: Path, env: dict[str, str]) -> None:
    work.touch()
    ended = command("run", "xie2018-nacl-kcl", "zeng2019-elements", "--profile", "smoke", env=env)
    assert ended.err.count(": cannot write") == 2
    assert "failed: xie2018-nacl-kcl, zeng2019-elements" in ended.err and ended.status == 1


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a stage"])
def test_a_damaged_stage_is_named(damage: bytes, work: Path, env: dict[str, str]) -> None:
    done(tasks.train, "zeng2019-metal", env=env)
    for file in (work / "stages").iterdir():
        file.write_bytes(damage)
    for file in paths.finished(work / "records", "*.json"):
        assert records.load(file).profile == "smoke"
        file.unlink()
    said = message(command(*TRAINS, env=env))
    assert "not a readable stage, delete it" in said and f"file {work}/stages/" in said


def told(ended: Ended) -> str:
    """Return what a command said that ended without a fault of its own."""
    assert ended.status == 1 and "Traceback" not in ended.err + ended.out, ended.err
    return " ".join(ended.err.split())


Prepare = Callable[[Path], list[Callable[[], None]]]


# A log that breaks off for want of room stops no page.
@pytest.mark.parametrize(
    ("folder", "prepare", "reason"),
    [
        *(("book/xie2018", *refused) for refused in (*REFUSALS, FULL)),
        *((".replicate/logs", *refused) for refused in REFUSALS),
    ],
)
def test_a_page_that_cannot_be_written(folder: str, prepare: Prepare, reason: str, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    env = checkout(root)
    (root / ".replicate").mkdir()
    limits = prepare(root / folder)
    ended = run(as_module, "workflow", ("page", PAGE, "--profile", "smoke"), env=env, limits=limits)
    said = told(ended)
    assert (
        f"{PAGE} FAILED: cannot write {root}/book/{PAGE}.ipynb: {reason}" in said
        and str(root / folder) in said
    )


@pytest.mark.parametrize(("prepare", "reason"), [*REFUSALS, FULL])
def test_a_book_whose_rules_cannot_keep_their_notes(prepare: Prepare, reason: str, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    env = checkout(root)
    (root / "workflow").mkdir()
    (root / "workflow" / "Snakefile").touch()
    limits = prepare(root / ".snakemake")
    if prepare is full:
        limits += [partial(_fill, root / ".snakemake")]
    said = message(run(as_module, "workflow", ("book", "--profile", "smoke"), env=env, limits=limits))
    assert f"cannot write {root}/.snakemake/" in said and reason in said


def _fill(folder: Path) -> None:
    (folder / "filler").write_bytes(bytes(4096))


@pytest.mark.parametrize(("prepare", "reason"), [*REFUSALS, FULL])
def test_a_shard_that_cannot_be_written(
    prepare: Prepare, reason: str, work: Path, tmp_path: Path, env: dict[str, str]
) -> None:
    # No network is asked about files that are not there, but each has a row; 400 random names fill more than a block.
    names = [f"{random.randbytes(16).hex()}.cif" for _ in range(400)]
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(names), encoding="utf-8")
    file = work / "shards" / "0.parquet"
    arguments = (
        "shard",
        "--",
        "cgcnn-authors/formation-energy-per-atom",
        str(listed),
        "1000",
        "0",
        str(file),
    )
    said = message(run(as_module, "workflow.jobs", arguments, env=env, limits=prepare(work)))
    assert f"cannot write {file}: {reason}" in said and not file.exists()
