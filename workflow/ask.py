"""Run ``python -m MODULE …`` in a fork of the process that listens at ``REPLICATE_WARM``; where none does, plainly.

Started by its path with ``-I -S``, it imports a few small modules only: asking takes some 30 ms, while a job's own
imports take seconds. Its standard input, output, error, environment and folder become the job's, and the job's
exit status its own. When it is killed, the job ends too.
"""

import json
import os
import select
import signal
import socket
import sys

VARIABLE = "REPLICATE_WARM"  # holds the address of a socket
SIZE = 8  # bytes that say how long a request is


def command() -> list[str]:
    """Return the words that stand for ``python -m`` where somebody listens."""
    return [sys.executable, "-I", "-S", os.path.abspath(__file__)]


def main(words: list[str]) -> int:
    """Return the exit status of a module run with arguments; does not return where nobody listens."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(os.environ[VARIABLE])
        request = json.dumps({"command": words, "cwd": os.getcwd(), "env": dict(os.environ)}).encode()
        socket.send_fds(connection, [len(request).to_bytes(SIZE, "big")], [0, 1, 2])
        connection.sendall(request)
    except (KeyError, OSError):
        os.execv(sys.executable, [sys.executable, "-m", *words])
    parent = os.getppid()
    while not select.select([connection], [], [], 1.0)[0]:
        if os.getppid() != parent:  # nobody waits for the job any more
            return 128 + signal.SIGHUP
    status = connection.recv(1)
    return status[0] if status else 128 + signal.SIGKILL


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
