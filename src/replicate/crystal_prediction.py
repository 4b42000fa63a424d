"""Predict with a crystal graph network: structures in, a value or a reason out for every one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from replicate.errors import ConfigError, DataError, InputTypeError
from replicate.features.elements import N_ELEMENTS
from replicate.features.graph_building import (
    NEAREST,
    GraphReport,
    NoCrystalError,
    graphs_from_cifs,
    graphs_from_structures,
)
from replicate.features.neighbours import RELEASED
from replicate.models import store
from replicate.models.cgcnn_authors import PREFIX, load_authors
from replicate.models.graph_batch import GraphBatch, GraphSet
from replicate.prediction_notes import never_saw, notes_on
from replicate.prediction_types import Prediction, mean_and_spread
from replicate.structure_files import contents, expanded

if TYPE_CHECKING:
    from pymatgen.core import Structure

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
        self._call, self._expect, self.unit, self._seen, self._notes = _network(name)
        # A network knows the neighbours it was trained with.
        self._rule = RELEASED if name.startswith(f"{PREFIX}/") else NEAREST

    def predict(
        self, crystals: Sequence[tuple[str, str | Structure]], *, processes: int | None = None
    ) -> dict[str, Prediction]:
        """Return name → prediction for (name, CIF text or structure); what cannot be used gets a reason, no value.

        Args:
            crystals: names are to differ.
            processes: that read CIFs and build graphs; None: 1, for large sets as many as ``REPLICATE_PROCESSES`` says.

        Raises:
            ConfigError: ``REPLICATE_PROCESSES`` is no number of processes.
        """
        texts = [(name, content) for name, content in crystals if isinstance(content, str)]
        structures = [(name, content) for name, content in crystals if not isinstance(content, str)]
        found: dict[str, Prediction] = {}
        if texts:
            found |= self._predictions(lambda: graphs_from_cifs(texts, self._rule, processes=processes))
        if structures:
            found |= self._predictions(
                lambda: graphs_from_structures(structures, self._rule, processes=processes)
            )
        return found

    def _predictions(self, build: Callable[[], GraphReport]) -> dict[str, Prediction]:
        try:
            report = build()
        except NoCrystalError as error:
            return {one.id: self.refused(one.id, one.reason) for one in error.dropped}
        found = {one.id: self.refused(one.id, one.reason) for one in report.dropped}
        graphs = GraphSet(report.graphs)
        self._expect(len(graphs) + len(report.dropped))
        parts = [self._call(graphs[rows]) for rows in torch.arange(len(graphs)).split(graphs.rows_at_once)]
        values = torch.cat(parts, dim=1).numpy()  # (S, N0)
        rows = zip(report.graphs.ids, mean_and_spread(values), self._warnings(report), strict=True)
        for name, scores, warnings in rows:
            told = (*self._notes, *warnings)
            found[name] = Prediction(name, *scores, self.unit, told, report.read[name], self.name)
        return found

    def read_and_predict(self, inputs: Sequence[Any]) -> list[Prediction]:
        """Return a prediction per structure that the inputs hold, in their order.

        Args:
            inputs: paths of files, archives and folders, or pymatgen structures.

        Raises:
            InputTypeError: an input is a composition.
        """
        crystals: dict[str, str | Structure] = {}
        found: dict[str, Prediction] = {}
        order: list[str] = []
        files: dict[str, list[str]] = {}  # read once, though named twice
        for one in inputs:
            if one is None:
                order.append("")
                found[""] = self.refused("", "the input is missing")
            elif isinstance(one, str):
                if one not in files:
                    files[one] = self._contents(one, crystals, found)
                order += files[one]
            elif hasattr(one, "lattice"):
                order.append(_unused(one.formula.replace(" ", ""), crystals))
                crystals[order[-1]] = one
            else:
                raise InputTypeError(
                    f"{self.name} takes pymatgen Structures or files, not {type(one).__name__}"
                )
        found |= self.predict(list(crystals.items()))
        return [found[name] for name in order]

    def _contents(
        self, name: str, crystals: dict[str, str | Structure], found: dict[str, Prediction]
    ) -> list[str]:
        """Put what a name stands for among crystals to predict or reasons; return the names of both, in order."""
        order: list[str] = []
        try:
            for file in expanded(name):
                for label, content, problem in contents(file):
                    order.append(label)
                    if content is None:
                        found[label] = self.refused(label, problem)
                    else:
                        crystals[label] = content
        except (DataError, ConfigError) as error:
            order.append(name)
            found[name] = self.refused(name, str(error))
        if not order:
            order.append(name)
            found[name] = self.refused(name, "no structure file in it")
        return order

    def refused(self, name: str, reason: str) -> Prediction:
        """Return the prediction of a crystal that cannot be used: no value, but a reason."""
        return Prediction(name, None, None, self.unit, (reason,), None, self.name)

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


def _unused(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: itself, or with a number behind it."""
    number = 1
    label = name
    while label in taken:
        number += 1
        label = f"{name} ({number})"
    return label


def _network(
    model: str,
) -> tuple[Callable[[GraphBatch], Tensor], Callable[[int], None], str, set[int], tuple[str, ...]]:
    """Return what turns a batch into (S, B) values and is told their number, the unit, known elements, and notes."""
    if model.startswith(f"{PREFIX}/"):
        authors = load_authors(model.removeprefix(f"{PREFIX}/"))
        call = lambda batch: authors(batch)[None]  # noqa: E731
        return call, authors.model.expect, authors.unit, set(authors.elements), ()
    ensemble = store.load_ensemble(store.find_ensemble(model))
    card = ensemble.card
    return ensemble, ensemble.model.expect, card.unit, set(card.elements), notes_on(card)
