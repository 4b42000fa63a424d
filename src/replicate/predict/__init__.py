"""Predict with trained networks: value, spread over an ensemble, and what a user should be warned of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeAlias

from replicate.errors import ConfigError, FormulaError, InputTypeError
from replicate.predict.prediction import Prediction, Predictions

if TYPE_CHECKING:
    from replicate.predict.models import CrystalModel, FormulaModel

__all__ = [
    "Prediction",
    "Predictions",
    "inputs_of",
    "is_of_authors",
    "model_names",
    "predict",
    "predictions",
    "takes_crystals",
]

# str, os.PathLike, pymatgen's Composition or Structure; the last two are not imported for a formula's sake.
Input: TypeAlias = Any

_TAKES = "formulas, pymatgen Compositions or Structures, CIF texts, or paths of structure files"


def is_of_authors(model: str) -> bool:
    """Return whether a model's name is that of a network of the papers' authors."""
    from replicate.models.cgcnn_authors import PREFIX
    from replicate.predict.models import AUTHORS

    return model in AUTHORS or model.startswith(f"{PREFIX}/")


def takes_crystals(model: str) -> bool:
    """Return whether a model reads crystals, not formulas, by its card; ConfigError for a model that is not known."""
    from replicate.predict.models import AUTHORS
    from replicate.training import store

    if is_of_authors(model):
        return model not in AUTHORS
    return store.read_card(store.find_ensemble(model)).crystals


def model_names() -> list[str]:
    """Return every model that can predict here."""
    from replicate import data
    from replicate.models.cgcnn_authors import PREFIX, authors_names
    from replicate.predict.models import AUTHORS
    from replicate.training import store

    authors = [name for name, (dataset, *_) in AUTHORS.items() if data.available(dataset)]
    crystals = [f"{PREFIX}/{name}" for name in authors_names()]
    return sorted(authors + crystals + store.stored_names())


def predict(model: str, inputs: Input | Iterable[Input]) -> Predictions:
    """Predict a property for chemical formulas, or for crystals where a model reads those.

    Args:
        model: a name from :func:`model_names`.
        inputs: compositions such as ``Cu2ZnSnS4`` or pymatgen's ``Composition``; for a model of crystals pymatgen's
            ``Structure``, CIF texts, or paths of structure files, archives and folders. One that cannot be used gets no
            value but a reason.

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
    model: str | FormulaModel | CrystalModel,
    inputs: Input | Iterable[Input],
    progress: Callable[[int], None] | None = None,
) -> Predictions:
    """Return as :func:`predict` a prediction or a reason per input, of formulas also where none can be used.

    Args:
        model: a name, or a network that is ready.
        inputs: as for :func:`predict`.
        progress: told after every part how many inputs are done.
    """
    from replicate.predict.models import network_of

    items = inputs_of(inputs)
    network = network_of(model) if isinstance(model, str) else model
    size = len(items) if progress is None else network.part
    rows = Predictions()
    for start in range(0, len(items), size):
        rows += network.predict(items[start : start + size])
        if progress is not None:
            progress(min(start + size, len(items)))
    return rows


def inputs_of(inputs: Input | Iterable[Input], who: str = "predict") -> list[Input]:
    """Return the inputs as a list of texts, paths, compositions and structures; None for a missing one.

    ``who`` takes them, for messages.
    """
    if isinstance(inputs, str):
        raise ConfigError(f"{who} takes several inputs, not one string: [{inputs!r}]")
    if _is_compound(inputs) or isinstance(inputs, PathLike):
        inputs = [inputs]
    if isinstance(inputs, bytes) or not isinstance(inputs, Iterable):
        raise InputTypeError(f"{who} takes {_TAKES}, not {type(inputs).__name__}")
    items = [_checked(item, who) for item in inputs]
    if not items:
        raise ConfigError(
            "give at least one formula or structure file"
            + (", for example: replicate predict atcnn/band-gap GaN" if who == "predict" else "")
        )
    return items


def _checked(item: object, who: str) -> Input:
    if isinstance(item, str) or _is_compound(item):
        return item
    if isinstance(item, PathLike):
        path = fspath(item)
        return path if isinstance(path, str) else path.decode(errors="surrogateescape")
    # What a table leaves empty: None, NaN, NA.
    if item is None or type(item).__name__ == "NAType" or (isinstance(item, float) and math.isnan(item)):
        return None
    raise InputTypeError(f"{who} takes {_TAKES}, not {type(item).__name__} ({item!r:.60})")


def _is_compound(item: object) -> bool:
    if not any(cls.__module__.startswith("pymatgen.") for cls in type(item).__mro__):
        return False
    from pymatgen.core import Composition, IStructure

    return isinstance(item, Composition | IStructure)
