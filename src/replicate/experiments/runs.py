"""How a run of an experiment becomes a record: asked for by id, answered from a file where there is one."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replicate import data, paths
from replicate.errors import ConfigError, MissingDataset
from replicate.experiments.changes import changed
from replicate.experiments.core import Experiment, Run, Say, archives_of, called, code_of, get, silent
from replicate.results import records
from replicate.results.records import Record
from replicate.settings import DEVICES, MOST_SEEDS, assignments, content_key, plain
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
    change: str = "",
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
        change: settings of a variant, such as ``model.dropout=0.5; fit.epochs=20``, as for
            :func:`replicate.experiments.changes.changed`, changed from those of the profile on this device. Its record
            is kept apart from the book's, and its networks are not kept for predictions.
        say: receives progress lines.

    Raises:
        ConfigError: unknown experiment, profile, device or setting, negative seeds.
        MissingDataset: a dataset is not here and no record answers the request.
    """
    known = get(experiment)
    change = "; ".join(f"{path}={value}" for path, value in assignments(change).items())
    answer = resolve(known, profile, seeds, device, refresh=refresh, paper_budget=paper_budget, change=change)
    if isinstance(answer, Record):
        return answer
    config, chosen, target = answer
    started = time.perf_counter()
    key, path = _address(known, profile, config, chosen, change)
    since = 0.0
    if refresh:  # nothing older than the record that this one replaces; without one, nothing at all
        since = path.stat().st_mtime if path.is_file() else math.inf
    state = Run(experiment, profile, config, chosen, target, say, change, since)
    try:
        work(known, state)
    except (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError) as error:
        if not change:
            raise
        raise ConfigError(f"{experiment} does not run with {change}: {type(error).__name__}: {error}") from error
    # The summed training time counts stages finished in earlier attempts.
    trained = sum(float(entry.get("seconds", 0.0)) for entry in state.training.values())
    seconds = max(time.perf_counter() - started, trained)
    read = [(name, dataset.digest, len(dataset.table)) for name, dataset in state.datasets.items()]
    read += [(name, data.entry(name).sha256, data.entry(name).n_files) for name in archives_of(config)]
    record = Record(
        experiment=experiment,
        profile=profile,
        key=key,
        config=plain(config),
        budget=known.budget if not paper_budget and known.config(profile, target) is known.on_cpu else "",
        change=change,
        data=[{"name": name, "digest": digest, "rows": n} for name, digest, n in read],
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

    ``note`` receives the sentence that the record is not of the profile asked for, and :func:`run` the other options.

    Raises:
        MissingDataset: the data are not here, and there is no full record either, or a variant was asked for.
    """
    try:
        return run(experiment, profile, **options)
    except MissingDataset as error:
        full = None if options.get("change") else records.full_record(experiment)
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
    change: str = "",
) -> Record | tuple[Any, list[int], torch.device]:
    """Return the record that answers a request, or with which settings, seeds and device to make it."""
    whole = experiment.config(profile)
    if not 0 <= seeds <= MOST_SEEDS:
        raise ConfigError(f"seeds must be 0 (the profile's own number) to {MOST_SEEDS:,}, not {seeds:,}")
    if device not in DEVICES:
        raise ConfigError(f"device must be auto, cpu or cuda, not {device!r}")
    if change:
        own = whole if paper_budget else experiment.config(profile, resolve_device(device))
        whole = changed(own, change)
        if not 1 <= whole.seeds <= MOST_SEEDS:
            raise ConfigError(f"seeds must be 1 to {MOST_SEEDS:,}, not {whole.seeds:,}")
    # A record answers on any machine, also one without the device it was asked for.
    stored = None if refresh else _stored(experiment, profile, whole, list(range(seeds or whole.seeds)), change)
    if stored is not None:
        return stored
    target = resolve_device(device)
    config = whole if paper_budget or change else experiment.config(profile, target)
    chosen = list(range(seeds or config.seeds))
    if not refresh and config is not whole:
        stored = _stored(experiment, profile, config, chosen, change)
    return stored if stored is not None else (config, chosen, target)


def work(experiment: Experiment, run: Run) -> None:
    """Load the data and let the experiment fill the run."""
    limit_threads()
    for name in run.config.datasets:
        run.dataset(name)
    called(experiment.function, run)


def limit_threads() -> None:
    """Let torch use one thread, or as many as ``OMP_NUM_THREADS`` says.

    For networks this small a second one gains little on an idle machine and slows everything down a hundredfold on a
    busy one.
    """
    import torch

    wanted = os.environ.get("OMP_NUM_THREADS", "1").split(",")[0]
    torch.set_num_threads(int(wanted) if wanted.isdigit() else 1)


def _digests(config: Any) -> list[list[str]]:
    """Return (name, digest) of everything a run reads; an archive's is its registered checksum."""
    tables = [[name, data.content_digest(name)] for name in config.datasets]
    return tables + [[name, data.entry(name).sha256] for name in archives_of(config)]


def _address(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int], change: str) -> tuple[str, Path]:
    """Return key and path of a record; a variant and a full run with other seeds never go to the book."""
    key = content_key(experiment.id, config, list(seeds), _digests(config), code_of(profile))
    if change:
        return key, paths.work_dir() / "variants" / f"{experiment.id}-{profile}-{key}.json"
    if profile == "full" and len(seeds) != config.seeds:
        return key, paths.work_dir() / "records" / f"{experiment.id}-full-{key}.json"
    return key, records.record_path(experiment.id, profile, key)


def _stored(experiment: Experiment, profile: str, config: Any, seeds: Sequence[int], change: str) -> Record | None:
    """Return the record that answers this request exactly, if there is one; a variant's in the words of ``change``."""
    try:
        key, path = _address(experiment, profile, config, seeds, change)
    except MissingDataset:
        if change:
            raise
        # Without the data nothing can be trained; a committed record of the same settings still stands.
        full = records.full_record(experiment.id) if profile == "full" else None
        same = full is not None and records.made_with(full, plain(config)) and full.seeds == list(seeds)
        return full if same else None
    if not path.is_file() and profile == "full" and not change:
        path = paths.committed(f"{experiment.id}.json")
    record = records.load(path) if path.is_file() else None
    return replace(record, change=change) if record is not None and record.key == key else None


def base_record(variant: Record) -> Record | None:
    """Return the record of a variant's run without its change; smoke and quick runs are trained where there is none.

    A full run is not, as its record would go to the book: None where the book's was made with other settings.
    """
    known, device = get(variant.experiment), variant.environment["device"]
    base = base_settings(variant)
    if variant.profile == "full":
        full = records.full_record(variant.experiment)
        return full if full is not None and records.made_with(full, plain(base)) else None
    return run(known.id, variant.profile, seeds=len(variant.seeds), device=device)


def base_settings(variant: Record) -> Any:
    """Return the settings that a variant's were changed from: the profile's on its device, or with the paper's budget.

    Raises:
        ConfigError: the variant was made with other settings than those of today.
    """
    known, device = get(variant.experiment), variant.environment["device"]
    for base in (known.config(variant.profile, device), known.config(variant.profile)):
        with suppress(ConfigError):
            if records.made_with(variant, plain(changed(base, variant.change))):
                return base
    raise ConfigError(f"the settings of {variant.experiment} have changed since this variant ran: run it again")
