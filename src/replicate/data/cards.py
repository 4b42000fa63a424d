"""A dataset as the rest of the package sees it: table, data card, cleaning report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from replicate.data.clean import CleaningReport, drop_rows
from replicate.data.digest import table_digest

if TYPE_CHECKING:
    import pandas as pd

Place = Literal["bundled", "mirror", "download"]


@dataclass(frozen=True)
class DataCard:
    """What a reader must know of a dataset before trusting a number computed from it.

    Args:
        name: its name in the registry.
        title: what it is, in one line.
        columns: column name → unit and meaning.
        n_rows: rows as read, before any cleaning.
        licence: terms of use, in short.
        citation: whom to cite.
        upstream: where the pinned version comes from.
        version: commit or package version.
        sha256: checksum of the file it was read from.
        kind: where this copy was found; "download" is the user cache.
        licence_text: the full text where the licence asks for it to travel along.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    n_rows: int
    licence: str
    citation: str
    upstream: str
    version: str
    sha256: str
    kind: Place
    licence_text: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A tidy table with its card and the account of its cleaning."""

    table: pd.DataFrame
    card: DataCard
    cleaning: CleaningReport

    @cached_property
    def digest(self) -> str:
        """The sha256 of the table's content, independent of file format and library versions."""
        return table_digest(self.table)

    def dropping(self, mask: Any, rule: str, column: str = "formula") -> Dataset:
        """Return this dataset without the rows where ``mask`` (n,) is true, its report extended.

        Raises:
            ValueError: the mask is not boolean or not as long as the table.
        """
        table, step = drop_rows(self.table, mask, rule, column)
        return replace(self, table=table, cleaning=self.cleaning.after(step))
