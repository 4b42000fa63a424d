"""Full and read-only disks, and files in the way: one line that says which file, why, and what to do."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import tasks
from children import Work, as_module, command, done, message, run
from limits import FULL, REFUSALS, Limits, full, largest_file

from replicate import paths
from replicate.results import records

TRAINS = ("run", "zeng2019-metal", "--profile", "smoke", "--device", "cpu")
COMPUTES = ("run", "xie2018-nacl-kcl", "--profile", "smoke")  # in a moment, and writes a record only
PAGE = "xie2018/nacl-kcl"  # the smallest real page: no download, a second of computing
Prepare = Callable[[Path], Limits]


@pytest.fixture
def checkout(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """What the page needs, and the environment for it."""
    root = tmp_path / "checkout"
    for name in (f"notebooks/{PAGE}.py", f"notebooks/{PAGE}.ipynb", "book/_toc.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.root() / name, root / name)
    shutil.copytree(paths.results_dir(), root / "book" / "results")
    (root / ".replicate").mkdir()
    (root / "workflow").mkdir()
    (root / "workflow" / "Snakefile").touch()
    work = str(root / ".replicate")
    return root, {"REPLICATE_ROOT": str(root), "REPLICATE_WORK": work, "OMP_NUM_THREADS": "1"}


def test_a_checkpoint_without_room(work: Path, env: dict[str, str]) -> None:
    said = message(command(*TRAINS, env=env, limits=[partial(largest_file, 3000)]))
    assert f"cannot write {work}/checkpoints/" in said and ".pt: the file would be larger" in said
    assert "set REPLICATE_WORK" in said and "run the command again" in said
    # Nothing but a table's digest.
    assert {path.suffix for path in work.rglob("*") if path.is_file()} <= {".txt"}
    assert command(*TRAINS, env=env).status == 0


@pytest.mark.parametrize(
    ("arguments", "file", "n_bytes"),
    [(TRAINS, "checkpoints/", 1 << 16), (COMPUTES, "records/", 1 << 12)],
    ids=["checkpoint", "record"],
)
def test_a_full_disk(
    arguments: tuple[str, ...], file: str, n_bytes: int, work: Path, env: dict[str, str]
) -> None:
    said = message(command(*arguments, env=env, limits=full(work, n_bytes)))
    assert f"cannot write {work}/{file}" in said and "no space is left on the disk" in said


RECORD = str(paths.results_dir() / "zeng2019-gap.json")


@pytest.mark.parametrize(
    ("job", "before", "after", "file", "largest"),
    [
        (tasks.save_records, ([RECORD], "kept.json", 1), ([RECORD], "kept.json", 1), "kept.json", 1000),
        (tasks.save_state, ("run.pt", 10), ("run.pt", 100_000), "run.pt", 20_000),
        (tasks.build_graphs, None, ("dejong2015", 5), "graphs/dejong2015", 600),
    ],
    ids=["record", "checkpoint", "graphs"],
)
def test_what_has_no_room_leaves_what_was_before(
    job: Work, before: tuple[object, ...] | None, after: tuple[object, ...], file: str, largest: int,
    work: Path, env: dict[str, str],
) -> None:  # fmt: skip
    if before is not None:
        done(job, *before, env=env)
    folder = (work / file).parent
    content = {path: path.read_bytes() for path in folder.iterdir()} if before else {}
    ended = run(job, *after, env=env, limits=[partial(largest_file, largest)])
    assert ended.status == 70 and f"StorageError: cannot write {work / file}" in ended.err
    assert "the file would be larger" in ended.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == content


@pytest.mark.parametrize(("prepare", "reason"), REFUSALS)
def test_a_work_folder_that_cannot_be_written(
    prepare: Prepare, reason: str, work: Path, env: dict[str, str]
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


# A log that breaks off for want of room stops no page.
@pytest.mark.parametrize(
    ("folder", "prepare", "reason"),
    [
        *(("book/xie2018", *refused) for refused in (*REFUSALS, FULL)),
        *((".replicate/logs", *refused) for refused in REFUSALS),
    ],
)
def test_a_page_that_cannot_be_written(
    folder: str, prepare: Prepare, reason: str, checkout: tuple[Path, dict[str, str]]
) -> None:
    root, env = checkout
    arguments = ("page", PAGE, "--profile", "smoke")
    ended = run(as_module, "workflow", arguments, env=env, limits=prepare(root / folder))
    assert ended.status == 1 and "Traceback" not in ended.err + ended.out, ended.err
    said = " ".join(ended.err.split())
    assert f"{PAGE} FAILED: cannot write {root}/book/{PAGE}.ipynb: {reason}" in said
    assert str(root / folder) in said


@pytest.mark.parametrize(("prepare", "reason"), [*REFUSALS, FULL])
def test_a_book_whose_rules_cannot_keep_their_notes(
    prepare: Prepare, reason: str, checkout: tuple[Path, dict[str, str]]
) -> None:
    root, env = checkout
    limits = prepare(root / ".snakemake")
    if prepare is full:
        limits += [partial(_fill, root / ".snakemake")]
    arguments = ("book", "--profile", "smoke")
    said = message(run(as_module, "workflow", arguments, env=env, limits=limits))
    assert f"cannot write {root}/.snakemake/" in said and reason in said


def _fill(folder: Path) -> None:
    (folder / "filler").write_bytes(bytes(4096))


@pytest.mark.parametrize(("prepare", "reason"), [*REFUSALS, FULL])
def test_a_shard_that_cannot_be_written(
    prepare: Prepare, reason: str, work: Path, tmp_path: Path, env: dict[str, str]
) -> None:
    # No network is asked about files that are not there, but each has a row; 400 random names fill more than a block.
    listed, file = tmp_path / "list.txt", work / "shards" / "0.parquet"
    listed.write_text("\n".join(f"{random.randbytes(16).hex()}.cif" for _ in range(400)), encoding="utf-8")
    model = "cgcnn-authors/formation-energy-per-atom"
    arguments = ("shard", "--", model, str(listed), "1000", "0", str(file))
    said = message(run(as_module, "workflow.jobs", arguments, env=env, limits=prepare(work)))
    assert f"cannot write {file}: {reason}" in said and not file.exists()
