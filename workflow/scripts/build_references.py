"""Put into the shipped ensembles what they were trained on, and the errors of their tests by distance from it.

    python workflow/scripts/build_references.py [NAME…]

New ensembles get both when they are trained. This script redraws the random splits of the committed record, compares
their digests, asks every member for the predictions of its own test rows, compares their error with the record's, and
leaves the weights as they are. Networks of other splits are not stored, so the expected errors are of random splits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import torch

from replicate import experiments
from replicate.errors import ReplicateError, told
from replicate.evaluation.splits import Split
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, Samples, draw, load_rows, targets
from replicate.experiments.scoring import reference
from replicate.experiments.verification import stored
from replicate.experiments.xie2018 import sources
from replicate.experiments.zeng2019.insulators import superconductor_tests
from replicate.experiments.zeng2019.superconductors import load_negatives, load_superconductors
from replicate.results import records
from replicate.training import store

Drawn = tuple[Samples, list[Split], Network | CrystalNetwork, str]


def supervised(run: Run) -> Drawn:
    """Return rows, random splits, network and metric of an experiment on one table."""
    rows = load_rows(run, run.config)
    network = next(n for n in run.config.networks if n.name == run.config.release[0])
    return rows, draw(run, rows, run.config), network, f"random/{network.name}/mae"


def with_insulators(run: Run) -> Drawn:
    """Return the same of superconductors mixed with insulators."""
    known = load_superconductors(run, run.config.tc)
    mixed = known.joined(load_negatives(run, run.config.insulators, known, run.config.most))
    network = run.config.network
    return mixed, draw(run, mixed, run.config.tc), network, f"superconductors/{network.name}/mae"


def formation(run: Run) -> Drawn:
    """Return the same of crystals with a formation energy."""
    config = run.config
    crystals = sources.load(run, "formation_energy").first(config.max_rows, "some")
    shares = {"test": config.test, "validation": config.validation}
    splits = [crystals.split(seed, **shares, train=config.train) for seed in run.seeds]
    return crystals, splits, config.networks[0], f"random/{config.networks[0].name}/mae"


DRAW: dict[str, Callable[[Run], Drawn]] = {
    "zeng2019-gap": supervised,
    "zeng2019-formation": supervised,
    "zeng2019-metal": supervised,
    "zeng2019-tc-insulators": with_insulators,
    "xie2018-formation": formation,
}


def rebuild(name: str) -> None:
    """Write the reference of one shipped ensemble."""
    path = store.SHIPPED / store.file_name(name, "full")
    ensemble = store.load_ensemble(path)
    experiment, record = (
        experiments.get(ensemble.card.experiment),
        records.full_record(ensemble.card.experiment),
    )
    if record is None:
        raise ReplicateError(f"{name}: there is no full record of {experiment.id}")
    config = experiment.config("full", "cpu")
    seeds = list(ensemble.card.seeds)
    run = Run(experiment.id, "full", config, seeds, torch.device("cpu"))
    samples, splits, network, metric = DRAW[experiment.id](run)
    if [split.digest for split in splits] != record.splits["random"]:
        raise ReplicateError(f"{name}: the splits drawn now are not those of the record")
    if isinstance(samples, Rows) and experiment.id == "zeng2019-tc-insulators":
        splits = superconductor_tests(samples, splits)
    predicted = stored(run, samples, network, name).predict_tests(splits)
    errors = np.abs(predicted - targets(samples, splits)).mean(axis=1)
    if metric in record.metrics and not np.allclose(errors, record.metrics[metric].values, rtol=0.01):
        raise ReplicateError(f"{name}: errors {errors} are not the record's {record.metrics[metric].values}")
    known = reference(samples, {"random": (splits, predicted)})
    if known is None:
        raise ReplicateError(f"{name}: the terms of its data do not let its formulas be passed on")
    before = path.stat().st_size
    store.with_reference(path, known)
    print(f"{name}: {len(known.formulas):,} formulas, {path.stat().st_size - before:,} bytes more, {errors.mean():.4g}")
    for step in known.steps:
        print(f"  up to {step.distance:.2f}: {step.error:.3g} ({step.rows:,} rows)")


if __name__ == "__main__":
    torch.set_num_threads(1)
    with told("build_references"):
        shipped = [store.read_card(path).name for path in sorted(store.SHIPPED.glob("*.full.safetensors"))]
        for chosen in sys.argv[1:] or shipped:
            rebuild(chosen)
