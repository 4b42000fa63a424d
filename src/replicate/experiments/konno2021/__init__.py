"""The experiments of Konno et al., Phys. Rev. B 103, 014509 (2021)."""

from replicate.experiments.core import Experiment
from replicate.experiments.konno2021 import specs

EXPERIMENTS = (
    Experiment(
        id="konno2021-preliminary",
        configs={
            "smoke": specs.PRELIMINARY_SMOKE,
            "quick": specs.PRELIMINARY_QUICK,
            "full": specs.PRELIMINARY,
        },
        on_cpu=specs.PRELIMINARY_ON_CPU,
        budget=specs.BUDGET,
        function="konno2021.preliminary:run_preliminary",
        cost={"quick": "15 s", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-garbage-in",
        after=("konno2021-preliminary",),
        configs={"smoke": specs.GARBAGE_SMOKE, "quick": specs.GARBAGE_QUICK, "full": specs.GARBAGE},
        on_cpu=specs.GARBAGE_ON_CPU,
        budget=specs.MIXED_BUDGET,
        function="konno2021.garbage_in:run_garbage_in",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-hosono",
        after=("konno2021-preliminary",),
        configs={"smoke": specs.HOSONO_SMOKE, "quick": specs.HOSONO_QUICK, "full": specs.HOSONO},
        on_cpu=specs.HOSONO_ON_CPU,
        budget=specs.MIXED_BUDGET,
        function="konno2021.hosono:run_hosono",
        cost={"quick": "20 s", "full": "2 h"},
    ),
    Experiment(
        id="konno2021-iron",
        configs={
            "smoke": specs.DISCOVERIES_SMOKE,
            "quick": specs.DISCOVERIES_QUICK,
            "full": specs.DISCOVERIES,
        },
        on_cpu=specs.DISCOVERIES_ON_CPU,
        budget=(
            "10 networks of each kind instead of the paper's 130, fractions for the iron-based only; "
            f"{specs.MIXED_BUDGET}"
        ),
        function="konno2021.iron:run_iron",
        cost={"quick": "25 s", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-candidates",
        after=("konno2021-garbage-in",),
        configs={"smoke": specs.CANDIDATES_SMOKE, "quick": specs.CANDIDATES_QUICK, "full": specs.CANDIDATES},
        on_cpu=specs.CANDIDATES_ON_CPU,
        budget=specs.MIXED_BUDGET,
        function="konno2021.candidates:run_candidates",
        cost={"quick": "10 s", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-gap",
        configs={"smoke": specs.GAPS_SMOKE, "quick": specs.GAPS_QUICK, "full": specs.GAPS},
        on_cpu=specs.GAPS_ON_CPU,
        budget=(
            f"trained on a processor: {specs.GAP_CPU_FIT.epochs} epochs instead of {specs.GAP_FIT.epochs}; on the "
            f"author's own tables {specs.OWN_CPU[0]} and {specs.OWN_CPU[1]} instead of {specs.OWN[0]} and "
            f"{specs.OWN[1]}, on random rows only"
        ),
        function="konno2021.gap:run_gap",
        cost={"quick": "15 s", "full": "2 h"},
    ),
)
