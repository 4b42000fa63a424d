"""Read the ATCNN authors' released Keras weights (``ef_model.h5``, ``eg_model.h5``) with h5py alone."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import torch

from replicate.errors import DataError
from replicate.models.atcnn import ATCNN
from replicate.models.configs import SIDE, ATCNNConfig
from replicate.models.stacked import StackedConv2d, StackedLinear


def _layers(path: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (kernel, bias) of every weighted layer in the order of the network."""
    try:
        with h5py.File(path) as file:
            layers = file["model_weights"]
            groups = (layers[name] for name in layers.attrs["layer_names"])
            weights = [[np.asarray(group[name]) for name in group.attrs["weight_names"]] for group in groups]
            return [(kernel, bias) for kernel, bias in filter(None, weights)]
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"not a Keras model file of plain layers: {error}", file=path) from error


@torch.no_grad()
def load_keras_atcnn(path: Path, config: ATCNNConfig) -> ATCNN:
    """Return the authors' network as an ensemble of one.

    Args:
        path: one of the released ``.h5`` files.
        config: the layer sizes expected in it (``GAP`` or ``FORMATION``), without batch norm.

    Raises:
        DataError: the file is not a Keras model, or its layer sizes differ from ``config``.
    """
    model = config.build([0])
    places = [m for m in model.modules() if isinstance(m, StackedConv2d | StackedLinear)]
    layers = _layers(path)
    if len(layers) != len(places):
        raise DataError(f"expected {len(places)} weighted layers, found {len(layers)}", file=path)
    for number, (place, (kernel, bias)) in enumerate(zip(places, layers, strict=True), start=1):
        weight = torch.from_numpy(kernel)
        if isinstance(place, StackedConv2d):
            weight = weight.permute(3, 2, 0, 1)  # Keras (K, K, C, O) → (O, C, K, K)
        elif weight.shape[0] == config.n_flat:
            # Keras flattens (H, W, C), this package (C, H, W).
            half = SIDE // 2
            weight = weight.reshape(half, half, -1, weight.shape[1]).permute(2, 0, 1, 3).flatten(0, 2)
        if weight.shape != place.weight.shape[1:]:
            expected = tuple(place.weight.shape[1:])
            raise DataError(f"layer {number} has shape {tuple(weight.shape)}, expected {expected}", file=path)
        place.weight[0].copy_(weight)
        place.bias[0].copy_(torch.from_numpy(bias).reshape(place.bias[0].shape))
    return model.eval()
