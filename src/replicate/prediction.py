"""Predict with trained networks: value, spread over an ensemble, and what a user should be warned of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch

from replicate import data
from replicate.crystal_prediction import predict_crystals, takes_crystals
from replicate.errors import ConfigError, FormulaError
from replicate.features.composition import Compositions, Problem, parse
from replicate.features.elements import N_ELEMENTS, SYMBOLS
from replicate.models import store
from replicate.models.atcnn import FORMATION, GAP
from replicate.models.cgcnn_authors import PREFIX, authors_names
from replicate.models.keras_weights import load_keras_atcnn
from replicate.prediction_notes import never_saw, notes_on
from replicate.prediction_types import Prediction
from replicate.training.fit import AT_ONCE, outputs

# The authors' own single networks: dataset with the weights, layer sizes, unit.
_AUTHORS = {
    "atcnn-authors/band-gap": ("atcnn-weights-gap", GAP, "eV"),
    "atcnn-authors/formation-energy-per-atom": ("atcnn-weights-formation", FORMATION, "eV/atom"),
}
# pymatgen's reading, and ours: a decimal amount in front of water.
_POINT_HYDRATE = re.compile(r"[0-9]\.[0-9]+H2O$")
_FILE = re.compile(r"\.(?:cif|csv|json|txt)$", re.IGNORECASE)


def model_names() -> list[str]:
    """Return every model that can predict here."""
    authors = [name for name, (dataset, *_) in _AUTHORS.items() if data.available(dataset)]
    crystals = [f"{PREFIX}/{name}" for name in authors_names()]
    return sorted(authors + crystals + store.stored_names())


def predict(model: str, inputs: Iterable[str]) -> list[Prediction]:
    """Predict a property for chemical formulas, or for the crystals in CIF files where a model reads those.

    Args:
        model: a name from :func:`model_names`.
        inputs: compositions such as ``Cu2ZnSnS4``, or paths of CIF files; one that cannot be used gets no value
            but a reason.

    Raises:
        ConfigError: the model is not known or not trained yet, there is no input, or it is one string.
        FormulaError: no formula can be used; names the first (of CIF files each gets its reason even then).
        MissingDataset: the weights of the ATCNN authors' networks are not here.
        DataError: the file of a model's weights is broken.
    """
    if isinstance(inputs, str):
        raise ConfigError(f"predict takes several inputs, not one string: [{inputs!r}]")
    inputs = list(inputs)
    if not inputs:
        raise ConfigError(
            "give at least one formula or CIF file, for example: replicate predict atcnn/band-gap GaN"
        )
    return predict_crystals(model, inputs) if takes_crystals(model) else predict_formulas(model, inputs)


def predict_formulas(model: str, formulas: Sequence[str]) -> list[Prediction]:
    """Predict a property for chemical formulas; arguments and errors as for :func:`predict`."""
    if model in _AUTHORS:
        dataset, config, unit = _AUTHORS[model]
        network = load_keras_atcnn(data.locate(dataset), config)
        elements, notes = None, []
        call: Callable[[Compositions], torch.Tensor] = lambda found: outputs(  # noqa: E731
            network, config.inputs(found), torch.arange(len(found))[None], AT_ONCE
        )
        last = config.last_element
    else:
        ensemble = store.load_ensemble(store.find_ensemble(model))
        call, unit = ensemble.of, ensemble.card.unit
        last = getattr(ensemble.config, "last_element", N_ELEMENTS)
        elements = set(ensemble.card.elements)
        notes = list(notes_on(ensemble.card))
    compositions = _without_beyond(parse(list(formulas), on_error="collect"), last)
    if not len(compositions):
        first = compositions.problems[0]
        raise FormulaError(_reason(first), row=first.row, value=first.formula)
    with torch.no_grad():
        values = call(compositions).numpy()  # (S, n)
    found = {
        one.row - 1: Prediction(str(one.formula), None, None, unit, (_reason(one),))
        for one in compositions.problems
    }
    for i, (row, formula) in enumerate(zip(compositions.rows, compositions.formulas, strict=True)):
        warnings = (*notes, *_doubts(formula, compositions.amounts[i], elements))
        spread = float(values[:, i].std(ddof=1)) if len(values) > 1 else None
        found[int(row)] = Prediction(formula, float(values[:, i].mean()), spread, unit, warnings)
    return [found[row] for row in range(len(formulas))]


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


def _reason(problem: Problem) -> str:
    """Return why a formula was left out, and what to do where it is the name of a file."""
    if _FILE.search(str(problem.formula)) is None:
        return problem.reason
    return f"{problem.reason}; this model reads formulas, the models called cgcnn read CIF files"


def _doubts(formula: str, amounts: np.ndarray, elements: set[int] | None) -> list[str]:
    """Return what makes one prediction doubtful; ``amounts`` (118,), ``elements``: those in the training data."""
    found = []
    if _POINT_HYDRATE.search(formula):
        found.append("the point is read as a decimal point; a hydrate is written CuSO4(H2O)5")
    return found if elements is None else found + never_saw(np.flatnonzero(amounts) + 1, elements)
