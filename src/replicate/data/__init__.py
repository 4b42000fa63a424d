"""Where every table and structure comes from: one registry, one look-up, tidy tables with their data cards."""

from __future__ import annotations

from replicate.data import structures
from replicate.data.cards import Dataset
from replicate.data.clean import CleaningReport, CleaningStep, drop_rows
from replicate.data.loading import cifs, content_digest, load, load_once
from replicate.data.lookup import CheckRow, available, check, fetch, locate
from replicate.data.registry import DatasetEntry, entry, names

__all__ = [
    "CheckRow",
    "CleaningReport",
    "CleaningStep",
    "Dataset",
    "DatasetEntry",
    "available",
    "check",
    "cifs",
    "content_digest",
    "drop_rows",
    "entry",
    "fetch",
    "load",
    "load_once",
    "locate",
    "names",
    "structures",
]
