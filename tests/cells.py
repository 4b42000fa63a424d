"""Cubic cells whose atoms are written down, which is much quicker than to ask for those of a space group."""

import numpy as np
from pymatgen.core import Lattice, Structure

_CENTRED = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])


def face_centred(edge: float, **sites: float) -> Structure:
    """Return a face-centred cell with, for each element, four atoms from (x, x, x) on."""
    symbols = [symbol for symbol in sites for _ in _CENTRED]
    return Structure(Lattice.cubic(edge), symbols, np.concatenate([_CENTRED + x for x in sites.values()]))


def rock_salt(edge: float, cation: str = "Na", anion: str = "Cl") -> Structure:
    """Return sodium chloride, or a salt of its structure: each atom has six others around it."""
    return face_centred(edge, **{cation: 0.0, anion: 0.5})


def diamond(edge: float = 3.57) -> Structure:
    """Return diamond: two face-centred lattices a quarter of the diagonal apart."""
    return Structure(Lattice.cubic(edge), ["C"] * 8, np.concatenate([_CENTRED, _CENTRED + 0.25]))
