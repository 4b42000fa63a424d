"""Adducts such as ``CuSO4.5H2O``: a point, a number and a molecule or compound behind another one."""

from __future__ import annotations

import re

# What stands behind the point in hydrates, ammines and minerals written as oxides. Elsewhere a point is a decimal one:
# ``La1.8Sr.2CuO4``, ``Na.3WO3``.
MOLECULES = re.findall(
    r"\S+",
    """
H2O D2O HDO T2O OH2 NH3 ND3 N2H4 CO CO2 CS2 SO2 SO3 NO2 N2O4 H2S H2O2 HF HCl HBr HI HNO3 H2SO4 H3PO4 CH4
CH3OH CH4O C2H5OH C2H6O C6H6 CCl4 CHCl3 CH2Cl2 CH3CN C2H3N C4H8O C3H7NO C2H6OS C5H5N Li2O Na2O K2O Rb2O
Cs2O BeO MgO CaO SrO BaO B2O3 Al2O3 Ga2O3 In2O3 SiO2 GeO2 SnO SnO2 PbO PbO2 P2O5 As2O3 As2O5 Sb2O3 Sb2O5
Bi2O3 TeO2 SeO2 Sc2O3 Y2O3 La2O3 CeO2 Ce2O3 Pr2O3 Nd2O3 Sm2O3 Eu2O3 Gd2O3 Tb2O3 Dy2O3 Ho2O3 Er2O3 Tm2O3
Yb2O3 Lu2O3 ThO2 UO2 UO3 TiO2 ZrO2 HfO2 V2O5 V2O3 Nb2O5 Ta2O5 Cr2O3 CrO3 MoO3 WO3 MnO MnO2 Mn2O3 FeO
Fe2O3 Fe3O4 CoO Co3O4 NiO CuO Cu2O Ag2O ZnO CdO HgO LiF NaF KF RbF CsF MgF2 CaF2 SrF2 BaF2 AlF3 YF3 LiCl
NaCl KCl RbCl CsCl NH4Cl MgCl2 CaCl2 SrCl2 BaCl2 AlCl3 ZnCl2 CdCl2 PbCl2 CuCl CuCl2 FeCl2 FeCl3 LiBr NaBr
KBr LiI NaI KI CsI BF3 BH3 LiH LiBH4 NaBH4 AlH3 Li2S Na2S K2S CaS ZnS PbS FeS Cu2S Ag2S Bi2S3 Sb2S3 As2S3
P2S5 SiS2 GeS2 LiOH NaOH KOH Mg(OH)2 Ca(OH)2 Ba(OH)2 Al(OH)3 Zn(OH)2 Cu(OH)2 Pb(OH)2 Fe(OH)3 Ni(OH)2
Co(OH)2 Li2CO3 Na2CO3 K2CO3 MgCO3 CaCO3 SrCO3 BaCO3 PbCO3 ZnCO3 CuCO3 FeCO3 MnCO3 Li2SO4 Na2SO4 K2SO4
(NH4)2SO4 MgSO4 CaSO4 BaSO4 PbSO4 CuSO4 ZnSO4 FeSO4 Al2(SO4)3 Li3PO4 Na3PO4 AlPO4 Ca3(PO4)2 LiNO3 NaNO3
KNO3 AgNO3
""",
)
_MOLECULE = "|".join(sorted(map(re.escape, MOLECULES), key=len, reverse=True))
_ELEMENT = r"[A-Z][a-z]?"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?|[0-9]+/[0-9]+|\.[0-9]+"
# The shortest first part, so that O2.1.3H2O is O2 with 1.3 H2O.
_FIRST = r"(?P<first>.*?[A-Za-z0-9)\]}])\."
_TIMES = r"(?P<n>[0-9]+(?:\.[0-9]+|/[0-9]+)?)?"
_POINT = re.compile(rf"{_FIRST}{_TIMES}(?P<last>{_MOLECULE}|\((?:{_MOLECULE})\)|\[(?:{_MOLECULE})\])")
# An organic molecule, C first, is no list of atoms of a ceramic.
_ORGANIC = re.compile(rf"{_FIRST}{_TIMES}(?P<last>C[0-9]*H[0-9]*(?:[A-Z][a-z]?[0-9]*)*)")
_LETTER = re.compile(rf"{_FIRST}(?P<n>)(?P<last>[A-Z(\[].*)")
_BRACKETED_NUMBER = re.compile(rf"\(({_NUMBER})({_MOLECULE})\)")
_COEFFICIENT = re.compile(rf"({_NUMBER})?([A-Z(\[{{].*)")
_WATER = ("H2O", "D2O", "HDO", "T2O", "OH2", "NH3", "ND3", "N2H4")
_NONMETAL = re.compile(r"H(?![efgos])|[BCNOFPSI](?![a-z])|Cl|Br|Si|Se|Te|As")


def joined(text: str) -> str:
    """Return a text without white space around the points of an adduct."""
    text = re.sub(r"\s*·\s*", "·", text)
    text = re.sub(r"(?<=[A-Za-z0-9)\]}])\s+\.\s*(?=[0-9A-Z(])|(?<=[A-Za-z0-9)\]}])\.\s+(?=[0-9A-Z(])", ".", text)
    text = re.sub(rf"(?<=[A-Za-z0-9)\]}}])\s+({_NUMBER})\s*(?=\(?(?:{'|'.join(_WATER)})\)?$)", r"·\1", text)
    return re.sub(rf"([.·](?:{_NUMBER}))\s+(?=\(?(?:{_MOLECULE})\)?$)", r"\1", text)


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
    several = len(set(re.findall(_ELEMENT, first))) > 1
    return several and _NONMETAL.search(first) is not None and not re.search(r"[0-9]?\.[0-9]+$", first)


def _factor(number: str) -> str:
    above, _, below = number.partition("/")
    return f"{int(above) / int(below):.6g}" if below and int(below) and int(above) else number
