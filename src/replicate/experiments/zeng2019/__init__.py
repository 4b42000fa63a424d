"""Every experiment of Zeng et al. 2019 (ATCNN)."""

from replicate.experiments.core import experiment
from replicate.experiments.zeng2019 import specs

_GAP_BUDGET = (
    f"trained on a processor: {specs.SHORT_SCRIPT.epochs} epochs, ended after {specs.SHORT_SCRIPT.patience} "
    f"without a better validation score, instead of the {specs.SCRIPT.epochs:,} of the authors' script"
)
_DEPTH_BUDGET = (
    f"trained on a processor: {specs.DEPTH_EPOCHS} epochs of a one-cycle schedule (AdamW) per number of "
    "convolutions, and one seed for the number of epochs, instead of the paper's schedule"
)
_VARIANT_BUDGET = f"{specs.BUDGET}, {specs.VARIANT_EPOCHS} with the JARVIS insulators"
_SCORED = "supervised:check_supervised"
EXPERIMENTS = (
    experiment("zeng2019-gap", specs.GAP, "15 s", "2 h", _GAP_BUDGET, module="gaps", check=_SCORED),
    experiment("zeng2019-formation", specs.FORMATION, "15 s", "2 h", module="gaps", check=_SCORED),
    experiment("zeng2019-metal", specs.METAL, "10 s", "30 min", module="gaps", check=_SCORED),
    experiment("zeng2019-elements", specs.ELEMENTS, "5 s", "15 min"),
    experiment("zeng2019-tc", specs.TC, "15 s", "3.5 h", check="zeng2019.tc:check_tc"),
    experiment(
        "zeng2019-tc-insulators",
        specs.TC_INSULATORS,
        "10 s",
        "2 h",
        _VARIANT_BUDGET,
        module="insulators",
        after=["tc"],
        check="zeng2019.insulators:check_insulators",
    ),
    experiment("zeng2019-held-out", specs.HELD_OUT, "5 s", "30 min", specs.BUDGET, after=["tc", "tc-insulators"]),
    experiment("zeng2019-screening", specs.SCREENING, "5 s", "2 min", specs.BUDGET, after=["tc", "tc-insulators"]),
    experiment("zeng2019-architecture", specs.ARCHITECTURE, "15 s", "1.5 h", _DEPTH_BUDGET),
)
