"""A dataset as the rest of the package sees it: table, data card, cleaning report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from replicate.data.clean import CleaningReport
from replicate.data.digest import table_digest

if TYPE_CHECKING:
    import pandas as pd

Place = Literal["bundled", "mirror", "download"]


@dataclass(frozen=True)
class DataCard:
    """What a reader must know of a dataset before trusting a number computed from it.

    Args:
        name, title: its name in the registry, and what it is.
        columns: column name → unit and meaning.
        n_rows: rows as read, before any cleaning.
        licence, citation: terms of use in short, and whom to cite.
        upstream, version: where the pinned version comes from, and its commit or package version.
        sha256: checksum of the file it was read from.
        kind: where this copy lies; "download" is the user cache.
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
