"""Download one file into the user cache: shown as it comes, checked before it gets its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from replicate import paths
from replicate.data.archives import verify
from replicate.data.digest import file_sha256
from replicate.data.registry import DatasetEntry
from replicate.errors import DataError

if TYPE_CHECKING:
    import requests

TIMEOUT_S = 20
CHUNK = 1 << 16
# Bytes. No registered file comes near, and a server that never ends must not fill the disk.
LARGEST = 4 * 1024**3

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
# GitHub hands out archives by sending on to a host of its own; nobody else may send us anywhere.
_SENDS_ON = {"github.com": "codeload.github.com"}


class UnreachableError(Exception):
    """The address gave nothing: no network, no such host, or an HTTP error status."""

    def __init__(self, message: str, *, no_answer: bool) -> None:
        super().__init__(message)
        self.no_answer = no_answer


def download(entry: DatasetEntry, target: Path) -> None:
    """Write the dataset's upstream file to ``target``, whole and verified or not at all.

    Raises:
        UnreachableError: nothing came.
        DataError: the address is not safe or sends on to another one, or what came is truncated, endless or
            not the registered file; nothing is kept.
        StorageError: the cache cannot be written.
    """
    assert entry.url is not None
    if not _safe(entry.url):
        raise DataError("data come over https only", file=entry.url)
    import requests  # here: whoever reads data that are there needs none of it

    with paths.written_whole(target) as temporary:
        try:
            _write(entry.name, entry.url, temporary)
        except requests.exceptions.ChunkedEncodingError as error:
            problem = f"the download broke off. {_comparison(entry, temporary)}"
            raise DataError(problem, file=entry.url) from error
        except requests.exceptions.RequestException as error:
            answered = isinstance(error, requests.exceptions.HTTPError)
            raise UnreachableError(str(error), no_answer=not answered) from error
        if entry.archive is not None:
            try:
                verify(temporary, entry.archive)
            except DataError as error:
                raise DataError(error.problem, file=entry.url, value=error.value) from error
        elif file_sha256(temporary) != entry.sha256:
            problem = f"the download is not the registered file. {_comparison(entry, temporary)}"
            raise DataError(problem, file=entry.url)


def _write(name: str, url: str, path: Path) -> None:
    """Write what an address sends, with a bar where a person watches."""
    import requests
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, disable=not console.is_terminal)
    with (
        requests.get(url, stream=True, timeout=TIMEOUT_S, hooks={"response": _stay}) as response,
        open(path, "wb") as file,
        bar,
    ):
        response.raise_for_status()
        task = bar.add_task(name, total=int(response.headers.get("content-length", 0)) or None)
        for chunk in response.iter_content(CHUNK):
            if file.tell() + len(chunk) > LARGEST:
                raise DataError(f"more than {LARGEST:,} bytes came; nothing was kept", file=url)
            file.write(chunk)
            bar.update(task, advance=len(chunk))


def _safe(url: str) -> bool:
    """Return whether nobody on the way can change what comes: an encrypted connection, or none that leaves here."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)


def _stay(response: requests.Response, **_: Any) -> None:
    """Refuse to be sent on to another host, before it is asked for anything."""
    if not response.is_redirect:
        return
    there = urljoin(response.url, response.headers["location"])
    old, new = urlsplit(response.url).netloc, urlsplit(there).netloc
    if not _safe(there) or new not in (old, _SENDS_ON.get(old)):
        problem = "the address sends on to one that is not registered; nothing was kept"
        raise DataError(problem, file=response.url, value=there)


def _comparison(entry: DatasetEntry, path: Path) -> str:
    # An archive is packed anew for each request: no checksum of it could be expected.
    expected = "" if entry.archive is not None else f"expected sha256 {entry.sha256}, "
    size = path.stat().st_size
    return f"Dataset {entry.name!r}: {expected}found {file_sha256(path)} in {size:,} bytes; nothing was kept"
