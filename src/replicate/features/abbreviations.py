"""Abbreviations and formulas in capitals, which read as quite other elements: ``YBCO`` as Y, B, C and O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from replicate.features.elements import ATOMIC_NUMBER

_EXAMPLES = {
    "YBCO": "YBa2Cu3O7", "REBCO": "YBa2Cu3O7", "BSCCO": "Bi2Sr2CaCu2O8", "BISCCO": "Bi2Sr2CaCu2O8",
    "TBCCO": "Tl2Ba2CaCu2O8", "HBCCO": "HgBa2Ca2Cu3O8", "LSCO": "La1.85Sr0.15CuO4", "LBCO": "La1.875Ba0.125CuO4",
    "LCO": "La2CuO4", "NCCO": "Nd1.85Ce0.15CuO4", "PCCO": "Pr1.85Ce0.15CuO4", "BKBO": "Ba0.6K0.4BiO3",
    "BTO": "BaTiO3", "STO": "SrTiO3", "BFO": "BiFeO3", "LAO": "LaAlO3", "LSMO": "La0.7Sr0.3MnO3",
    "PZT": "PbZr0.52Ti0.48O3", "YSZ": "Zr0.85Y0.15O1.925", "YAG": "Y3Al5O12", "ITO": "In1.8Sn0.2O3",
    "CIGS": "CuIn0.7Ga0.3Se2", "CZTS": "Cu2ZnSnS4", "MAPI": "CH3NH3PbI3", "LFP": "LiFePO4", "LLZO": "Li7La3Zr2O12",
}  # fmt: skip
FAMILIES = {
    "Hg-1201": "HgBa2CuO4", "Hg-1212": "HgBa2CaCu2O6", "Hg-1223": "HgBa2Ca2Cu3O8", "Bi-2201": "Bi2Sr2CuO6",
    "Bi-2212": "Bi2Sr2CaCu2O8", "Bi-2223": "Bi2Sr2Ca2Cu3O10", "Tl-2201": "Tl2Ba2CuO6", "Tl-2212": "Tl2Ba2CaCu2O8",
    "Tl-2223": "Tl2Ba2Ca2Cu3O10", "Y-123": "YBa2Cu3O7", "Y-124": "YBa2Cu4O8", "La-214": "La2CuO4", "Fe-11": "FeSe",
    "Ba-122": "BaFe2As2", "Fe-122": "BaFe2As2", "Fe-111": "LiFeAs", "Fe-1111": "LaFeAsO",
}  # fmt: skip
# Molecules whose capitals are no element's.
_MOLECULES = {"CO", "NO", "HF", "CN", "HCN", "KCN", "KOH", "KSCN", "HNCO", "HOF", "UC", "UN"}
_SYMBOLS = re.compile(r"[A-Z][a-z]?|[0-9.]+")
_CAPITALS = re.compile(r"(?:[A-Z][0-9.]*){2,8}")


def example_of(text: str) -> str | None:
    """Return the formula of a compound that an abbreviation stands for; None for what is none."""
    letters = text.rstrip("0123456789.")
    if letters in _EXAMPLES:
        return _EXAMPLES[letters]
    rare_earth = re.fullmatch(r"([A-Z][a-z])BCO", letters)
    return f"{rare_earth[1]}Ba2Cu3O7" if rare_earth else None


def doubts_on_letters(formula: str) -> list[str]:
    """Return what makes it doubtful that a formula's capitals are the elements that were meant; empty for most."""
    text = formula.strip()
    name = re.fullmatch(r"([A-Z][a-z]?)([0-9]{2,4})", text)
    if name and (example := FAMILIES.get(family := f"{name[1]}-{name[2]}")):
        return [f"read as the element {name[1]} alone; the family {family} is written out, such as {example}"]
    example = example_of(text)
    if (not _CAPITALS.fullmatch(text) and not example) or text in _MOLECULES:
        return []
    read = " ".join(_SYMBOLS.findall(text))
    if example:
        return [f"read as the elements {read}; if it is an abbreviation, write it out, such as {example}"]
    other = next((other for other in _with_two_letters(text) if _may_be_meant(other)), None)
    if other:
        return [f"read as the elements {read}; did you mean {other}?"]
    if text.isalpha() and len(text) > 2 and not _balanced(_parts(text)):
        return [f"read as the elements {read}; if it is an abbreviation, write it out"]
    return []


def _with_two_letters(text: str) -> Iterator[str]:
    """Yield the other readings of capitals, in which two neighbours are one element."""
    pairs = [text[i] + text[i + 1].lower() for i in range(len(text) - 1)]
    # Elements that people have in hand: up to bismuth, or thorium.
    places = [i for i, pair in enumerate(pairs) if pair == "Th" or ATOMIC_NUMBER.get(pair, 999) <= 83]
    for chosen in product((True, False), repeat=len(places)):
        starts = [i for i, use in zip(places, chosen, strict=True) if use]
        if starts and all(b - a > 1 for a, b in pairwise(starts)):
            yield "".join(c.lower() if i - 1 in starts else c for i, c in enumerate(text))


def _may_be_meant(other: str) -> bool:
    parts = _parts(other)
    # No capital is left alone in Nb3Sn for NB3SN; of the others a salt is likelier than what its letters spell.
    in_pairs = all(len(symbol) == 2 for symbol, _ in parts)
    return other in ATOMIC_NUMBER or (len(parts) > 1 and (in_pairs or _balanced(parts)))


def _parts(text: str) -> list[tuple[str, float]]:
    try:
        return [(s, float(amount or 1)) for s, amount in re.findall(r"([A-Z][a-z]?)([0-9.]*)", text)]
    except ValueError:
        return []


def _balanced(parts: Sequence[tuple[str, float]]) -> bool:
    """Return whether charges between the common oxidation states of the elements can add up to nothing."""
    from pymatgen.core import Element

    if not all(symbol in ATOMIC_NUMBER and symbol not in "DT" for symbol, _ in parts):
        return False
    states = [(Element(symbol).common_oxidation_states or (0,), amount) for symbol, amount in parts]
    least, most = (sum(limit(charges) * amount for charges, amount in states) for limit in (min, max))
    return bool(least <= 0 <= most)
