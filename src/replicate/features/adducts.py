"""Adducts such as ``CuSO4.5H2O``: a point, a number and a molecule or compound behind another one."""

from __future__ import annotations

import re

_ELEMENT = r"[A-Z][a-z]?"
_WATER = ("H2O", "D2O", "HDO", "T2O", "OH2", "NH3", "ND3", "N2H4")
# What stands behind the point in hydrates, ammines and minerals written as oxides or salts. Elsewhere a point is a
# decimal one: ``La1.8Sr.2CuO4``, ``Na.3WO3``, ``LaO.5F.5BiS2``.
_OTHERS = (
    "H2O2", "CS2", "H2S", "HNO3", "H2SO4", "H3PO4", "CCl4", "BH3", "AlH3", "LiH", "LiBH4", "NaBH4", "NH4Cl",
    "(NH4)2SO4", "Li2S", "Na2S", "P2S5", "SiS2", "GeS2", "As2S3", "Sb2S3", "Bi2S3", "PbS", "Cu2S", "Ag2S", "ZnS", "FeS",
)  # fmt: skip
_ACID = r"(?:CO3|SO4|NO3|PO4|OH)"
_AMOUNT = "(?:[2-9][0-9]*|1[0-9]+)?"  # lists of data write an amount of one, as in Li0.84H1Fe1.14Se1O1; people do not
_SALT = rf"{_ELEMENT}{_AMOUNT}(?:(?:O|F|Cl|Br|I){_AMOUNT}|{_ACID}|\({_ACID}\){_AMOUNT})"
MOLECULE = "|".join([*map(re.escape, _WATER + _OTHERS), _SALT])
_NUMBER = r"[0-9]+(?:\.[0-9]+)?|[0-9]+/[0-9]+|\.[0-9]+"
# The shortest first part, so that O2.1.3H2O is O2 with 1.3 H2O.
_FIRST = r"(?P<first>.*?[A-Za-z0-9)\]}])\."
_TIMES = r"(?P<n>[0-9]+(?:\.[0-9]+|/[0-9]+)?)?"
_POINT = re.compile(rf"{_FIRST}{_TIMES}(?P<last>{MOLECULE}|\((?:{MOLECULE})\)|\[(?:{MOLECULE})\])")
# An organic molecule, C first, is no list of atoms of a ceramic.
_ORGANIC = re.compile(rf"{_FIRST}{_TIMES}(?P<last>C[0-9]*H[0-9]*(?:[A-Z][a-z]?[0-9]*)*)")
_LETTER = re.compile(rf"{_FIRST}(?P<n>)(?P<last>[A-Z(\[].*)")
_BRACKETED_NUMBER = re.compile(rf"\(({_NUMBER})({MOLECULE})\)")
_COEFFICIENT = re.compile(rf"({_NUMBER})?([A-Z(\[{{].*)")
_NONMETAL = re.compile(r"H(?![efgos])|[BCNOFPSI](?![a-z])|Cl|Br|Si|Se|Te|As")


def joined(text: str) -> str:
    """Return a text without white space around the points of an adduct."""
    text = re.sub(r"\s*·\s*", "·", text)
    text = re.sub(r"(?<=[A-Za-z0-9)\]}])\s+\.\s*(?=[0-9A-Z(])|(?<=[A-Za-z0-9)\]}])\.\s+(?=[0-9A-Z(])", ".", text)
    text = re.sub(rf"(?<=[A-Za-z0-9)\]}}])\s+({_NUMBER})\s*(?=\(?(?:{'|'.join(_WATER)})\)?$)", r"·\1", text)
    return re.sub(rf"([.·](?:{_NUMBER}))\s+(?=\(?(?:{MOLECULE})\)?$)", r"\1", text)


def bracketed(text: str) -> tuple[str, list[str]]:
    """Return a formula with the parts of an adduct in brackets, and those parts; none where it is no adduct.

    ``LiCl.2NH3`` gives ``(LiCl)(NH3)2``.
    """
    text = _BRACKETED_NUMBER.sub(r"(\2)\1", text)
    parts = [(_factor(n), part) for piece in text.split("·") for n, part in _split(piece)]
    if len(parts) == 1:
        return text, []
    pieces = [part if n == "1" else f"{n} {part}" for n, part in parts]
    return "".join(f"({part}){'' if n == '1' else n}" for n, part in parts), pieces


def _split(piece: str) -> list[tuple[str, str]]:
    """Return (number, formula) of the parts that points separate."""
    tail: list[tuple[str, str]] = []
    while (match := _matched(piece)) is not None:
        last = match["last"]
        tail.insert(0, (match["n"] or "1", last[1:-1] if last[0] in "([" and last[-1] in ")]" else last))
        piece = match["first"]
    lead = _COEFFICIENT.fullmatch(piece)
    return [("1", piece) if lead is None else (lead[1] or "1", lead[2]), *tail]


def _matched(piece: str) -> re.Match[str] | None:
    """Return the first part, number and last part of an adduct; None where no point separates compounds."""
    if "." not in piece:
        return None
    for pattern in (_POINT, _ORGANIC):
        match = pattern.fullmatch(piece)
        if match is not None and _is_compound(match["first"], match["last"]):
            return match
    # No amount begins with a letter, so the point in CaO.SiO2 can be nothing else; in ``Fe2.O3.`` it ends an amount.
    match = _LETTER.fullmatch(piece)
    if match is None or "." in match["first"] or len(re.findall("[A-Z]", match["first"])) < 2:
        return None
    return match if len(set(re.findall(_ELEMENT, match["last"]))) > 1 else None


def _is_compound(first: str, last: str) -> bool:
    """Return whether what stands before the point is a compound, not the start of a formula with decimal amounts."""
    if last.strip("()[]") in _WATER:
        return True
    if re.search(r"[A-Za-z)\]}]0$", first):  # as in Na0.3WO3: no amount is zero
        return False
    several = len(set(re.findall(_ELEMENT, first))) > 1
    return several and _NONMETAL.search(first) is not None and not re.search(r"[0-9]?\.[0-9]+$", first)


def _factor(number: str) -> str:
    above, _, below = number.partition("/")
    return f"{int(above) / int(below):.6g}" if below and int(below) and int(above) else number
