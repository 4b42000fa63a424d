"""A server on this machine, for downloads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Answer every GET by a function of the request; give the server's address."""
    methods = {"do_GET": lambda request: answer(request), "log_message": lambda *_: None}
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (BaseHTTPRequestHandler,), methods))
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_address[1]}"
    listening.shutdown()
    listening.server_close()


def begin(request: BaseHTTPRequestHandler, n_bytes: int) -> None:
    """Send the head of an answer of so many bytes."""
    request.send_response(200)
    request.send_header("Content-Length", str(n_bytes))
    request.end_headers()
