"""What an experiment is, and what a run of one may use and files.

A run has stages (one network on one kind of split, one baseline, …). Every finished stage stays in the work folder
under a key of all that decides its numbers, so an interrupted run goes on where it stopped, and two experiments that
need the same network train it once.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from replicate import data, paths
from replicate.errors import ConfigError, DataError
from replicate.package_digest import package_digest
from replicate.results.records import Metric
from replicate.settings import PROFILES, content_key

if TYPE_CHECKING:
    import torch

    from replicate.data import Dataset
    from replicate.evaluation.splits import Split
    from replicate.experiments.configs import Profiles
    from replicate.training.store import Ensemble

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
        on_cpu: settings that stand in for ``full`` where there is no GPU.
        budget: what the training with those falls short of the paper's by, for people.
        after: experiments that train networks this one uses too; run first, they are trained once.
        check: draws the splits, scores the released ensemble and returns its tests as
            :func:`replicate.experiments.scoring.reference` takes them; named as ``function``, empty where none is.
    """

    id: str
    configs: Mapping[str, Any]
    function: str
    cost: Mapping[str, str]
    on_cpu: Any = None
    budget: str = ""
    after: tuple[str, ...] = ()
    check: str = ""

    def config(self, profile: str, device: torch.device | str | None = None) -> Any:
        """Return the settings of a profile, on a device where that matters, or raise ConfigError."""
        if profile not in self.configs:
            raise ConfigError(f"profile must be one of {', '.join(PROFILES)}, not {profile!r}")
        cut = profile == "full" and str(device) == "cpu" and self.on_cpu is not None
        return self.on_cpu if cut else self.configs[profile]

    def fill(self, run: Run) -> None:
        """Do the work of a run."""
        called(self.function, run)


def experiment(
    id: str,
    settings: Profiles[Any],
    quick: str,
    full: str,
    budget: str = "",
    *,
    module: str = "",
    after: Sequence[str] = (),
    check: str = "",
) -> Experiment:
    """Return an experiment whose function is ``run_tc`` of ``zeng2019/tc.py`` for ``zeng2019-tc``.

    Args:
        id: ``<paper>-<experiment>``.
        settings: those on a processor stand in where they differ.
        quick, full: costs of the profiles.
        budget: as for :class:`Experiment`.
        module: that of the function, where it has another name than the experiment.
        after: as for :class:`Experiment`, without the paper.
        check: as for :class:`Experiment`.
    """
    paper, _, name = id.replace("-", "_").partition("_")
    return Experiment(
        id,
        {profile: getattr(settings, profile) for profile in PROFILES},
        f"{paper}.{module or name}:run_{name}",
        {"quick": quick, "full": full},
        settings.on_cpu if settings.on_cpu != settings.full else None,
        budget,
        tuple(f"{paper}-{earlier}" for earlier in after),
        check,
    )


@dataclass
class Run:
    """A run in progress: what it may use, and its results so far."""

    experiment: str
    profile: str
    config: Any
    seeds: Sequence[int]
    device: torch.device
    say: Say = silent
    change: str = ""  # what a variant changes of the experiment's settings; see changes.py
    since: float = 0.0  # s since the epoch; only younger checkpoints and stages are gone on from
    start: Ensemble | None = None  # whose weights every network begins with
    metrics: dict[str, Metric] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    splits: dict[str, list[str]] = field(default_factory=dict)  # digests
    drawn: dict[str, Sequence[Split]] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)

    def first(self, most: int) -> list[int]:
        """Return which of this run's seeds are among the experiment's first ``most``; a seed group may have none."""
        return [seed for seed in self.seeds if seed < most]

    def dataset(self, name: str) -> Dataset:
        """Load a dataset once and note its digest for the record."""
        if name not in self.datasets:
            self.datasets[name] = data.load_once(name)
        return self.datasets[name]

    def file(self, key: str, value: Any, unit: str = "", n: int | None = None) -> None:
        """File one number, or one per seed, over ``n`` test rows."""
        values = np.asarray(value).reshape(-1).tolist()
        self.metrics[key] = Metric(unit, tuple(values), None if n is None else int(n))

    def add(
        self, prefix: str, per_seed: Sequence[Mapping[str, float]], units: Mapping[str, str], n: int | None
    ) -> None:
        """File one dictionary of scores per seed under ``prefix``."""
        for name in per_seed[0]:
            values = [float(scores[name]) for scores in per_seed]
            self.file(f"{prefix}/{name}", values, units.get(name, ""), n)

    def note_splits(self, kind: str, splits: Sequence[Split]) -> None:
        """Note the splits that were used, and their digests for the record."""
        self.drawn[kind] = splits
        self.splits[kind] = [split.digest for split in splits]

    @property
    def code(self) -> str:
        """Digest of the code that decides numbers, as :func:`code_of`."""
        return code_of(self.profile)

    def forget_old(self, path: Path) -> None:
        """Delete a checkpoint or stage that is too old to be gone on from."""
        if path.is_file() and path.stat().st_mtime <= self.since:
            path.unlink(missing_ok=True)

    def stage(self, name: str, parts: Sequence[Any], work: Callable[[], dict[str, np.ndarray]]) -> dict[str, Any]:
        """Return what ``work`` does, from the work folder when a stage with equal ``parts`` was finished before.

        ``parts`` are all that decides the numbers (configs, digests, seeds), ``name`` is the readable part of the file.
        """
        key = content_key(*parts, self.device.type, self.code)
        path = paths.work_dir() / "stages" / f"{name}-{key}.npz"
        self.forget_old(path)
        if path.is_file():
            try:
                with np.load(path, allow_pickle=False) as arrays:  # noqa: TID251
                    return dict(arrays)
            except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
                problem = f"not a readable stage, delete it to do it again: {error}"
                raise DataError(problem, file=path) from error
        results = work()
        with paths.written_whole(path) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, **results)  # type: ignore[arg-type]
        return results


def called(function: str, run: Run) -> Any:
    """Return what a function, named as in :class:`Experiment`, does with a run."""
    module, _, name = function.partition(":")
    return getattr(import_module(f"replicate.experiments.{module}"), name)(run)


def code_of(profile: str) -> str:
    """Return the digest of the code that decides numbers, empty for full runs, which survive edits of the code."""
    return "" if profile == "full" else package_digest()


def archives_of(config: Any) -> tuple[str, ...]:
    """Return the archives of structures that a config names apart from its datasets."""
    return tuple(getattr(config, "archives", ()))
