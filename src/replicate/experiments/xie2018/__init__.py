"""The experiments of Xie and Grossman, Phys. Rev. Lett. 120, 145301 (2018)."""

from replicate.experiments.core import experiment
from replicate.experiments.xie2018 import specs

_BRIEF = f"{specs.short(specs.LONG_ONE_CYCLE)}; {specs.ONE_CYCLE.epochs} for Eq. 4, the curve and the paper's list"
_LARGE = f" ({specs.ONE_CYCLE.epochs} for formation energies and band gaps)"
_CLASSES = specs.short(specs.SHORT_CLASSIFIER.fit, specs.CLASSIFIER.fit.epochs)
_HYPER = (
    f"trained on a processor: {specs.HYPER_EPOCHS} epochs, on the bundled 3,938 structures instead of the paper's list"
)
_SMALL = specs.short(specs.SMALL, large=_LARGE)
EXPERIMENTS = (
    experiment("xie2018-nacl-kcl", specs.NACL_KCL, "5 s", "5 s"),
    experiment("xie2018-formation", specs.FORMATION, "20 s", "4 h", _BRIEF, check="xie2018.formation:check_formation"),
    experiment("xie2018-properties", specs.PROPERTIES, "15 s", "2 h", _SMALL, after=["formation"]),
    experiment("xie2018-elastic", specs.ELASTIC, "15 s", "2 h", module="properties"),
    experiment("xie2018-metal", specs.METAL, "20 s", "20 min", _CLASSES),
    experiment("xie2018-perovskites", specs.PEROVSKITES, "10 s", "30 min"),
    experiment("xie2018-hyperparameters", specs.HYPERPARAMETERS, "10 s", "40 min", _HYPER),
)
