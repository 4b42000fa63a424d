"""Every experiment of Zeng et al. 2019 (ATCNN)."""

from replicate.experiments.core import Experiment
from replicate.experiments.zeng2019 import specs

EXPERIMENTS = (
    Experiment(
        id="zeng2019-gap",
        configs={"smoke": specs.GAP_SMOKE, "quick": specs.GAP_QUICK, "full": specs.GAP},
        on_cpu=specs.GAP_ON_CPU,
        budget=(
            f"trained on a processor: {specs.SHORT_SCRIPT.epochs} epochs, ended after {specs.SHORT_SCRIPT.patience} "
            f"without a better validation score, instead of the {specs.SCRIPT.epochs:,} of the authors' script"
        ),
        function="zeng2019.gaps:run_gap",
        check="supervised:check_supervised",
        cost={"quick": "15 s", "full": "2 h"},
    ),
    Experiment(
        id="zeng2019-formation",
        configs={"smoke": specs.FORMATION_SMOKE, "quick": specs.FORMATION_QUICK, "full": specs.FORMATION},
        function="supervised:run_supervised",
        check="supervised:check_supervised",
        cost={"quick": "15 s", "full": "2 h"},
    ),
    Experiment(
        id="zeng2019-metal",
        configs={"smoke": specs.METAL_SMOKE, "quick": specs.METAL_QUICK, "full": specs.METAL},
        function="zeng2019.gaps:run_metal",
        check="supervised:check_supervised",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="zeng2019-elements",
        configs={"smoke": specs.ELEMENTS_SMOKE, "quick": specs.ELEMENTS_QUICK, "full": specs.ELEMENTS},
        function="zeng2019.elements:run_elements",
        cost={"quick": "5 s", "full": "15 min"},
    ),
    Experiment(
        id="zeng2019-tc",
        configs={"smoke": specs.TC_SMOKE, "quick": specs.TC_QUICK, "full": specs.TC},
        on_cpu=specs.TC_ON_CPU,
        budget=specs.BUDGET,
        function="zeng2019.tc:run_tc",
        check="zeng2019.tc:check_tc",
        cost={"quick": "15 s", "full": "1.5 h"},
    ),
    Experiment(
        id="zeng2019-tc-insulators",
        after=("zeng2019-tc",),
        configs={"smoke": specs.INSULATORS_SMOKE, "quick": specs.INSULATORS_QUICK, "full": specs.INSULATORS},
        on_cpu=specs.INSULATORS_ON_CPU,
        budget=f"{specs.BUDGET}, {specs.VARIANT_EPOCHS} with the JARVIS insulators",
        function="zeng2019.insulators:run_insulators",
        check="zeng2019.insulators:check_insulators",
        cost={"quick": "10 s", "full": "2 h"},
    ),
    Experiment(
        id="zeng2019-held-out",
        after=("zeng2019-tc", "zeng2019-tc-insulators"),
        configs={"smoke": specs.HELD_OUT_SMOKE, "quick": specs.HELD_OUT_QUICK, "full": specs.HELD_OUT},
        on_cpu=specs.HELD_OUT_ON_CPU,
        budget=specs.BUDGET,
        function="zeng2019.held_out:run_held_out",
        cost={"quick": "5 s", "full": "30 min"},
    ),
    Experiment(
        id="zeng2019-screening",
        after=("zeng2019-tc", "zeng2019-tc-insulators"),
        configs={"smoke": specs.SCREENING_SMOKE, "quick": specs.SCREENING_QUICK, "full": specs.SCREENING},
        on_cpu=specs.SCREENING_ON_CPU,
        budget=specs.BUDGET,
        function="zeng2019.screening:run_screening",
        cost={"quick": "5 s", "full": "2 min"},
    ),
    Experiment(
        id="zeng2019-architecture",
        configs={
            "smoke": specs.ARCHITECTURE_SMOKE,
            "quick": specs.ARCHITECTURE_QUICK,
            "full": specs.ARCHITECTURE,
        },
        on_cpu=specs.ARCHITECTURE_ON_CPU,
        budget=(
            f"trained on a processor: {specs.DEPTH_EPOCHS} epochs of a one-cycle schedule (AdamW) per number of "
            "convolutions, and one seed for the number of epochs, instead of the paper's schedule"
        ),
        function="zeng2019.architecture:run_architecture",
        cost={"quick": "15 s", "full": "1.5 h"},
    ),
)
