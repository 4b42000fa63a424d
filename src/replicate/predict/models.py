"""Networks that are ready to predict, of formulas and of crystals: a value or a reason for every input."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from replicate import data
from replicate.errors import ConfigError, DataError, InputTypeError
from replicate.evaluation.distances import Nearest, Reference
from replicate.features.abbreviations import doubts_on_letters
from replicate.features.composition import Compositions
from replicate.features.elements import N_ELEMENTS, SYMBOLS
from replicate.features.graph_building import NEAREST, GraphReport, NoCrystalError, graphs_from_structures
from replicate.features.neighbours import RELEASED
from replicate.features.notation import amounts_as_written
from replicate.features.reading import Read
from replicate.models.cgcnn_authors import PREFIX, load_authors
from replicate.models.configs import FORMATION, GAP
from replicate.models.graph_batch import GraphBatch, GraphSet
from replicate.models.keras_weights import load_keras_atcnn
from replicate.models.stacked import outputs
from replicate.predict import takes_crystals
from replicate.predict.formulas import read_formulas
from replicate.predict.prediction import Prediction, mean_and_spread
from replicate.predict.structure_files import contents, expanded, is_cif
from replicate.results import records
from replicate.training import store
from replicate.training.fit import AT_ONCE

if TYPE_CHECKING:
    from pymatgen.core import Structure

# The ATCNN authors' own single networks: dataset with the weights, layer sizes, unit.
AUTHORS = {
    "atcnn-authors/band-gap": ("atcnn-weights-gap", GAP, "eV"),
    "atcnn-authors/formation-energy-per-atom": ("atcnn-weights-formation", FORMATION, "eV/atom"),
}
_TAUGHT = {
    "atcnn/band-gap": "trained on compounds with a gap: a metal gets one too",
    "atcnn/metal": "the probability of a metal",
}
# The terms of some data do not let their compositions be stored with the weights.
UNPLACED = "distance from the training data unknown"
_BLOCK = re.compile(r"data_(\S+)")
_FILE = re.compile(r"\.(?:cif|csv|json|txt|vasp|gz|zip|tar)$", re.IGNORECASE)


class _Model:
    """What models of formulas and of crystals share: name, unit, elements of the training data, and notes."""

    part: int  # inputs between two reports of progress

    def __init__(self, name: str) -> None:
        self.name, self.unit = name, ""
        self._reference: Reference | None = None
        self._elements = {*range(1, N_ELEMENTS + 1)}  # where those of the training data are not known
        self._notes: tuple[str, ...] = ()
        self._least = -math.inf  # that it can predict

    def _ensemble(self, ensemble: store.Ensemble | None) -> store.Ensemble:
        """Return an ensemble, or the stored one of this name, whose card says unit, elements and notes."""
        ensemble = ensemble or store.load_ensemble(store.find_ensemble(self.name))
        self._reference = ensemble.reference
        self.unit, self._elements = ensemble.card.unit, set(ensemble.card.elements)
        self._notes = notes_on(ensemble.card)
        self._least = 0.0 if getattr(ensemble.config, "output", "") == "relu" else -math.inf
        return ensemble

    def refused(self, name: str, reason: str) -> Prediction:
        """Return the prediction of an input that cannot be used: no value, but a reason."""
        return Prediction(name, None, None, self.unit, (reason,), None, self.name)

    def _never_saw(self, present: Iterable[int]) -> list[str]:
        """Return the warning on elements that are no part of the training data, by atomic number; empty for none."""
        unseen = [SYMBOLS[z - 1] for z in present if z not in self._elements]
        return [f"elements the model never saw: {', '.join(unseen)}"] if unseen else []

    def _near(self, fractions: np.ndarray) -> list[Nearest] | list[None]:
        """Return what of the training data is nearest to each of (n, 118) fractions; None where that is not known."""
        return self._reference.nearest(fractions) if self._reference else [None] * len(fractions)

    def _placed(self, found: Prediction, near: Nearest | None) -> Prediction:
        """Return a prediction with its place among the training data, and a warning where it is far or not known."""
        if near is None:
            return replace(found, warnings=(*found.warnings, UNPLACED))
        warnings = (*found.warnings, "far from the training data") if near.far else found.warnings
        low = high = None
        if near.expected.p90 is not None and found.value is not None and self.unit != "probability":
            low, high = max(found.value - near.expected.p90, self._least), found.value + near.expected.p90
        return replace(
            found, nearest=near.formula, distance=near.distance, expected_error=near.expected.error,
            low=low, high=high, warnings=warnings,
        )  # fmt: skip


def network_of(name: str, ensemble: store.Ensemble | None = None) -> FormulaModel | CrystalModel:
    """Return the network of a name, or an ensemble that is called so, ready to predict."""
    crystals = takes_crystals(name) if ensemble is None else ensemble.card.crystals
    return CrystalModel(name, ensemble) if crystals else FormulaModel(name, ensemble)


def notes_on(card: store.EnsembleCard) -> tuple[str, ...]:
    """Return what holds for every prediction of an ensemble: what it was taught, and how far."""
    notes = [_TAUGHT[card.name]] if card.name in _TAUGHT else []
    if card.profile == store.OWN:
        return ()
    if card.profile != "full":
        return (*notes, f"trained with the {card.profile} profile")
    full = records.full_record(card.experiment)
    return (*notes, "trained with a reduced budget") if full and full.budget else tuple(notes)


class FormulaModel(_Model):
    """A network that reads formulas.

    Args:
        name: from :func:`replicate.predict.model_names`.

    Raises:
        ConfigError: the model is not known or not trained yet.
        MissingDataset: the weights of the ATCNN authors' networks are not here.
        DataError: the file of the weights is broken.
    """

    part = 1_000

    def __init__(self, name: str, ensemble: store.Ensemble | None = None) -> None:
        super().__init__(name)
        self._call: Callable[[Compositions], Tensor]
        if name in AUTHORS:
            dataset, config, self.unit = AUTHORS[name]
            network = load_keras_atcnn(data.locate(dataset), config)
            self._call = lambda rows: outputs(network, config.inputs(rows), torch.arange(len(rows))[None], AT_ONCE)
            self._last = config.last_element
        else:
            ensemble = self._ensemble(ensemble)
            self._call, self._last = ensemble.predict, getattr(ensemble.config, "last_element", N_ELEMENTS)

    def predict(self, formulas: Sequence[Any]) -> list[Prediction]:
        """Return a prediction per formula; one that cannot be read gets a reason, no value.

        Args:
            formulas: texts, pymatgen's compositions or structures, of which the composition is used.
        """
        names, compositions, notations = read_formulas(formulas, self._last)
        predictions = {p.row - 1: self._unread(names[p.row - 1], p.reason) for p in compositions.problems}
        if len(compositions):
            with torch.no_grad():
                values = self._call(compositions).numpy()  # (S, n)
            near = self._near(compositions.fractions)
            for i, (row, scores) in enumerate(zip(compositions.rows, mean_and_spread(values), strict=True)):
                notation, amounts = notations[i], compositions.amounts[i]
                doubts = (*notation.assumed, *doubts_on_letters(notation.text))
                warnings = (*self._notes, *doubts, *self._never_saw(np.flatnonzero(amounts) + 1))
                read = Read(amounts_as_written(notation.text, amounts), assumed=notation.assumed)
                found = Prediction(names[row], *scores, self.unit, warnings, read, self.name)
                predictions[row] = self._placed(found, near[i])
        return [predictions[row] for row in range(len(names))]

    def _unread(self, name: str, reason: str) -> Prediction:
        if _FILE.search(name):
            reason = f"{reason}; this model reads formulas; structure files need a model of crystals"
        return self.refused(name, reason)


class CrystalModel(_Model):
    """A crystal graph network.

    Args:
        name: ``cgcnn-authors/<checkpoint>``, or an ensemble trained here, such as ``cgcnn/<quantity>``.

    Raises:
        ConfigError: the model is unknown, or reads formulas.
    """

    part = 4_000  # graphs are built by several processes only where there are many

    def __init__(self, name: str, ensemble: store.Ensemble | None = None) -> None:
        super().__init__(name)
        if ensemble is None and not takes_crystals(name):
            raise ConfigError(f"{name!r} reads no crystals; models that do: `replicate predict list`")
        self._call: Callable[[GraphBatch], Tensor]
        if name.startswith(f"{PREFIX}/"):
            authors = load_authors(name.removeprefix(f"{PREFIX}/"))
            self._call, self._expect = lambda batch: authors(batch)[None], authors.model.expect
            self.unit, self._elements = authors.unit, set(authors.elements)
            self._rule = RELEASED  # a network knows the neighbours it was trained with
        else:
            ensemble = self._ensemble(ensemble)
            self._call, self._expect, self._rule = ensemble, ensemble.model.expect, NEAREST

    def predict(self, inputs: Sequence[Any]) -> list[Prediction]:
        """Return a prediction per structure that the inputs hold, in their order.

        Args:
            inputs: paths of files, archives and folders, CIF texts, or pymatgen structures.

        Raises:
            InputTypeError: an input is a composition.
        """
        crystals: dict[str, str | Structure] = {}
        refused: dict[str, Prediction] = {}
        order: list[str] = []
        files: dict[str, list[str]] = {}  # read once, though named twice

        def add(name: str, crystal: str | Structure) -> None:
            labels = (f"{name} ({number})" if number > 1 else name for number in count(1))
            order.append(next(label for label in labels if label not in crystals))
            crystals[order[-1]] = crystal

        for item in inputs:
            if item is None:
                order.append("")
                refused[""] = self.refused("", "the input is missing")
            elif isinstance(item, str) and is_cif(item):
                add(_BLOCK.findall(f"{item} data_CIF")[0], item)
            elif isinstance(item, str):
                if item not in files:
                    files[item] = self._read(item, crystals, refused)
                order += files[item]
            elif hasattr(item, "lattice"):
                add(item.formula.replace(" ", ""), item)
            else:
                raise InputTypeError(f"{self.name} takes pymatgen Structures or files, not {type(item).__name__}")
        predictions = refused | self.by_name(list(crystals.items()))
        return [predictions[name] for name in order]

    def _read(self, name: str, crystals: dict[str, str | Structure], refused: dict[str, Prediction]) -> list[str]:
        """Put what a name stands for among crystals to predict or reasons; return the names of both, in order."""
        order: list[str] = []
        problem = "no structure file in it"
        try:
            for label, content, reason in (row for file in expanded(name) for row in contents(file)):
                order.append(label)
                if content is None:
                    refused[label] = self.refused(label, reason)
                else:
                    crystals[label] = content
            if order:
                return order
        except (DataError, ConfigError) as error:
            problem = str(error)
        refused[name] = self.refused(name, problem)
        return [*order, name]

    def by_name(
        self, crystals: Sequence[tuple[str, str | Structure]], *, processes: int | None = None
    ) -> dict[str, Prediction]:
        """Return name → prediction for (name, CIF text or structure); what cannot be used gets a reason, no value.

        Args:
            crystals: names are to differ.
            processes: that read CIFs and build graphs; None: 1, for large sets as many as ``REPLICATE_PROCESSES`` says.

        Raises:
            ConfigError: ``REPLICATE_PROCESSES`` is no number of processes.
        """
        if not crystals:
            return {}
        try:
            report = graphs_from_structures(crystals, self._rule, processes=processes)
        except NoCrystalError as error:
            return {dropped.id: self.refused(dropped.id, dropped.reason) for dropped in error.dropped}
        predictions = {dropped.id: self.refused(dropped.id, dropped.reason) for dropped in report.dropped}
        graphs = GraphSet(report.graphs)
        self._expect(len(crystals))
        parts = [self._call(graphs[rows]) for rows in torch.arange(len(graphs)).split(graphs.rows_at_once)]
        scores = mean_and_spread(torch.cat(parts, dim=1).numpy())
        near = self._near(report.graphs.fractions())
        for i, (name, warnings) in enumerate(zip(report.graphs.ids, self._warnings(report), strict=True)):
            warnings = (*self._notes, *warnings)
            prediction = Prediction(name, *scores[i], self.unit, warnings, report.read[name], self.name)
            predictions[name] = self._placed(prediction, near[i])
        return predictions

    def _warnings(self, report: GraphReport) -> list[tuple[str, ...]]:
        """Return what a user should know of each of N0 predictions."""
        warnings = []
        for name, fractions in zip(report.graphs.ids, report.graphs.fractions(), strict=True):
            notes = [*self._never_saw(np.flatnonzero(fractions) + 1), *report.read[name].assumed]
            if name in report.widened:
                far = f"{report.widened[name]:.1f} Å"
                notes.append(f"an atom has too few neighbours within 8 Å; the farthest used is {far} away")
            warnings.append(tuple(notes))
        return warnings
