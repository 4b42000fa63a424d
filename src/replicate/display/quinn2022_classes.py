"""Tables and sentences of the superconductor CGCNN chapter: thresholds, and variants of the classifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from IPython.display import HTML

from replicate.display.xie2018 import network_cells, network_table
from replicate.figures.names import spread
from replicate.records import Record


def class_networks(record: Record) -> HTML:
    """Return the networks of a record and their training, named by what they learn."""

    def found(settings: Mapping[str, Any]) -> Iterator[list[str]]:
        for value in settings.values():
            if isinstance(value, Mapping) and {"model", "fit"} <= value.keys():
                classes = value["fit"]["loss"] == "bce"
                yield network_cells(value, "CGCNN, classifier" if classes else "CGCNN, regression")

    return network_table(found(record.config), f"{record.profile} profile")


def threshold_label(threshold: int, kind: str = "") -> str:
    """Return the label of a threshold in the record, for a kind of split or of crystals."""
    return f"threshold-{threshold}K{kind}"


def score_cells(record: Record, start: str, scores: Sequence[str]) -> list[str]:
    """Return scores as ``mean ± sd``, a dash where there is none."""
    found = (record.metrics.get(f"{start}/{score}") for score in scores)
    return ["–" if metric is None else spread(metric) for metric in found]
