"""One process that has imported what jobs need, and forks itself for each of them: none but the first waits.

A job is ``python -m MODULE …``, asked for by :mod:`workflow.ask`: a job of the ``Snakefile``, or the kernel
of a notebook. Without this process every job imports for itself, with the same result.
"""

from __future__ import annotations

import atexit
import importlib
import io
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from replicate import progress
from workflow import ask

# What jobs and pages import. None of it starts a thread or touches a GPU, which no fork would survive.
PRELOAD = (
    "torch._dynamo", "pandas", "sklearn.ensemble", "sklearn.svm", "sklearn.manifold", "scipy.stats", "xgboost",
    "seaborn", "pymatgen.core", "gemmi", "vesin", "papermill", "ipykernel.kernelapp", "ipykernel.zmqshell",
    "workflow.execution",
)  # fmt: skip
OWN = ("data", "features", "models", "training", "evaluation", "experiments", "report")
FEW = 8  # so many jobs import for themselves what they need sooner than this process imports it all
LONGEST = 2000  # characters of a failure that are passed on

Events = Callable[["Job", dict[str, Any]], None]


@dataclass(frozen=True)
class Job:
    """A job: its process, and the words after ``python -m``."""

    process: int
    command: Sequence[str]


class _Lines:
    """The lines that come through a pipe, handed on one by one."""

    def __init__(self, hear: Callable[[str], None], end: Callable[[], None] = lambda: None) -> None:
        self._hear, self._end, self._rest = hear, end, b""

    def read(self, pipe: int) -> bool:
        """Hand on what has come; return whether more may come."""
        come = os.read(pipe, 65536)
        *lines, self._rest = (self._rest + come).split(b"\n")
        for line in lines if come or not self._rest else [self._rest]:
            self._hear(line.decode("utf-8", "replace"))
        if not come:
            self._end()
        return bool(come)


class Server:
    """The process that forks; :meth:`serve` answers requests until told that it is enough.

    Args:
        events: called with a job and what it reports: ``begun``, ``text`` with ``step`` and ``steps``, or ``ended``
            (its exit status) with ``error``.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._folder = tempfile.TemporaryDirectory(prefix="replicate-")  # the user's alone
        self.address = str(Path(self._folder.name) / "warm")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address)
        self._listener.listen(64)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._dying: set[int] = set()  # processes that reported their end, which is not yet collected
        self._asked, self._warm = 0, False

    def warm_up(self) -> None:
        """Import what jobs need, unless that is done; otherwise it is after a few jobs."""
        if not self._warm:
            _import_all()
        self._warm = True

    def close(self) -> None:
        """Stop listening; jobs at work go on."""
        self._selector.close()
        self._listener.close()
        self._folder.cleanup()

    def listen(self, stream: int, hear: Callable[[str], None]) -> None:
        """Pass on the lines that come from a stream, while serving."""
        self._selector.register(stream, selectors.EVENT_READ, _Lines(hear))

    def serve(self, enough: Callable[[], bool], tick: Callable[[], None]) -> None:
        """Fork a job for each request until ``enough``; call ``tick`` some ten times a second."""
        while not enough():
            for key, _ in self._selector.select(timeout=0.1):
                if key.data is None:
                    self._answer(self._listener.accept()[0])
                elif not key.data.read(key.fd):
                    self._selector.unregister(key.fd)
            self._dying = {process for process in self._dying if os.waitpid(process, os.WNOHANG)[0] == 0}
            tick()

    def _answer(self, connection: socket.socket) -> None:
        """Fork a job for a request; one that was broken off is passed over."""
        with connection:
            request, streams = _received(connection)
            if request is None:
                return
            self._asked += 1
            if self._asked > FEW:
                self.warm_up()
            here, there = os.pipe()
            sys.stdout.flush()
            sys.stderr.flush()
            process = os.fork()
            if process == 0:
                for key in [*self._selector.get_map().values()]:
                    os.close(key.fd)
                os.close(here)
                _work(request, connection, streams, there)
            for stream in (there, *streams):
                os.close(stream)
        job = Job(process, request["command"])
        self._events(job, {"begun": True})
        end = {"ended": 128 + signal.SIGKILL, "error": ""}  # of a job that could not say how it ended

        def hear(line: str) -> None:
            report = json.loads(line)
            if "ended" in report:
                end.update(report)
            else:
                self._events(job, report)

        def ended() -> None:
            os.close(here)
            self._dying.add(process)
            self._events(job, end)

        self._selector.register(here, selectors.EVENT_READ, _Lines(hear, ended))


def _import_all() -> None:
    # The libraries read these when they are loaded. Small networks run fastest on one thread, and a kernel's figures
    # go to its notebook.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in PRELOAD:
        importlib.import_module(name)
    for folder in OWN:
        package = importlib.import_module(f"replicate.{folder}")
        for module in pkgutil.walk_packages(package.__path__, f"replicate.{folder}."):
            importlib.import_module(module.name)


def _received(connection: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return a request and the three streams that come with it."""
    head, streams, _, _ = socket.recv_fds(connection, ask.SIZE, 3)
    body, size = b"", int.from_bytes(head, "big")
    while len(body) < size and (part := connection.recv(size - len(body))):
        body += part
    if len(streams) == 3 and len(body) == size > 0:
        return json.loads(body), streams
    for stream in streams:
        os.close(stream)
    return None, []


class _Remembering(io.TextIOWrapper):
    """Standard error that keeps the end of what was written, which says why a job failed."""

    last = ""

    def write(self, text: str) -> int:
        self.last = (self.last + text)[-LONGEST:]
        return super().write(text)


def _work(request: dict[str, Any], connection: socket.socket, streams: Sequence[int], reports: int) -> NoReturn:
    """Be the job: take over what was sent, run the module, answer with its exit status."""
    status, said = 1, ""
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin, sys.stdout = open(0), open(1, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115
        sys.stderr = _Remembering(open(2, "wb", buffering=0), errors="backslashreplace", write_through=True)  # noqa: SIM115
        os.environ.clear()
        os.environ.update(request["env"])
        os.environ.pop("JPY_PARENT_PID", None)  # a kernel would look for it among its own parents, and end
        os.chdir(request["cwd"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        atexit._clear()  # what the parent put off until its end is not a job's to do
        threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
        progress.watch(lambda text, step, steps: _send(reports, {"text": text, "step": step, "steps": steps}))
        sys.argv = [*request["command"]]
        sys.path[0] = os.getcwd()
        status = _run_module(request["command"][0])
        said = sys.stderr.last.strip() if status else ""
        atexit._run_exitfuncs()
        sys.stdout.flush()
    except BaseException:
        said = traceback.format_exc()
        with suppress(OSError):
            os.write(2, said.encode())
    with suppress(OSError):
        _send(reports, {"ended": status, "error": said[-LONGEST:]})
        connection.send(bytes([status & 255]))
    os._exit(status & 255)


def _run_module(name: str) -> int:
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end_with(connection: socket.socket) -> None:
    """End this job when the process that asked for it is gone."""
    with suppress(OSError):
        connection.recv(1)
    os._exit(128 + signal.SIGHUP)


def _send(pipe: int, report: dict[str, Any]) -> None:
    # A pipe takes lines of up to 4,096 bytes whole; the server may be gone.
    with suppress(OSError):
        os.write(pipe, json.dumps(report).encode() + b"\n")
