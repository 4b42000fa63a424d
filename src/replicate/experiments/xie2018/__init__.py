"""The experiments of Xie and Grossman, Phys. Rev. Lett. 120, 145301 (2018)."""

from replicate.experiments.core import Experiment
from replicate.experiments.xie2018 import specs

EXPERIMENTS = (
    Experiment(
        id="xie2018-nacl-kcl",
        configs=dict.fromkeys(("smoke", "quick", "full"), specs.NaClKClConfig()),
        function="xie2018.nacl_kcl:run_nacl_kcl",
        cost={"quick": "5 s", "full": "5 s"},
    ),
    Experiment(
        id="xie2018-formation",
        configs={"smoke": specs.FORMATION_SMOKE, "quick": specs.FORMATION_QUICK, "full": specs.FORMATION},
        on_cpu=specs.FORMATION_ON_CPU,
        budget=f"{specs.on_cpu(specs.ONE_CYCLE)}; {specs.ALL_CRYSTALS.epochs} on all crystals",
        function="xie2018.formation:run_formation",
        check="xie2018.formation:check_formation",
        cost={"quick": "20 s", "full": "2 h"},
    ),
    Experiment(
        id="xie2018-properties",
        after=("xie2018-formation",),
        configs={"smoke": specs.PROPERTIES_SMOKE, "quick": specs.PROPERTIES_QUICK, "full": specs.PROPERTIES},
        on_cpu=specs.PROPERTIES_ON_CPU,
        budget=specs.on_cpu(
            specs.SMALL, large=f" ({specs.ONE_CYCLE.epochs} for formation energies and band gaps)"
        ),
        function="xie2018.properties:run_properties",
        cost={"quick": "15 s", "full": "2 h"},
    ),
    Experiment(
        id="xie2018-elastic",
        configs={"smoke": specs.ELASTIC_SMOKE, "quick": specs.ELASTIC_QUICK, "full": specs.ELASTIC_MODULI},
        on_cpu=specs.ELASTIC_ON_CPU,
        budget=f"{specs.on_cpu(specs.ELASTIC_ONE_CYCLE)}; {specs.SMALL.epochs} for Eq. 4 and Fig. S5",
        function="xie2018.properties:run_elastic",
        cost={"quick": "15 s", "full": "30 min"},
    ),
    Experiment(
        id="xie2018-metal",
        configs={
            "smoke": specs.METAL_SMOKE,
            "quick": specs.METAL_QUICK,
            "full": specs.MetalConfig(seeds=3, networks=(specs.CLASSIFIER,)),
        },
        on_cpu=specs.METAL_ON_CPU,
        budget=specs.on_cpu(specs.SHORT_CLASSIFIER.fit, specs.CLASSIFIER.fit.epochs),
        function="xie2018.metal:run_metal",
        cost={"quick": "20 s", "full": "20 min"},
    ),
    Experiment(
        id="xie2018-perovskites",
        configs={
            "smoke": specs.perovskites(seeds=2, epochs=2, max_rows=200),
            "quick": specs.perovskites(seeds=2, epochs=5, max_rows=2_500),
            "full": specs.perovskites(seeds=5, epochs=60),
        },
        function="xie2018.perovskites:run_perovskites",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="xie2018-hyperparameters",
        configs={"smoke": specs.HYPER_SMOKE, "quick": specs.HYPER_QUICK, "full": specs.HYPER},
        on_cpu=specs.HYPER_ON_CPU,
        budget=f"trained on a processor: {specs.HYPER_EPOCHS} epochs, on the bundled 3,938 structures instead of "
        "the paper's list",
        function="xie2018.hyperparameters:run_hyperparameters",
        cost={"quick": "10 s", "full": "40 min"},
    ),
)
