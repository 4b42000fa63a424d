"""The book's figures, all drawn from records, in one colour-blind safe style.

Every function takes records (never arrays of rows), returns a matplotlib Figure, puts units on the axes and
draws the published value in where there is one.
"""

from __future__ import annotations

from typing import Any

from replicate import lazy

# Module → what it holds for pages; imported when a page asks for it, so that a page waits for nothing it does not show.
_PLACES: dict[str, tuple[str, ...]] = {
    "elements": ("atom_tables",),
    "general": (
        "confusion",
        "learning_curves",
        "parity",
        "roc",
        "scores_by_split",
    ),
    "names": (
        "CLASS_NAMES",
        "METRIC_NAMES",
        "MODEL_NAMES",
        "SPLIT_NAMES",
        "panels",
        "spread",
    ),
    "scoreboard": ("verdict_ratios",),
    "style": (
        "VERDICT_COLOURS",
        "use_house_style",
    ),
}
__all__ = sorted(name for names in _PLACES.values() for name in names)


def __getattr__(name: str) -> Any:
    return lazy.attribute(__name__, _PLACES, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
