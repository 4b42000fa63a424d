"""Seed groups: the networks of an experiment trained in separate jobs, which leave checkpoints for its record.

Crystal graph networks are trained seed by seed, with one checkpoint each, so their seeds can be dealt out. Stacked
networks train all their seeds at once: such an experiment is one group, and its record's job trains it.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from replicate.errors import ConfigError
from replicate.experiments import runs
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Run, Say, get, silent
from replicate.results.records import Record


def by_seed(config: Any) -> bool:
    """Return whether settings name crystal graph networks and no stacked ones."""
    return _networks(config) == {CrystalNetwork}


def _networks(value: Any) -> set[type]:
    """Return which kinds of network stand anywhere in settings."""
    if isinstance(value, CrystalNetwork | Network):
        return {type(value)}
    inner = value if isinstance(value, list | tuple) else ()
    if is_dataclass(value):
        inner = [getattr(value, each.name) for each in fields(value)]
    return {kind for each in inner for kind in _networks(each)}


def group_count(config: Any, most: int = 0) -> int:
    """Return into how many groups the seeds of settings can be dealt, at most ``most``; 0: one per seed."""
    return min(most or config.seeds, config.seeds) if by_seed(config) else 1


def seeds_of_group(experiment: str, config: Any, seeds: list[int], group: int, groups: int) -> list[int]:
    """Return the seeds of group ``group`` (from 1) of ``groups``, dealt in order, or raise ConfigError."""
    most = len(seeds) if by_seed(config) else 1
    if groups > 1 and most == 1:
        raise ConfigError(f"{experiment} trains all its seeds at once: it has one group, 1/1, not {groups}")
    if not 1 <= group <= groups <= most:
        raise ConfigError(
            f"{experiment} has no seed group {group}/{groups}: give i/n with 1 ≤ i ≤ n ≤ {most} (its seeds)"
        )
    return [int(seed) for seed in np.array_split(seeds, groups)[group - 1]]


def parse_group(text: str) -> tuple[int, int]:
    """Return the numbers of ``2/5``, or raise ConfigError."""
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if match is None:
        raise ConfigError(f"a seed group is written i/n, such as 2/5, not {text!r}")
    return int(match[1]), int(match[2])


def train_group(
    experiment: str,
    profile: str,
    group: int,
    groups: int,
    *,
    seeds: int = 0,
    device: str = "auto",
    paper_budget: bool = False,
    change: str = "",
    say: Say = silent,
) -> list[int]:
    """Train seed group ``group`` (from 1) of ``groups``, leave its checkpoints in the work folder, return its seeds.

    The other arguments and the errors are those of :func:`replicate.experiments.run`; where a record has them all there
    is nothing to train, and no seed returned. Checkpoints serve runs on the same kind of device.
    """
    known = get(experiment)
    answer = runs.resolve(known, profile, seeds, device, paper_budget=paper_budget, change=change)
    if isinstance(answer, Record):
        return []
    config, chosen, target = answer
    members = seeds_of_group(experiment, config, chosen, group, groups)
    runs.work(known, Run(experiment, profile, config, members, target, say, change))
    return members
