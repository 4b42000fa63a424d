"""What people type that is no formula, or not one yet: each kind is refused with what to type instead."""

from __future__ import annotations

import re
from typing import NoReturn

from replicate.errors import FormulaError
from replicate.features.abbreviations import FAMILIES, example_of
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS

_ELEMENT = r"[A-Z][a-z]?"
_IDENTIFIER = re.compile(
    r"(?:mp|mvc|oqmd|aflow|icsd|cod|jvasp|agm|mpds|mof|qmof|c2db|nomad|csd|pcd|omdb)[-_: #]\s*[0-9a-z][\w.-]*"
    r"|mp[0-9]+|[0-9]{2,7}-[0-9]{2}-[0-9]|[0-9]+",
    re.IGNORECASE,
)
_FAMILY = re.compile(r"([A-Z][A-Za-z]{0,5})-([0-9]{2,5})[a-z]*")
_ALLOY = re.compile(rf"{_ELEMENT}(?:-[0-9.]*{_ELEMENT})+")
_OPEN = re.compile(
    r"(?<![0-9.])[0-9.]*+\s*(?:\+-|\+/-|[-+=±]+)\s*[0-9.]*"
    r"(?:delta|epsilon|eps|[a-zδεζηλξω](?![a-z])|[XYZD](?![a-z0-9]))"
    r"|(?<=[.·])\s*[a-z]\s*(?=[A-Z(])"
)
_LETTERS = re.compile(r"[A-Z][a-z]*")
_VARIABLES = "xyzwuv"
_OPEN_BRACKET = re.compile(r"(?<=[)\]}])\s*(?:[a-z]|[XZ])(?![a-z])")
_SHARES = re.compile(rf"[(\[{{](?:{_ELEMENT}[0-9.]*\s*[,/]\s*)+{_ELEMENT}[0-9.]*[)\]}}]")
_DECIMAL_COMMA = re.compile(r"[0-9],[0-9]")
_DIFFERENCE = re.compile(
    r"(?<![0-9.])([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)\s*(\+-|[-+±])\s*([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)"
)
_SEPARATOR = re.compile(r"[\n\r\t\v\f;|,&]")
_PHASE = re.compile(
    r"(?P<phase>[α-ω]'?|alpha|beta|gamma|delta|epsilon|theta|[a-z]{1,12}|[0-9]+[HRCTM]'?)[-\s]\s*(?P<formula>[A-Z(\[].*)"
)
_POLYTYPE = re.compile(
    r"(?P<formula>.*[A-Z].*(?<=[A-Za-z0-9)\]]))(?:[-:/\s]\s*(?P<phase>\(?[0-9]{1,3}(?:[HRCM]|T[d']?)(?![a-z])\)?|[αβγθκ]'?"
    r"|(?!delta|eps)[a-z]{4,})|\s+(?P<group>\(?[PIFCRABH](?=[^A-Z]*[-/mnc])[-0-9mnabcde/_ ]+\)?))"
)
_PHASE_IN_BRACKETS = re.compile(
    r"(?P<formula>.*[A-Za-z0-9)\]])\s*\(\s*(?P<phase>[a-z]{2,}[a-z ]*|[α-ω]|[0-9]+[HRCTM]'?)\s*\)"
)
_CHARGE = re.compile(r"(?:[0-9]?\^\{?[0-9]*[+-]\}?|[⁰¹²³⁴-⁹]*[⁺⁻]|(?<=[A-Za-z0-9)\]])[+-]{1,4})$")
_ROMAN_OR_DENSITY = re.compile(
    r"(?<=[A-Za-z])\s*\((?:III?|I?V|VI{0,3}|I)\)|(?<=[0-9)])\((?:III?|IV|VI{1,3})\)|@\s*[0-9.].*"
)
_PLACEHOLDER = re.compile(r"(?<![A-Za-z])(?:RE|Ln|Me|TM|AE)(?=[A-Z0-9(])|[MXARLQ](?![a-z])")


def refuse(text: str) -> None:
    """Raise FormulaError that says what to type for a text with a known mistake; formulas pass."""
    if _IDENTIFIER.fullmatch(text) and text not in ATOMIC_NUMBER:
        wanted = "write the compound's formula, such as Si for mp-149"
        _say(f"an identifier of a database, not a formula; {wanted}", text)
    if (name := example_of(text)) and _LETTERS.sub("", text) == "" and _unknown(text):
        _say(f"an abbreviation; write the formula out, such as {name}", text)
    if (match := _FAMILY.fullmatch(text)) is not None:
        known = FAMILIES.get(f"{match[1]}-{match[2]}") or example_of(match[1])
        wanted = known or "HgBa2CuO4 for Hg-1201"
        _say(f"the name of a family or isotope; write the formula, such as {wanted}", text)
    if _ALLOY.fullmatch(text):
        _say("a hyphen is no part of a formula; write the amounts, such as Nb0.37Ti0.63", text)
    if re.search(r"\s\+\s", text):
        _say("'+' stands between two compounds; give them apart, or write an adduct as CuSO4(H2O)5", text)
    if _DECIMAL_COMMA.search(text):
        _say(f"a decimal comma; write {text.replace(',', '.')}", text)
    if (match := _SHARES.search(text)) is not None:
        _say(f"the shares in {match[0]} are left open: write numbers, such as (La0.5Sr0.5)", text)
    if (match := _SEPARATOR.search(text.strip())) is not None:
        pieces = [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip()]
        if len(pieces) > 1:
            _say(f"more than one formula in one argument; give them apart: {' '.join(pieces[:3])}", text)
        _say(f"{match[0]!r} is not part of a formula; write {''.join(pieces)}", text)
    for pattern in (_POLYTYPE, _PHASE_IN_BRACKETS, _PHASE):
        if (match := pattern.fullmatch(text)) is not None and not re.search(r"\s", match["formula"].strip()):
            phase = match["phase"] or match["group"]
            _say(f"{phase!r} names a phase or polytype; write {match['formula'].strip()}", text)
    _refuse_open(text)
    _refuse_words(text)


def _refuse_open(text: str) -> None:
    """Refuse amounts with a letter in them, and placeholders for elements."""
    unknown = [s for s in _LETTERS.findall(text) if s not in ATOMIC_NUMBER]
    letters = [s for s in unknown if len(s) > 1 and s[-1] in _VARIABLES and s[:-1] in ATOMIC_NUMBER]
    amount = _OPEN.search(text) or _OPEN_BRACKET.search(text)
    places = [amount[0].strip()] if amount else [symbol[-1] for symbol in letters]
    if places := places or re.findall(r"O[0-9.]*([XZ])$", text):
        _say(f"the amount {places[0].lstrip('=')} is left open: write a number", text)
    if (match := re.search(r"(?<=[A-Za-z0-9)])\([0-9.]+\)", text)) is not None:
        _say(f"{match[0]} is no group of elements; an uncertainty is left out", text)
    if (match := _DIFFERENCE.search(text)) is not None:
        value = float(match[1]) - float(match[3])
        meant = {"±": match[1], "+-": match[1], "-": f"{value:.6g}" if value > 0 and "." in match[3] else ""}
        wanted = f"write {meant[match[2]]}" if meant.get(match[2]) else "write one number, and no charges"
        _say(f"the amount {match[0]} is not one number; {wanted}", text)
    if (match := _CHARGE.search(text)) is not None and len(match[0]) < len(text):
        end = f"{match[0]!r} at the end"
        _say(f"{end}: a charge or an open amount is no part of a formula; leave it out", text)
    match = _PLACEHOLDER.search(text) if unknown and not text.isupper() else None
    if match is not None and match[0] in (*unknown, "RE", "TM", "AE"):
        _say(f"{match[0]!r} stands for an element that is left open: name the element", text)


def refuse_misread(text: str) -> None:
    """Raise FormulaError for an oxidation state, a density or a second formula, in tables of data as well."""
    if (match := _ROMAN_OR_DENSITY.search(text)) is not None:
        _say(f"{match[0]!r} is an oxidation state or a density, no part of a formula; leave it out", text)
    _refuse_words(text)


def _refuse_words(text: str) -> None:
    """Refuse a second formula, a word or a polytype behind white space; ``Al2 O3`` and ``Ba (Fe As)2`` pass."""
    tokens = text.split()
    if len(tokens) < 2:
        return
    depth, compounds, strange = 0, [], []
    for token in tokens:
        outside = "" if depth else re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", "", token)
        outside = re.split(r"[(\[{]", outside)[0]
        depth += sum(map(token.count, "([{")) - sum(map(token.count, ")]}"))
        if len(re.findall(_ELEMENT, outside)) > 1 and not re.search(r"[a-z]{2}", outside):
            compounds.append(token)
        elif not re.fullmatch(rf"(?:{_ELEMENT}|[()\[\]{{}}0-9.e@-])+", token) or (
            re.match(r"[0-9]+[A-Z]", token) and not depth
        ):
            strange.append(token)
    if strange and len(strange) < len(tokens):
        rest = " ".join(token for token in tokens if token not in strange)
        _say(f"{strange[0]!r} behind a space is no part of a formula; write {rest}", text)
    if compounds:
        apart = f"white space: two formulas are given apart, {' '.join(tokens[:3])}, without quotes"
        _say(f"{apart}; one is written {''.join(tokens)}", text)


def hint(symbol: str, formula: str) -> str:
    """Return what a reader may have meant by an unknown symbol."""
    before = re.search(rf"([A-Z])({symbol})(?![a-z])", formula)
    after = re.search(rf"(?<![a-z])({symbol})([A-Z])(?![a-z])", formula)
    for match in filter(None, (before, after)):
        if (meant := match[1] + match[2].lower()) in ATOMIC_NUMBER:
            return f"did you mean {meant!r}?"
    alike = [known for known in SYMBOLS if known[0] == symbol[0]]
    if not alike:
        return f"no element starts with {symbol[0]}"
    return f"elements that start with {symbol[0]}: {', '.join(alike)}"


def advice(leftover: str) -> str:
    """Return how to mend the usual unreadable pieces."""
    if leftover[0].isalpha():
        return "; element symbols start with a capital letter"
    if leftover[0] in "+-":
        return "; charges and open amounts such as O7-x are not amounts"
    if leftover[0] in "*.":
        return "; write a hydrate as CuSO4(H2O)5"
    return ""


def _unknown(text: str) -> bool:
    return any(symbol not in ATOMIC_NUMBER for symbol in _LETTERS.findall(text))


def _say(reason: str, formula: str) -> NoReturn:
    raise FormulaError(reason, value=formula)
