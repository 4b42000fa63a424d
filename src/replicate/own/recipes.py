"""Which network a name stands for, and how long it is trained: briefly, or as the experiment of the name has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from replicate.errors import ConfigError
from replicate.experiments import get
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.konno2021 import specs as konno
from replicate.experiments.xie2018 import specs as xie
from replicate.experiments.zeng2019 import specs as zeng
from replicate.models import configs as models
from replicate.training import store
from replicate.training.config import FitConfig

# Name → network and the one-cycle schedule of its chapter; outputs are linear, so that any target will do.
REPRESENTATIONS: dict[str, tuple[store.Config, FitConfig]] = {
    "atcnn": (replace(models.GAP, output="linear"), zeng.ONE_CYCLE),
    "periodic-table": (replace(models.SHALLOW, output="linear"), konno.FIT),
    "elemnet": (zeng.SMALL_ELEMNET, zeng.ELEMNET),
    "cgcnn": (xie.EQ5, xie.ONE_CYCLE),
}
_BRIEF = (30, 150)  # epochs, at least and at most
_STEPS = 3_000  # of the optimiser, or fewer: what a small table takes in a minute
_SMALL = 2_000  # training samples; below, batches are small too
_TEST, _VALIDATION = 0.2, 0.1  # shares of all samples, and of the others
_FINE = 0.1  # times the learning rate for a network that was trained before


@dataclass(frozen=True)
class Recipe:
    """A network with its schedule, the shares of its splits, and the ensemble that its members begin from."""

    network: Network | CrystalNetwork
    test: float = _TEST
    validation: float = _VALIDATION
    start: store.Ensemble | None = None

    @property
    def classifies(self) -> bool:
        """Whether targets are 0 and 1."""
        return self.network.fit.loss == "bce"

    def brief(self, rows: int, epochs: int | None, *, classes: bool) -> Recipe:
        """Return the recipe with a one-cycle schedule for so many samples, and the loss that the targets ask for."""
        config: Any = self.network.model
        output = getattr(config, "output", "")  # an elemnet's has no name and is linear
        if output and classes != (output == "logit"):
            output = "logit" if classes else "linear"
            config = replace(config, output=output)
        trained = round(rows * (1 - self.test) * (1 - self.validation))
        batch = 32 if trained < _SMALL else 128
        fit = _schedule(config)
        fit = replace(
            fit,
            epochs=int(np.clip(round(_STEPS * batch / trained), *_BRIEF)) if epochs is None else epochs,
            batch_size=batch,
            loss="bce" if classes else "mae",
            # A ReLU cannot give what lies below the mean.
            standardise=not classes and output != "relu",
            learning_rate=fit.learning_rate * (_FINE if self.start else 1),
            precision="float32",
        )
        return replace(self, network=replace(self.network, model=config, fit=fit))


def recipe(name: str, profile: str, device: str) -> Recipe:
    """Return the recipe of a representation, or of a stored ensemble.

    Args:
        name: ``atcnn``, ``periodic-table``, ``elemnet``, ``cgcnn``, or that of a stored ensemble.
        profile: of the experiment that the ensemble is from, whose settings are taken; empty: only the network.
        device: ``cpu`` or ``cuda``.

    Raises:
        ConfigError: the name is not known, or has no experiment for a profile.
    """
    if name in REPRESENTATIONS:
        if profile:
            raise ConfigError(f"{name!r} is a representation; a profile needs a model, such as atcnn/band-gap")
        return of_config(name, REPRESENTATIONS[name][0])
    try:
        card = store.read_card(store.find_ensemble(name))
    except ConfigError as error:
        raise ConfigError(f"{error}; representations: {', '.join(REPRESENTATIONS)}") from None
    if profile and card.profile == store.OWN:
        raise ConfigError(f"{name!r} is a user's model and has no profiles")
    if not profile:
        return of_config(name.partition("/")[0], store.config_from_plain(card.model))
    settings = get(card.experiment).config(profile, device)
    shares = getattr(settings, "tc", settings)
    return Recipe(_released(settings, name), _share(shares.test), _share(shares.validation))


def of_config(name: str, config: store.Config) -> Recipe:
    """Return the recipe of a network's layers, with the schedule of its representation's chapter."""
    if isinstance(config, models.CGCNNConfig):
        return Recipe(CrystalNetwork(name, config, _schedule(config)))
    return Recipe(Network(name, config, _schedule(config)))


def _schedule(config: store.Config) -> FitConfig:
    return next(fit for each, fit in REPRESENTATIONS.values() if type(each) is type(config))


def _released(settings: Any, name: str) -> Network | CrystalNetwork:
    """Return the network of an experiment's settings that is stored under a name."""
    if hasattr(settings, "network"):
        return settings.network
    first = settings.networks[0].name
    released = getattr(settings, "release", None) or (first, name)
    return next(network for network in settings.networks if network.name == released[0])


def _share(of: float) -> float:
    """Return a share; a number of samples of a larger table stands for a fifth."""
    return of if of < 1 else _TEST
