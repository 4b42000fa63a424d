"""Download one file into the user cache: shown as it comes, checked before it gets its name."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
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
    # Here: whoever reads data that are there needs none of it.
    import pooch
    import requests

    assert entry.url is not None
    if not _safe(entry.url):
        raise DataError("data come over https only", file=entry.url)
    with paths.written_whole(target) as temporary:
        try:
            with _Bar(entry.name) as bar, open(temporary, "wb") as file:
                pooch.HTTPDownloader(
                    progressbar=bar, chunk_size=CHUNK, timeout=TIMEOUT_S, hooks={"response": _stay}
                )(entry.url, _Capped(file, entry.url), None)
        except requests.exceptions.ChunkedEncodingError as error:
            raise DataError(
                f"the download broke off. {_comparison(entry, temporary)}", file=entry.url
            ) from error
        except requests.exceptions.RequestException as error:
            answered = isinstance(error, requests.exceptions.HTTPError)
            raise UnreachableError(str(error), no_answer=not answered) from error
        if entry.archive is not None:
            verify(temporary, entry.archive, named=entry.url)
        elif file_sha256(temporary) != entry.sha256:
            raise DataError(
                f"the download is not the registered file. {_comparison(entry, temporary)}", file=entry.url
            )


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


class _Capped:
    """What pooch asks of a file to write to; it takes no more than LARGEST bytes."""

    def __init__(self, file: IO[bytes], url: str) -> None:
        self._file, self._url, self._left = file, url, LARGEST

    def write(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            raise DataError(f"more than {LARGEST:,} bytes came; nothing was kept", file=self._url)
        self._file.write(chunk)

    def flush(self) -> None:
        """Do nothing; closing the file writes what is left."""


def _comparison(entry: DatasetEntry, path: Path) -> str:
    # An archive is packed anew for each request: no checksum of it could be expected.
    expected = "" if entry.archive is not None else f"expected sha256 {entry.sha256}, "
    size = path.stat().st_size
    return f"Dataset {entry.name!r}: {expected}found {file_sha256(path)} in {size:,} bytes; nothing was kept"


class _Bar:
    """A rich progress bar behind the four names pooch asks of one; silent unless a person watches."""

    total: int = 0

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        console = Console(stderr=True)
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._progress.add_task(title, total=None)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, amount: int) -> None:
        self._progress.update(self._task, total=self.total or None, advance=amount)

    def reset(self) -> None:
        self._progress.update(self._task, completed=0)

    def close(self) -> None:
        """Do nothing; the bar stops with its context."""
