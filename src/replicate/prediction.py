"""Predict with trained networks: value, spread over an ensemble, and what a user should be warned of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from os import PathLike, fspath
from typing import Any, TypeAlias

from replicate import data
from replicate.crystal_prediction import CrystalModel, takes_crystals
from replicate.errors import ConfigError, FormulaError, InputTypeError
from replicate.formula_prediction import AUTHORS, FormulaModel
from replicate.models import store
from replicate.models.cgcnn_authors import PREFIX, authors_names
from replicate.prediction_types import Prediction, Predictions

# str, os.PathLike, pymatgen's Composition or Structure; the last two are not imported for a formula's sake.
Input: TypeAlias = Any

# Inputs between two reports of progress; graphs of crystals are built by several processes only where there are many.
PART, CRYSTALS = 1_000, 4_000
_TAKES = "formulas, pymatgen Compositions or Structures, or paths of structure files"


def model_names() -> list[str]:
    """Return every model that can predict here."""
    authors = [name for name, (dataset, *_) in AUTHORS.items() if data.available(dataset)]
    crystals = [f"{PREFIX}/{name}" for name in authors_names()]
    return sorted(authors + crystals + store.stored_names())


def predict(model: str, inputs: Input | Iterable[Input]) -> Predictions:
    """Predict a property for chemical formulas, or for crystals where a model reads those.

    Args:
        model: a name from :func:`model_names`.
        inputs: compositions such as ``Cu2ZnSnS4`` or pymatgen's ``Composition``; for a model of crystals pymatgen's
            ``Structure``, or paths of structure files, archives and folders. One that cannot be used gets no value but
            a reason.

    Raises:
        ConfigError: the model is not known or not trained yet, there is no input, or it is one string.
        InputTypeError: an input is of another type.
        FormulaError: no formula can be used; names the first (of crystals each gets its reason even then).
        MissingDataset: the weights of the ATCNN authors' networks are not here.
        DataError: the file of a model's weights is broken.
    """
    rows = predictions(model, inputs)
    if not takes_crystals(model) and all(row.value is None for row in rows):
        raise FormulaError(rows[0].warnings[0], row=1, value=rows[0].input)
    return rows


def predictions(
    model: str, inputs: Input | Iterable[Input], progress: Callable[[int], None] | None = None
) -> Predictions:
    """Return as :func:`predict` a prediction or a reason per input, of formulas also where none can be used.

    Args:
        model, inputs: as for :func:`predict`.
        progress: told after every part how many inputs are done.
    """
    items = _listed(inputs)
    network = CrystalModel(model) if takes_crystals(model) else FormulaModel(model)
    ask: Callable[[Sequence[Any]], list[Prediction]] = (
        network.read_and_predict if isinstance(network, CrystalModel) else network.predict
    )
    if progress is None:
        return Predictions(ask(items))
    found = Predictions()
    size = CRYSTALS if isinstance(network, CrystalModel) else PART
    for start in range(0, len(items), size):
        found += ask(items[start : start + size])
        progress(min(start + size, len(items)))
    return found


def _listed(inputs: Input | Iterable[Input]) -> list[Input]:
    """Return the inputs as a list of texts, paths, compositions and structures; None for a missing one."""
    if isinstance(inputs, str):
        raise ConfigError(f"predict takes several inputs, not one string: [{inputs!r}]")
    if _is_compound(inputs) or isinstance(inputs, PathLike):
        inputs = [inputs]
    if isinstance(inputs, bytes) or not isinstance(inputs, Iterable):
        raise InputTypeError(f"predict takes {_TAKES}, not {type(inputs).__name__}")
    items = [_checked(one) for one in inputs]
    if not items:
        raise ConfigError(
            "give at least one formula or structure file, for example: replicate predict atcnn/band-gap GaN"
        )
    return items


def _checked(one: object) -> Input:
    if isinstance(one, str) or _is_compound(one):
        return one
    if isinstance(one, PathLike):
        path = fspath(one)
        return path if isinstance(path, str) else path.decode(errors="surrogateescape")
    # What a table leaves empty: None, NaN, NA.
    if one is None or type(one).__name__ == "NAType" or (isinstance(one, float) and math.isnan(one)):
        return None
    raise InputTypeError(f"predict takes {_TAKES}, not {type(one).__name__} ({one!r:.60})")


def _is_compound(one: object) -> bool:
    if not any(cls.__module__.startswith("pymatgen.") for cls in type(one).__mro__):
        return False
    from pymatgen.core import Composition, IStructure

    return isinstance(one, Composition | IStructure)
