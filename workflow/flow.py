"""Let Snakemake do what is due: the rules of the ``Snakefile``, one run of them at a time."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from replicate import paths
from replicate.errors import ConfigError, ReplicateError
from workflow import ask, live, warm
from workflow.plan import make_plan, shown_on
from workflow.sources import Source, discover

DEFAULTS: Mapping[str, str] = {"profile": "quick", "device": "auto"}
BOOK = "_build/html/index.html"
MANY = 4  # pages to be made, from which on it is worth importing at once what they need


def page_marker(name: str, profile: str) -> str:
    """Return the file that says which page a notebook's last good run wrote; the target that stands for the page."""
    work = paths.work_dir().resolve()
    shown = work.relative_to(paths.root()) if work.is_relative_to(paths.root()) else work
    return str(shown / "flow" / profile / "pages" / f"{name}.json")


def mark(page: Path, marker: Path) -> None:
    """Write down size and time of a page that was just written."""
    with paths.written_whole(marker) as temporary:
        temporary.write_text(json.dumps(_state(page)), encoding="utf-8")


def forget_changed(sources: Iterable[Source], folder: Path) -> None:
    """Delete what was written down of pages that someone deleted or wrote since, so that they are made anew."""
    for source in sources:
        marker = folder / f"{source.name}.json"
        if marker.is_file() and json.loads(marker.read_text(encoding="utf-8")) != _state(source.output):
            marker.unlink()


def _state(page: Path) -> list[int]:
    if not page.is_file():
        return []
    found = page.stat()
    return [found.st_size, found.st_mtime_ns]


def run(targets: Sequence[str], config: Mapping[str, object] = DEFAULTS, *, cores: int = 2, force: bool = False) -> int:
    """Make targets with Snakemake and return its exit status; the others go on past one that fails.

    Args:
        targets: files or rules of the ``Snakefile``.
        config: its settings.
        cores: that all jobs together may use.
        force: make the targets also where they are current.

    Raises:
        ConfigError: there is no ``Snakefile``, or pages are asked for that the Jupyter Book installed cannot build.
        StorageError: Snakemake's folder cannot be written.
        ReplicateError: another run is going on in this folder.
    """
    rules = paths.root() / "workflow" / "Snakefile"
    if not rules.is_file():
        raise ConfigError(f"{rules} is not there: the book is built in a checkout of the repository")
    if BOOK in targets:
        check_jupyter_book()
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(rules), "--directory", str(paths.root())]
    # Silent: each job says itself what failed, and Snakemake would bury that under the job's inputs.
    command += ["--profile", "none", "--nolock", "--scheduler", "greedy", "--quiet", "all", "--cores", str(cores)]
    command += ["--config", *(f"{name}={value}" for name, value in config.items())]
    if force:
        command += ["--force"]
    # The options above take several values; `--` keeps the targets out of them.
    command += ["--", *targets]
    pages = _pages(targets, str(config["profile"]))
    with _alone() as lock:
        _try_to_write(paths.root() / ".snakemake")
        status, failures = _watched(command, lock, many=sum(not path.is_file() for path in pages.values()) > MANY)
    if status > 0:
        _tell_unmade(pages, config, failures)
    return status


def check_jupyter_book() -> None:
    """Raise ConfigError unless the Jupyter Book installed is of the series that builds the pages."""
    needed = next(one for one in map(Requirement, metadata.requires("replicate") or ()) if one.name == "jupyter-book")
    installed = ""
    with suppress(metadata.PackageNotFoundError):
        installed = metadata.version(needed.name)
    if not installed or not needed.specifier.contains(installed, prereleases=True):
        wanted = f"{needed.name}{needed.specifier}"
        raise ConfigError(
            f"the book needs {wanted} and {f'{needed.name} {installed}' if installed else 'none'} is installed: "
            f"`make env` brings it, and so does `{Path(sys.executable).name} -m pip install '{wanted}'`"
        )


def _pages(targets: Sequence[str], profile: str) -> dict[str, Path]:
    """Return the pages that are asked for, by name, with the file that says that each is made."""
    markers = {source.name: page_marker(source.name, profile) for source in discover()}
    return {name: paths.root() / file for name, file in markers.items() if {BOOK, file} & {*targets}}


def _watched(command: Sequence[str], lock: int, *, many: bool) -> tuple[int, Mapping[str, str]]:
    """Run Snakemake beside the process that forks its jobs; return its exit status, and which jobs failed and why."""
    with live.Watch() as watch, closing(warm.Server(watch.hear)) as server:
        output = subprocess.PIPE if watch.live else None
        running = subprocess.Popen(
            command,
            cwd=paths.root(),
            env={**os.environ, ask.VARIABLE: server.address},
            pass_fds=[lock],
            stdout=output,
            stderr=output and subprocess.STDOUT,
        )
        if running.stdout is not None:
            server.listen(running.stdout.fileno(), watch.line)
        if many:
            server.warm_up()
        server.serve(lambda: running.poll() is not None, watch.refresh)
    return running.returncode, watch.failures


def _tell_unmade(pages: Mapping[str, Path], config: Mapping[str, object], failures: Mapping[str, str]) -> None:
    """Say of every page that was asked for and not made why it was not."""
    plan = make_plan(str(config["profile"]), str(config["device"]))
    sources = {source.name: source for source in discover()}

    def jobs_before(page: str) -> Iterator[str]:
        for name in shown_on(sources[page], plan.needs):
            needs = plan.needs[name]
            yield from (f"record {one}" for one in (name, *needs.after))
            yield from (f"train {name} {i}/{needs.groups}" for i in range(1, needs.groups + 1))
            yield from (f"data {one}" for one in needs.data)
            yield from (f"graphs {one}" for one in needs.graphs)

    for page, marker in pages.items():
        if not marker.is_file():
            print(live.unmade(page, failures, jobs_before(page)), file=sys.stderr)


def _try_to_write(folder: Path) -> None:
    """Find out now what Snakemake, which is silent, would end at without a word.

    Raises:
        StorageError: names folder and reason.
    """
    for place in (folder / "log", folder / "metadata", folder / "incomplete"):
        file = place / "writable"
        with paths.written_whole(file) as temporary:
            temporary.write_bytes(bytes(4096))
        file.unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[int]:
    """Hold the folder's lock, which ends with the last process that has it, also a killed one.

    Snakemake's own lock stays after a kill and has to be removed by hand.
    """
    path = paths.work_dir() / "flow" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReplicateError(
                f"another build is going on in {paths.root()}: wait for it, or end it ({path} is locked)"
            ) from error
        os.set_inheritable(file.fileno(), True)
        yield file.fileno()
