"""What the CGCNN authors' eight published checkpoints say of themselves, known without their weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import safe_open

from replicate.errors import ConfigError

PREFIX = "cgcnn-authors"
AGREEMENT = 1e-4  # unit of the property; most that a prediction differs from the published code's (tested)
FOLDER = Path(__file__).parent / "weights" / PREFIX


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
        found: dict[str, Any] = json.loads(file.metadata()["card"])
    return found
