"""What was read, what was dropped or changed and why, and what is left: nothing goes silently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 3  # examples kept per step


@dataclass(frozen=True)
class CleaningStep:
    """One rule applied to a table.

    Args:
        rule: what the rows it hit have in common, in words a reader of the page understands.
        dropped: rows removed.
        examples: up to three ``(row, value)``; row is 1-based in the table the rule was applied to.
        changed: values altered in rows that stay, such as an impossible year set to missing.
    """

    rule: str
    dropped: int
    examples: tuple[tuple[int, str], ...] = ()
    changed: int = 0


@dataclass(frozen=True)
class CleaningReport:
    """Rows read, and the steps in order; those that hit nothing say so."""

    read: int
    steps: tuple[CleaningStep, ...] = ()

    @property
    def rows(self) -> int:
        """Rows that are left."""
        return self.read - sum(step.dropped for step in self.steps)

    def after(self, *steps: CleaningStep) -> CleaningReport:
        """Return this report with further steps."""
        return CleaningReport(self.read, self.steps + steps)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step between "read" and "kept", with columns step, rows, changed, examples."""
        import pandas as pd

        rows: list[tuple[str, int, int, str]] = [("read", self.read, 0, "")]
        for step in self.steps:
            shown = "; ".join(f"row {row}: {value}" for row, value in step.examples)
            rows.append((step.rule, -step.dropped, step.changed, shown))
        rows.append(("kept", self.rows, 0, ""))
        return pd.DataFrame(rows, columns=["step", "rows", "changed", "examples"])


def examples(table: pd.DataFrame, mask: np.ndarray, column: str) -> tuple[tuple[int, str], ...]:
    """Return up to three ``(1-based row, value)`` of the rows where ``mask`` (n,) is true."""
    hits = np.flatnonzero(mask)[:SHOWN]
    return tuple((int(i) + 1, str(table[column].iloc[i])) for i in hits)


def drop_rows(table: pd.DataFrame, mask: Any, rule: str, column: str = "formula") -> tuple[pd.DataFrame, CleaningStep]:
    """Return the table without the rows where ``mask`` (n,) is true, renumbered, and the step that says so.

    Args:
        table: n rows.
        mask: booleans (n,), array-like; matched by position, not by index.
        rule: why these rows go.
        column: whose values serve as examples.

    Raises:
        ValueError: the mask is not boolean or not n long.
    """
    hit = np.asarray(mask)
    if hit.dtype != bool or hit.shape != (len(table),):
        raise ValueError(f"a mask for {rule!r} must hold {len(table)} booleans, not {hit.dtype} {hit.shape}")
    step = CleaningStep(rule, int(hit.sum()), examples(table, hit, column))
    return table[~hit].reset_index(drop=True), step
