"""Jobs as forks of one warm process: they are what `python -m` makes of them, end with who asked, and outlive it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workflow import ask

SERVER = """
import sys
from workflow.warm import Server
def hear(command, report):
    print(__import__("json").dumps([command, report]), flush=True)
server = Server(hear)
print(server.address, flush=True)
server.serve(lambda: False, lambda: None)
"""
SAYS = "import os, sys\nprint(sys.argv[1:], os.getcwd(), os.environ.get('COLOUR'), __name__)\n"
FAILS = "import sys\nprint('half', flush=True)\nsys.stderr.write('replicate: no gap\\n')\nsys.exit(3)\n"
SLEEPS = (
    "import os, pathlib, time\npathlib.Path('begun').write_text(str(os.getpid()))\n"
    "while not os.path.exists('go'): time.sleep(0.01)\nprint('done')\n"
)


class Warm:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, code in (("says", SAYS), ("fails", FAILS), ("sleeps", SLEEPS)):
            (folder / f"job_{name}.py").write_text(code, encoding="utf-8")
        self.process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
        self.address = self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def event(self) -> tuple[list[str], dict]:
        command, report = json.loads(self._line())
        return command, report

    def start(self, *words: str, address: str | None = None) -> subprocess.Popen[str]:
        env = {**os.environ, "COLOUR": "blue", ask.VARIABLE: address or self.address}
        return subprocess.Popen(
            [*ask.command(), *words],
            cwd=self.folder,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def begun(self) -> int:
        """Wait for the sleeping job, and return its process."""
        until = time.monotonic() + 60
        while not (said := _read(self.folder / "begun")):
            assert time.monotonic() < until
            time.sleep(0.01)
        return int(said)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[Warm]:
    server = Warm(tmp_path)
    yield server
    server.process.kill()
    server.process.communicate()


def test_a_job_is_what_python_makes_of_it(warm: Warm) -> None:
    """The same output and status, asked for or run plainly because nobody listens."""
    for words in (("job_says", "-x", "a b"), ("job_fails",)):
        asked, plain = (warm.start(*words, address=address) for address in (None, "/nowhere"))
        assert asked.communicate() == plain.communicate()
        assert asked.returncode == plain.returncode
    assert asked.returncode == 3
    assert [warm.event() for _ in range(4)] == [
        (["job_says", "-x", "a b"], {"begun": True}),
        (["job_says", "-x", "a b"], {"ended": 0, "error": ""}),
        (["job_fails"], {"begun": True}),
        (["job_fails"], {"ended": 3, "error": "replicate: no gap"}),
    ]


def test_a_job_ends_with_the_process_that_asked_for_it(warm: Warm) -> None:
    asking = warm.start("job_sleeps")
    job = psutil.Process(warm.begun())
    asking.kill()
    asking.communicate()
    job.wait(timeout=60)


def test_a_job_that_is_killed_has_failed(warm: Warm) -> None:
    asking = warm.start("job_sleeps")
    os.kill(warm.begun(), signal.SIGKILL)
    asking.communicate(timeout=60)
    assert asking.returncode == 128 + signal.SIGKILL
    assert [warm.event()[1] for _ in range(2)] == [{"begun": True}, {"ended": asking.returncode, "error": ""}]


def test_a_job_goes_on_without_the_server(warm: Warm) -> None:
    asking = warm.start("job_sleeps")
    warm.begun()
    warm.process.kill()
    (warm.folder / "go").touch()
    out, _ = asking.communicate(timeout=60)
    assert (asking.returncode, out) == (0, "done\n")


def test_nothing_that_is_imported_beforehand_starts_a_thread() -> None:
    """A thread of the parent would be missing in every fork; jemalloc starts its own anew."""
    code = (
        "import os\nfrom workflow import warm\nwarm._import_all()\n"
        "print({open(f'/proc/self/task/{one}/comm').read().strip() for one in os.listdir('/proc/self/task')[1:]})"
    )
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout in ("set()\n", "{'jemalloc_bg_thd'}\n") and not done.stderr
