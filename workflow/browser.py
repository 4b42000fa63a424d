"""What the page *Predict* runs in a reader's browser: the shipped networks on atom tables, each as a script.

A script, unlike a file of data, is also read where a page is opened from a disk. It holds the weights of
``replicate predict`` as they are stored, at half precision, and what the network was trained on.
"""

from __future__ import annotations

import json
from base64 import b64encode
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
from replicate.training import store

MODELS = {
    "atcnn/band-gap": "band gap",
    "atcnn/metal": "metal",
    "atcnn/formation-energy-per-atom": "formation energy",
    "atcnn/critical-temperature": "critical temperature",
}


def write_scripts(folder: Path) -> None:
    """Write a script per network, and one with what all of them need."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "common.js", "common", {"symbols": SYMBOLS, "molecule": f"^(?:{MOLECULE})$"})
    for name, title in MODELS.items():
        _write(folder / f"{name.replace('/', '--')}.js", "model", {"name": name, "title": title, **model_of(name)})


def _write(path: Path, function: str, value: dict[str, Any]) -> None:
    with paths.written_whole(path) as temporary:
        temporary.write_text(f"replicate.{function}({json.dumps(value, separators=(',', ':'))});\n", encoding="utf-8")


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
