"""Work done in a child process that can be killed, starved or robbed of its rights.

All children are forked from one server that has imported the package, so that a kill costs no start.
"""

import contextlib
import multiprocessing
import os
import random
import runpy
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from replicate.errors import ReplicateError

# How often each kind of work is killed; a nightly run may ask for more.
KILLS = int(os.environ.get("REPLICATE_KILLS", "6"))
# Where the random moments come from: new ones in every run, the same ones again with the number that a failure tells.
SEED = int(os.environ.get("REPLICATE_KILL_SEED") or random.SystemRandom().randrange(2**32))
PATIENCE = 240  # seconds for one child

_FORK = multiprocessing.get_context("forkserver")
_FORK.set_forkserver_preload(
    ["replicate.cli", "workflow.execution", "replicate.experiments.zeng2019.elements",
     "replicate.experiments.zeng2019.gaps", "replicate.experiments.zeng2019.tc",
     "replicate.experiments.xie2018.perovskites", "replicate.experiments.xie2018.properties",
     "replicate.predict.models",
     "replicate.data.tables", "jsonschema", "sklearn.ensemble", "sklearn.svm",
     "torch._dynamo", "matminer", "xgboost", "gemmi", "spglib", "vesin"]
)  # fmt: skip

Work = Callable[..., object]


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit status (minus the signal that killed it), what it printed, seconds of work."""

    status: int
    out: str
    err: str
    seconds: float

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Child:
    """A child at work.

    Args:
        work: a function of a module; called with ``args``.
        args: for it.
        env: added to the environment.
        limits: called in the child before the work, such as those of ``limits.py``.
        begun: tells whether the work has begun; None: it has when ``work`` is called.
        crash_at: the child kills itself before its n-th operation on a file below ``crash_in``.
    """

    def __init__(
        self,
        work: Work,
        *args: object,
        env: Mapping[str, str],
        limits: Sequence[Callable[[], None]] = (),
        begun: Callable[[], bool] | None = None,
        crash_at: int | None = None,
        crash_in: Path | None = None,
    ) -> None:
        self._told = Path(tempfile.mkdtemp(prefix="child-"))
        here, there = _FORK.Pipe(duplex=False)
        options = (dict(env), tuple(limits), str(self._told), crash_at, str(crash_in))
        self._process = _FORK.Process(target=_body, args=(work, args, options, there))
        self._process.start()
        there.close()
        with contextlib.suppress(EOFError):  # it ended before it began; what it said tells why
            here.recv_bytes()
        while begun is not None and not begun() and self._process.is_alive():
            time.sleep(0.005)
        self._since = time.monotonic()

    def kill_after(self, seconds: float) -> Ended:
        """Kill the child so long after its work began, unless it has ended by then."""
        self._process.join(seconds)
        self._process.kill()
        return self.ended()

    def ended(self) -> Ended:
        """Return how the child ended, waiting for that."""
        self._process.join(PATIENCE)
        seconds = time.monotonic() - self._since
        if self._process.is_alive():
            self._process.kill()
            raise TimeoutError(f"still at work after {seconds:.0f} s")
        out, err = ((self._told / name).read_text("utf-8", "replace") for name in ("out", "err"))
        assert self._process.exitcode is not None
        return Ended(self._process.exitcode, out, err, seconds)


def _body(work: Work, args: tuple[object, ...], options: tuple[Any, ...], begun: Connection) -> None:
    env, limits, told, crash_at, crash_in = options
    os.environ.update(env)
    sys.dont_write_bytecode = True  # where files may not grow, Python would leave half of one in the environment
    for number, name in enumerate(("out", "err"), start=1):
        os.dup2(os.open(f"{told}/{name}", os.O_WRONLY | os.O_CREAT), number)
    status = 0
    try:
        for limit in limits:
            limit()
        if crash_at is not None:
            _crash(crash_at, crash_in)
        begun.send_bytes(b"!")
        work(*args)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except ReplicateError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        status = 70
    except BaseException:
        traceback.print_exc()
        status = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _crash(at: int, folder: str) -> None:
    """Make this process kill itself before its ``at``-th operation on a file below ``folder``, counted from 0."""
    seen = 0

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event.partition(".")[0] in ("open", "os", "shutil", "tempfile") and any(
            isinstance(arg, str | bytes | os.PathLike) and os.fsdecode(arg).startswith(folder) for arg in args
        ):
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(watch)


def run(work: Work, *args: object, env: Mapping[str, str], **options: Any) -> Ended:
    """Do some work to its end."""
    return Child(work, *args, env=env, **options).ended()


def done(work: Work, *args: object, env: Mapping[str, str], **options: Any) -> Ended:
    """Do some work that must end well."""
    ended = run(work, *args, env=env, **options)
    assert ended.status == 0, ended.err
    return ended


def command(*arguments: str, env: Mapping[str, str], **options: Any) -> Ended:
    """Run ``replicate`` with arguments, as its entry point does."""
    return run(_replicate, arguments, env=env, **options)


def _replicate(arguments: Sequence[str]) -> None:
    from replicate.cli import main

    sys.argv = ["replicate", *arguments]
    main()


def message(ended: Ended) -> str:
    """Return the one line that a command ended with, one that failed by no fault of its own."""
    assert ended.status == 1, ended.err
    assert "Traceback" not in ended.err + ended.out
    lines = [line for line in ended.err.splitlines() if line.startswith("replicate: ")]
    assert len(lines) == 1 and ended.err.splitlines()[-1] == lines[0], ended.err
    return lines[0]


def as_module(name: str, arguments: Sequence[str]) -> None:
    """Run a module as ``python -m`` does."""
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def kill_again_and_again(
    work: Work,
    *args: object,
    env: Mapping[str, str],
    longest: float,
    look: Callable[[Ended], None],
    kills: int = KILLS,
    goes_on: bool = False,
    **options: Any,
) -> int:
    """Start some work and kill it at a random moment, until so many kills have landed while it was going on.

    The moments are spread: one in the first part of the work, one in the second, and so on. Of work that goes on
    where it was killed nobody knows the part that is left, and every kill comes anywhere.

    Args:
        work, args, env, options: as for :class:`Child`.
        longest: seconds that the work takes from its begin, when left alone.
        look: is shown how each child ended.
        kills: that must land.
        goes_on: whether the next attempt begins where this one was killed, not anew.
    """
    moments = random_moments(work.__name__)
    landed = 0
    for _ in range(6 * kills):
        share = kills * moments.random() if goes_on else landed + moments.random()
        ended = Child(work, *args, env=env, **options).kill_after(longest * share / kills)
        assert ended.killed or ended.status == 0, ended.err
        landed += ended.killed
        look(ended)
        if landed == kills:
            break
        if not (ended.killed or goes_on):
            longest = min(longest, ended.seconds)
    assert landed == kills, f"only {landed} of {kills} kills landed"
    return landed


def random_moments(kind: str) -> random.Random:
    """Return where the moments of a kind of kill are drawn from, and tell how to draw them again."""
    report(f"random moments: REPLICATE_KILL_SEED={SEED}")
    return random.Random(f"{SEED} {kind}")


def crash_everywhere(
    work: Work,
    *args: object,
    env: Mapping[str, str],
    folder: Path,
    look: Callable[[Ended], None],
    step: int = 1,
) -> int:
    """Kill some work before each ``step``-th of its operations on files below a folder; return how often."""
    for at, operation in enumerate(range(0, 2000, step)):
        ended = run(work, *args, env=env, crash_at=operation, crash_in=folder)
        if not ended.killed:
            assert ended.status == 0, ended.err
            return at
        look(ended)
    raise AssertionError("the work has no end")


def report(line: str) -> None:
    """Tell how the kills went; pytest shows it with -rP, and when a test fails."""
    sys.stdout.write(f"{line}\n")
