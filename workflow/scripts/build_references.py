"""Put into the shipped ensembles what they were trained on, and the errors of their tests by distance from it.

    python workflow/scripts/build_references.py [NAME…]

New ensembles get both when they are trained. This script redraws the random splits of the committed record, compares
their digests, asks every member for the predictions of its own test rows, compares their scores with the record's, and
leaves the weights as they are. Networks of other splits are not stored, so the expected errors are of random splits.
"""

from __future__ import annotations

import sys

import numpy as np
import torch

from replicate import experiments
from replicate.errors import ReplicateError, exit_on_error
from replicate.experiments.core import called
from replicate.experiments.scoring import reference
from replicate.experiments.verification import run_again
from replicate.results import records
from replicate.training import store


def rebuild(name: str) -> None:
    """Write the reference of one shipped ensemble."""
    path = store.SHIPPED / store.file_name(name, "full")
    ensemble = store.load_ensemble(path)
    experiment = experiments.get(ensemble.card.experiment)
    record = records.full_record(experiment.id)
    if record is None:
        raise ReplicateError(f"{name}: there is no full record of {experiment.id}")
    run = run_again(record)
    samples, tests = called(experiment.check, run)
    if run.splits["random"] != record.splits["random"]:
        raise ReplicateError(f"{name}: the splits drawn now are not those of the record")
    for key, metric in run.metrics.items():
        if key.endswith(("/mae", "/auc")) and not np.allclose(metric.values, record.metrics[key].values, rtol=0.01):
            raise ReplicateError(f"{name}: {key} {metric.values} is not the record's {record.metrics[key].values}")
    known = reference(samples, tests)
    if known is None:
        print(f"{name}: left as it is, the terms of its data do not let its formulas be passed on")
        return
    before = path.stat().st_size
    store.save_ensemble(ensemble, ensemble.card, known, path, half=True)
    print(f"{name}: {len(known.formulas):,} formulas, {path.stat().st_size - before:,} bytes more, {known.usual:.4g}")
    for step in known.steps:
        print(f"  up to {step.distance:.2f}: {step.error:.3g} ({step.rows:,} rows)")


if __name__ == "__main__":
    torch.set_num_threads(1)
    with exit_on_error("build_references"):
        shipped = [store.read_card(path).name for path in sorted(store.SHIPPED.glob("*.full.safetensors"))]
        for chosen in sys.argv[1:] or shipped:
            rebuild(chosen)
