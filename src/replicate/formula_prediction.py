"""Predict with a network that reads formulas: a value or a reason for every one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from replicate import data
from replicate.errors import FormulaError
from replicate.features.abbreviations import doubts_on_letters
from replicate.features.composition import Compositions, Problem, parse
from replicate.features.elements import N_ELEMENTS, SYMBOLS
from replicate.features.notation import Notation, amounts_as_written, plain
from replicate.features.reading import Read
from replicate.models import store
from replicate.models.configs import FORMATION, GAP
from replicate.models.keras_weights import load_keras_atcnn
from replicate.prediction_notes import never_saw, notes_on
from replicate.prediction_types import Prediction, mean_and_spread
from replicate.training.fit import AT_ONCE, outputs

# The authors' own single networks: dataset with the weights, layer sizes, unit.
AUTHORS = {
    "atcnn-authors/band-gap": ("atcnn-weights-gap", GAP, "eV"),
    "atcnn-authors/formation-energy-per-atom": ("atcnn-weights-formation", FORMATION, "eV/atom"),
}
_FILE = re.compile(r"\.(?:cif|csv|json|txt|vasp|gz|zip|tar)$", re.IGNORECASE)


class FormulaModel:
    """A network that reads formulas and is ready to predict.

    Args:
        name: from :func:`replicate.prediction.model_names`.

    Raises:
        ConfigError: the model is not known or not trained yet.
        MissingDataset: the weights of the ATCNN authors' networks are not here.
        DataError: the file of the weights is broken.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._elements: set[int] | None = None
        self._notes: tuple[str, ...] = ()
        self._call: Callable[[Compositions], torch.Tensor]
        if name in AUTHORS:
            dataset, config, self.unit = AUTHORS[name]
            network = load_keras_atcnn(data.locate(dataset), config)
            self._call = lambda found: outputs(
                network, config.inputs(found), torch.arange(len(found))[None], AT_ONCE
            )
            self._last = config.last_element
            return
        ensemble = store.load_ensemble(store.find_ensemble(name))
        self._call, self.unit = ensemble.of, ensemble.card.unit
        self._last = getattr(ensemble.config, "last_element", N_ELEMENTS)
        self._elements, self._notes = set(ensemble.card.elements), notes_on(ensemble.card)

    def predict(self, formulas: Sequence[Any]) -> list[Prediction]:
        """Return a prediction per formula; one that cannot be read gets a reason, no value.

        Args:
            formulas: texts, pymatgen's compositions or structures, of which the composition is used.
        """
        names = [_text_of(one) for one in formulas]
        found: dict[int, Prediction] = {}
        read: list[Notation] = []
        rows: list[int] = []
        for row, (name, one) in enumerate(zip(names, formulas, strict=True)):
            try:
                read.append(_notation(name, one))
                rows.append(row)
            except FormulaError as error:
                found[row] = self._refused(name, error.problem)
        compositions = _without_beyond(parse([one.text for one in read], on_error="collect"), self._last)
        for problem in compositions.problems:
            row = rows[problem.row - 1]
            found[row] = self._refused(names[row], problem.reason)
        if len(compositions):
            with torch.no_grad():
                values = self._call(compositions).numpy()  # (S, n)
            for i, (place, scores) in enumerate(zip(compositions.rows, mean_and_spread(values), strict=True)):
                row, notation = rows[place], read[place]
                amounts = compositions.amounts[i]
                warnings = (*self._notes, *self._doubts(notation, amounts))
                formula = amounts_as_written(notation.text, amounts)
                compound = Read(formula, None, None, notation.assumed)
                found[row] = Prediction(names[row], *scores, self.unit, warnings, compound, self.name)
        return [found[row] for row in range(len(names))]

    def _refused(self, name: str, reason: str) -> Prediction:
        if _FILE.search(name):
            reason = f"{reason}; this model reads formulas, the models called cgcnn read structure files"
        return Prediction(name, None, None, self.unit, (reason,), None, self.name)

    def _doubts(self, notation: Notation, amounts: np.ndarray) -> list[str]:
        """Return what makes one prediction doubtful; ``amounts`` (118,)."""
        found = [*notation.assumed, *doubts_on_letters(notation.text)]
        return (
            found
            if self._elements is None
            else found + never_saw(np.flatnonzero(amounts) + 1, self._elements)
        )


def _text_of(one: Any) -> str:
    """Return a formula as text: of a composition with every amount to its last digit."""
    if one is None or isinstance(one, str):
        return one or ""
    composition = getattr(one, "composition", one)
    return "".join(
        f"{getattr(element, 'symbol', element)}{'' if amount == 1 else f'{float(amount):.15g}'}"
        for element, amount in composition.items()
    )


def _notation(name: str, one: Any) -> Notation:
    if one is None:
        raise FormulaError("formula is not text, but missing")
    if isinstance(one, str):
        return plain(one)
    assumed = ("of the structure only the composition is used",) if hasattr(one, "composition") else ()
    return Notation(name, assumed)


def _without_beyond(compositions: Compositions, last: int) -> Compositions:
    """Return the compositions that a network which reads elements up to ``last`` can take, the others as problems."""
    beyond = compositions.beyond(last)
    found = list(compositions.problems)
    for i in np.flatnonzero(beyond):
        z = int(np.flatnonzero(compositions.amounts[i]).max()) + 1
        reason = f"element {SYMBOLS[z - 1]} (Z = {z}) is beyond Z = {last}, where this model's elements end"
        found.append(Problem(int(compositions.rows[i]) + 1, compositions.formulas[i], reason))
    problems = tuple(sorted(found, key=lambda problem: problem.row))
    return replace(compositions.take(~beyond), problems=problems)
