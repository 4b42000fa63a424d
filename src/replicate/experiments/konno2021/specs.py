"""What each profile of the chapter on Konno et al. 2021 trains.

No training script, optimiser, loss or schedule of the paper is public, so these are ours: the squared error
in kelvin behind a ReLU, cross-entropy for classes, a one-cycle schedule, selection on validation rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from replicate.experiments.configs import Network, SupervisedConfig, profiles, varied
from replicate.experiments.konno2021 import configs
from replicate.experiments.konno2021.configs import (
    COD_2007,
    COD_2009,
    DEEP,
    FOREST,
    FRACTIONS,
    LOGARITHM,
    SHALLOW,
    SUPERCON,
    TREES,
)
from replicate.models import configs as models
from replicate.models.configs import Output
from replicate.training.config import FitConfig

# Some 60 passes over the superconductors and 15 over superconductors and COD, as long as validation gains.
FIT = FitConfig(
    epochs=60,
    loss="mse",
    batch_size=128,
    optimizer="adamw",
    learning_rate=3e-3,
    schedule="one-cycle",
    weight_decay=1e-2,
    standardise=False,
    precision="bfloat16",
)
# Where the COD's forty thousand compositions come on top.
MIXED = replace(FIT, epochs=15)
# On a laptop without bfloat16 arithmetic half precision is the slower one.
SHORT = replace(FIT, epochs=8, batch_size=32, precision="float32")
SHORTEST = replace(SHORT, epochs=1)
PERIODIC_EDGE = "periodic-resnet-edge"
BOTH_SPLITS = ("random", "system")

_MODELS = {
    DEEP: models.DEEP,
    FRACTIONS: replace(models.DEEP, amounts="fractions"),
    LOGARITHM: replace(models.DEEP, output="linear"),
    SHALLOW: models.SHALLOW,
}


def networks(fit: FitConfig, *names: str, splits: tuple[str, ...] = ("random",)) -> tuple[Network, ...]:
    """Return the network and its variants by name, with one schedule."""
    return tuple(Network(name, _MODELS[name], fit, splits) for name in names)


def thinner(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return networks with one of the published residual blocks, a fifth of the time, for the short profiles."""
    blocks = [(network, 0 if network.name == SHALLOW else 1) for network in networks]
    return tuple(varied(network, blocks=n, residual_stages=False) for network, n in blocks)


def gap_networks(fit: FitConfig, output: Output = "relu") -> tuple[Network, ...]:
    """Return the network without and with the table's left edge glued to its right."""
    plain = Network(DEEP, replace(models.DEEP, output=output), fit)
    random = replace(plain, splits=("random",))
    return (
        plain,
        varied(random, FRACTIONS, amounts="fractions"),
        varied(random, PERIODIC_EDGE, edge="periodic"),
    )


# ---- superconductors only ------------------------------------------------------------------------------------
def _on_superconductors(fit: FitConfig) -> tuple[Network, ...]:
    """Return the paper's network on two kinds of split, and its variants on random ones."""
    return networks(fit, DEEP, splits=BOTH_SPLITS) + networks(fit, FRACTIONS, LOGARITHM, SHALLOW)


FEW = replace(FIT, epochs=12)
BUDGET = f"trained on a processor: {FEW.epochs} epochs instead of {FIT.epochs} on superconductors"
PRELIMINARY = profiles(
    configs.PreliminaryConfig,
    seeds=[5, 2],
    networks=[
        _on_superconductors(FIT),
        _on_superconductors(FEW),
        thinner(networks(SHORT, DEEP, FRACTIONS)),
        thinner(networks(SHORTEST, DEEP, LOGARITHM, SHALLOW, splits=BOTH_SPLITS)),
    ],
    data=profiles(configs.TrainingSet, supercon_rows=[None, 800, 200]),
    baselines=[(TREES, "nearest", FOREST), (TREES, "nearest"), (TREES,)],
    forest_list=["stanev2018-supercon", None, SUPERCON],
    test=[0.05, 0.1],
    small=[False, True],
)

# ---- with the COD --------------------------------------------------------------------------------------------
FEW_MIXED = replace(FIT, epochs=3, batch_size=256)
MIXED_BUDGET = f"{BUDGET}, {FEW_MIXED.epochs} instead of {MIXED.epochs} with the COD"


def _few(rows: configs.TrainingSet, *counts: int) -> list[configs.TrainingSet]:
    """Return training rows of full runs, and so many of SuperCon and of the COD for quick and for smoke runs."""
    return [rows, *(replace(rows, supercon_rows=n, cod_rows=n) for n in counts)]


def _mixed(*names: str, quick: Sequence[str] = (), smoke: Sequence[str] = ()) -> list[tuple[Network, ...]]:
    """Return networks by name, for every kind of run; ``names`` where there are no others."""
    quick = quick or names
    short = [thinner(networks(SHORT, *quick)), thinner(networks(SHORTEST, *(smoke or quick)))]
    return [networks(MIXED, *names), networks(FEW_MIXED, *names), *short]


GARBAGE_IN = profiles(
    configs.GarbageInConfig,
    seeds=[5, 2],
    preliminary=PRELIMINARY,
    network=[network for (network,) in _mixed(DEEP)],
    data=_few(configs.TrainingSet(cod=COD_2009), 400, 150),
    most=[None, 2_000, 300],
)
CANDIDATES = profiles(configs.CandidatesConfig, garbage_in=GARBAGE_IN, seeds=[5, 2])
HOSONO = profiles(
    configs.HosonoConfig,
    seeds=[5, 2],
    regression=_mixed(DEEP, FRACTIONS, quick=[DEEP], smoke=[DEEP, FRACTIONS]),
    classification=[tuple(varied(network, output="logit", loss="bce") for network in each) for each in _mixed(DEEP)],
    preliminary=PRELIMINARY,
    data=_few(configs.TrainingSet(until=2009, cod=COD_2009), 250, 150),
    baselines=[(FOREST, TREES, "nearest"), (TREES,), (FOREST,)],
    small=[False, True],
)

# ---- discovery -------------------------------------------------------------------------------------------------
_FAMILY = profiles(
    configs.Discovery,
    family="iron-based",
    data=_few(configs.TrainingSet(until=2007, cod=COD_2007), 250, 150),
    first=2008,
    last=2018,
    networks=_mixed(DEEP, FRACTIONS, SHALLOW, quick=[DEEP, SHALLOW]),
    baselines=[(FOREST, TREES), (TREES,), (FOREST,)],
    most=[None, 150, 60],
    members=[(130, 20, 20), (), (), (2, 1)],
)
_CUPRATES = _FAMILY.replace(
    family="cuprates",
    data=_few(configs.TrainingSet(until=1985, cod=COD_2007), 250, 150),
    first=1986,
    networks=[
        *(networks(MIXED, DEEP, FRACTIONS, SHALLOW), networks(FEW_MIXED, DEEP, SHALLOW)),
        *(thinner(networks(fit, DEEP, SHALLOW)) for fit in (SHORT, SHORTEST)),
    ],
    members=[(20, 20, 20), (), (), (2, 1)],
)
# The paper's runs are of the deep network on the iron-based superconductors; it does not say how many the others had.
IRON = profiles(
    configs.IronConfig,
    seeds=[130, 10, 2, 2],
    discoveries=list(zip(_FAMILY, _CUPRATES, strict=True)),
    baseline_seeds=[5, 2],
    small=[False, True],
)

# ---- band gaps -------------------------------------------------------------------------------------------------
OWN, OWN_CPU = (100, 50), (15, 10)  # epochs on the author's own tables
GAP_FIT = replace(FIT, epochs=150, loss="mae", precision="float32")
GAP_CPU_FIT = replace(GAP_FIT, epochs=30, precision="bfloat16")
GAPS = SupervisedConfig(
    dataset="zhuo2018-gap",
    column="band_gap",
    unit="eV",
    task="regression",
    networks=gap_networks(GAP_FIT),
    baselines=(TREES,),
    seeds=5,
)
GAP_REGRESSION = replace(
    GAPS,
    dataset="konno-gap-regression",
    networks=gap_networks(replace(GAP_FIT, epochs=OWN[0]))[:1],
    splits=("random", "system"),
)
GAP_BINARY = replace(
    GAP_REGRESSION,
    dataset="konno-gap-binary",
    column="is_metal",
    unit="",
    task="classification",
    networks=gap_networks(replace(GAP_FIT, epochs=OWN[1], loss="bce"), "logit")[:1],
    classes=("semiconductor", "metal"),
)


def _random_only(config: SupervisedConfig, epochs: int) -> SupervisedConfig:
    """Return settings for a processor, where only the trees see every split."""
    (network,) = config.networks
    network = varied(network, epochs=epochs, precision="bfloat16")
    return replace(config, networks=(replace(network, splits=("random",)),))


def _short(config: SupervisedConfig, fit: FitConfig, max_rows: int) -> SupervisedConfig:
    """Return settings with a short schedule and few rows."""
    networks = tuple(replace(n, fit=replace(fit, loss=n.fit.loss)) for n in config.networks)
    return replace(config, networks=thinner(networks), max_rows=max_rows, quick_baselines=True)


GAP = profiles(
    configs.GapConfig,
    same_split=[
        GAPS,
        replace(GAPS, networks=gap_networks(GAP_CPU_FIT)),
        _short(replace(GAPS, networks=GAPS.networks[:1], seeds=2, splits=("random",)), SHORT, 1_200),
        _short(replace(GAPS, seeds=2), SHORTEST, 120),
    ],
    own=[
        (GAP_REGRESSION, GAP_BINARY),
        (_random_only(GAP_REGRESSION, OWN_CPU[0]), _random_only(GAP_BINARY, OWN_CPU[1])),
        (),
        (_short(GAP_REGRESSION, SHORTEST, 120), _short(GAP_BINARY, SHORTEST, 120)),
    ],
    seeds=[5, 2],
)
