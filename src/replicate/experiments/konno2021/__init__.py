"""The experiments of Konno et al., Phys. Rev. B 103, 014509 (2021)."""

from replicate.experiments.core import experiment
from replicate.experiments.konno2021 import specs

_FEWER = "10 networks of each kind instead of the paper's 130, fractions for the iron-based only"
_OF_GAPS = (
    f"trained on a processor: {specs.GAP_CPU_FIT.epochs} epochs instead of {specs.GAP_FIT.epochs}; on the author's "
    f"own tables {specs.OWN_CPU[0]} and {specs.OWN_CPU[1]} instead of {specs.OWN[0]} and {specs.OWN[1]}, on random "
    "rows only"
)
EXPERIMENTS = (
    experiment("konno2021-preliminary", specs.PRELIMINARY, "15 s", "3 h", specs.BUDGET),
    experiment("konno2021-garbage-in", specs.GARBAGE_IN, "15 s", "1 h", specs.MIXED_BUDGET, after=["preliminary"]),
    experiment("konno2021-hosono", specs.HOSONO, "20 s", "2 h", specs.MIXED_BUDGET, after=["preliminary"]),
    experiment("konno2021-iron", specs.IRON, "25 s", "3 h", f"{_FEWER}; {specs.MIXED_BUDGET}"),
    experiment(
        "konno2021-candidates",
        specs.CANDIDATES,
        "10 s",
        "1 h",
        specs.MIXED_BUDGET,
        module="garbage_in",
        after=["garbage-in"],
    ),
    experiment("konno2021-gap", specs.GAP, "15 s", "2 h", _OF_GAPS),
)
