"""What was read of an input, shown with every predicted value; imports nothing, so that formulas may use it too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Read:
    """What an input was taken for.

    Args:
        formula: the whole cell with amounts, such as ``Na4Cl4``; for a formula, the formula.
        sites: of the whole cell; None for a formula.
        space_group: Hermann–Mauguin symbol, such as ``F m -3 m``; None where none is known.
        assumed: what the input does not say and was assumed, or says and was not used; a sentence each.
    """

    formula: str
    sites: int | None = None
    space_group: str | None = None
    assumed: tuple[str, ...] = ()
