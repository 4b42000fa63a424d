"""Work killed at any moment leaves whole files or none; a rerun makes what is missing, and nothing else."""

import contextlib
import hashlib
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import made_archive
import pytest
import tasks
from children import KILLS, Child, Ended, Work, crash_everywhere, done, kill_again_and_again, report
from server import begin, serving

from replicate import paths
from replicate.data.digest import file_sha256
from replicate.data.download import CHUNK
from replicate.results import records
from replicate.training import store

TABLE = "madml-superconductors"
DOWNLOAD, CONTENT = "konno-hosono-2018", bytes(range(256)) * (CHUNK // 256) * 20
MODEL = "cgcnn-authors/formation-energy-per-atom"
SCREENED = {"0.parquet", "1.parquet", "2.parquet", "best.csv"}
PAUSE = 0.02  # seconds between two parts of a download


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(".partial-*"))


def content(folder: Path) -> dict[str, str]:
    """Return a hash of each finished file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    whole = (path for path in files if not any(p.startswith(".partial-") for p in path.parts))
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in whole}


@dataclass(frozen=True)
class Job:
    """Work that makes files.

    Args:
        work, arguments, env, options: as for :class:`children.Child`.
        variable: names the folder in which the files are made.
        before: file → what stands in it before the work; an old file is replaced by a whole one.
        by_steps: files are made one by one, and those that are there not again; else all of them at once.
    """

    work: Work
    arguments: tuple[object, ...]
    env: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    variable: str = "REPLICATE_WORK"
    before: dict[str, bytes] = field(default_factory=dict)
    by_steps: bool = False

    def prepare(self, folder: Path) -> None:
        """Remove what is finished, and leave what a kill has left."""
        for name in content(folder):
            (folder / name).unlink()
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.name.startswith(".partial-"):
                with contextlib.suppress(OSError):  # what a kill has left is in it
                    path.rmdir()
        for name, text in self.before.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)


def slowly(request: BaseHTTPRequestHandler) -> None:
    """Send CONTENT in parts, with a pause before each."""
    with contextlib.suppress(OSError):  # whoever asked was killed
        begin(request, len(CONTENT))
        for start in range(0, len(CONTENT), CHUNK):
            time.sleep(PAUSE)
            request.wfile.write(CONTENT[start : start + CHUNK])


@pytest.fixture
def url() -> Iterator[str]:
    with serving(slowly) as address:
        yield address


@pytest.fixture
def job_of(url: str, tmp_path: Path, env: dict[str, str]) -> Callable[[str], Job]:
    """Return a function from a name to the job."""

    def job(name: str) -> Job:
        if name == "table":
            return Job(tasks.write_parquet, (TABLE,), env)
        if name == "graphs of a table":
            return Job(tasks.build_graphs, ("dejong2015", 250), env)
        if name == "few graphs":
            return Job(tasks.build_graphs, ("dejong2015", 5), env)
        if name == "record":
            old, new = (paths.results_dir() / f"{n}.json" for n in ("zeng2019-gap", "zeng2019-screening"))
            again = tmp_path / "old.json"
            records.save(records.load(old), again)  # as this version writes it
            target = "records/zeng2019-gap-smoke-0.json"
            sources = [str(old), str(new)]
            return Job(tasks.save_records, (sources, target, 10), env, before={target: again.read_bytes()})
        if name == "download":
            alone = {"REPLICATE_MIRROR": "", "REPLICATE_OFFLINE": "", "NO_PROXY": "127.0.0.1"}
            sha256 = hashlib.sha256(CONTENT).hexdigest()
            options = {"limits": [partial(tasks.register, DOWNLOAD, url=url, sha256=sha256)]}
            return Job(tasks.fetch, (DOWNLOAD,), env | alone, options, "REPLICATE_CACHE")
        made = made_archive.make(tmp_path / "mirror")
        if name == "graphs of an archive":
            mirror = {"REPLICATE_MIRROR": str(made.mirror)}
            return Job(tasks.build_graphs, (made_archive.NAME, 250), env | mirror, {"limits": made.limits})
        crystals = tmp_path / "crystals"
        crystals.mkdir()
        with tarfile.open(made.file) as archive:
            for member in archive.getmembers()[:10]:
                (crystals / Path(member.name).name).write_bytes(archive.extractfile(member).read())
        return Job(tasks.screen_shards, (MODEL, str(crystals)), env, by_steps=True)

    return job


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("table", None), ("graphs of a table", None), ("graphs of an archive", None), ("few graphs", 2),
        ("download", None), ("record", None), ("record", 5), ("screening", None), ("screening", max(2, 36 // KILLS)),
    ],
)  # fmt: skip
def test_files_are_whole_or_not_there(name, step, job_of, tmp_path):
    """Killed at random, or before each ``step``-th operation on a file."""
    job, quiet, out = job_of(name), tmp_path / "quiet", tmp_path / "out"
    job.prepare(quiet)
    begun = {}
    if name == "download":  # its first bytes have come
        begun = {"begun": lambda: any(path.stat().st_size for path in leftovers(out) + leftovers(quiet))}
    at_quiet, at_out = (job.env | {job.variable: str(folder)} for folder in (quiet, out))
    longest = done(job.work, *job.arguments, env=at_quiet, **job.options, **begun).seconds
    expected = content(quiet)
    assert len(expected) >= 1 and (not job.by_steps or expected.keys() == SCREENED)
    job.prepare(out)
    before, torn = content(out), 0

    def look(ended: Ended) -> None:
        nonlocal torn
        assert len(leftovers(out)) <= 1, "each run sweeps what the one before it left"
        torn += bool(leftovers(out))
        found = content(out)
        if job.by_steps:
            assert found.items() <= expected.items()
        else:
            assert found in (before, expected)
        assert ended.killed or found == expected
        if not job.by_steps or "2.parquet" in found:  # all tables were there: the next one begins anew
            job.prepare(out)

    if step is None:
        options = {"longest": longest, "look": look, "goes_on": job.by_steps, **job.options, **begun}
        landed = kill_again_and_again(job.work, *job.arguments, env=at_out, **options)
    else:
        landed = crash_everywhere(job.work, *job.arguments, env=at_out, folder=out, look=look, step=step)
        assert torn and landed >= 3
    report(f"{landed} kills, {torn} of them left half a file or folder")
    job.prepare(out)
    done(job.work, *job.arguments, env=at_out, **job.options)
    assert content(out) == expected and not leftovers(out)


def test_the_list_of_the_best_is_whole_or_not_there(job_of: Callable[[str], Job], tmp_path: Path) -> None:
    job, out = job_of("screening"), tmp_path / "out"
    env = job.env | {"REPLICATE_WORK": str(out)}
    done(job.work, *job.arguments, env=env)
    expected = content(out)
    (out / "best.csv").unlink()

    def look(_: Ended) -> None:
        found = content(out)
        assert found.items() <= expected.items() and found.keys() >= expected.keys() - {"best.csv"}

    assert crash_everywhere(job.work, *job.arguments, env=env, folder=out, look=look) >= 3
    assert content(out) == expected


def test_what_a_kill_leaves_is_no_record_and_no_model(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_WORK", str(work))
    for name in (
        "records/.partial-zeng2019-gap-smoke-0.json",
        "models/.partial-atcnn--gap.quick.safetensors",
    ):
        (work / name).parent.mkdir(parents=True)
        (work / name).write_text("{half of")
    assert records.latest_local("zeng2019-gap") is None
    assert "" not in store.stored_names() and "atcnn/gap" not in store.stored_names()
    assert paths.finished(work / "records", "*.json") == []


def test_the_temporary_of_a_living_process_is_not_swept(work: Path, env: dict[str, str]) -> None:
    target, go = work / "slow.txt", work.parent / "go"
    slow = Child(tasks.write_when_told, str(target), str(go), env=env, begun=lambda: bool(leftovers(work)))
    try:
        done(tasks.save_state, "other.pt", 10, env=env)
        assert len(leftovers(work)) == 1
    finally:
        go.touch()
        ended = slow.ended()
    assert ended.status == 0, ended.err
    assert target.read_text() == "whole"
    assert {path.name for path in work.iterdir()} == {"other.pt", "slow.txt"}
