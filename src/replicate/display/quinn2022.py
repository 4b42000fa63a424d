"""Tables that every page of the chapter on superconductors with structure shows: its data and its networks."""

from __future__ import annotations

from IPython.display import HTML

from replicate import data, experiments
from replicate.data.quinn import superconductors
from replicate.display.pages import data_card
from replicate.experiments.quinn2022.configs import SUPERCON


def compounds_card(experiment: str, profile: str) -> HTML:
    """Return the data card of an experiment's tables, SuperCon as this chapter prepares it.

    Args:
        experiment: its id.
        profile: shown beside ``full``.
    """
    spec = experiments.get(experiment)
    needed = dict.fromkeys(name for kind in ("full", profile) for name in spec.config(kind).datasets)
    loaded = [data.load(name) for name in needed if data.available(name)]
    return data_card(*(superconductors(d) if d.card.name == SUPERCON else d for d in loaded))
