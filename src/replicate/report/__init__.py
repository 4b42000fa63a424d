"""What pages are written with: sentences, tables and figures whose numbers come from records.

Figures take records, never arrays of rows; they return a matplotlib Figure in one style safe for colour-blind readers,
with units on the axes and the published value where there is one.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Module → what it holds for pages; imported when a page asks for it, so that a page waits for nothing it does not show.
_PLACES: dict[str, tuple[str, ...]] = {
    "card": ("answer_card",),
    "chapters": ("chapter_claims", "chapter_data", "verdict_sentences"),
    "commands": ("first_commands",),
    "crystals": ("View", "crystal_view"),
    "figures": (
        "atom_tables", "confusion", "element_tables", "learning_curves", "parity", "periodic_planes", "roc",
        "scores_by_split",
    ),
    "html": ("badge", "searchable", "table"),
    "names": ("CLASS_NAMES", "METRIC_NAMES", "MODEL_NAMES", "SPLIT_NAMES", "panels", "spread"),
    "pages": (
        "archives", "claim_results", "cleaning_steps", "data_card", "dropped", "experiment_data", "joins",
        "metric_dictionary", "networks", "printed", "provenance",
    ),
    "pivots": ("pivot",),
    "scoreboard": ("comparison", "full_scoreboard", "scoreboard_picture", "verdict_counts"),
    "sentences": ("say",),
    "speeds": ("bench_sentence", "bench_table"),
    "submissions": ("submitted",),
    "style": ("VERDICT_COLOURS", "use_house_style"),
    "trace": ("show",),
    "variants": ("variant",),
    "verdict_picture": ("verdict_ratios",),
}  # fmt: skip
__all__ = sorted(name for names in _PLACES.values() for name in names)


def __getattr__(name: str) -> Any:
    for module, names in _PLACES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
