"""Settings class of the comparison beyond the papers."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.quinn2022.configs import CompoundsConfig, OnCompounds

TEMPORAL = "temporal"
KINDS = ("random", "system", TEMPORAL)
LAST_YEAR = 2007
"""Taught is what was known by then: the iron-based superconductors above 10 K were discovered in 2008."""
HOT = 10.0  # K; what counts as a find
REFERENCE = "extra-trees-fractions"
"""Every other model's error is compared with that of trees which see plain atomic fractions."""
FALSE_POSITIVES = 0.01
"""Share of the validation compounds at 0 K that may be ranked above the bar a find must pass."""


@dataclass(frozen=True)
class RepresentationsConfig(OnCompounds):
    """Settings of ``beyond-representations``."""

    seeds: int  # members of every ensemble; they share the split and differ in their initial weights
    networks: tuple[Network, ...]  # on compositions
    crystal_network: CrystalNetwork
    compounds: CompoundsConfig  # superconductors, and other compounds at 0 K
    baselines: tuple[str, ...] = ("forest", REFERENCE)  # on compositions
    kinds: tuple[str, ...] = KINDS  # of split
    small: bool = False  # small baselines (smoke runs)
