"""Checkpoints: written whole or not at all, read without executing code, bound to one exact run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import field, fields, is_dataclass
from pathlib import Path
from typing import Any

from replicate.errors import DataError
from replicate.paths import work_dir, written_whole


def later(default: Any) -> Any:
    """Return a dataclass field that came after records were made: left out of ``plain`` at its default.

    So a new option does not change the keys of all records and checkpoints that do not use it.
    """
    return field(default=default, metadata={"later": True})


def plain(value: Any) -> Any:
    """Return a config, or a nest of them, as JSON values; the outermost dataclass keeps its class name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"class": type(value).__name__, **_inner(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def _inner(value: Any) -> Any:
    """Return JSON values without class names."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = ((f, getattr(value, f.name)) for f in fields(value))
        return {f.name: _inner(v) for f, v in kept if not (f.metadata.get("later") and v == f.default)}
    if isinstance(value, dict):
        return {str(k): _inner(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_inner(v) for v in value]
    return value


def content_key(*parts: Any) -> str:
    """Return a short hash of configs, digests and names; equal parts give equal keys everywhere."""
    text = json.dumps(plain(parts), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def checkpoint_path(experiment: str, *parts: Any) -> Path:
    """Return the checkpoint file of a run that is fully described by ``parts``."""
    return work_dir() / "checkpoints" / f"{experiment}-{content_key(*parts)}.pt"


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write ``state`` so that a killed process leaves the previous checkpoint or the next, never half."""
    import torch

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
    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        # Not torch's own words: they advise to load it without the check.
        problem = f"not a readable checkpoint ({type(error).__name__}), delete it to start over"
        raise DataError(problem, file=path) from error
    if not isinstance(state, dict):
        raise DataError("not a checkpoint, delete it to start over", file=path)
    return state
