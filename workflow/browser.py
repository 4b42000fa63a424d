"""What pages load in a reader's browser when it is asked for: shipped networks, and what lies behind each number.

A script, unlike a file of data, is also read where a page is opened from a disk. That of a network on atom tables, for
the page *Predict*, holds the weights of ``replicate predict`` as they are stored, at half precision, and what it was
trained on. That of an experiment holds for each of its printed numbers what ``replicate show`` says.
"""

from __future__ import annotations

import json
from base64 import b64encode
from itertools import groupby
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from replicate import data, experiments, paths
from replicate.evaluation.distances import FAR, HALF, SAME, Reference
from replicate.features.adducts import MOLECULE
from replicate.features.atom_table import LAST_ELEMENT
from replicate.features.composition import parse
from replicate.features.elements import SYMBOLS
from replicate.models.atcnn import ATCNN
from replicate.models.stacked import StackedBatchNorm, StackedConv2d, StackedDropout, StackedLinear
from replicate.predict.models import UNPLACED, notes_on
from replicate.report.trace import Trace, traces
from replicate.training import store

MODELS = {
    "atcnn/band-gap": "band gap",
    "atcnn/metal": "metal",
    "atcnn/formation-energy-per-atom": "formation energy",
    "atcnn/critical-temperature": "critical temperature",
}
# What the drawer of a number lists, in this order; a part may be missing.
PARTS = ("ours", "budget", "other data", "note", "floor", "elsewhere", "metric", "data", "record", "splits", "code")
COMMANDS = {"again": "make it again", "check": "check it without training"}


def write_scripts(folder: Path) -> None:
    """Write a script per network, and one with what all of them need."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "common.js", "replicate.common", {"symbols": SYMBOLS, "molecule": f"^(?:{MOLECULE})$"})
    for name, title in MODELS.items():
        card = {"name": name, "title": title, **model_of(name)}
        _write(folder / f"{name.replace('/', '--')}.js", "replicate.model", card)


def write_numbers(folder: Path) -> None:
    """Write a script per experiment with what lies behind its printed numbers; what all of them share stands once."""
    folder.mkdir(parents=True, exist_ok=True)
    for experiment, group in groupby(traces(), lambda trace: trace.experiment):
        numbers = {trace.id: number_of(trace) for trace in group}
        first, *others = numbers.values()
        shared = {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}
        own = {id: {k: v for k, v in number.items() if k not in shared} for id, number in numbers.items()}
        _write(folder / f"{experiment}.js", "drawer.numbers", {"parts": PARTS, "shared": shared, "own": own})


def number_of(trace: Trace) -> dict[str, Any]:
    """Return what lies behind a printed number as JSON values, as text throughout."""
    fields = ("quantity", "unit", "verdict", "caveats", "printed", "where", "published", "interval", "near", "rule")
    return {
        **{name: getattr(trace, name) for name in fields},
        "values": [float(f"{value:.7g}") for value in trace.values],
        "ends": trace.ends,
        "links": trace.links,
        "commands": {label: trace.commands[at] for at, label in COMMANDS.items() if at in trace.commands},
        "cite": {"the number": trace.citation["number"], "the paper": trace.citation["paper"]},
        **{f"part {label}": trace.parts[label] for label in PARTS if label in trace.parts},
    }


def _write(path: Path, function: str, value: dict[str, Any]) -> None:
    with paths.written_whole(path) as temporary:
        temporary.write_text(f"{function}({json.dumps(value, separators=(',', ':'))});\n", encoding="utf-8")


def model_of(name: str) -> dict[str, Any]:
    """Return a shipped network as JSON values: its layers, its weights, and what it was trained on."""
    ensemble = store.load_ensemble(store.SHIPPED / store.file_name(name, "full"))
    card, model, reference = ensemble.card, ensemble.model, ensemble.reference
    assert isinstance(model, ATCNN)
    modules = [*model.convolutions, *model.hidden, model.output]
    if model.config.output == "relu":
        modules.append(nn.ReLU())
    layers: list[dict[str, Any]] = []
    arrays: list[Tensor] = []
    for module in modules:
        if isinstance(module, StackedDropout):
            continue
        kind, sizes, tensors = _layer(module)
        tensors = [tensor.detach().reshape(model.members, -1) for tensor in tensors]
        layers.append({"kind": kind, **sizes, "arrays": [tensor.shape[1] for tensor in tensors]})
        arrays += tensors
    weights = torch.cat([tensor.flatten() for tensor in arrays]).half()
    return {
        "unit": card.unit,
        "probability": card.unit == "probability",
        "least": 0 if model.config.output == "relu" else None,
        "centre": ensemble.centre.tolist(),
        "scale": ensemble.scale.tolist(),
        "layers": layers,
        "weights": b64encode(weights.numpy().astype("<f2").tobytes()).decode(),
        "elements": card.elements,
        "last": LAST_ELEMENT,
        "notes": notes_on(card),
        "unplaced": UNPLACED,
        "reference": None if reference is None else _known(reference, card.experiment),
    }


def _layer(module: nn.Module) -> tuple[str, dict[str, int], list[Tensor]]:
    """Return what a layer is called in the script, its sizes, and its numbers with the members first."""
    match module:
        case StackedConv2d():
            _, outputs, inputs, size, _ = module.weight.shape
            return "conv", {"inputs": inputs, "outputs": outputs, "size": size}, [module.weight, module.bias]
        case StackedBatchNorm():
            return "norm", {}, [module.weight, module.bias, module.mean, module.variance]
        case StackedLinear():
            _, inputs, outputs = module.weight.shape
            return "dense", {"inputs": inputs, "outputs": outputs}, [module.weight, module.bias]
        case nn.ReLU():
            return "relu", {}, []
        case nn.MaxPool2d():
            return "pool", {}, []
    raise TypeError(f"no layer of the page is a {type(module).__name__}")


def _known(reference: Reference, experiment: str) -> dict[str, Any]:
    """Return the training compositions, their measured values, and the errors to expect by distance from them."""
    config = experiments.get(experiment).config("full")
    table = data.load_once(config.dataset).table
    keys = parse(table["formula"].tolist()).keys
    means = table[config.column].astype(float).groupby(keys).mean()
    measured = means.reindex(parse(reference.formulas).keys)
    return {
        "formulas": reference.formulas,
        "measured": [round(value, 4) for value in measured.tolist()],
        "steps": reference.steps,
        "usual": reference.usual,
        "same": SAME,
        "half": HALF,
        "far": FAR,
    }
