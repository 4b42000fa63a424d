"""A crystal structure for a formula: a parent compound, one of its polymorphs, and the dopants on its sites."""

from __future__ import annotations

from replicate.parents.doping import place
from replicate.parents.open_amounts import Entries, read_entries
from replicate.parents.polymorphs import SPACE_GROUPS, choose
from replicate.parents.search import Match, ParentPool

__all__ = ["SPACE_GROUPS", "Entries", "Match", "ParentPool", "choose", "place", "read_entries"]
