"""What people type that is no formula, or not one yet: each kind is refused with what to type instead."""

from __future__ import annotations

import re
from typing import NoReturn

from replicate.errors import FormulaError
from replicate.features.abbreviations import FAMILIES, example_of
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS

_ELEMENT = r"[A-Z][a-z]?"
_LETTERS = re.compile(r"[A-Z][a-z]*")
_IDENTIFIER = re.compile(
    r"(?:mp|mvc|oqmd|aflow|icsd|cod|jvasp|agm|mpds|mof|qmof|c2db|nomad|csd|pcd|omdb)[-_: #]\s*[0-9a-z][\w.-]*"
    r"|mp[0-9]+|[0-9]{2,7}-[0-9]{2}-[0-9]|[0-9]+",
    re.IGNORECASE,
)
_FAMILY = re.compile(r"([A-Z][A-Za-z]{0,5})-([0-9]{2,5})[a-z]*")
_SEPARATOR = re.compile(r"[\n\r\t\v\f;|,&]")
# A Greek letter, a word, a polytype, a space group.
_PHASE = r"[αβγθκ]'?|(?!delta|eps)[a-z]{3,}|[0-9]{1,3}[HRCTM]'?|[PIFCRABH](?=[^A-Z]*[-/mnc])[-0-9mnabcde/_ ]+"
# Pattern → what is wrong with a text that has it, and what to type; the pattern's first group stands in the braces.
_MISTAKES = {
    re.compile(rf"()(?<!.){_ELEMENT}(?:-[0-9.]*{_ELEMENT})+(?!.)"): (
        "a hyphen is no part of a formula; write the amounts, such as Nb0.37Ti0.63"
    ),
    re.compile(r"()\s\+\s"): "'+' stands between two compounds; give them apart, or write an adduct as CuSO4(H2O)5",
    re.compile(r"([0-9]+,[0-9]+)"): "the decimal comma in {}: write a point",
    re.compile(rf"([(\[{{](?:{_ELEMENT}[0-9.]*\s*[,/]\s*)+{_ELEMENT}[0-9.]*[)\]}}])"): (
        "the shares in {} are left open: write numbers, such as (La0.5Sr0.5)"
    ),
}
_WITH_PHASE = re.compile(
    rf"(?P<formula>[A-Z(\[]\S*?)(?:[-:]|\s*\(|\s+)(?:{_PHASE})\)?|(?:{_PHASE})[-\s]\s*(?P<compound>[A-Z(\[]\S*)"
)
_OPEN = re.compile(
    r"(?<![0-9.])[0-9.]*+\s*(?:\+-|\+/-|[-+=±]+)\s*[0-9.]*"
    r"(?:delta|epsilon|eps|[a-zδεζηλξω](?![a-z])|[XYZD](?![a-z0-9]))"
    r"|(?<=[.·])\s*[a-z]\s*(?=[A-Z(])|(?<=[)\]}])\s*(?:[a-z]|[XZ])(?![a-z])"
)
_VARIABLES = "xyzwuv"
_UNCERTAINTY = re.compile(r"(?<=[A-Za-z0-9)])\([0-9.]+\)")
_DIFFERENCE = re.compile(r"(?<![0-9.])[0-9.]++\s*(?:\+-|[-+±])\s*[0-9.]++")
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
    unknown = [symbol for symbol in _LETTERS.findall(text) if symbol not in ATOMIC_NUMBER]
    if (name := example_of(text)) and _LETTERS.sub("", text) == "" and unknown:
        _say(f"an abbreviation; write the formula out, such as {name}", text)
    if (match := _FAMILY.fullmatch(text)) is not None:
        wanted = FAMILIES.get(f"{match[1]}-{match[2]}") or example_of(match[1]) or "HgBa2CuO4 for Hg-1201"
        _say(f"the name of a family or isotope; write the formula, such as {wanted}", text)
    for pattern, problem in _MISTAKES.items():
        if (match := pattern.search(text)) is not None:
            _say(problem.format(match[1]), text)
    if (match := _SEPARATOR.search(text.strip())) is not None:
        pieces = [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip()]
        _say(f"{match[0]!r} is no part of a formula; of several, give them apart: {' '.join(pieces[:3])}", text)
    if (match := _WITH_PHASE.fullmatch(text)) is not None:
        formula = match["formula"] or match["compound"]
        _say(f"the name of a phase, polytype or space group is no part of a formula; write {formula}", text)
    _refuse_open(text, unknown)
    _refuse_words(text)


def _refuse_open(text: str, unknown: list[str]) -> None:
    """Refuse amounts with a letter in them, and placeholders for elements."""
    variables = [s[-1] for s in unknown if len(s) > 1 and s[-1] in _VARIABLES and s[:-1] in ATOMIC_NUMBER]
    amount = _OPEN.search(text)
    places = [amount[0].strip()] if amount else variables or re.findall(r"O[0-9.]*([XZ])$", text)
    if places:
        _say(f"the amount {places[0].lstrip('=')} is left open: write a number", text)
    if (match := _UNCERTAINTY.search(text)) is not None:
        _say(f"{match[0]} is no group of elements; an uncertainty is left out", text)
    if (match := _DIFFERENCE.search(text)) is not None:
        _say(f"the amount {match[0]} is not one number; write one number, and no charges", text)
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
        _say(f"{strange[0]!r} beside a space is no part of a formula; write {rest}", text)
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
    return (
        f"elements that start with {symbol[0]}: {', '.join(alike)}" if alike else f"no element starts with {symbol[0]}"
    )


def advice(leftover: str) -> str:
    """Return how to mend the usual unreadable pieces."""
    if leftover[0].isalpha():
        return "; element symbols start with a capital letter"
    if leftover[0] in "+-":
        return "; charges and open amounts such as O7-x are not amounts"
    return "; write a hydrate as CuSO4(H2O)5" if leftover[0] in "*." else ""


def _say(reason: str, formula: str) -> NoReturn:
    raise FormulaError(reason, value=formula)
