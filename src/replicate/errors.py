"""Errors a user can act on; each message names what is wrong, where, and how to mend it."""

from __future__ import annotations

from pathlib import Path


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
        self,
        problem: str,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        value: object = None,
    ) -> None:
        self.problem, self.file, self.row, self.value = problem, file, row, value
        place = ", ".join(
            part
            for part in (
                f"file {file}" if file is not None else "",
                f"row {row}" if row is not None else "",
                f"value {value!r}" if value is not None else "",
            )
            if part
        )
        super().__init__(f"{problem} ({place})" if place else problem)


class FormulaError(DataError):
    """A chemical formula that cannot be read, or that holds impossible amounts."""


class MissingDataset(DataError):
    """A dataset that is neither bundled, mirrored, cached nor downloadable."""


class ConfigError(ReplicateError):
    """A setting, parameter or name that does not exist or does not fit."""


class TrainingError(ReplicateError):
    """A training run that cannot continue, such as a loss that is not a number."""
