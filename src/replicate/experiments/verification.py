"""A number checked without training: data and splits against their digests, the score against stored weights.

The check of an experiment draws its splits as its run does, and files what the stored ensemble gives on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from replicate import data, paths
from replicate.errors import ConfigError, MissingDataset
from replicate.experiments.core import Run, Say, archives_of, silent
from replicate.experiments.registry import get
from replicate.results import papers, records
from replicate.results.compare import measured
from replicate.results.records import Record
from replicate.settings import plain

if TYPE_CHECKING:
    from torch import Tensor

    from replicate.experiments.configs import CrystalNetwork, Network
    from replicate.experiments.samples import Samples
    from replicate.experiments.train import Trained
    from replicate.models.stacked import StackedModule
    from replicate.training.fit import FitResult

EQUAL, DIFFERS, ABSENT = "equal", "differs", "not here"
_DIGITS = 1e-6  # of a value; a record keeps seven digits


@dataclass(frozen=True)
class Verification:
    """What could be checked of a number.

    Args:
        number: id of the printed number.
        data: dataset → whether its digest is the record's: ``equal``, ``differs`` or ``not here``.
        splits: kind → whether those drawn now have the record's digests: ``equal`` or ``differs``.
        recorded, recomputed: the metric, a value per seed, in the printed unit; empty where it is not there.
        note: what the recomputed values rest on, or why there are none.
    """

    number: str
    data: dict[str, str] = field(default_factory=dict)
    splits: dict[str, str] = field(default_factory=dict)
    recorded: tuple[float, ...] = ()
    recomputed: tuple[float, ...] = ()
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether no digest differs; how near a recomputed value is to the recorded one, the reader judges."""
        return DIFFERS not in (*self.data.values(), *self.splits.values())

    @property
    def difference(self) -> float | None:
        """By how much recomputed and recorded values differ at most; None where nothing was recomputed."""
        if not self.recomputed:
            return None
        return float(np.max(np.abs(np.subtract(self.recomputed, self.recorded))))

    @property
    def equal(self) -> bool | None:
        """Whether they are equal to the digits that a record keeps; None where nothing was recomputed."""
        if self.difference is None:
            return None
        return self.difference <= _DIGITS * max(map(abs, self.recorded))

    def __str__(self) -> str:
        lines = [f"data {name}: {state}" for name, state in self.data.items()]
        lines += [f"splits {kind}: {state}" for kind, state in self.splits.items()]
        if self.difference is None:
            return "\n".join([*lines, f"not recomputed: {self.note}"])
        values = ", ".join(f"{value:.7g}" for value in self.recomputed)
        said = EQUAL if self.equal else f"differs by at most {self.difference:.2g}"
        return "\n".join([*lines, f"recomputed {self.note}: {values}", f"against the record: {said}"])


def verify(number: str, record: Record | None = None, *, say: Say = silent) -> Verification:
    """Check a number's data and splits, and recompute it from stored weights where there are some.

    Args:
        number: id of a printed number, such as ``zeng2019-metal/auc``.
        record: of which run; None: the committed full record.
        say: receives progress lines.

    Raises:
        ConfigError: there is no such number.
    """
    target = papers.target(number)
    record = record or records.full_record(target.experiment)
    metric = measured(record, target.metric) if record else None
    if record is None or metric is None:
        return Verification(number, note=target.cannot_run or "no record has this number")
    known = get(target.experiment)
    config = known.config(record.profile, record.environment["device"])
    states = {one["name"]: _state(one["name"], one["digest"], archives_of(config)) for one in record.data}
    done = Verification(number, states, recorded=tuple(value * target.scale for value in metric.values))
    rows = target.metric.removeprefix("data/").removesuffix("/rows")
    if states.get(rows) == EQUAL and target.metric not in record.metrics:
        count = len(data.load_once(rows).table) * target.scale
        return replace(done, recomputed=(float(count),), note="by counting rows")
    again = f"`replicate run {known.id} --profile {record.profile} --refresh` computes it again"
    if not known.check:
        return replace(done, note=f"no network of {known.id} is stored; {again}")
    if absent := [name for name, state in states.items() if state == ABSENT]:
        return replace(done, note=f"{', '.join(absent)} not here; `replicate data fetch` names what can be had")
    if not records.made_with(record, plain(config)):
        return replace(done, note="the settings have changed since the record was made")
    import torch

    run = Run(known.id, record.profile, config, record.seeds, torch.device("cpu"), say)
    module, _, name = known.check.partition(":")
    note = ""
    try:
        getattr(import_module(f"replicate.experiments.{module}"), name)(run)
    except NotStored as error:
        note = str(error)
    equal = {kind: digests == record.splits[kind] for kind, digests in run.splits.items() if kind in record.splits}
    done = replace(done, splits={kind: EQUAL if same else DIFFERS for kind, same in equal.items()})
    found = run.metrics.get(target.metric)
    if found is None:
        return replace(done, note=note or f"{target.metric} takes more than the stored network; {again}")
    weights = run.arrays["weights"]
    return replace(done, recomputed=tuple(value * target.scale for value in found.values), note=f"from {weights}")


class NotStored(ConfigError):
    """The weights of a network are not here, or are those of another run."""


def stored(run: Run, samples: Samples, network: Network | CrystalNetwork, name: str) -> Trained:
    """Return a trained network from its stored ensemble, called ``name``, in place of training it.

    Raises:
        NotStored: there is none of this experiment, network and seeds.
    """
    from replicate.experiments.train import Trained
    from replicate.models.stacked import SideBySide
    from replicate.training.store import SHIPPED, load_ensemble

    file = f"{name.replace('/', '--')}.{run.profile}.safetensors"
    for folder, halves in ((paths.work_dir() / "models", False), (SHIPPED, True)):
        if not (folder / file).is_file():
            continue
        ensemble = load_ensemble(folder / file)
        card = ensemble.card
        if card.experiment != run.experiment or list(card.seeds) != list(run.seeds):
            continue
        if ensemble.config != network.model:
            continue
        run.arrays["weights"] = f"{name}, {'shipped at half precision' if halves else 'as trained here'}"
        # Networks that read crystals were trained one by one, and each is asked for its own test samples.
        models: list[Any] = [ensemble.model]
        if isinstance(ensemble.model, SideBySide):
            models = list(ensemble.model.networks)
        fits, first = [], 0
        for model in models:
            part = slice(first, first + model.members)
            fits.append(_finished(model, ensemble.centre[part], ensemble.scale[part]))
            first += model.members
        return Trained(network, tuple(fits), samples.inputs(network.model))
    raise NotStored(f"there are no weights of {name} with this network and these seeds")


def _finished(model: StackedModule, centre: Tensor, scale: Tensor) -> FitResult:
    """Return a fit of which only the network at its best epoch was kept."""
    from replicate.training.fit import FitResult

    n = model.members
    none = np.zeros((0, n))
    return FitResult(model, np.zeros(n, dtype=int), none, none, 0.0, centre, scale)


def _state(name: str, digest: str, archives: Sequence[str]) -> str:
    """Return whether a dataset here is the one of a digest; an archive's is its registered checksum."""
    try:
        found = data.entry(name).sha256 if name in archives else data.content_digest(name)
    except MissingDataset:
        return ABSENT
    if name in archives and not data.available(name):
        return ABSENT
    return EQUAL if found == digest else DIFFERS
