"""What an experiment is, the experiments by id, and what a run of one may use and files.

Every finished stage of a run stays in the work folder under a key of all that decides its numbers, so an interrupted
run goes on where it stopped, and two experiments that need the same network train it once.
"""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from replicate import data, paths
from replicate.errors import ConfigError, DataError
from replicate.package_digest import package_digest
from replicate.results import papers
from replicate.results.papers import Question
from replicate.results.records import Metric
from replicate.settings import PROFILES, content_key

if TYPE_CHECKING:
    import torch

    from replicate.data import Dataset
    from replicate.evaluation.splits import Split
    from replicate.experiments.configs import Profiles
    from replicate.training.store import Ensemble

Say = Callable[[str], None]
_OWN = "beyond"  # the chapter of no paper


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Experiment:
    """One experiment of a paper.

    Functions are written ``<module below replicate.experiments>:<name>``, so that settings are known without what
    trains. A ``check`` draws the splits as the run does, scores the released ensemble on them, and returns its samples
    and its tests as :func:`replicate.experiments.scoring.reference` takes them.
    """

    id: str  # <paper>-<experiment>
    configs: Mapping[str, Any]  # profile → frozen dataclass with at least ``seeds: int`` and ``datasets``
    function: str  # does the work, fills the run it is given
    cost: Mapping[str, str]  # profile → what to expect on a laptop's processor, for people
    on_cpu: Any = None  # settings that stand in for ``full`` where there is no GPU
    budget: str = ""  # what the training with those falls short of the paper's by, for people
    after: tuple[str, ...] = ()  # experiments that train networks this one uses too; run first, they are trained once
    check: str = ""  # where an ensemble is released

    def config(self, profile: str, device: torch.device | str | None = None) -> Any:
        """Return the settings of a profile, on a device where that matters, or raise ConfigError."""
        if profile not in self.configs:
            raise ConfigError(f"profile must be one of {', '.join(PROFILES)}, not {profile!r}")
        cut = profile == "full" and str(device) == "cpu" and self.on_cpu is not None
        return self.on_cpu if cut else self.configs[profile]


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

    ``module`` is that of a function elsewhere; ``after`` goes without the paper, ``quick`` and ``full`` are costs.
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


@cache
def _registry() -> dict[str, Experiment]:
    names = (*(paper.id for paper in papers.papers()), _OWN)
    chapters = [import_module(f"replicate.experiments.{name}") for name in names]
    return {experiment.id: experiment for chapter in chapters for experiment in chapter.EXPERIMENTS}


def all_experiments() -> Iterator[Experiment]:
    """Yield every experiment in the order of the book."""
    yield from _registry().values()


def questions() -> tuple[Question, ...]:
    """Return what the experiments answer, those of the papers and those beyond them, in the order of the book."""
    return (*papers.questions(), *import_module(f"replicate.experiments.{_OWN}").QUESTIONS)


def get(experiment: str) -> Experiment:
    """Return an experiment by id, or raise ConfigError that names the closest."""
    known = _registry()
    if experiment not in known:
        close = difflib.get_close_matches(experiment, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"
        raise ConfigError(f"no experiment {experiment!r}{hint}")
    return known[experiment]


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

    def file_all(self, prefix: str, values: Mapping[str, Any], unit: str = "", n: int | None = None) -> None:
        """File several numbers, each as :meth:`file` does, under ``prefix``."""
        for name, value in values.items():
            self.file(f"{prefix}/{name}", value, unit, n)

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

        ``parts`` are all that decides the numbers, ``name`` is the readable part of the file.
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
