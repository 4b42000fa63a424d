"""Formulas as people write them, put into the notation that :func:`replicate.features.composition.parse` reads.

Tables of data are parsed as they stand; what a person types or pastes goes through :func:`plain` first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from replicate.errors import FormulaError
from replicate.features import adducts
from replicate.features.composition import LONGEST_FORMULA
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS
from replicate.features.refusals import refuse

_ELEMENT = r"[A-Z][a-z]?"
_SIMPLE = re.compile(rf"(?:{_ELEMENT}(?:[0-9]+(?:\.[0-9]+(?![0-9]*[A-Z(]))?)?)+")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"), None)
_SIGNS = str.maketrans(
    {
        **{chr(0x2080 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u208b", "-"),
        **dict.fromkeys("\u00b7\u2022\u22c5\u2219\u2027\u30fb\u00d7*", "·"),
        "\u208a": "+",
        **{"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"},
    }
)
_MARKUP = re.compile(r"</?sub>|\$|\\mathrm\b|\\text\b")
_SUBSCRIPT = re.compile(r"_(?:\{([^{}]*)\}|(?=[0-9.a-z]))")
_ROMAN = r"(?:VIII|VII|VI|IV|IX|V|III|II|I|viii|vii|vi|iv|ix|v|iii|ii|i)"
_OXIDATION = re.compile(
    rf"(?<![a-z])({_ELEMENT})\s*[(\[{{]\s*({_ROMAN}(?:\s*[,/]\s*{_ROMAN})*|[+-][0-9.]+|[0-9.]+[+-]|0)\s*[)\]}}]"
)
_DENSITY = re.compile(r"\s*@\s*([0-9]+(?:\.[0-9]*)?)\s*(?:[ni]|g\s*/\s*cm\^?3|g\s*/\s*cc)?$")
_UNCERTAIN = re.compile(r"(?<![0-9])([0-9]*+\.[0-9]++)\(([0-9]{1,3})\)")
_EXPONENT = re.compile(r"(?<![0-9.])([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:E([+-]?[0-9]{1,3})|e(\+[0-9]{1,3}))(?![0-9])")
_ISOTOPE = re.compile(rf"\[\s*[0-9]{{1,3}}({_ELEMENT})\s*\]|({_ELEMENT})\[[0-9]{{1,3}}\]")
_HEAVY_HYDROGEN = re.compile(r"(?<![A-Za-z])[DT](?![a-z])|(?<=[A-Za-z0-9)\]}])[DT](?![a-z])")
_OPEN_END = re.compile(r".*OY")
_REPEATED_ROMAN = re.compile(rf"{_ELEMENT}(?:III|II|IV|VII)(?![a-z])")


@dataclass(frozen=True)
class Notation:
    """A formula of elements, amounts and brackets only, and what was assumed on the way, in words for the reader."""

    text: str
    assumed: tuple[str, ...] = ()


def plain(formula: object) -> Notation:
    """Return a person's formula in plain notation, and what was assumed to get there.

    Read are subscripts and mark-up, oxidation states as in ``Fe(III)2O3``, adducts as in ``LiCl.2NH3``, uncertainties
    as in ``O6.93(2)``, exponents as in ``1.5E-3`` and isotopes as in ``[18O]``; a density as in ``Al2O3@3.97`` is not.

    Raises:
        FormulaError: no text, more than one formula, a word, a name or an identifier, or an amount left open.
    """
    if not isinstance(formula, str):
        raise FormulaError("formula is not text", value=formula)
    if len(formula) > LONGEST_FORMULA:
        return Notation(formula)  # refused by its length
    assumed: list[str] = []
    text = formula
    if not (_SIMPLE.fullmatch(formula) and all(s in ATOMIC_NUMBER for s in re.findall(_ELEMENT, formula))):
        text, assumed = _rewritten(formula)
    if _OPEN_END.fullmatch(formula.strip()):
        wanted = "an open amount of oxygen is to be a number"
        assumed.append(f"OY at the end is read as oxygen and yttrium; {wanted}")
    if _REPEATED_ROMAN.search(text):
        assumed.append("I and V are read as iodine and vanadium; leave out oxidation states")
    if re.search(r"[0-9.·]H20$", text):
        assumed.append("H20 is read as twenty hydrogen atoms; water is H2O")
    if _HEAVY_HYDROGEN.search(text):
        assumed.append("D and T are read as hydrogen")
    return Notation(text, tuple(assumed))


def _rewritten(formula: str) -> tuple[str, list[str]]:
    """Return a formula without what is not plain notation, and what was assumed."""
    text = _MARKUP.sub("", formula.translate(_INVISIBLE).translate(_SIGNS))
    text = _SUBSCRIPT.sub(lambda match: match[1] or "", text)
    underscores = re.search(r"_(?=[0-9.])", formula) is not None and not re.search(r"[${]", formula)
    text = text.strip().strip("\"'`\u201c\u201d\u2018\u2019").strip()
    assumed = ["underscores are taken for subscripts"] if underscores else []
    for pattern, replacement, remark in (
        (_DENSITY, "", "what follows @ is taken for a density and not used"),
        (
            _OXIDATION,
            _without_state,
            "Roman numerals and charges in brackets are taken for oxidation states and not used",
        ),
        (_UNCERTAIN, r"\1", "digits in brackets are taken for the uncertainty of the amount and not used"),
        (_EXPONENT, _as_decimal, ""),
        (_ISOTOPE, lambda m: m[1] or m[2], "isotopes are not told apart"),
    ):
        text, count = pattern.subn(replacement, text)
        assumed += [remark] if count and remark else []
    text = adducts.joined(text)
    refuse(text)
    text, pieces = adducts.bracketed(text)
    if pieces:
        assumed.append(f"read as an adduct of {', '.join(pieces)}; the point is no decimal point")
    tokens = text.split()
    if len(tokens) > 1 and not any(map(str.isdigit, text)):
        assumed.append(f"read as one formula, {''.join(tokens)}")
    return text, assumed


def _without_state(match: re.Match[str]) -> str:
    symbol, state = match[1], match[2]
    if symbol not in ATOMIC_NUMBER:
        return match[0]
    if state == "I" and not re.search(r"[A-Z]", match.string[match.end() :] + match.string[: match.start()]):
        after = re.match(r"[0-9.]*", match.string[match.end() :])
        if after and after[0]:
            problem = f"(I) is iodine or an oxidation state; write {symbol}I{after[0]}, or leave it out"
            raise FormulaError(problem, value=match.string)
    return symbol


def _as_decimal(match: re.Match[str]) -> str:
    value = float(f"{match[1]}e{match[2] or match[3]}")
    if not np.isfinite(value) or not 0 < value < 1e12:
        return match[0]
    return str(np.format_float_positional(value, trim="-"))


def amounts_as_written(text: str, amounts: np.ndarray) -> str:
    """Return the formula of amounts (118,) with the elements in the order in which a text names them first."""
    symbols = [s for s in re.findall(_ELEMENT, text) if s in ATOMIC_NUMBER]
    order = list(dict.fromkeys(ATOMIC_NUMBER[symbol] for symbol in symbols))
    parts = ((SYMBOLS[z - 1], amounts[z - 1]) for z in order if amounts[z - 1] > 0)
    digits = ((s, np.format_float_positional(float(f"{amount:.10g}"), trim="-")) for s, amount in parts)
    return "".join(symbol if amount == "1" else f"{symbol}{amount}" for symbol, amount in digits)
