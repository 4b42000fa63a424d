"""Checkpoints: written whole or not at all, read without executing code, bound to one exact run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from replicate.errors import DataError
from replicate.paths import work_dir, written_whole
from replicate.settings import content_key


def checkpoint_path(experiment: str, *parts: Any) -> Path:
    """Return the checkpoint file of a run that is fully described by ``parts``."""
    return work_dir() / "checkpoints" / f"{experiment}-{content_key(*parts)}.pt"


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write ``state`` so that a killed process leaves the previous checkpoint or the next, never half."""
    with written_whole(path) as temporary, open(temporary, "wb") as file:
        try:
            torch.save(state, file)
        except RuntimeError as error:
            # torch only says that its archive has no end; what the disk said comes before.
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU.

    Raises:
        DataError: the file is not a checkpoint; the message says which file to delete.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251
    except Exception as error:
        # Not torch's own words: they advise to load it without the check.
        problem = f"not a readable checkpoint ({type(error).__name__}), delete it to start over"
        raise DataError(problem, file=path) from error
    if not isinstance(state, dict):
        raise DataError("not a checkpoint, delete it to start over", file=path)
    return state
