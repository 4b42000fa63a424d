"""Settings of the experiments of Zeng et al. 2019 (ATCNN) on critical temperatures.

The paper trains for 500 epochs of Adadelta on the root mean squared error. That takes minutes on a GPU and several
core-hours per network and split on a processor, so ``full`` has settings of its own for a processor (``on_cpu``): the
same networks, rows and splits with a shorter one-cycle schedule. A record says which of the two it holds.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.base import Experiment
from replicate.experiments.configs import Network
from replicate.experiments.zeng2019.configs import (
    ATCNN_II,
    ArchitectureConfig,
    HeldOutConfig,
    InsulatorsConfig,
    ScreeningConfig,
    TcConfig,
)
from replicate.models.configs import TC, TC_REPOSITORY
from replicate.training.config import FitConfig

PAPER = FitConfig(epochs=500, loss="rmse", precision="bfloat16")
ONE_CYCLE = FitConfig(
    epochs=60,
    loss="rmse",
    optimizer="adamw",
    learning_rate=4e-3,
    schedule="one-cycle",
    weight_decay=0.1,
    precision="bfloat16",
)
# On a laptop without bfloat16 arithmetic half precision is the slower one.
SHORT = replace(ONE_CYCLE, epochs=12, batch_size=64, precision="float32")
# A quarter of the published channels take a tenth of the time; so short a training needs averages that keep up
# with the weights.
QUICK_TC = replace(TC, kernels=tuple((16, size) for _, size in TC.kernels), momentum=0.9)
SMOKE = replace(SHORT, epochs=2)
SMOKE_TC = replace(QUICK_TC, kernels=tuple((8, size) for _, size in TC.kernels))
LISTS = ("mdr-supercon", "stanev2018-supercon")
VARIANT_ON_CPU = replace(ONE_CYCLE, epochs=15)
BUDGET = (
    f"trained on a processor: {ONE_CYCLE.epochs} epochs of a one-cycle schedule (AdamW) instead of the paper's "
    f"{PAPER.epochs} (Adadelta)"
)
# The paper tests on 2,720 of its 13,598 rows.
TEST_SHARE = 2720 / 13598

TC_FULL = TcConfig(
    dataset="atcnn-superconductors",
    lists=LISTS,
    column="critical_temperature",
    unit="K",
    task="regression",
    networks=(
        Network("atcnn", TC, PAPER, splits=("random", "system")),
        Network("atcnn-repository", TC_REPOSITORY, replace(PAPER, loss="mae"), splits=("random",)),
        Network("atcnn-one-cycle", TC, ONE_CYCLE, splits=("random", "system")),
    ),
    list_networks=(Network("atcnn-one-cycle", TC, ONE_CYCLE),),
    baselines=("extra-trees-fractions", "nearest"),
    random_baselines=("forest", "xgboost"),
    seeds=5,
    splits=("random", "system"),
    test=TEST_SHARE,
)
TC_ON_CPU = replace(
    TC_FULL,
    networks=(Network("atcnn", TC, ONE_CYCLE, splits=("random", "system")),),
    list_networks=(),
)
TC_QUICK = replace(
    TC_FULL,
    dataset="madml-superconductors",
    lists=(),
    networks=(Network("atcnn", QUICK_TC, SHORT, splits=("random", "system")),),
    list_networks=(),
    seeds=2,
    max_rows=1_000,
    quick_baselines=True,
)
TC_SMOKE = replace(
    TC_QUICK,
    networks=(Network("atcnn", SMOKE_TC, SMOKE, splits=("random", "system")),),
    max_rows=200,
)

INSULATORS_FULL = InsulatorsConfig(
    tc=replace(TC_FULL, release=(ATCNN_II, "atcnn/critical-temperature")),
    network=Network(ATCNN_II, TC, PAPER),
    insulators="atcnn-insulators",
    variants=("jarvis-dft-3d",),
    variant_network=Network(ATCNN_II, TC, PAPER),
    listed="stanev2018-supercon",
    contradicting=("mdr-supercon",),
    seeds=5,
    network_by_system=True,
)
INSULATORS_ON_CPU = replace(
    INSULATORS_FULL,
    network_by_system=False,
    tc=replace(TC_ON_CPU, release=INSULATORS_FULL.tc.release),
    network=Network(ATCNN_II, TC, ONE_CYCLE),
    variant_network=Network(ATCNN_II, TC, VARIANT_ON_CPU),
)
INSULATORS_QUICK = InsulatorsConfig(
    tc=replace(TC_QUICK, release=INSULATORS_FULL.tc.release),
    network=Network(ATCNN_II, QUICK_TC, SHORT),
    insulators="zhuo2018-gap",
    most=400,
    seeds=2,
)
INSULATORS_SMOKE = replace(
    INSULATORS_QUICK,
    tc=replace(TC_SMOKE, release=INSULATORS_FULL.tc.release),
    network=Network(ATCNN_II, SMOKE_TC, SMOKE),
    most=100,
)

HELD_OUT_FULL = HeldOutConfig(
    INSULATORS_FULL, seeds=5, strict=Network("atcnn", TC, PAPER), quoted="mdr-supercon"
)
HELD_OUT_ON_CPU = HeldOutConfig(
    INSULATORS_ON_CPU, seeds=5, strict=Network("atcnn", TC, ONE_CYCLE), quoted="mdr-supercon"
)

SCREENING_FULL = ScreeningConfig(
    INSULATORS_FULL,
    pool="jarvis-dft-3d",
    seeds=5,
    measured=("stanev2018-supercon",),
    quoted=("mdr-supercon",),
)

DEPTHS = tuple(range(1, 9))
DEPTH_FIT = replace(ONE_CYCLE, epochs=8)
ARCHITECTURE_FULL = ArchitectureConfig(
    TC_FULL,
    TC,
    DEPTHS,
    fit=ONE_CYCLE,
    long=Network("atcnn", TC, replace(PAPER, epochs=1000)),
    seeds=5,
    lengths=(15, 30, 60, 120, 240),
    length_seeds=5,
    long_seeds=5,
    by_system=True,
)
ARCHITECTURE_ON_CPU = replace(
    ARCHITECTURE_FULL,
    tc=TC_ON_CPU,
    # So short a training needs averages that keep up with the weights.
    model=replace(TC, momentum=0.9),
    fit=DEPTH_FIT,
    long=None,
    lengths=(15, 30, 60, 120),
    length_seeds=1,
    long_seeds=1,
    by_system=False,
)
ARCHITECTURE_QUICK = ArchitectureConfig(
    TC_QUICK, QUICK_TC, (1, 3, 5), fit=replace(SHORT, epochs=8), long=None, seeds=2, lengths=(4, 8, 16)
)

EXPERIMENTS = (
    Experiment(
        id="zeng2019-tc",
        configs={"smoke": TC_SMOKE, "quick": TC_QUICK, "full": TC_FULL},
        on_cpu=TC_ON_CPU,
        budget=BUDGET,
        function="zeng2019.tc:run_tc",
        cost={"quick": "15 s", "full": "1.5 h"},
    ),
    Experiment(
        id="zeng2019-tc-insulators",
        after=("zeng2019-tc",),
        configs={"smoke": INSULATORS_SMOKE, "quick": INSULATORS_QUICK, "full": INSULATORS_FULL},
        on_cpu=INSULATORS_ON_CPU,
        budget=f"{BUDGET}, {VARIANT_ON_CPU.epochs} with the JARVIS insulators",
        function="zeng2019.insulators:run_insulators",
        cost={"quick": "10 s", "full": "2 h"},
    ),
    Experiment(
        id="zeng2019-held-out",
        after=("zeng2019-tc", "zeng2019-tc-insulators"),
        configs={
            "smoke": HeldOutConfig(INSULATORS_SMOKE, seeds=2),
            "quick": HeldOutConfig(INSULATORS_QUICK, seeds=2),
            "full": HELD_OUT_FULL,
        },
        on_cpu=HELD_OUT_ON_CPU,
        budget=BUDGET,
        function="zeng2019.held_out:run_held_out",
        cost={"quick": "5 s", "full": "30 min"},
    ),
    Experiment(
        id="zeng2019-screening",
        after=("zeng2019-tc", "zeng2019-tc-insulators"),
        configs={
            "smoke": ScreeningConfig(
                INSULATORS_SMOKE, pool="zhuo2018-gap", seeds=2, most=200, quoted=("madml-superconductors",)
            ),
            "quick": ScreeningConfig(
                INSULATORS_QUICK, pool="faber2015", seeds=2, quoted=("madml-superconductors",)
            ),
            "full": SCREENING_FULL,
        },
        on_cpu=replace(SCREENING_FULL, insulators=INSULATORS_ON_CPU),
        budget=BUDGET,
        function="zeng2019.screening:run_screening",
        cost={"quick": "5 s", "full": "2 min"},
    ),
    Experiment(
        id="zeng2019-architecture",
        configs={
            "smoke": replace(
                ARCHITECTURE_QUICK,
                tc=TC_SMOKE,
                model=SMOKE_TC,
                convolutions=(1, 5),
                fit=replace(SMOKE, epochs=1),
                long=Network("atcnn", SMOKE_TC, SMOKE),
                lengths=(1, 2),
                seeds=2,
                by_system=True,
            ),
            "quick": ARCHITECTURE_QUICK,
            "full": ARCHITECTURE_FULL,
        },
        on_cpu=ARCHITECTURE_ON_CPU,
        budget=(
            f"trained on a processor: {DEPTH_FIT.epochs} epochs of a one-cycle schedule (AdamW) per number of "
            "convolutions, and one seed for the number of epochs, instead of the paper's schedule"
        ),
        function="zeng2019.architecture:run_architecture",
        cost={"quick": "15 s", "full": "1.5 h"},
    ),
)
