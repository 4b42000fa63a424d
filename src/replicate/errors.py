"""Errors a user can act on; each message names what is wrong, where, and how to mend it."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_MESSAGE = 2000  # characters; a message with a whole file in it tells nobody anything
LONGEST_VALUE = 200

# What the system says when a file cannot be written, in words that tell a user what to mend.
_REFUSALS = {
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than the system allows this user",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.ENOTDIR: "a file stands where a folder must be",
    errno.EEXIST: "a file stands where a folder must be",
    errno.EISDIR: "a folder stands where a file must be",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EIO: "the disk reports an error",
    errno.ESTALE: "the network disk is gone",
}


class ReplicateError(Exception):
    """Base of every error this package raises on purpose; the command line prints only its message."""


class DataError(ReplicateError):
    """A table, file or value that cannot be used.

    Args:
        problem: what is wrong, in a few words.
        file: the file or dataset it was found in.
        row: 1-based row of the data (header not counted), where there is one.
        value: the offending value, where there is one.
    """

    def __init__(
        self, problem: str, *, file: str | Path | None = None, row: int | None = None, value: object = None
    ) -> None:
        self.problem, self.file, self.row, self.value = problem, file, row, value
        shown = None if value is None else _cut(repr(value), LONGEST_VALUE)
        parts = {"file": file, "row": row, "value": shown}
        place = ", ".join(f"{name} {part}" for name, part in parts.items() if part is not None)
        super().__init__(f"{problem} ({place})" if place else problem)


class FormulaError(DataError):
    """A chemical formula that cannot be read, or that holds impossible amounts."""


class MissingDataset(DataError):
    """A dataset that is neither bundled, mirrored, cached nor downloadable."""


class ConfigError(ReplicateError):
    """A setting, parameter or name that does not exist or does not fit."""


class InputTypeError(ConfigError, TypeError):
    """An input of a type that a function does not take; says what it takes."""


class TrainingError(ReplicateError):
    """A training run that cannot continue, such as a loss that is not a number."""


class StorageError(ReplicateError):
    """A file or folder that cannot be written: a full or read-only disk, no permission, a file in the way."""


def refusal(error: OSError) -> str | None:
    """Return in plain words why the system refused to write or read a file; None where that is not the trouble."""
    return None if error.errno is None else _REFUSALS.get(error.errno)


def one_line(message: str) -> str:
    """Return a message on one line, without control characters, cut in the middle where it is very long."""
    shown = " ".join(_cut(message, LONGEST_MESSAGE).split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)


def _cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, of a longer one its beginning and its end."""
    end = most // 4
    return text if len(text) <= most else f"{text[: most - end - 3]} … {text[-end:]}"


@contextmanager
def exit_on_error(command: str) -> Iterator[None]:
    """Run a command so that an error a user can act on ends it with one line on stderr and exit status 1.

    Any other error is a fault of this package, and keeps its traceback.
    """
    try:
        yield
    except (ReplicateError, OSError) as error:
        message = str(error)
        if isinstance(error, OSError):
            if (reason := refusal(error)) is None:
                raise
            message = f"{error.filename}: {reason}" if error.filename else reason
        sys.stderr.write(f"{command}: {one_line(message)}\n")
        raise SystemExit(1) from error
