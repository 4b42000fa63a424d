"""Crystal structures as one line of text, short enough for a table and exact enough to get them back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from replicate.errors import DataError

if TYPE_CHECKING:
    from pymatgen.core import PeriodicSite, Structure


def to_text(structure: Structure) -> str:
    """Return a structure of n sites as JSON, each number to the last bit; site properties are left out.

    Keys: ``lattice`` (3, 3) in Å, rows are vectors; ``species`` (n), a symbol or, for a shared or partly empty
    site, a mapping from symbol to occupancy; ``coords`` (n, 3), fractional.
    """
    content = {
        "lattice": structure.lattice.matrix.tolist(),
        "species": [_species(site) for site in structure],
        "coords": structure.frac_coords.tolist(),
    }
    return json.dumps(content, separators=(",", ":"))


def to_structure(text: str) -> Structure:
    """Return the pymatgen structure of a text written by :func:`to_text`.

    Raises:
        DataError: the text is not such a structure.
    """
    # pymatgen takes a second to import, and most tables hold no structures.
    from pymatgen.core import Structure

    try:
        content = json.loads(text)
        return Structure(content["lattice"], content["species"], content["coords"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"this text is not a structure: {error}", value=str(text)[:60]) from error


def _species(site: PeriodicSite) -> str | dict[str, Any]:
    if site.is_ordered:
        return str(site.specie)
    return {str(one): float(occupancy) for one, occupancy in site.species.items()}
