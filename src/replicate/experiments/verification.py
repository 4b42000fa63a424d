"""A number checked without training: data and splits against their digests, the score against stored weights."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from replicate import data, paths
from replicate.errors import ConfigError, DataError, MissingDataset
from replicate.experiments.core import Run, archives_of, called, get
from replicate.results import papers, records
from replicate.results.compare import measured
from replicate.results.records import Record
from replicate.settings import plain

if TYPE_CHECKING:
    import pandas as pd

    from replicate.experiments.configs import CrystalNetwork, Network
    from replicate.experiments.samples import Samples
    from replicate.experiments.train import Trained

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
        return float(np.abs(np.subtract(self.recomputed, self.recorded)).max()) if self.recomputed else None

    @property
    def equal(self) -> bool:
        """Whether recomputed values are equal to the digits that a record keeps."""
        return self.difference is not None and self.difference <= _DIGITS * max(map(abs, self.recorded))

    def __str__(self) -> str:
        lines = [f"data {name}: {state}" for name, state in self.data.items()]
        lines += [f"splits {kind}: {state}" for kind, state in self.splits.items()]
        if self.difference is None:
            return "\n".join([*lines, f"not recomputed: {self.note}"])
        values = ", ".join(f"{value:.7g}" for value in self.recomputed)
        said = EQUAL if self.equal else f"differs by at most {self.difference:.2g}"
        return "\n".join([*lines, f"recomputed {self.note}: {values}", f"against the record: {said}"])


def verify(number: str, record: Record | None = None) -> Verification:
    """Check a number's data and splits, and recompute it from stored weights where there are some.

    Args:
        number: id of a printed number, such as ``zeng2019-metal/auc``.
        record: of which run; None: the committed full record.

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
    states = {d["name"]: _state(d["name"], d["digest"], d["name"] in archives_of(config)) for d in record.data}
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
    run = run_again(record)
    note = ""
    try:
        called(known.check, run)
    except NotStored as error:
        note = str(error)
    equal = {kind: digests == record.splits[kind] for kind, digests in run.splits.items() if kind in record.splits}
    done = replace(done, splits={kind: EQUAL if same else DIFFERS for kind, same in equal.items()})
    score = run.metrics.get(target.metric)
    if score is None:
        return replace(done, note=note or f"{target.metric} takes more than the stored network; {again}")
    recomputed = tuple(value * target.scale for value in score.values)
    return replace(done, recomputed=recomputed, note=f"from {run.arrays['weights']}")


def run_again(record: Record) -> Run:
    """Return a run with the settings and seeds of a record, on the processor, to hold it against."""
    import torch

    config = get(record.experiment).config(record.profile, record.environment["device"])
    return Run(record.experiment, record.profile, config, record.seeds, torch.device("cpu"))


def points_of_tests(experiment: str) -> pd.DataFrame:
    """Return what stored weights predict for every test row of the record's random splits: the points of its parity.

    Raises:
        ConfigError: there is no such experiment, no stored network or record of it, or the terms of its data do not
            let single rows be shown.
        DataError: the splits drawn now are not the record's.
        MissingDataset: the data are not here.
    """
    import pandas as pd

    known, record = get(experiment), records.full_record(experiment)
    absent = ConfigError(f"no network of {experiment} is stored, so there are no points of its test rows")
    if record is None or not known.check:
        raise absent
    run = run_again(record)
    samples, tests = called(known.check, run)
    if not tests:
        raise absent
    if not samples.quotable:
        raise ConfigError(f"the terms of the data of {experiment} do not let single rows be passed on")
    if run.splits["random"] != record.splits["random"]:
        raise DataError(f"the random splits drawn now are not those of the record of {experiment}")
    splits, predicted = tests["random"]
    return pd.concat(
        pd.DataFrame(
            {
                "seed": split.seed,
                "row": [samples.label(int(row)) for row in split.test],
                "measured": samples.target[split.test],
                "predicted": values,
            }
        )
        for split, values in zip(splits, predicted, strict=True)
    )


class NotStored(ConfigError):
    """The weights of a network are not here, or are those of another run."""


def stored(run: Run, samples: Samples, network: Network | CrystalNetwork, name: str) -> Trained:
    """Return a trained network from its stored ensemble, called ``name``, in place of training it.

    Raises:
        NotStored: there is none of this experiment, network and seeds.
    """
    from replicate.experiments.train import Trained
    from replicate.training import store

    folders = {"as trained here": paths.work_dir() / "models", "shipped at half precision": store.SHIPPED}
    for state, folder in folders.items():
        path = folder / store.file_name(name, run.profile)
        if not path.is_file():
            continue
        ensemble = store.load_ensemble(path)
        made_by = (ensemble.card.experiment, list(ensemble.card.seeds), ensemble.config)
        if made_by == (run.experiment, list(run.seeds), network.model):
            run.arrays["weights"] = f"{name}, {state}"
            return Trained(network, ensemble.fits, samples.inputs(network.model))
    raise NotStored(f"there are no weights of {name} with this network and these seeds")


def _state(name: str, digest: str, archive: bool) -> str:
    """Return whether a dataset here is the one of a digest; an archive's is its registered checksum."""
    if archive and not data.available(name):
        return ABSENT
    try:
        here = data.entry(name).sha256 if archive else data.content_digest(name)
    except MissingDataset:
        return ABSENT
    return EQUAL if here == digest else DIFFERS
