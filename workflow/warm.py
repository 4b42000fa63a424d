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

# Called with the words after ``python -m`` of a job, and what it reports: ``begun``, ``text`` with ``step`` and
# ``steps``, or ``ended`` (its exit status) with ``error``.
Events = Callable[[Sequence[str], dict[str, Any]], None]


class Server:
    """The process that forks; :meth:`serve` answers requests until told that it is enough."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._folder = tempfile.TemporaryDirectory(prefix="replicate-")  # the user's alone
        self.address = str(Path(self._folder.name) / "warm")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address)
        self._listener.listen(64)
        # All jobs send their reports through one socket, which keeps them whole and apart.
        self._reports, self._jobs_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._reports.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._answer)
        self._selector.register(self._reports, selectors.EVENT_READ, self._hear)
        self._jobs: dict[int, Sequence[str]] = {}  # of the processes at work
        self._told: set[int] = set()  # of those, which have told their end
        self._asked, self._warm = 0, False

    def warm_up(self) -> None:
        """Import what jobs need, unless that is done; otherwise it is after a few jobs."""
        if not self._warm:
            _import_all()
        self._warm = True

    def close(self) -> None:
        """Stop listening; jobs at work go on."""
        self._selector.close()
        for end in (self._listener, self._reports, self._jobs_end):
            end.close()
        self._folder.cleanup()

    def listen(self, stream: int, hear: Callable[[str], None]) -> None:
        """Pass on the lines that come from a stream, while serving."""
        rest = b""

        def read() -> None:
            nonlocal rest
            if not (come := os.read(stream, 65536)):
                self._selector.unregister(stream)
                come = b"\n" * bool(rest)
            *lines, rest = (rest + come).split(b"\n")
            for line in lines:
                hear(line.decode("utf-8", "replace"))

        self._selector.register(stream, selectors.EVENT_READ, read)

    def serve(self, enough: Callable[[], bool], tick: Callable[[], None]) -> None:
        """Fork a job for each request until ``enough``; call ``tick`` some ten times a second."""
        last = False
        while not last:
            last = enough()
            # Looked for before the reports are read, so that none of a process that ended comes after its end.
            ended = [(process, status) for process, status in map(_waited, self._jobs) if process]
            for key, _ in self._selector.select(timeout=0.1):
                key.data()
            for process, status in ended:
                command, code = self._jobs.pop(process), os.waitstatus_to_exitcode(status)
                if process not in self._told:
                    self._events(command, {"ended": code if code >= 0 else 128 - code, "error": ""})
                self._told.discard(process)
            tick()

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while True:
                process, report = json.loads(self._reports.recv(65536))
                self._events(self._jobs[process], report)
                if "ended" in report:
                    self._told.add(process)

    def _answer(self) -> None:
        """Fork a job for a request; one that was broken off is passed over."""
        self._hear()  # who asks may have waited for the end of another job
        with self._listener.accept()[0] as connection:
            request, streams = _received(connection)
            if request is None:
                return
            self._asked += 1
            if self._asked > FEW:
                self.warm_up()
            sys.stdout.flush()
            sys.stderr.flush()
            process = os.fork()
            if process == 0:
                for key in [*self._selector.get_map().values()]:
                    os.close(key.fd)
                _work(request, connection, streams, self._jobs_end)
            for stream in streams:
                os.close(stream)
        self._jobs[process] = request["command"]
        self._events(request["command"], {"begun": True})


def _waited(process: int) -> tuple[int, int]:
    return os.waitpid(process, os.WNOHANG)


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


def _work(
    request: dict[str, Any], connection: socket.socket, streams: Sequence[int], reports: socket.socket
) -> NoReturn:
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
        job = os.getpid()  # whose own children report for it
        progress.watch(lambda text, step, steps: _send(reports, job, {"text": text, "step": step, "steps": steps}))
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
        # Told here: the asking process may be gone before this one, whose own status is then that of a job cut off.
        _send(reports, os.getpid(), {"ended": status, "error": said[-LONGEST:]})
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


def _send(reports: socket.socket, job: int, report: dict[str, Any]) -> None:
    with suppress(OSError):  # the server may be gone
        reports.send(json.dumps([job, report]).encode())
