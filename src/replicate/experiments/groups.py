"""Seed groups: the networks of an experiment trained in separate jobs, which leave checkpoints for its record.

Crystal graph networks are trained seed by seed and keep one checkpoint each, so their seeds can be dealt out. Stacked
networks train all their seeds at once: such an experiment is one group, and its record's job trains it.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from replicate.errors import ConfigError
from replicate.experiments import core, get
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Say, silent


def by_seed(config: Any) -> bool:
    """Return whether settings name crystal graph networks and no stacked ones."""
    found = _networks(config)
    return CrystalNetwork in found and Network not in found


def _networks(value: Any) -> set[type]:
    """Return which kinds of network stand anywhere in settings."""
    if isinstance(value, CrystalNetwork | Network):
        return {type(value)}
    if isinstance(value, list | tuple):
        return {kind for each in value for kind in _networks(each)}
    if is_dataclass(value) and not isinstance(value, type):
        return {kind for each in fields(value) for kind in _networks(getattr(value, each.name))}
    return set()


def group_count(config: Any, most: int = 0) -> int:
    """Return into how many groups the seeds of settings can be dealt, at most ``most``; 0: one per seed."""
    if not by_seed(config):
        return 1
    return min(most or config.seeds, config.seeds)


def seeds_of_group(experiment: str, config: Any, seeds: list[int], group: int, groups: int) -> list[int]:
    """Return the seeds of group ``group`` (from 1) of ``groups``; they are dealt in order, evenly.

    Raises:
        ConfigError: there is no such group, or the experiment trains all its seeds at once.
    """
    most = len(seeds) if by_seed(config) else 1
    if groups > 1 and most == 1:
        raise ConfigError(f"{experiment} trains all its seeds at once: it has one group, 1/1, not {groups}")
    if not 1 <= group <= groups <= most:
        raise ConfigError(
            f"{experiment} has no seed group {group}/{groups}: give i/n with 1 ≤ i ≤ n ≤ {most} (its seeds)"
        )
    return [int(seed) for seed in np.array_split(seeds, groups)[group - 1]]


def parse_group(text: str) -> tuple[int, int]:
    """Return the numbers of ``2/5``.

    Raises:
        ConfigError: it is not written so.
    """
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None:
        raise ConfigError(f"a seed group is written i/n, such as 2/5, not {text!r}")
    return int(found[1]), int(found[2])


def train_group(
    experiment: str,
    profile: str,
    group: int,
    groups: int,
    *,
    seeds: int = 0,
    device: str = "auto",
    say: Say = silent,
) -> list[int]:
    """Train one seed group of an experiment, leave its checkpoints in the work folder and return its seeds.

    Args:
        experiment: id.
        profile: ``smoke``, ``quick`` or ``full``.
        group: which, from 1.
        groups: how many there are.
        seeds: of the whole experiment; 0: the profile's own number.
        device: ``auto``, ``cpu`` or ``cuda``; checkpoints serve runs on the same kind of device.
        say: receives progress lines.

    Raises:
        ConfigError: unknown experiment, profile, device or group.
        MissingDataset: a dataset is not here.
    """
    return core.train(
        get(experiment),
        profile,
        lambda config, chosen: seeds_of_group(experiment, config, chosen, group, groups),
        seeds=seeds,
        device=device,
        say=say,
    )
