"""Predict with a crystal graph network: CIF files in, a value or a reason out for every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from replicate.data.archives import LARGEST_CIF
from replicate.errors import ConfigError
from replicate.features.elements import N_ELEMENTS
from replicate.features.graph_building import NEAREST, GraphReport, NoCrystalError, graphs_from_cifs
from replicate.features.neighbours import RELEASED
from replicate.models import store
from replicate.models.cgcnn_authors import PREFIX, load_authors
from replicate.models.graph_batch import GraphBatch, GraphSet
from replicate.prediction_notes import never_saw, notes_on
from replicate.prediction_types import Prediction

# What the names of ensembles trained here on crystals start with.
_CRYSTALS = ("cgcnn/", "quinn2022/")


def takes_crystals(model: str) -> bool:
    """Return whether a model reads crystals, not formulas."""
    return model.startswith((*_CRYSTALS, f"{PREFIX}/"))


class CrystalModel:
    """A crystal graph network that is ready to predict.

    Args:
        name: ``cgcnn-authors/<checkpoint>``, or an ensemble trained here, such as ``cgcnn/<quantity>``.

    Raises:
        ConfigError: the model is unknown, or reads formulas.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        if not takes_crystals(name):
            raise ConfigError(f"{name!r} reads no crystals; models that do: `replicate predict list`")
        self._call, self.unit, self._seen, self._notes = _network(name)
        # A network knows the neighbours it was trained with.
        self._rule = RELEASED if name.startswith(f"{PREFIX}/") else NEAREST

    def predict(
        self, texts: Sequence[tuple[str, str]], *, processes: int | None = None
    ) -> dict[str, Prediction]:
        """Return name → prediction for (name, CIF text); a crystal that cannot be used gets a reason, no value.

        Args:
            texts: names are to differ.
            processes: that read CIFs and build graphs; None: one per core for large sets.

        Raises:
            ConfigError: ``REPLICATE_PROCESSES`` is no number of processes.
        """
        if not texts:
            return {}
        try:
            report = graphs_from_cifs(texts, self._rule, processes=processes)
        except NoCrystalError as error:
            return {one.id: self.refused(one.id, one.reason) for one in error.dropped}
        found = {one.id: self.refused(one.id, one.reason) for one in report.dropped}
        graphs = GraphSet(report.graphs)
        parts = [self._call(graphs[rows]) for rows in torch.arange(len(graphs)).split(graphs.rows_at_once)]
        values = torch.cat(parts, dim=1).numpy()  # (S, N0)
        means = values.mean(axis=0)
        spreads = values.std(axis=0, ddof=1) if len(values) > 1 else None
        warnings = self._warnings(report)
        for i, name in enumerate(report.graphs.ids):
            spread = None if spreads is None else float(spreads[i])
            found[name] = Prediction(name, float(means[i]), spread, self.unit, (*self._notes, *warnings[i]))
        return found

    def refused(self, name: str, reason: str) -> Prediction:
        """Return the prediction of a crystal that cannot be used: no value, but a reason."""
        return Prediction(name, None, None, self.unit, (reason,))

    def _warnings(self, report: GraphReport) -> list[list[str]]:
        """Return what a user should know of each of N0 predictions."""
        found: list[list[str]] = [[] for _ in report.graphs.ids]
        unseen = [z for z in range(N_ELEMENTS) if z + 1 not in self._seen]
        strange = report.graphs.fractions()[:, unseen] > 0
        for i in np.flatnonzero(strange.any(axis=1)):
            found[i] += never_saw((unseen[k] + 1 for k in np.flatnonzero(strange[i])), self._seen)
        for warned, name in zip(found, report.graphs.ids, strict=True):
            warned += report.read[name].assumed
            if (farthest := report.widened.get(name)) is not None:
                warned.append(
                    f"an atom has too few neighbours within 8 Å; the farthest used is {farthest:.1f} Å away"
                )
        return found


def predict_crystals(model: str, files: Sequence[str]) -> list[Prediction]:
    """Predict a property of the crystals in CIF files; one that cannot be used gets no value but a reason.

    Args:
        model: as for :class:`CrystalModel`.
        files: paths.

    Raises:
        ConfigError: the model is unknown.
    """
    network = CrystalModel(model)
    texts, found = [], {}
    for file in dict.fromkeys(files):
        try:
            texts.append((file, read_cif(file)))
        except (OSError, ValueError) as error:
            missing = "; this model reads CIF files" if isinstance(error, FileNotFoundError) else ""
            found[file] = network.refused(file, f"cannot be read: {error}{missing}")
    found |= network.predict(texts)
    return [found[file] for file in files]


def read_cif(file: str) -> str:
    """Return the text of a CIF file; of text that is not UTF-8 the ASCII part, as for a file in an archive.

    Raises:
        OSError: it cannot be read.
        ValueError: it has more bytes than any structure needs, or its name has a zero byte.
    """
    with open(file, "rb") as opened:
        content = opened.read(LARGEST_CIF + 1)
    if len(content) > LARGEST_CIF:
        raise ValueError(f"it has more than {LARGEST_CIF:,} bytes")
    return content.decode("utf-8", errors="replace")


def _network(model: str) -> tuple[Callable[[GraphBatch], Tensor], str, set[int], tuple[str, ...]]:
    """Return what turns a batch into (S, B) values, the unit, the elements it knows, and notes."""
    if model.startswith(f"{PREFIX}/"):
        authors = load_authors(model.removeprefix(f"{PREFIX}/"))
        return lambda batch: authors(batch)[None], authors.unit, set(authors.elements), ()
    ensemble = store.load_ensemble(store.find_ensemble(model))
    card = ensemble.card
    return ensemble, card.unit, set(card.elements), notes_on(card)
