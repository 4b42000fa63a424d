"""What each profile of the chapter on Zeng et al. 2019 (ATCNN) trains.

The paper trains its critical temperatures for 500 epochs of Adadelta on the root mean squared error, minutes on a GPU
and several core-hours per network and split on a processor. It gives no number of epochs for gaps, formation energies
and metals; the authors' script trains for 2,500. So ``full`` has settings of its own for a processor (``on_cpu``): the
same networks, rows and splits with a shorter schedule. A record says which of the two it holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from replicate.experiments.configs import Network, SupervisedConfig, varied
from replicate.experiments.zeng2019.configs import (
    ATCNN_II,
    ArchitectureConfig,
    ElementsConfig,
    HeldOutConfig,
    InsulatorsConfig,
    ScreeningConfig,
    TcConfig,
)
from replicate.models import configs as models
from replicate.models.configs import ElemNetConfig
from replicate.training.config import FitConfig

# ---- gaps, formation energies, metals ------------------------------------------------------------------------
# The schedule of the released models: Adadelta at its defaults, batches of 128, the mean absolute error.
SCRIPT = FitConfig(epochs=2500)
SHORT_SCRIPT = FitConfig(epochs=400, patience=100)
# A one-cycle schedule reaches the same error in a fraction of the epochs.
ONE_CYCLE = FitConfig(
    epochs=100, optimizer="adamw", learning_rate=2e-3, schedule="one-cycle", weight_decay=0.1
)
ELEMNET = replace(ONE_CYCLE, epochs=60, learning_rate=1e-3, weight_decay=0.01)
SMOKE = FitConfig(epochs=2, batch_size=32, optimizer="adamw", learning_rate=2e-3, schedule="one-cycle")


def _quick(config: SupervisedConfig, rows: int, *networks: Network, **changes: Any) -> SupervisedConfig:
    """Return settings of few rows, two seeds and small baselines."""
    config = replace(config, networks=networks, max_rows=rows, **changes)
    return replace(config, baselines=("forest", "xgboost"), seeds=2, quick_baselines=True)


def _smoke(config: SupervisedConfig) -> SupervisedConfig:
    """Return the quick settings cut down to seconds."""
    networks = [replace(network, fit=replace(SMOKE, loss=network.fit.loss)) for network in config.networks]
    small = [varied(n, blocks=((2, 32, 0.1),)) if n.name == "elemnet" else n for n in networks]
    return replace(config, networks=tuple(small), max_rows=150)


def _gap_networks(fit: FitConfig) -> tuple[Network, ...]:
    """Return the network with both losses of the paper, and with the one-cycle schedule."""
    return (
        Network("atcnn", models.GAP, fit),
        Network("atcnn-mse", models.GAP, replace(fit, loss="mse"), splits=("random",)),
        Network("atcnn-one-cycle", models.GAP, ONE_CYCLE),
    )


GAP = SupervisedConfig(
    dataset="zhuo2018-gap",
    extra_datasets=("atcnn-weights-gap",),
    column="band_gap",
    unit="eV",
    task="regression",
    networks=_gap_networks(SCRIPT),
    baselines=("forest", "xgboost", "svr"),
    seeds=5,
    release=("atcnn", "atcnn/band-gap"),
)
GAP_ON_CPU = replace(GAP, networks=_gap_networks(SHORT_SCRIPT))
GAP_QUICK = _quick(
    GAP, 800, Network("atcnn", models.GAP, replace(ONE_CYCLE, epochs=10, batch_size=64)), extra_datasets=()
)
GAP_SMOKE = _smoke(GAP_QUICK)
_FORMATION_FIT = replace(ONE_CYCLE, epochs=200, learning_rate=1e-2, weight_decay=0.01)
FORMATION = replace(
    GAP,
    dataset="atcnn-formation",
    extra_datasets=(),
    column="formation_energy_per_atom",
    unit="eV/atom",
    networks=(
        Network("atcnn", models.FORMATION, SCRIPT),
        Network("atcnn-one-cycle", models.FORMATION, _FORMATION_FIT),
        Network("elemnet", ElemNetConfig(), ELEMNET, splits=("random",)),
    ),
    release=("atcnn", "atcnn/formation-energy-per-atom"),
)
SMALL_ELEMNET = ElemNetConfig(blocks=((4, 256, 0.2), (3, 128, 0.1), (2, 64, 0.0), (1, 32, 0.0)))
FORMATION_QUICK = _quick(
    FORMATION,
    1_500,
    Network("atcnn", models.FORMATION, replace(_FORMATION_FIT, epochs=25)),
    Network("elemnet", SMALL_ELEMNET, replace(ELEMNET, epochs=8)),
    dataset="experimental-formation-energy",
)
FORMATION_SMOKE = _smoke(FORMATION_QUICK)
ELEMENTS = ElementsConfig(FORMATION, seeds=5, extra_datasets=("atcnn-weights-formation",))
ELEMENTS_QUICK = ElementsConfig(FORMATION_QUICK, seeds=2, random_draws=50)
ELEMENTS_SMOKE = ElementsConfig(FORMATION_SMOKE, seeds=2, random_draws=20)
_METAL_FIT = replace(ONE_CYCLE, epochs=40, loss="bce")
METAL = replace(
    GAP,
    dataset="zhuo2018-metal",
    extra_datasets=(),
    column="is_metal",
    unit="",
    task="classification",
    classes=("semiconductor", "metal"),
    networks=(
        Network("atcnn", models.METAL, replace(SHORT_SCRIPT, loss="bce", patience=50)),
        Network("atcnn-one-cycle", models.METAL, _METAL_FIT),
        # The plain network overfits within twenty epochs; does regularisation reach the published area?
        Network("atcnn-dropout", replace(models.METAL, dropout=0.3), replace(_METAL_FIT, weight_decay=1.0)),
    ),
    baselines=("forest", "xgboost", "svc"),
    splits=("random", "system"),
    release=("atcnn", "atcnn/metal"),
)
METAL_QUICK = _quick(
    METAL, 1_200, Network("atcnn", models.METAL, replace(_METAL_FIT, epochs=8, batch_size=64))
)

METAL_SMOKE = _smoke(METAL_QUICK)
# ---- critical temperatures -----------------------------------------------------------------------------------
PAPER_TC = FitConfig(epochs=500, loss="rmse", precision="bfloat16")
ONE_CYCLE_TC = replace(ONE_CYCLE, epochs=60, loss="rmse", learning_rate=4e-3, precision="bfloat16")
# On a laptop without bfloat16 arithmetic half precision is the slower one.
SHORT_TC = replace(ONE_CYCLE_TC, epochs=12, batch_size=64, precision="float32")
# A quarter of the published channels take a tenth of the time; so short a training needs averages that keep up
# with the weights.
QUICK_TC = replace(models.TC, kernels=tuple((16, size) for _, size in models.TC.kernels), momentum=0.9)
SMOKE_TC = replace(QUICK_TC, kernels=tuple((8, size) for _, size in models.TC.kernels))
BOTH_SPLITS = ("random", "system")
VARIANT_EPOCHS, DEPTH_EPOCHS = 15, 8
BUDGET = (
    f"trained on a processor: {ONE_CYCLE_TC.epochs} epochs of a one-cycle schedule (AdamW) instead of the paper's "
    f"{PAPER_TC.epochs} (Adadelta)"
)

TC = TcConfig(
    dataset="atcnn-superconductors",
    lists=("mdr-supercon", "stanev2018-supercon"),
    column="critical_temperature",
    unit="K",
    task="regression",
    networks=(
        Network("atcnn", models.TC, PAPER_TC, splits=BOTH_SPLITS),
        Network("atcnn-repository", models.TC_REPOSITORY, replace(PAPER_TC, loss="mae"), splits=("random",)),
        Network("atcnn-one-cycle", models.TC, ONE_CYCLE_TC, splits=BOTH_SPLITS),
    ),
    list_networks=(Network("atcnn-one-cycle", models.TC, ONE_CYCLE_TC),),
    baselines=("extra-trees-fractions", "nearest"),
    random_baselines=("forest", "xgboost"),
    seeds=5,
    splits=BOTH_SPLITS,
    test=2720 / 13598,  # as many rows as the paper tests on
)
TC_ON_CPU = replace(
    TC, networks=(Network("atcnn", models.TC, ONE_CYCLE_TC, splits=BOTH_SPLITS),), list_networks=()
)
TC_QUICK = replace(
    TC_ON_CPU,
    dataset="madml-superconductors",
    lists=(),
    networks=(Network("atcnn", QUICK_TC, SHORT_TC, splits=BOTH_SPLITS),),
    seeds=2,
    max_rows=1_000,
    quick_baselines=True,
)
TC_SMOKE = replace(
    TC_QUICK, networks=(varied(TC_QUICK.networks[0], kernels=SMOKE_TC.kernels, epochs=2),), max_rows=200
)


def _released(config: TcConfig) -> TcConfig:
    """Return the settings of ATCNN-I as those of ATCNN-II hold them, which ``replicate predict`` takes."""
    return replace(config, release=(ATCNN_II, "atcnn/critical-temperature"))


INSULATORS = InsulatorsConfig(
    tc=_released(TC),
    network=Network(ATCNN_II, models.TC, PAPER_TC),
    insulators="atcnn-insulators",
    variants=("jarvis-dft-3d",),
    variant_network=Network(ATCNN_II, models.TC, PAPER_TC),
    listed="stanev2018-supercon",
    contradicting=("mdr-supercon",),
    seeds=5,
    network_by_system=True,
)
INSULATORS_ON_CPU = replace(
    INSULATORS,
    network_by_system=False,
    tc=_released(TC_ON_CPU),
    network=Network(ATCNN_II, models.TC, ONE_CYCLE_TC),
    variant_network=Network(ATCNN_II, models.TC, replace(ONE_CYCLE_TC, epochs=VARIANT_EPOCHS)),
)
INSULATORS_QUICK = InsulatorsConfig(
    tc=_released(TC_QUICK),
    network=Network(ATCNN_II, QUICK_TC, SHORT_TC),
    insulators="zhuo2018-gap",
    most=400,
    seeds=2,
)
INSULATORS_SMOKE = replace(
    INSULATORS_QUICK,
    tc=_released(TC_SMOKE),
    network=varied(INSULATORS_QUICK.network, kernels=SMOKE_TC.kernels, epochs=2),
    most=100,
)
HELD_OUT = HeldOutConfig(
    INSULATORS, seeds=5, strict=Network("atcnn", models.TC, PAPER_TC), quoted="mdr-supercon"
)
HELD_OUT_ON_CPU = replace(
    HELD_OUT, insulators=INSULATORS_ON_CPU, strict=Network("atcnn", models.TC, ONE_CYCLE_TC)
)
HELD_OUT_QUICK = HeldOutConfig(INSULATORS_QUICK, seeds=2)
HELD_OUT_SMOKE = HeldOutConfig(INSULATORS_SMOKE, seeds=2)
SCREENING = ScreeningConfig(
    INSULATORS, pool="jarvis-dft-3d", seeds=5, measured=("stanev2018-supercon",), quoted=("mdr-supercon",)
)
SCREENING_ON_CPU = replace(SCREENING, insulators=INSULATORS_ON_CPU)
SCREENING_QUICK = ScreeningConfig(
    INSULATORS_QUICK, pool="faber2015", seeds=2, quoted=("madml-superconductors",)
)
SCREENING_SMOKE = replace(SCREENING_QUICK, insulators=INSULATORS_SMOKE, pool="zhuo2018-gap", most=200)
ARCHITECTURE = ArchitectureConfig(
    TC,
    models.TC,
    convolutions=tuple(range(1, 9)),
    fit=ONE_CYCLE_TC,
    long=Network("atcnn", models.TC, replace(PAPER_TC, epochs=1000)),
    seeds=5,
    lengths=(15, 30, 60, 120, 240),
    length_seeds=5,
    long_seeds=5,
    by_system=True,
)
ARCHITECTURE_ON_CPU = replace(
    ARCHITECTURE,
    tc=TC_ON_CPU,
    # So short a training needs averages that keep up with the weights.
    model=replace(models.TC, momentum=0.9),
    fit=replace(ONE_CYCLE_TC, epochs=DEPTH_EPOCHS),
    long=None,
    lengths=(15, 30, 60, 120),
    length_seeds=1,
    long_seeds=1,
    by_system=False,
)
ARCHITECTURE_QUICK = replace(
    ARCHITECTURE_ON_CPU,
    tc=TC_QUICK,
    model=QUICK_TC,
    convolutions=(1, 3, 5),
    fit=replace(SHORT_TC, epochs=8),
    seeds=2,
    lengths=(4, 8, 16),
)
ARCHITECTURE_SMOKE = replace(
    ARCHITECTURE_QUICK,
    tc=TC_SMOKE,
    model=SMOKE_TC,
    convolutions=(1, 5),
    fit=replace(SHORT_TC, epochs=1),
    long=Network("atcnn", SMOKE_TC, replace(SHORT_TC, epochs=2)),
    lengths=(1, 2),
    by_system=True,
)
