"""Trained ensembles on disk: safetensors (no code is executed on loading) with a card in the header."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from replicate import models, paths
from replicate.errors import ConfigError, DataError
from replicate.features.composition import Compositions
from replicate.models.configs import ATCNNConfig, CGCNNConfig, ElemNetConfig, PeriodicResNetConfig
from replicate.models.graph_batch import GraphBatch
from replicate.models.stacked import StackedModule
from replicate.training.fit import AT_ONCE, FitResult, outputs

SHIPPED = Path(models.__file__).parent / "weights"
Config = ATCNNConfig | ElemNetConfig | PeriodicResNetConfig | CGCNNConfig
_CONFIGS: dict[str, type[Config]] = {cls.__name__: cls for cls in get_args(Config)}


@dataclass(frozen=True)
class EnsembleCard:
    """What a user must know before trusting a stored ensemble.

    Args:
        name: ``<representation>/<quantity>``, as ``replicate predict`` takes it.
        quantity, unit: what is predicted.
        model: the network's config as JSON values.
        elements: atomic numbers in the data it was trained with.
        seeds: one per member.
        key: hash of model, schedule, data and seeds.
    """

    name: str
    experiment: str
    profile: str
    quantity: str
    unit: str
    model: dict[str, Any]
    elements: tuple[int, ...]
    seeds: tuple[int, ...]
    key: str


@dataclass(frozen=True)
class Ensemble:
    """A loaded ensemble: network, the scaling of its outputs (S,), its card, and the network's config."""

    model: StackedModule
    centre: Tensor
    scale: Tensor
    card: EnsembleCard
    config: Config

    @torch.no_grad()
    def __call__(self, x: Tensor | GraphBatch) -> Tensor:
        """Return each member's predictions for tables (N, ...) or a batch of N crystals, (S, N)."""
        shared = x.expand(self.model.members, *x.shape) if isinstance(x, Tensor) else x
        return self._scaled(self.model(shared))

    @torch.no_grad()
    def predict(self, compositions: Compositions) -> Tensor:
        """Return each member's predictions for N compositions, (S, N).

        Raises:
            ConfigError: the network reads crystals.
        """
        if isinstance(self.config, CGCNNConfig):
            raise ConfigError(f"{self.card.name} reads crystals, not formulas")
        rows = torch.arange(len(compositions)).expand(self.model.members, -1)
        return self._scaled(outputs(self.model, self.config.inputs(compositions), rows, AT_ONCE))

    def _scaled(self, y: Tensor) -> Tensor:
        """Return the network's outputs (S, N) in the unit of the card."""
        y = y * self.scale[:, None] + self.centre[:, None]
        return torch.sigmoid(y) if self.card.unit == "probability" else y


def _file_name(name: str, profile: str) -> str:
    return f"{name.replace('/', '--')}.{profile}.safetensors"


def save_ensemble(result: FitResult, card: EnsembleCard) -> Path:
    """Write an ensemble to the work folder and return its path."""
    tensors = {f"model.{k}": v.detach().cpu().contiguous() for k, v in result.model.state_dict().items()}
    tensors |= {"centre": result.centre.cpu(), "scale": result.scale.cpu()}
    path = paths.work_dir() / "models" / _file_name(card.name, card.profile)
    with paths.written_whole(path) as temporary:
        # Through bytes: safetensors' own writer hides what the disk said.
        temporary.write_bytes(save(tensors, metadata={"card": json.dumps(asdict(card))}))
    return path


def release(name: str) -> Path:
    """Put a local full-profile ensemble into the package, at half precision, and return its path.

    Raises:
        ConfigError: there is no local full-profile ensemble of that name.
    """
    source = paths.work_dir() / "models" / _file_name(name, "full")
    if name not in stored_names() or not source.is_file():
        raise ConfigError(
            f"{name} has no full-profile ensemble here; run its experiment with the full profile"
        )
    with safe_open(source, framework="pt") as file:
        metadata, tensors = file.metadata(), {key: file.get_tensor(key).half() for key in list(file.keys())}
    target = SHIPPED / _file_name(name, "full")
    with paths.written_whole(target) as temporary:
        temporary.write_bytes(save(tensors, metadata=metadata))
    return target


def load_ensemble(path: Path) -> Ensemble:
    """Read an ensemble.

    Raises:
        DataError: the file is no ensemble written by this package.
    """
    try:
        with safe_open(path, framework="pt") as file:
            fields = json.loads((file.metadata() or {})["card"])
            tensors = {name: file.get_tensor(name).float() for name in list(file.keys())}
        fields |= {"elements": tuple(fields["elements"]), "seeds": tuple(fields["seeds"])}
        card = EnsembleCard(**fields)
        config = config_from_plain(card.model)
        model = config.build(card.seeds)
        state = {name.removeprefix("model."): t for name, t in tensors.items() if name.startswith("model.")}
        model.load_state_dict(state)
        return Ensemble(model.eval(), tensors["centre"], tensors["scale"], card, config)
    # A card or tensors that do not fit the network they name.
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError, RuntimeError, OSError) as error:
        raise DataError(f"not a stored ensemble: {error}", file=path) from error


def config_from_plain(fields: dict[str, Any]) -> Config:
    """Return the network's config that ``fields``, its JSON values, describe."""

    def tuples(value: Any) -> Any:
        return tuple(tuples(v) for v in value) if isinstance(value, list) else value

    arguments = {k: tuples(v) for k, v in fields.items() if k != "class"}
    return _CONFIGS[fields["class"]](**arguments)


def find_ensemble(name: str) -> Path:
    """Return the best stored ensemble of a name: local full, shipped with the package, local quick.

    Raises:
        ConfigError: there is none; names those that are there.
    """
    stored = stored_names()
    for folder, profile in _order() if name in stored else ():
        if (path := folder / _file_name(name, profile)).is_file():
            return path
    known = ", ".join(stored) or "none yet: run an experiment first, `replicate run ID`"
    authors = "; those of the papers' authors stand in `replicate predict list`"
    raise ConfigError(f"no trained model {name!r}; there are: {known}{authors}")


def stored_names() -> list[str]:
    """Return the names that :func:`find_ensemble` finds, shipped and local; smoke runs leave nothing to trust."""
    files = (
        (path, f".{profile}.safetensors")
        for folder, profile in _order()
        for path in paths.finished(folder, f"*.{profile}.safetensors")
    )
    return sorted({path.name.removesuffix(ending).replace("--", "/") for path, ending in files})


def _order() -> list[tuple[Path, str]]:
    """Return where an ensemble is looked for, as (folder, profile), the best first."""
    local = paths.work_dir() / "models"
    return [(local, "full"), (SHIPPED, "full"), (local, "quick")]
