"""Formulas as a user gives them, read into compositions; what cannot be read has a reason.

Shape legend: N inputs, n of them that can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from replicate.errors import FormulaError
from replicate.features.composition import Compositions, Problem, parse
from replicate.features.elements import N_ELEMENTS, SYMBOLS
from replicate.features.notation import Notation, plain


def read_formulas(formulas: Sequence[Any], last: int = N_ELEMENTS) -> tuple[list[str], Compositions, list[Notation]]:
    """Return the names of N inputs, the compositions of the n that can be read, and what was assumed for each of these.

    Args:
        formulas: texts, pymatgen's compositions or structures, of which the composition is used; None for none.
        last: atomic number behind which a network reads no element.
    """
    names = [_text_of(formula) for formula in formulas]
    problems: list[Problem] = []
    notations: dict[int, Notation] = {}
    for row, (name, formula) in enumerate(zip(names, formulas, strict=True)):
        try:
            notations[row] = _notation(name, formula)
        except FormulaError as error:
            problems.append(Problem(row + 1, name, error.problem))
    rows = np.array(list(notations), dtype=np.intp)
    parsed = parse([notation.text for notation in notations.values()], on_error="collect")
    problems += [replace(p, row=int(rows[p.row - 1]) + 1) for p in parsed.problems]
    parsed = replace(parsed, rows=rows[parsed.rows])
    beyond = parsed.beyond(last)
    for i in np.flatnonzero(beyond):
        z = int(np.flatnonzero(parsed.amounts[i]).max()) + 1
        reason = f"element {SYMBOLS[z - 1]} (Z = {z}) is beyond Z = {last}, where this model's elements end"
        problems.append(Problem(int(parsed.rows[i]) + 1, parsed.formulas[i], reason))
    problems.sort(key=lambda problem: problem.row)
    compositions = replace(parsed.take(~beyond), problems=tuple(problems))
    return names, compositions, [notations[row] for row in compositions.rows.tolist()]


def _text_of(formula: Any) -> str:
    """Return a formula as text: of a composition with every amount to its last digit."""
    if formula is None or isinstance(formula, str):
        return formula or ""
    composition = getattr(formula, "composition", formula)
    return "".join(
        f"{getattr(element, 'symbol', element)}{'' if amount == 1 else f'{float(amount):.15g}'}"
        for element, amount in composition.items()
    )


def _notation(name: str, formula: Any) -> Notation:
    if formula is None:
        raise FormulaError("formula is not text, but missing")
    if isinstance(formula, str):
        return plain(formula)
    structure = hasattr(formula, "composition")
    return Notation(name, ("of the structure only the composition is used",) if structure else ())
