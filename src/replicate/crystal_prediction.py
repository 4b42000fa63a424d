"""Predict with a crystal graph network: CIF files in, a value or a reason out for every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from replicate.data.archives import LARGEST_CIF
from replicate.errors import ConfigError
from replicate.features.atom_features import LAST_ELEMENT
from replicate.features.crystal_graph import CrystalGraphs
from replicate.features.elements import SYMBOLS
from replicate.features.graph_building import GraphReport, graphs_from_cifs
from replicate.models import store
from replicate.models.cgcnn_authors import PREFIX, load_authors
from replicate.models.graph_batch import GraphBatch, GraphSet
from replicate.prediction_types import Prediction


def takes_crystals(model: str) -> bool:
    """Return whether a model reads crystals, not formulas."""
    return model.startswith(("cgcnn/", f"{PREFIX}/"))


def predict_crystals(model: str, files: Sequence[str]) -> list[Prediction]:
    """Predict a property of the crystals in CIF files; one that cannot be used gets no value but a reason.

    Args:
        model: ``cgcnn-authors/<checkpoint>``, or an ensemble trained here, ``cgcnn/<quantity>``.
        files: paths.

    Raises:
        ConfigError: the model is unknown, or none of the files could be used.
    """
    call, unit, seen, notes = _network(model)
    texts, reasons = [], {}
    for file in files:
        try:
            texts.append((file, _read(file)))
        # ValueError: bytes that are no text, or a name with a zero byte.
        except (OSError, ValueError) as error:
            reasons[file] = f"cannot be read: {error}"
    if not texts:
        raise ConfigError("; ".join(f"{file} {reason}" for file, reason in reasons.items()))
    report = graphs_from_cifs(texts)
    reasons |= {one.id: one.reason for one in report.dropped}
    graphs = GraphSet(report.graphs)
    parts = [call(graphs[rows]) for rows in torch.arange(len(graphs)).split(graphs.rows_at_once)]
    values = torch.cat(parts, dim=1).numpy()  # (S, N0)
    place = {name: i for i, name in enumerate(report.graphs.ids)}
    found = []
    for file in files:
        if file in reasons:
            found.append(Prediction(file, None, None, unit, (reasons[file],)))
            continue
        i = place[file]
        spread = float(values[:, i].std(ddof=1)) if len(values) > 1 else None
        warnings = (*notes, *_warnings(report, i, seen))
        found.append(Prediction(file, float(values[:, i].mean()), spread, unit, warnings))
    return found


def _read(file: str) -> str:
    """Return the text of a CIF file, or raise ValueError where there is more than any structure needs."""
    with open(file, "rb") as opened:
        content = opened.read(LARGEST_CIF + 1)
    if len(content) > LARGEST_CIF:
        raise ValueError(f"it has more than {LARGEST_CIF:,} bytes")
    return content.decode("utf-8")


def _network(model: str) -> tuple[Callable[[GraphBatch], Tensor], str, set[int], tuple[str, ...]]:
    """Return what turns a batch into (S, B) values, the unit, the elements it knows, and notes."""
    if model.startswith(f"{PREFIX}/"):
        authors = load_authors(model.removeprefix(f"{PREFIX}/"))
        return lambda batch: authors(batch)[None], authors.unit, set(range(1, LAST_ELEMENT + 1)), ()
    ensemble = store.load_ensemble(store.find_ensemble(model))
    card = ensemble.card
    notes = () if card.profile == "full" else (f"trained with the {card.profile} profile",)
    return ensemble, card.unit, set(card.elements), notes


def _warnings(report: GraphReport, row: int, seen: set[int]) -> tuple[str, ...]:
    graphs: CrystalGraphs = report.graphs.take(np.array([row]))
    unseen = [SYMBOLS[z] for z in np.flatnonzero(graphs.fractions()[0]) if z + 1 not in seen]
    found = [f"elements the model never saw: {', '.join(unseen)}"] if unseen else []
    if (farthest := report.widened.get(graphs.ids[0])) is not None:
        found.append(f"an atom has too few neighbours within 8 Å; the farthest used is {farthest:.1f} Å away")
    return tuple(found)
