"""What an experiment is, and how a run of one becomes a record.

A run has stages (one network on one kind of split, one baseline, …). Every finished stage is kept in the
work folder under a key of all that decides its numbers, so an interrupted run goes on where it stopped,
and two experiments that need the same network train it once.
"""

from __future__ import annotations

import math
import os
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from replicate import data, paths, records
from replicate.errors import ConfigError, DataError, MissingDataset
from replicate.package_digest import package_digest
from replicate.records import Metric, Record
from replicate.settings import DEVICES, MOST_SEEDS, PROFILES
from replicate.training.checkpoint import content_key, plain
from replicate.training.config import device_name, resolve_device

if TYPE_CHECKING:
    import torch

    from replicate.data import Dataset
    from replicate.evaluation.splits import Split

Say = Callable[[str], None]


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Experiment:
    """One experiment of a paper.

    Args:
        id: ``<paper>-<experiment>``.
        configs: profile → frozen dataclass with at least ``seeds: int`` and ``datasets``.
        function: does the work, fills the run it is given; ``<module below replicate.experiments>:<name>``, so that
            settings are known without what trains.
        cost: profile → what to expect on a laptop's processor, for people.
        on_cpu: settings that stand in for ``full`` where there is no GPU; their ``budget`` says what they
            fall short of.
        after: experiments that train networks this one uses too; run first, they are trained once.
    """

    id: str
    configs: Mapping[str, Any]
    function: str
    cost: Mapping[str, str]
    on_cpu: Any = None
    after: tuple[str, ...] = ()

    def config(self, profile: str, device: torch.device | str | None = None) -> Any:
        """Return the settings of a profile, on a device where that matters, or raise ConfigError."""
        if profile not in self.configs:
            raise ConfigError(f"profile must be one of {', '.join(PROFILES)}, not {profile!r}")
        cut = profile == "full" and str(device) == "cpu" and self.on_cpu is not None
        return self.on_cpu if cut else self.configs[profile]

    def fill(self, run: Run) -> None:
        """Do the work of a run."""
        module, _, name = self.function.partition(":")
        getattr(import_module(f"replicate.experiments.{module}"), name)(run)


@dataclass
class Run:
    """A run in progress: what it may use, and what it has found so far.

    Args:
        since: time (s since the epoch) that checkpoints and stages must be younger than to be gone on from.
    """

    experiment: str
    profile: str
    config: Any
    seeds: Sequence[int]
    device: torch.device
    say: Say = silent
    since: float = 0.0
    metrics: dict[str, Metric] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    splits: dict[str, list[str]] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)

    def first(self, most: int) -> list[int]:
        """Return which of this run's seeds are among the experiment's first ``most``; a seed group may have none."""
        return [seed for seed in self.seeds if seed < most]

    def forget_old(self, path: Path) -> None:
        """Delete a checkpoint or stage that is too old to be gone on from."""
        if path.is_file() and path.stat().st_mtime <= self.since:
            path.unlink(missing_ok=True)

    def dataset(self, name: str) -> Dataset:
        """Load a dataset once and note its digest for the record."""
        if name not in self.datasets:
            self.datasets[name] = data.load_once(name)
        return self.datasets[name]

    def add(
        self, prefix: str, per_seed: Sequence[Mapping[str, float]], units: Mapping[str, str], n: int
    ) -> None:
        """File one dictionary of scores per seed under ``prefix``."""
        for name in per_seed[0]:
            values = tuple(float(scores[name]) for scores in per_seed)
            self.metrics[f"{prefix}/{name}"] = Metric(units.get(name, ""), values, n)

    def note_splits(self, kind: str, splits: Sequence[Split]) -> None:
        """Keep the digests of the splits that were used."""
        self.splits[kind] = [split.digest for split in splits]

    def stage(
        self, name: str, parts: Sequence[Any], work: Callable[[], dict[str, np.ndarray]]
    ) -> dict[str, Any]:
        """Return the arrays of a stage, from the work folder when an equal stage was finished before.

        Args:
            name: readable part of the file name.
            parts: everything that decides the numbers: configs, digests, seeds.
            work: does the stage.
        """
        path = self.stage_path(name, parts)
        self.forget_old(path)
        if path.is_file():
            try:
                with np.load(path, allow_pickle=False) as kept:
                    return dict(kept)
            except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
                raise DataError(
                    f"not a readable stage, delete it to do it again: {error}", file=path
                ) from error
        found = work()
        with paths.written_whole(path) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, **found)  # type: ignore[arg-type]
        return found

    def stage_path(self, name: str, parts: Sequence[Any]) -> Path:
        """Return the file that keeps a stage; full runs survive edits of the code, others do not."""
        code = "" if self.profile == "full" else package_digest()
        folder = paths.work_dir() / "stages"
        return folder / f"{name}-{content_key(*parts, self.device.type, code)}.npz"


def archives_of(config: Any) -> tuple[str, ...]:
    """Return the archives of structures that a config names beside its datasets."""
    return tuple(getattr(config, "archives", ()))


def _digests(config: Any) -> list[list[str]]:
    """Return (name, digest) of everything a run reads; an archive's is its registered checksum."""
    tables = [[name, data.content_digest(name)] for name in config.datasets]
    return tables + [[name, data.entry(name).sha256] for name in archives_of(config)]


def _key(
    experiment: Experiment, config: Any, seeds: Sequence[int], profile: str, digests: list[list[str]]
) -> str:
    code = "" if profile == "full" else package_digest()
    return content_key(experiment.id, config, list(seeds), digests, code)


def _stored(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int]) -> Record | None:
    """Return the record that answers this request exactly, if there is one."""
    try:
        digests = _digests(config)
    except MissingDataset:
        # Without the data nothing can be trained; a committed record of the same settings still stands.
        kept = records.full_record(experiment.id) if profile == "full" else None
        same = kept is not None and records.made_with(kept, plain(config)) and kept.seeds == list(seeds)
        return kept if same else None
    key = _key(experiment, config, seeds, profile, digests)
    path = _path(experiment, profile, config, seeds, key)
    if not path.is_file() and profile == "full":
        path = paths.committed(f"{experiment.id}.json")
    kept = records.load(path) if path.is_file() else None
    return kept if kept is not None and kept.key == key else None


def _path(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int], key: str) -> Path:
    """Return where a record is kept; a full run with fewer or more seeds never goes to the book."""
    if profile == "full" and len(seeds) != config.seeds:
        return paths.work_dir() / "records" / f"{experiment.id}-full-{key}.json"
    return records.record_path(experiment.id, profile, key)


def _replaced(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int]) -> float:
    """Return when the record was written that another would replace; without one, the end of time."""
    key = _key(experiment, config, seeds, profile, _digests(config))
    path = _path(experiment, profile, config, seeds, key)
    return path.stat().st_mtime if path.is_file() else math.inf


def run(
    experiment: Experiment,
    profile: str = "quick",
    *,
    seeds: int = 0,
    device: str = "auto",
    refresh: bool = False,
    paper_budget: bool = False,
    say: Say = silent,
) -> Record:
    """Return the record of an experiment, training only if there is none that matches.

    Args:
        experiment: from :func:`replicate.experiments.get`.
        profile: ``smoke``, ``quick`` or ``full``.
        seeds: number of seeds; 0: the profile's own number. A full record is committed to the book only
            with the profile's own number.
        device: ``auto``, ``cpu`` or ``cuda``.
        refresh: train even when a record exists, from nothing but what is younger than that record, so that an
            interrupted refresh goes on where it was.
        paper_budget: train ``full`` for as long as the paper also where there is no GPU.
        say: receives progress lines.

    Raises:
        ConfigError: unknown profile or device, negative seeds.
        MissingDataset: a dataset is not here and no record answers the request.
    """
    wanted = _wanted(experiment, profile, seeds, device, refresh=refresh, paper_budget=paper_budget)
    if isinstance(wanted, Record):
        return wanted
    config, chosen, target = wanted
    started = time.perf_counter()
    since = _replaced(experiment, profile, config, chosen) if refresh else 0.0
    state = _work(experiment, Run(experiment.id, profile, config, chosen, target, say, since))
    digests = _digests(config)
    record = Record(
        experiment=experiment.id,
        profile=profile,
        key=_key(experiment, config, chosen, profile, digests),
        config=plain(config),
        data=[
            {"name": name, "digest": ds.digest, "rows": len(ds.table)} for name, ds in state.datasets.items()
        ]
        + [
            {"name": name, "digest": data.entry(name).sha256, "rows": data.entry(name).n_files}
            for name in archives_of(config)
        ],
        splits=state.splits,
        seeds=chosen,
        metrics=state.metrics,
        arrays=state.arrays,
        training=state.training,
        environment=records.environment(
            target.type, device_name(target), max(time.perf_counter() - started, state_seconds(state))
        ),
    )
    path = _path(experiment, profile, config, chosen, record.key)
    records.save(record, path)
    return records.load(path)  # with the digits that are kept, as the next run will read it


def train(
    experiment: Experiment,
    profile: str,
    group: Callable[[Any, list[int]], list[int]],
    *,
    seeds: int = 0,
    device: str = "auto",
    say: Say = silent,
) -> list[int]:
    """Do the work of a run for some of its seeds, leave their checkpoints, and file nothing.

    Args:
        experiment: one whose networks are trained seed by seed.
        profile: as for :func:`run`, and so are ``seeds``, ``device`` and ``say``.
        group: settings and all seeds → those to train.

    Returns:
        The seeds trained; none where a record has them all already.
    """
    wanted = _wanted(experiment, profile, seeds, device, refresh=False)
    if isinstance(wanted, Record):
        return []
    config, chosen, target = wanted
    members = group(config, chosen)
    _work(experiment, Run(experiment.id, profile, config, members, target, say))
    return members


def _wanted(
    experiment: Experiment,
    profile: str,
    seeds: int,
    device: str,
    *,
    refresh: bool,
    paper_budget: bool = False,
) -> Record | tuple[Any, list[int], torch.device]:
    """Return the record that answers a request, or with which settings, seeds and device to make it."""
    whole = experiment.config(profile)
    if not 0 <= seeds <= MOST_SEEDS:
        raise ConfigError(f"seeds must be 0 (the profile's own number) to {MOST_SEEDS:,}, not {seeds:,}")
    if device not in DEVICES:
        raise ConfigError(f"device must be auto, cpu or cuda, not {device!r}")
    # A record answers on any machine, also one without the device it was asked for.
    if not refresh:
        kept = _stored(experiment, profile, whole, list(range(seeds or whole.seeds)))
        if kept is not None:
            return kept
    target = resolve_device(device)
    config = whole if paper_budget else experiment.config(profile, target)
    chosen = list(range(seeds or config.seeds))
    if not refresh and config is not whole:
        kept = _stored(experiment, profile, config, chosen)
        if kept is not None:
            return kept
    return config, chosen, target


def _work(experiment: Experiment, state: Run) -> Run:
    """Load the data and let the experiment fill the run."""
    import torch

    # One thread unless told otherwise: for networks this small a second one gains little on an idle machine
    # and slows everything down a hundredfold on a busy one.
    wanted = os.environ.get("OMP_NUM_THREADS", "1").split(",")[0]
    torch.set_num_threads(int(wanted) if wanted.isdigit() else 1)
    for name in state.config.datasets:
        state.dataset(name)
    experiment.fill(state)
    return state


def state_seconds(state: Run) -> float:
    """Return the summed training time of a run, which counts stages finished in earlier attempts."""
    return float(sum(entry.get("seconds", 0.0) for entry in state.training.values()))
