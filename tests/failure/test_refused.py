"""Full and read-only disks, and files in the way: one line that says which file, why, and what to do."""

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import tasks
from children import as_module, command, done, message, run
from limits import FULL, REFUSALS, Limits, full, largest_file

from replicate import paths

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


@pytest.mark.parametrize(
    ("arguments", "file", "n_bytes"),
    [(TRAINS, "checkpoints/", 1 << 16), (COMPUTES, "records/", 1 << 12)],
    ids=["checkpoint", "record"],
)
def test_a_full_disk(arguments, file, n_bytes, work, env):
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
    job, before, after, file, largest,
    work, env,
) :  # fmt: skip
    if before is not None:
        done(job, *before, env=env)
    folder = (work / file).parent
    content = {path: path.read_bytes() for path in folder.iterdir()} if before else {}
    ended = run(job, *after, env=env, limits=[partial(largest_file, largest)])
    assert ended.status == 70 and f"StorageError: cannot write {work / file}" in ended.err
    assert "the file would be larger" in ended.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == content


@pytest.mark.parametrize(("prepare", "reason"), REFUSALS)
def test_a_work_folder_that_cannot_be_written(prepare, reason, work, env):
    said = message(command(*COMPUTES, env=env, limits=prepare(work)))
    assert f"cannot write {work}/records/" in said and reason in said and "set REPLICATE_WORK" in said


# A log that breaks off for want of room stops no page.
@pytest.mark.parametrize(
    ("folder", "prepare", "reason"),
    [("book/xie2018", *REFUSALS[0]), ("book/xie2018", *FULL), (".replicate/logs", *REFUSALS[-1])],
)
def test_a_page_that_cannot_be_written(folder, prepare, reason, checkout):
    root, env = checkout
    arguments = ("page", PAGE, "--profile", "smoke")
    ended = run(as_module, "workflow", arguments, env=env, limits=prepare(root / folder))
    assert ended.status == 1 and "Traceback" not in ended.err + ended.out, ended.err
    said = " ".join(ended.err.split())
    assert f"{PAGE} FAILED: cannot write {root}/book/{PAGE}.ipynb: {reason}" in said
    assert str(root / folder) in said


@pytest.mark.parametrize(("prepare", "reason"), [REFUSALS[-1], FULL])
def test_a_book_whose_rules_cannot_keep_their_notes(prepare, reason, checkout):
    root, env = checkout
    limits = prepare(root / ".snakemake")
    if prepare is full:
        limits += [partial(_fill, root / ".snakemake")]
    arguments = ("book", "--profile", "smoke")
    said = message(run(as_module, "workflow", arguments, env=env, limits=limits))
    assert f"cannot write {root}/.snakemake/" in said and reason in said


def _fill(folder: Path) -> None:
    (folder / "filler").write_bytes(bytes(4096))


@pytest.mark.parametrize(("prepare", "reason"), [REFUSALS[0], FULL])
def test_a_shard_that_cannot_be_written(prepare, reason, work, tmp_path, env):
    # No network is asked about files that are not there, but each has a row; 400 random names fill more than a block.
    listed, file = tmp_path / "list.txt", work / "shards" / "0.parquet"
    listed.write_text("\n".join(f"{random.randbytes(16).hex()}.cif" for _ in range(400)), encoding="utf-8")
    model = "cgcnn-authors/formation-energy-per-atom"
    arguments = ("shard", "--", model, str(listed), "1000", "0", str(file))
    said = message(run(as_module, "workflow.jobs", arguments, env=env, limits=prepare(work)))
    assert f"cannot write {file}: {reason}" in said and not file.exists()
