"""Trained ensembles on disk: safetensors (no code is executed on loading) with a card in the header."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from replicate import __version__, models, paths
from replicate.errors import ConfigError, DataError
from replicate.evaluation.distances import ExpectedError, Reference
from replicate.features.composition import Compositions
from replicate.models.configs import ATCNNConfig, CGCNNConfig, ElemNetConfig, PeriodicResNetConfig
from replicate.models.graph_batch import GraphBatch
from replicate.models.stacked import StackedModule, outputs
from replicate.training.fit import AT_ONCE, FitResult

SHIPPED = Path(models.__file__).parent / "weights"
Config = ATCNNConfig | ElemNetConfig | PeriodicResNetConfig | CGCNNConfig
_CONFIGS: dict[str, type[Config]] = {cls.__name__: cls for cls in get_args(Config)}
OWN = "own"  # in place of a profile: a user's model
_BEST = (OWN, "full", "quick")  # which of several of a name is taken
ENDING = ".safetensors"
_KNOWN = "known"  # the tensor with the training compositions
FORMAT = 1  # of the card; raised when a version before could not make sense of it


@dataclass(frozen=True)
class EnsembleCard:
    """What a user must know before trusting a stored ensemble.

    Args:
        name: ``<representation>/<quantity>``, as ``replicate predict`` takes it.
        model: the network's config as JSON values.
        elements: atomic numbers in the data it was trained with.
        key: hash of model, schedule, data and seeds.
        training, errors: of a user's model what it was trained on, and how; its scores as rows of a table.
        distances: what the :class:`replicate.evaluation.distances.Reference` holds beside its formulas.
        format, version: of the card, and of the package that wrote it.
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
    training: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    distances: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT
    version: str = __version__

    @property
    def crystals(self) -> bool:
        """Whether the network reads crystals, not formulas."""
        return self.model.get("class") == CGCNNConfig.__name__


@dataclass(frozen=True)
class Ensemble:
    """A loaded ensemble: network, the scaling of its outputs (S,), its card, the network's config, what it knows."""

    model: StackedModule
    centre: Tensor
    scale: Tensor
    card: EnsembleCard
    config: Config
    reference: Reference | None = None

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

    @property
    def networks(self) -> list[StackedModule]:
        """The networks whose members were trained together."""
        return list(getattr(self.model, "networks", [self.model]))

    @property
    def fits(self) -> tuple[FitResult, ...]:
        """The same, each as a fit of which only the best epoch is left."""
        sizes = [network.members for network in self.networks]
        scaling = zip(self.centre.split(sizes), self.scale.split(sizes), strict=True)
        none = [np.zeros((0, n)) for n in sizes]
        return tuple(
            FitResult(network, np.zeros(network.members, dtype=int), empty, empty, 0.0, *scale)
            for network, empty, scale in zip(self.networks, none, scaling, strict=True)
        )

    @torch.no_grad()
    def begin(self, model: StackedModule, places: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Give the members of a network of the same config the weights of members in turn; return their scaling."""
        chosen = [place % self.model.members for place in places]
        states = [network.by_member() for network in self.networks]
        for name, tensor in model.by_member().items():
            tensor.copy_(torch.cat([state[name] for state in states])[chosen])
        return self.centre[chosen], self.scale[chosen]

    def _scaled(self, y: Tensor) -> Tensor:
        """Return the network's outputs (S, N) in the unit of the card."""
        y = y * self.scale[:, None] + self.centre[:, None]
        return torch.sigmoid(y) if self.card.unit == "probability" else y


def file_name(name: str, profile: str) -> str:
    """Return what the file of an ensemble is called."""
    return f"{name.replace('/', '--')}.{profile}{ENDING}"


def save_ensemble(
    result: FitResult | Ensemble,
    card: EnsembleCard,
    reference: Reference | None = None,
    path: Path | None = None,
    *,
    half: bool = False,
) -> Path:
    """Write an ensemble and what it knows to the work folder, or to ``path``, and return where it lies.

    ``half``: at half precision, as what comes with the package.
    """
    tensors = {f"model.{k}": v.detach().cpu().contiguous() for k, v in result.model.state_dict().items()}
    tensors |= {"centre": result.centre.cpu(), "scale": result.scale.cpu()}
    if half:
        tensors = {key: t.half() if t.is_floating_point() else t for key, t in tensors.items()}
    if reference is not None:
        tensors[_KNOWN] = torch.frombuffer(bytearray(reference.pack()), dtype=torch.uint8)
        about = {"steps": reference.steps, "usual": reference.usual, "tests": reference.tests}
        card = replace(card, distances=about)
    path = path or paths.work_dir() / "models" / file_name(card.name, card.profile)
    with paths.written_whole(path) as temporary:
        # Through bytes: safetensors' own writer hides what the disk said.
        temporary.write_bytes(save(tensors, metadata={"card": json.dumps(asdict(card))}))
    return path


def release(name: str) -> Path:
    """Put a local full-profile ensemble into the package, at half precision, and return its path.

    Raises:
        ConfigError: there is no local full-profile ensemble of that name.
    """
    source = _files().get(f"{name}.full")
    if source is None or source.parent == SHIPPED:
        raise ConfigError(f"{name} has no full-profile ensemble here; run its experiment with the full profile")
    ensemble = load_ensemble(source)
    return save_ensemble(ensemble, ensemble.card, ensemble.reference, SHIPPED / source.name, half=True)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open the file of an ensemble; a card or tensors that do not fit the network they name are a DataError."""
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError, RuntimeError, OSError) as error:
        raise DataError(f"not a stored ensemble: {error}", file=path) from error


def read_card(path: Path) -> EnsembleCard:
    """Return the card of an ensemble, without its weights; errors as for :func:`load_ensemble`."""
    with _opened(path) as file:
        fields = {"version": ""} | json.loads((file.metadata() or {})["card"])
        if fields.get("format", 1) > FORMAT:
            writer = f"written by replicate {fields['version']}, and this is {__version__}"
            raise DataError(f"a stored ensemble of a later version: {writer}; update the package", file=path)
        return EnsembleCard(**fields | {"elements": tuple(fields["elements"]), "seeds": tuple(fields["seeds"])})


def load_ensemble(path: Path) -> Ensemble:
    """Read an ensemble.

    Raises:
        DataError: the file is no ensemble written by this package, or by a later version of it.
    """
    card = read_card(path)
    with _opened(path) as file:
        tensors = {name: file.get_tensor(name) for name in list(file.keys())}
        known, about, reference = tensors.pop(_KNOWN, None), card.distances, None
        if known is not None:
            steps = tuple(ExpectedError(*step) for step in about["steps"])
            formulas = Reference.unpack(known.numpy().tobytes())
            reference = Reference(formulas, steps, about["usual"], about["tests"])
        tensors = {name.removeprefix("model."): tensor.float() for name, tensor in tensors.items()}
        centre, scale = tensors.pop("centre"), tensors.pop("scale")
        config = config_from_plain(card.model)
        model = config.build(card.seeds)
        model.load_state_dict(tensors)
        return Ensemble(model.eval(), centre, scale, card, config, reference)


def config_from_plain(fields: dict[str, Any]) -> Config:
    """Return a network's config from its JSON values."""

    def tuples(value: Any) -> Any:
        return tuple(tuples(v) for v in value) if isinstance(value, list) else value

    arguments = {k: tuples(v) for k, v in fields.items() if k != "class"}
    return _CONFIGS[fields["class"]](**arguments)


def find_ensemble(name: str) -> Path:
    """Return the best stored ensemble of a name: a user's, local full, shipped with the package, local quick.

    ``atcnn/band-gap.smoke`` asks for a profile, and a path that ends in .safetensors for a file.

    Raises:
        ConfigError: there is none; names those that are there.
    """
    if name.endswith(ENDING) and os.path.isfile(name):
        return Path(name)
    files = _files()
    for key in (*(f"{name}.{profile}" for profile in _BEST), name):
        if key in files:
            return files[key]
    known = ", ".join(stored_names()) or "none yet: run an experiment first, `replicate run ID`"
    smoke = f"; a smoke run left {name}.smoke" if f"{name}.smoke" in files else ""
    authors = "; those of the papers' authors stand in `replicate predict list`"
    raise ConfigError(f"no trained model {name!r}; there are: {known}{authors}{smoke}")


def stored_names() -> list[str]:
    """Return the names that :func:`find_ensemble` finds, shipped and local; smoke runs leave nothing to trust."""
    names = (key.rpartition(".") for key in _files())
    return sorted({name for name, _, profile in names if profile in _BEST})


def _files() -> dict[str, Path]:
    """Return ``<name>.<profile>`` → file, a local one before one that is shipped."""
    folders = (SHIPPED, paths.work_dir() / "models")
    files = (path for folder in folders for path in paths.finished(folder, f"*{ENDING}"))
    return {path.name.removesuffix(ENDING).replace("--", "/"): path for path in files}
