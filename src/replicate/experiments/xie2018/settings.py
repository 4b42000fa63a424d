"""Networks and schedules of the CGCNN chapter, and what each profile trains."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import CrystalNetwork, varied
from replicate.experiments.core import Experiment
from replicate.experiments.xie2018.configs import (
    FULL_POOLING,
    GATED,
    SHARED,
    SITE_POOLING,
    ElasticConfig,
    FormationConfig,
    HyperparametersConfig,
    MetalConfig,
    NaClKClConfig,
    PerovskiteConfig,
    PropertiesConfig,
)
from replicate.models.configs import CGCNNConfig
from replicate.training.config import OPTIMISERS, FitConfig

# The settings inside the released checkpoints: four convolutions of 64, 32 behind the pooling.
EQ5 = CGCNNConfig()
# Eq. 4 with the pooling the supplement pairs it with (Eqs. S11-S13), and as the paper has it: nothing is normalised.
EQ4 = CGCNNConfig(convolution="eq4", pooling="softmax", hidden=(128, 128), batch_norm=False)
# With the normalisation that the released code has for Eq. 5.
EQ4_NORMALISED = replace(EQ4, batch_norm=True)
CLASSIFIER = replace(EQ5, output="logit", dropout=0.5)
# Eq. 4 as well, with two hidden layers on every site (L1).
PEROVSKITE_SITE = CGCNNConfig(convolution="eq4", pooling="site", hidden=(128, 128), batch_norm=False)

RELEASED = FitConfig(
    epochs=1000,
    loss="mse",
    batch_size=256,
    optimizer="sgd",
    learning_rate=0.02,
    schedule="step",
    standardise=True,
)
ONE_CYCLE = FitConfig(
    epochs=40,
    loss="mae",
    batch_size=128,
    optimizer="adamw",
    learning_rate=5e-3,
    schedule="one-cycle",
    weight_decay=1e-2,
    standardise=True,
)
SMALL_RELEASED = replace(RELEASED, batch_size=64)
SMALL = replace(ONE_CYCLE, epochs=60, batch_size=64)
SMALLEST = replace(SMALL, epochs=2, batch_size=32)


def both(fit: FitConfig, eq4: CGCNNConfig = EQ4) -> tuple[CrystalNetwork, ...]:
    """Return both convolutions with one schedule."""
    return CrystalNetwork(GATED, EQ5, fit), CrystalNetwork(SHARED, eq4, fit)


def on_cpu(fit: FitConfig, paper: int = 1000, also: FitConfig | None = None) -> str:
    """Return the sentence that says what a processor's training falls short of."""
    large = "" if also is None else f" ({also.epochs} for formation energies and band gaps)"
    return (
        f"trained on a processor: {fit.epochs} epochs{large} of a {fit.schedule} schedule "
        f"({OPTIMISERS[fit.optimizer]}) instead of the authors' {paper:,} ({OPTIMISERS[RELEASED.optimizer]})"
    )


FORMATION_FULL = FormationConfig(
    seeds=3,
    networks=(
        *both(RELEASED),
        CrystalNetwork("cgcnn-eq4-batch-norm", EQ4_NORMALISED, RELEASED),
        CrystalNetwork("cgcnn-eq5-one-cycle", EQ5, replace(ONE_CYCLE, epochs=300)),
    ),
    curve=(100, 300, 1_000, 3_000, 10_000),
    curve_seeds=3,
    list_networks=both(RELEASED)[:1],
    all_networks=both(replace(ONE_CYCLE, epochs=300))[:1],
    system_networks=both(RELEASED)[:1],
)
# Once around all crystals is as much work as two and a half times around the paper's number.
ALL_CRYSTALS = replace(ONE_CYCLE, epochs=15)
FORMATION_ON_CPU = replace(
    FORMATION_FULL,
    networks=both(ONE_CYCLE, EQ4_NORMALISED),
    longer=(CrystalNetwork("cgcnn-eq5-longer", EQ5, replace(ONE_CYCLE, epochs=150)),),
    curve_seeds=1,
    list_networks=both(ONE_CYCLE)[:1],
    all_networks=both(ALL_CRYSTALS)[:1],
    system_networks=(),
)
FORMATION_QUICK = FormationConfig(
    seeds=2,
    networks=both(replace(SMALL, epochs=4)),
    train=None,
    validation=0.2,
    test=0.2,
    curve=(30, 90),
    bundled=True,
    max_rows=800,
)
FORMATION_SMOKE = replace(
    FORMATION_QUICK, networks=both(replace(SMALL, epochs=1)), curve=(30, 60), max_rows=100
)

PROPERTIES_FULL = PropertiesConfig(
    seeds=5, large_seeds=3, networks=both(SMALL_RELEASED), large_networks=both(RELEASED)
)
PROPERTIES_ON_CPU = replace(
    PROPERTIES_FULL, networks=both(SMALL, EQ4_NORMALISED), large_networks=both(ONE_CYCLE, EQ4_NORMALISED)
)
PROPERTIES_QUICK = PropertiesConfig(
    seeds=2,
    large_seeds=2,
    networks=both(replace(SMALL, epochs=4)),
    large_networks=both(replace(SMALL, epochs=4)),
    bundled=True,
    max_rows=500,
    properties=("band_gap",),
)
PROPERTIES_SMOKE = replace(PROPERTIES_QUICK, networks=both(SMALLEST), max_rows=60)

# 1,750 crystals take few steps in an epoch, so they need more of them.
ELASTIC_ONE_CYCLE = replace(SMALL, epochs=200)
ELASTIC_FULL = ElasticConfig(
    seeds=5,
    networks=both(SMALL_RELEASED),
    curve_network=both(SMALL_RELEASED)[0],
    system_seeds=5,
    later_seeds=5,
    curve=(250, 500, 1_000, 2_041, 4_000, 7_000),
    curve_seeds=3,
)
ELASTIC_ON_CPU = replace(
    ELASTIC_FULL,
    networks=(both(ELASTIC_ONE_CYCLE)[0], both(SMALL)[1]),
    curve_network=both(SMALL)[0],
    system_seeds=1,
    later_seeds=0,
    curve_seeds=1,
)
ELASTIC_QUICK = ElasticConfig(
    seeds=2,
    networks=both(replace(SMALL, epochs=4)),
    curve_network=both(replace(SMALL, epochs=4))[0],
    system_seeds=2,
    later_seeds=0,
    curve=(50, 150),
    bundled=True,
    max_rows=500,
)
ELASTIC_SMOKE = replace(
    ELASTIC_QUICK,
    networks=both(SMALLEST),
    curve_network=both(SMALLEST)[0],
    system_seeds=1,
    curve=(20,),
    max_rows=60,
)

METAL = CrystalNetwork(
    GATED, CLASSIFIER, replace(RELEASED, epochs=500, learning_rate=0.01, loss="bce", standardise=False)
)
METAL_SHORT = replace(METAL, fit=replace(ONE_CYCLE, epochs=8, loss="bce", standardise=False))
METAL_FULL = MetalConfig(seeds=3, networks=(METAL,))
METAL_ON_CPU = replace(METAL_FULL, networks=(METAL_SHORT,))
METAL_QUICK = replace(METAL_ON_CPU, train=None, validation=0.2, test=0.2, max_rows=1_200, pool=3_000, seeds=2)
METAL_SMOKE = replace(METAL_QUICK, networks=(varied(METAL_SHORT, epochs=1),), max_rows=150, pool=600)


def perovskites(epochs: int) -> tuple[CrystalNetwork, ...]:
    """Return both poolings with one schedule; the paper does not say how long it trained."""
    fit = replace(ONE_CYCLE, epochs=epochs)
    return CrystalNetwork(SITE_POOLING, PEROVSKITE_SITE, fit), CrystalNetwork(FULL_POOLING, EQ4, fit)


HYPERPARAMETERS_FULL = HyperparametersConfig(
    seeds=3, networks=both(replace(ONE_CYCLE, epochs=100)), bundled=False
)
HYPERPARAMETERS_FIT = replace(ONE_CYCLE, epochs=20)
HYPERPARAMETERS_ON_CPU = HyperparametersConfig(seeds=3, networks=both(HYPERPARAMETERS_FIT, EQ4_NORMALISED))
HYPERPARAMETERS_QUICK = replace(
    HYPERPARAMETERS_ON_CPU,
    seeds=1,
    networks=both(replace(SMALL, epochs=3)),
    convolutions=(1, 3, 5),
    log_steps=(-8, -6, -4),
    voronoi=False,
    max_rows=500,
)
HYPERPARAMETERS_SMOKE = replace(
    HYPERPARAMETERS_QUICK,
    networks=both(replace(ONE_CYCLE, epochs=1)),
    convolutions=(1,),
    log_steps=(-6,),
    voronoi=True,
    max_rows=40,
)

EXPERIMENTS = (
    Experiment(
        id="xie2018-nacl-kcl",
        configs=dict.fromkeys(("smoke", "quick", "full"), NaClKClConfig()),
        function="xie2018.nacl_kcl:run_nacl_kcl",
        cost={"quick": "5 s", "full": "5 s"},
    ),
    Experiment(
        id="xie2018-formation",
        configs={"smoke": FORMATION_SMOKE, "quick": FORMATION_QUICK, "full": FORMATION_FULL},
        on_cpu=FORMATION_ON_CPU,
        budget=f"{on_cpu(ONE_CYCLE)}; {ALL_CRYSTALS.epochs} on all crystals",
        function="xie2018.formation:run_formation",
        cost={"quick": "20 s", "full": "2 h"},
    ),
    Experiment(
        id="xie2018-properties",
        after=("xie2018-formation",),
        configs={"smoke": PROPERTIES_SMOKE, "quick": PROPERTIES_QUICK, "full": PROPERTIES_FULL},
        on_cpu=PROPERTIES_ON_CPU,
        budget=on_cpu(SMALL, also=ONE_CYCLE),
        function="xie2018.properties:run_properties",
        cost={"quick": "15 s", "full": "2 h"},
    ),
    Experiment(
        id="xie2018-elastic",
        configs={"smoke": ELASTIC_SMOKE, "quick": ELASTIC_QUICK, "full": ELASTIC_FULL},
        on_cpu=ELASTIC_ON_CPU,
        budget=f"{on_cpu(ELASTIC_ONE_CYCLE)}; {SMALL.epochs} for Eq. 4 and Fig. S5",
        function="xie2018.elastic:run_elastic",
        cost={"quick": "15 s", "full": "30 min"},
    ),
    Experiment(
        id="xie2018-metal",
        configs={"smoke": METAL_SMOKE, "quick": METAL_QUICK, "full": METAL_FULL},
        on_cpu=METAL_ON_CPU,
        budget=on_cpu(METAL_SHORT.fit, METAL.fit.epochs),
        function="xie2018.metal:run_metal",
        cost={"quick": "20 s", "full": "20 min"},
    ),
    Experiment(
        id="xie2018-perovskites",
        configs={
            "smoke": PerovskiteConfig(seeds=2, networks=perovskites(2), max_rows=200),
            "quick": PerovskiteConfig(seeds=2, networks=perovskites(5), max_rows=2_500),
            "full": PerovskiteConfig(seeds=5, networks=perovskites(60)),
        },
        function="xie2018.perovskites:run_perovskites",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="xie2018-hyperparameters",
        configs={
            "smoke": HYPERPARAMETERS_SMOKE,
            "quick": HYPERPARAMETERS_QUICK,
            "full": HYPERPARAMETERS_FULL,
        },
        on_cpu=HYPERPARAMETERS_ON_CPU,
        budget=f"trained on a processor: {HYPERPARAMETERS_FIT.epochs} epochs, on the bundled 3,938 structures "
        "instead of the paper's list",
        function="xie2018.hyperparameters:run_hyperparameters",
        cost={"quick": "10 s", "full": "40 min"},
    ),
)
