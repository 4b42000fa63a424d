"""A crystal structure for a formula: a parent compound, one of its polymorphs, and the dopants on its sites."""

from __future__ import annotations

from replicate.features.parents.doping import place
from replicate.features.parents.polymorphs import SPACE_GROUPS, choose
from replicate.features.parents.search import Match, ParentPool

__all__ = ["SPACE_GROUPS", "Match", "ParentPool", "choose", "place"]
