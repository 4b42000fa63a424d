"""A dataset as the rest of the package sees it: table, data card, cleaning report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from replicate.data.clean import CleaningReport
from replicate.data.digest import table_digest
from replicate.data.registry import DatasetEntry

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Dataset:
    """A tidy table with its card, the registry's entry, and the account of its cleaning."""

    table: pd.DataFrame
    card: DatasetEntry
    cleaning: CleaningReport

    @cached_property
    def digest(self) -> str:
        """The sha256 of the table's content, independent of file format and library versions."""
        return table_digest(self.table)
