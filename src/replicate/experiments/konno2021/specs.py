"""What each profile of the chapter on Konno et al. 2021 trains.

No training script, optimiser, loss or schedule of the paper is public, so these are ours: the squared error
in kelvin behind a ReLU, cross-entropy for classes, a one-cycle schedule, selection on validation rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from replicate.experiments.configs import Network, SupervisedConfig, varied
from replicate.experiments.konno2021.configs import (
    COD_2007,
    COD_2009,
    DEEP,
    FOREST,
    FRACTIONS,
    LOGARITHM,
    SHALLOW,
    TREES,
    CandidatesConfig,
    Discovery,
    GapConfig,
    GarbageInConfig,
    HosonoConfig,
    IronConfig,
    PreliminaryConfig,
    TrainingSet,
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


def classifiers(fit: FitConfig) -> tuple[Network, ...]:
    """Return the paper's network with a classifier's output."""
    return tuple(varied(network, output="logit", loss="bce") for network in networks(fit, DEEP))


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
PRELIMINARY = PreliminaryConfig(
    seeds=5,
    networks=_on_superconductors(FIT),
    data=TrainingSet(),
    baselines=(TREES, "nearest", FOREST),
    forest_list="stanev2018-supercon",
)
PRELIMINARY_ON_CPU = replace(PRELIMINARY, networks=_on_superconductors(FEW))
PRELIMINARY_QUICK = PreliminaryConfig(
    seeds=2,
    networks=thinner(networks(SHORT, DEEP, FRACTIONS)),
    data=TrainingSet(supercon_rows=800),
    baselines=(TREES, "nearest"),
    test=0.1,
    small=True,
)
PRELIMINARY_SMOKE = replace(
    PRELIMINARY_QUICK,
    networks=thinner(networks(SHORTEST, DEEP, LOGARITHM, SHALLOW, splits=BOTH_SPLITS)),
    data=TrainingSet(supercon_rows=200),
    baselines=(TREES,),
    forest_list="mdr-supercon",
)

# ---- garbage-in ----------------------------------------------------------------------------------------------
FEW_MIXED = replace(FIT, epochs=3, batch_size=256)
MIXED_BUDGET = f"{BUDGET}, {FEW_MIXED.epochs} instead of {MIXED.epochs} with the COD"
GARBAGE_IN = GarbageInConfig(
    seeds=5, preliminary=PRELIMINARY, network=networks(MIXED, DEEP)[0], data=TrainingSet(cod=COD_2009)
)
GARBAGE_IN_ON_CPU = replace(GARBAGE_IN, preliminary=PRELIMINARY_ON_CPU, network=networks(FEW_MIXED, DEEP)[0])
GARBAGE_IN_QUICK = GarbageInConfig(
    seeds=2,
    preliminary=PRELIMINARY_QUICK,
    network=thinner(networks(SHORT, DEEP))[0],
    data=replace(GARBAGE_IN.data, supercon_rows=400, cod_rows=400),
    most=2_000,
)
GARBAGE_IN_SMOKE = replace(
    GARBAGE_IN_QUICK,
    preliminary=PRELIMINARY_SMOKE,
    network=thinner(networks(SHORTEST, DEEP))[0],
    data=replace(GARBAGE_IN.data, supercon_rows=150, cod_rows=150),
    most=300,
)

# ---- temporal test ---------------------------------------------------------------------------------------------
HOSONO = HosonoConfig(
    seeds=5,
    regression=networks(MIXED, DEEP, FRACTIONS),
    classification=classifiers(MIXED),
    preliminary=PRELIMINARY,
    data=TrainingSet(until=2009, cod=COD_2009),
    baselines=(FOREST, TREES, "nearest"),
)
HOSONO_ON_CPU = replace(
    HOSONO,
    regression=networks(FEW_MIXED, DEEP, FRACTIONS),
    classification=classifiers(FEW_MIXED),
    preliminary=PRELIMINARY_ON_CPU,
)
HOSONO_QUICK = HosonoConfig(
    seeds=2,
    regression=thinner(networks(SHORT, DEEP)),
    classification=thinner(classifiers(SHORT)),
    preliminary=PRELIMINARY_QUICK,
    data=replace(HOSONO.data, supercon_rows=250, cod_rows=250),
    baselines=(TREES,),
    small=True,
)
HOSONO_SMOKE = replace(
    HOSONO_QUICK,
    regression=thinner(networks(SHORTEST, DEEP, FRACTIONS)),
    classification=thinner(classifiers(SHORTEST)),
    preliminary=PRELIMINARY_SMOKE,
    data=replace(HOSONO.data, supercon_rows=150, cod_rows=150),
    baselines=(FOREST,),
)

# ---- discovery -------------------------------------------------------------------------------------------------
IRON_BASED = Discovery(
    family="iron-based",
    data=TrainingSet(until=2007, cod=COD_2007),
    first=2008,
    last=2018,
    networks=networks(MIXED, DEEP, FRACTIONS, SHALLOW),
    baselines=(FOREST, TREES),
    members=(130, 20, 20),
)
CUPRATES = replace(
    IRON_BASED, family="cuprates", data=replace(IRON_BASED.data, until=1985), first=1986, members=(20, 20, 20)
)


def _small(
    fit: FitConfig, rows: int, most: int, learner: str, members: tuple[int, ...]
) -> tuple[Discovery, ...]:
    """Return both discoveries with two networks and one baseline on few rows."""
    thin = thinner(networks(fit, DEEP, SHALLOW))
    return tuple(
        replace(
            family,
            data=replace(family.data, supercon_rows=rows, cod_rows=rows),
            networks=thin,
            baselines=(learner,),
            most=most,
            members=members,
        )
        for family in (IRON_BASED, CUPRATES)
    )


# The paper's runs are of the deep network on the iron-based superconductors; it does not say how many the others had.
IRON = IronConfig(seeds=130, discoveries=(IRON_BASED, CUPRATES))
IRON_ON_CPU = IronConfig(
    seeds=10,
    discoveries=(
        replace(IRON_BASED, networks=networks(FEW_MIXED, DEEP, FRACTIONS, SHALLOW), members=()),
        replace(CUPRATES, networks=networks(FEW_MIXED, DEEP, SHALLOW), members=()),
    ),
)
IRON_QUICK = IronConfig(seeds=2, discoveries=_small(SHORT, 250, 150, TREES, ()), baseline_seeds=2, small=True)
IRON_SMOKE = replace(IRON_QUICK, discoveries=_small(SHORTEST, 150, 60, FOREST, (2, 1)))

CANDIDATES = CandidatesConfig(GARBAGE_IN, seeds=5)
CANDIDATES_ON_CPU = replace(CANDIDATES, garbage_in=GARBAGE_IN_ON_CPU)
CANDIDATES_QUICK = CandidatesConfig(GARBAGE_IN_QUICK, seeds=2)
CANDIDATES_SMOKE = replace(CANDIDATES_QUICK, garbage_in=GARBAGE_IN_SMOKE)

# ---- band gaps -------------------------------------------------------------------------------------------------
OWN, OWN_CPU = (100, 50), (15, 10)  # epochs on the author's own tables
GAP_FIT = replace(FIT, epochs=150, loss="mae", precision="float32")
GAP_CPU_FIT = replace(GAP_FIT, epochs=30, precision="bfloat16")
SAME_SPLIT = SupervisedConfig(
    dataset="zhuo2018-gap",
    column="band_gap",
    unit="eV",
    task="regression",
    networks=gap_networks(GAP_FIT),
    baselines=(TREES,),
    seeds=5,
)
GAP_REGRESSION = replace(
    SAME_SPLIT,
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


GAP = GapConfig(same_split=SAME_SPLIT, own=(GAP_REGRESSION, GAP_BINARY), seeds=5)
GAP_ON_CPU = replace(
    GAP,
    same_split=replace(SAME_SPLIT, networks=gap_networks(GAP_CPU_FIT)),
    own=(_random_only(GAP_REGRESSION, OWN_CPU[0]), _random_only(GAP_BINARY, OWN_CPU[1])),
)
_QUICK = replace(SAME_SPLIT, networks=SAME_SPLIT.networks[:1], seeds=2, splits=("random",))
GAP_QUICK = GapConfig(same_split=_short(_QUICK, SHORT, 1_200), own=(), seeds=2)
GAP_SMOKE = GapConfig(
    same_split=_short(replace(SAME_SPLIT, seeds=2), SHORTEST, 120),
    own=(_short(GAP_REGRESSION, SHORTEST, 120), _short(GAP_BINARY, SHORTEST, 120)),
    seeds=2,
)
