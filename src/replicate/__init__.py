"""Re-run every experiment of four papers on machine-learned materials properties."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# What is asked for most, by its module; imported when it is asked for.
_PLACES = {
    "load_model": "own.model",
    "show": "report.trace",
    "train": "own.training",
    "verify": "experiments.verification",
}
__all__ = ["__version__", *_PLACES]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    return value
