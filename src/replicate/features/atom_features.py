"""Feature vectors of the elements: Table II of Xie and Grossman's supplement, and the vectors they released."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from replicate.errors import ConfigError
from replicate.features.elements import N_ELEMENTS, PROPERTIES, element_properties

LAST_ELEMENT = 100  # fermium: neither the released vectors nor the property tables go further

# Property → (lowest, highest, categories, natural logarithm?); None: one category per whole number or block.
TABLE_2: dict[str, tuple[float, float, int, bool]] = {
    "group": (1, 18, 18, False),
    "period": (1, 9, 9, False),
    "electronegativity": (0.5, 4.0, 10, False),
    "covalent_radius": (25, 250, 10, False),
    "valence_electrons": (1, 12, 12, False),
    "first_ionization_energy": (1.3, 3.3, 10, True),
    "electron_affinity": (-3, 3.7, 10, False),
    "block": (0, 3, 4, False),
    "atomic_volume": (1.5, 4.3, 10, True),
}
_WHOLE = ("group", "period", "valence_electrons", "block")

TWO = ("group", "period")
THREE = (*TWO, "electronegativity")
NINE = PROPERTIES


@lru_cache(maxsize=32)
def one_hot(properties: tuple[str, ...]) -> np.ndarray:
    """Return (118, F) one-hot vectors of the named properties side by side, in the order given (Table II).

    Continuous values fall into equal intervals of the table's range, values outside into the outermost ones;
    a value that no table holds leaves its property's columns zero.

    Raises:
        ConfigError: a property is unknown or named twice, or none is named.
    """
    if not properties or not set(properties) <= set(TABLE_2) or len(set(properties)) < len(properties):
        given = ", ".join(properties)
        raise ConfigError(f"atom features must be some of {', '.join(TABLE_2)}, each once, not {given!r}")
    values = element_properties()
    return np.concatenate([_encode(name, values[name]) for name in properties], axis=1)


def _encode(name: str, values: np.ndarray) -> np.ndarray:
    low, high, n, log = TABLE_2[name]
    known = ~np.isnan(values)
    x = np.log(values[known]) if log else values[known]
    place = (x - low) if name in _WHOLE else (x - low) / (high - low) * n
    columns = np.zeros((N_ELEMENTS, n), dtype=np.float32)
    columns[np.flatnonzero(known), np.clip(np.floor(place + 1e-9), 0, n - 1).astype(int)] = 1
    return columns


@lru_cache(maxsize=1)
def released() -> np.ndarray:
    """Return (118, 92) vectors as released with the code (``atom_init.json``); zero beyond fermium."""
    content = json.loads((Path(__file__).parent / "released_atom_vectors.json").read_text(encoding="utf-8"))
    vectors = np.zeros((N_ELEMENTS, content["length"]), dtype=np.float32)
    for row, ones in enumerate(content["ones"]):
        vectors[row, ones] = 1
    return vectors


def atom_features(choice: str | tuple[str, ...]) -> np.ndarray:
    """Return (118, F) float32: ``"released"``, or the one-hot vectors of named properties.

    Raises:
        ConfigError: the choice is neither.
    """
    if choice == "released":
        return released()
    if isinstance(choice, str):
        raise ConfigError(f"atom features must be 'released' or a tuple of properties, not {choice!r}")
    return one_hot(choice)
