"""How a run of an experiment becomes a record: asked for by id, answered from a file where there is one."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replicate import data, paths
from replicate.errors import ConfigError, MissingDataset
from replicate.experiments.core import Experiment, Run, Say, archives_of, code_of, silent
from replicate.experiments.registry import get
from replicate.results import records
from replicate.results.records import Record
from replicate.settings import DEVICES, MOST_SEEDS, content_key, plain
from replicate.training.config import device_name, resolve_device

if TYPE_CHECKING:
    import torch


def run(
    experiment: str,
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
        experiment: id.
        profile: ``smoke``, ``quick`` or ``full``.
        seeds: number of seeds; 0: the profile's own number, the only one that goes to the book.
        device: ``auto``, ``cpu`` or ``cuda``.
        refresh: train even when a record exists, from nothing but what is younger than that record, so that an
            interrupted refresh goes on where it was.
        paper_budget: train ``full`` for as long as the paper also where there is no GPU.
        say: receives progress lines.

    Raises:
        ConfigError: unknown experiment, profile or device, negative seeds.
        MissingDataset: a dataset is not here and no record answers the request.
    """
    known = get(experiment)
    answer = resolve(known, profile, seeds, device, refresh=refresh, paper_budget=paper_budget)
    if isinstance(answer, Record):
        return answer
    config, chosen, target = answer
    started = time.perf_counter()
    since = 0.0
    if refresh:  # nothing older than the record that this one replaces; without one, nothing at all
        _, path = _address(known, profile, config, chosen)
        since = path.stat().st_mtime if path.is_file() else math.inf
    state = Run(experiment, profile, config, chosen, target, say, since)
    work(known, state)
    key, path = _address(known, profile, config, chosen)
    # The summed training time counts stages finished in earlier attempts.
    trained = sum(float(entry.get("seconds", 0.0)) for entry in state.training.values())
    seconds = max(time.perf_counter() - started, trained)
    tables = [(name, dataset.digest, len(dataset.table)) for name, dataset in state.datasets.items()]
    entries = [(name, data.entry(name)) for name in archives_of(config)]
    archives = [(name, entry.sha256, entry.n_files) for name, entry in entries]
    record = Record(
        experiment=experiment,
        profile=profile,
        key=key,
        config=plain(config),
        budget=known.budget if config is known.on_cpu else "",
        data=[{"name": name, "digest": digest, "rows": n} for name, digest, n in tables + archives],
        splits=state.splits,
        seeds=chosen,
        metrics=state.metrics,
        arrays=state.arrays,
        training=state.training,
        environment=records.environment(target.type, device_name(target), seconds),
    )
    records.save(record, path)
    return records.load(path)  # with the digits of the file, as the next run will read it


def run_or_full(experiment: str, profile: str = "quick", *, note: Say = print, **options: Any) -> Record:
    """Return what :func:`run` returns, or, where its data are not here, the committed full record, and say so.

    For pages whose every profile needs a download; ``note`` receives the one sentence that the record is not of the
    profile asked for, and :func:`run` the other options.

    Raises:
        MissingDataset: the data are not here, and there is no full record either.
    """
    try:
        return run(experiment, profile, **options)
    except MissingDataset as error:
        full = records.full_record(experiment)
        if full is None:
            raise
        note(f"The {profile} profile did not run, this is the full record: {error}")
        return full


def resolve(
    experiment: Experiment,
    profile: str,
    seeds: int,
    device: str,
    *,
    refresh: bool = False,
    paper_budget: bool = False,
) -> Record | tuple[Any, list[int], torch.device]:
    """Return the record that answers a request, or with which settings, seeds and device to make it.

    Raises:
        ConfigError: unknown profile or device, negative seeds.
    """
    whole = experiment.config(profile)
    if not 0 <= seeds <= MOST_SEEDS:
        raise ConfigError(f"seeds must be 0 (the profile's own number) to {MOST_SEEDS:,}, not {seeds:,}")
    if device not in DEVICES:
        raise ConfigError(f"device must be auto, cpu or cuda, not {device!r}")
    # A record answers on any machine, also one without the device it was asked for.
    stored = None if refresh else _stored(experiment, profile, whole, list(range(seeds or whole.seeds)))
    if stored is not None:
        return stored
    target = resolve_device(device)
    config = whole if paper_budget else experiment.config(profile, target)
    chosen = list(range(seeds or config.seeds))
    if not refresh and config is not whole:
        stored = _stored(experiment, profile, config, chosen)
    return stored if stored is not None else (config, chosen, target)


def work(experiment: Experiment, run: Run) -> None:
    """Load the data and let the experiment fill the run."""
    import torch

    # One thread unless told otherwise: for networks this small a second one gains little on an idle machine
    # and slows everything down a hundredfold on a busy one.
    wanted = os.environ.get("OMP_NUM_THREADS", "1").split(",")[0]
    torch.set_num_threads(int(wanted) if wanted.isdigit() else 1)
    for name in run.config.datasets:
        run.dataset(name)
    experiment.fill(run)


def _digests(config: Any) -> list[list[str]]:
    """Return (name, digest) of everything a run reads; an archive's is its registered checksum."""
    tables = [[name, data.content_digest(name)] for name in config.datasets]
    return tables + [[name, data.entry(name).sha256] for name in archives_of(config)]


def _address(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int]) -> tuple[str, Path]:
    """Return key and path of a record; a full run with fewer or more seeds never goes to the book."""
    key = content_key(experiment.id, config, list(seeds), _digests(config), code_of(profile))
    if profile == "full" and len(seeds) != config.seeds:
        return key, paths.work_dir() / "records" / f"{experiment.id}-full-{key}.json"
    return key, records.record_path(experiment.id, profile, key)


def _stored(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int]) -> Record | None:
    """Return the record that answers this request exactly, if there is one."""
    try:
        key, path = _address(experiment, profile, config, seeds)
    except MissingDataset:
        # Without the data nothing can be trained; a committed record of the same settings still stands.
        full = records.full_record(experiment.id) if profile == "full" else None
        same = full is not None and records.made_with(full, plain(config)) and full.seeds == list(seeds)
        return full if same else None
    if not path.is_file() and profile == "full":
        path = paths.committed(f"{experiment.id}.json")
    record = records.load(path) if path.is_file() else None
    return record if record is not None and record.key == key else None
