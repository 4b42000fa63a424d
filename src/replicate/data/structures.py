"""Crystal structures as one line of text in a bundled table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from replicate.errors import DataError

if TYPE_CHECKING:
    from pymatgen.core import Structure


def to_structure(text: str) -> Structure:
    """Return the pymatgen structure of n sites that a JSON text holds.

    Keys: ``lattice`` (3, 3) in Å, rows are vectors; ``species`` (n), a symbol or, for a shared or partly empty
    site, a mapping from symbol to occupancy; ``coords`` (n, 3), fractional. DataError for another text.
    """
    # pymatgen takes a second to import, and most tables hold no structures.
    from pymatgen.core import Structure

    try:
        content = json.loads(text)
        return Structure(content["lattice"], content["species"], content["coords"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"this text is not a structure: {error}", value=str(text)[:60]) from error
