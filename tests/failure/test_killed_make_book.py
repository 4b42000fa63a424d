"""`make book` killed at any moment, whole or in part, and started again gives the pages of an undisturbed run."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from checkout import ROOT, copy_workflow, write_contents, write_notebook
from children import KILLS, random_moments, report
from test_killed_book import html

WITHOUT_FONTS = shutil.ignore_patterns("katex")
PATIENCE = 900  # seconds for one run of a dozen processes on a busy machine
COMMAND = [sys.executable, "-m", "workflow", "book", "--profile", "smoke", "--device", "cpu"]
PAGES = {
    "paper/salt": "from replicate import experiments\nprint(experiments.run('xie2018-nacl-kcl', profile).metrics)",
    "paper/gap": "print(profile)",
}


def shown(page: Path) -> list[tuple[str, object]]:
    """Return what a page shows: sources and outputs, without the times of its making."""
    cells = nbformat.read(page, as_version=4).cells
    return [(cell.source, [dict(o, metadata={}) for o in cell.get("outputs", [])]) for cell in cells]


class Book:
    """A checkout in miniature: two notebooks, one of which needs a record, and the project's own rules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.env = {
            **os.environ,
            "REPLICATE_ROOT": str(root),
            "REPLICATE_WORK": str(root / ".replicate"),
            "OMP_NUM_THREADS": "1",
        }
        shutil.copytree(ROOT / "book" / "_assets", root / "book" / "_assets", ignore=WITHOUT_FONTS)
        copy_workflow(root)
        shutil.copy(ROOT / "_config.yml", root)
        (root / "book" / "references.bib").touch()
        (root / "book" / "intro.md").write_text("# A small book\n", encoding="utf-8")
        write_contents(root, PAGES)
        for name, code in PAGES.items():
            write_notebook(root, name, code)

    def start(self) -> subprocess.Popen[str]:
        """Start `make book`'s command as a process group of its own."""
        return subprocess.Popen(
            COMMAND, cwd=self.root, env=self.env, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def forget(self) -> None:
        """Remove all that a run has made."""
        for name in ("_build", ".snakemake", "book/paper", ".replicate/records", ".replicate/flow/smoke"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def outcome(self) -> tuple[object, ...]:
        """Return what the run is for: built files, what the pages show (the numbers too), how many records."""
        pages = {name: shown(self.root / "book" / f"{name}.ipynb") for name in PAGES}
        return html(self.root), pages, len(list((self.root / ".replicate" / "records").glob("*.json")))

    def at_work(self) -> list[psutil.Process]:
        """Return the processes of this checkout that still live."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("REPLICATE_ROOT") == str(self.root):
                    found.append(process)
            except psutil.Error:
                continue
        return [one for one in found if one.pid != os.getpid()]

    def finish(self) -> tuple[str, int]:
        """Run until the folder is free and all is made; return what was said, and how often it was not free."""
        refused = 0
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            running = self.start()
            said, _ = running.communicate(timeout=PATIENCE)
            if running.returncode and "another build is going on" in said:
                assert len([line for line in said.splitlines() if line.startswith("replicate: ")]) == 1, said
                refused += 1
                time.sleep(1)
                continue
            assert running.returncode == 0, said
            return said, refused
        raise TimeoutError("the folder never became free")


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, tuple[object, ...], float]]:
    """A checkout, what an undisturbed run makes there, and the seconds it takes; all processes end with it."""
    book = Book(tmp_path_factory.mktemp("checkout"))
    since = time.monotonic()
    book.finish()
    yield book, book.outcome(), time.monotonic() - since
    for process in book.at_work():
        process.kill()


def unlike(expected: tuple[object, ...], found: tuple[object, ...]) -> list[str]:
    """Name what differs between two outcomes: thousands of hashes would bury it."""
    says = []
    for old, new in zip(expected, found, strict=True):
        if isinstance(old, dict) and isinstance(new, dict):
            names = sorted(old.keys() | new.keys())
            says += [f"{one}: {old.get(one)} != {new.get(one)}" for one in names if old.get(one) != new.get(one)]
        elif old != new:
            says.append(f"{old} != {new}")
    return says


def kill(running: subprocess.Popen[str], victim: str) -> bool:
    """Kill a part of `make book`; return whether it was still at work."""
    if running.poll() is not None:
        return False
    if victim == "all":
        os.killpg(running.pid, signal.SIGKILL)
    elif victim == "runner":
        running.kill()
    else:
        below = psutil.Process(running.pid).children()
        if not below:
            return False  # not started yet, or just ended
        below[0].kill()
    return True


@pytest.mark.parametrize("victim", ["all", "runner", "snakemake"])
def test_make_book_killed_at_random(victim: str, quiet: tuple[Book, tuple[object, ...], float]) -> None:
    """The whole group; the command alone, so that Snakemake goes on; Snakemake alone, so that its jobs go on."""
    book, expected, longest = quiet
    moments = random_moments(victim)
    landed = refused = orphans = 0
    for _ in range(12 * KILLS):
        book.forget()
        running = book.start()
        time.sleep(moments.uniform(0, longest))
        was_at_work = kill(running, victim)
        left = book.at_work() if was_at_work else []
        orphans += len([one for one in left if one.pid != running.pid])
        again, times = book.finish()
        said, _ = running.communicate(timeout=PATIENCE)
        if was_at_work and victim == "snakemake":
            assert running.returncode == 1 and "Snakemake was ended by signal 9: run the command again" in said
        psutil.wait_procs(left, timeout=PATIENCE)
        assert not book.at_work(), "every job ends, also one whose Snakemake was killed"
        assert (differing := unlike(expected, book.outcome())) == [], f"{differing}\n{again}"
        assert not list((book.root / "book").rglob(".partial-*"))
        refused += times
        landed += was_at_work
        if landed >= max(1, KILLS // 6):
            break
    report(f"{landed} kills of {victim}, {orphans} processes went on, {refused} runs were refused meanwhile")
    assert landed
