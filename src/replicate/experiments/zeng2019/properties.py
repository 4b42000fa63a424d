"""Settings of the experiments of Zeng et al. 2019 (ATCNN) on gaps, formation energies and metals."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.base import Experiment
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.zeng2019.configs import ElementsConfig
from replicate.models.configs import FORMATION, GAP, METAL, ElemNetConfig
from replicate.training.config import FitConfig

# The schedule of the released models: Adadelta at its defaults, batches of 128, the mean absolute error.
# The paper gives no number of epochs for these three networks; the authors' script trains for 2,500.
PAPER_FORMATION = FitConfig(epochs=2500)
PAPER_GAP = FitConfig(epochs=2500)
SHORT_GAP = FitConfig(epochs=400, patience=100)
# A one-cycle schedule reaches the same error in a fraction of the epochs.
ONE_CYCLE = FitConfig(
    epochs=100, optimizer="adamw", learning_rate=2e-3, schedule="one-cycle", weight_decay=0.1
)
ONE_CYCLE_FORMATION = replace(ONE_CYCLE, epochs=200, learning_rate=1e-2, weight_decay=0.01)
ELEMNET_FIT = FitConfig(
    epochs=60, optimizer="adamw", learning_rate=1e-3, schedule="one-cycle", weight_decay=0.01
)
SMALL_ELEMNET = ElemNetConfig(blocks=((4, 256, 0.2), (3, 128, 0.1), (2, 64, 0.0), (1, 32, 0.0)))
SMOKE_MODELS = {"elemnet": ElemNetConfig(blocks=((2, 32, 0.1),))}
SMOKE = FitConfig(epochs=2, batch_size=32, optimizer="adamw", learning_rate=2e-3, schedule="one-cycle")

GAP_FULL = SupervisedConfig(
    dataset="zhuo2018-gap",
    extra_datasets=("atcnn-weights-gap",),
    column="band_gap",
    unit="eV",
    task="regression",
    networks=(
        Network("atcnn", GAP, PAPER_GAP),
        Network("atcnn-mse", GAP, replace(PAPER_GAP, loss="mse"), splits=("random",)),
        Network("atcnn-one-cycle", GAP, ONE_CYCLE),
    ),
    baselines=("forest", "xgboost", "svr"),
    seeds=5,
    release=("atcnn", "atcnn/band-gap"),
)
GAP_ON_CPU = replace(
    GAP_FULL,
    networks=(
        Network("atcnn", GAP, SHORT_GAP),
        Network("atcnn-mse", GAP, replace(SHORT_GAP, loss="mse"), splits=("random",)),
        Network("atcnn-one-cycle", GAP, ONE_CYCLE),
    ),
)

GAP_QUICK = replace(
    GAP_FULL,
    extra_datasets=(),
    networks=(Network("atcnn", GAP, replace(ONE_CYCLE, epochs=10, batch_size=64)),),
    baselines=("forest", "xgboost"),
    seeds=2,
    max_rows=800,
    quick_baselines=True,
)
FORMATION_FULL = SupervisedConfig(
    dataset="atcnn-formation",
    column="formation_energy_per_atom",
    unit="eV/atom",
    task="regression",
    networks=(
        Network("atcnn", FORMATION, PAPER_FORMATION),
        Network("atcnn-one-cycle", FORMATION, ONE_CYCLE_FORMATION),
        Network("elemnet", ElemNetConfig(), ELEMNET_FIT, splits=("random",)),
    ),
    baselines=("forest", "xgboost", "svr"),
    seeds=5,
    release=("atcnn", "atcnn/formation-energy-per-atom"),
)
FORMATION_QUICK = replace(
    FORMATION_FULL,
    dataset="experimental-formation-energy",
    networks=(
        Network("atcnn", FORMATION, replace(ONE_CYCLE_FORMATION, epochs=25)),
        Network("elemnet", SMALL_ELEMNET, replace(ELEMNET_FIT, epochs=8)),
    ),
    baselines=("forest", "xgboost"),
    seeds=2,
    max_rows=1_500,
    quick_baselines=True,
)
METAL_FULL = SupervisedConfig(
    dataset="zhuo2018-metal",
    column="is_metal",
    unit="",
    task="classification",
    classes=("semiconductor", "metal"),
    networks=(
        Network("atcnn", METAL, replace(SHORT_GAP, loss="bce", patience=50)),
        Network("atcnn-one-cycle", METAL, replace(ONE_CYCLE, epochs=40, loss="bce")),
        # The plain network overfits within twenty epochs; does regularisation reach the published area?
        Network(
            "atcnn-dropout",
            replace(METAL, dropout=0.3),
            replace(ONE_CYCLE, epochs=40, loss="bce", weight_decay=1.0),
        ),
    ),
    baselines=("forest", "xgboost", "svc"),
    splits=("random", "system"),
    seeds=5,
    release=("atcnn", "atcnn/metal"),
)
METAL_QUICK = replace(
    METAL_FULL,
    networks=(Network("atcnn", METAL, replace(ONE_CYCLE, epochs=8, batch_size=64, loss="bce")),),
    baselines=("forest", "xgboost"),
    seeds=2,
    max_rows=1_200,
    quick_baselines=True,
)


def _smoke(config: SupervisedConfig) -> SupervisedConfig:
    """Return the quick settings cut down to seconds."""
    networks = tuple(
        replace(
            network,
            fit=replace(SMOKE, loss=network.fit.loss),
            model=SMOKE_MODELS.get(network.name, network.model),
        )
        for network in config.networks
    )
    return replace(config, networks=networks, max_rows=150, quick_baselines=True, seeds=2)


EXPERIMENTS = (
    Experiment(
        id="zeng2019-gap",
        configs={"smoke": _smoke(GAP_QUICK), "quick": GAP_QUICK, "full": GAP_FULL},
        on_cpu=GAP_ON_CPU,
        budget=(
            f"trained on a processor: {SHORT_GAP.epochs} epochs, ended after {SHORT_GAP.patience} without a better "
            f"validation score, instead of the {PAPER_GAP.epochs:,} of the authors' script"
        ),
        function="zeng2019.table3:run_gap",
        cost={"quick": "15 s", "full": "2 h"},
    ),
    Experiment(
        id="zeng2019-formation",
        configs={"smoke": _smoke(FORMATION_QUICK), "quick": FORMATION_QUICK, "full": FORMATION_FULL},
        function="supervised:run_supervised",
        cost={"quick": "15 s", "full": "2 h"},
    ),
    Experiment(
        id="zeng2019-metal",
        configs={"smoke": _smoke(METAL_QUICK), "quick": METAL_QUICK, "full": METAL_FULL},
        function="zeng2019.metal:run_metal",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="zeng2019-elements",
        configs={
            "smoke": ElementsConfig(_smoke(FORMATION_QUICK), seeds=2, random_draws=20),
            "quick": ElementsConfig(FORMATION_QUICK, seeds=2, random_draws=50),
            "full": ElementsConfig(FORMATION_FULL, seeds=5, extra_datasets=("atcnn-weights-formation",)),
        },
        function="zeng2019.elements:run_elements",
        cost={"quick": "5 s", "full": "15 min"},
    ),
)
