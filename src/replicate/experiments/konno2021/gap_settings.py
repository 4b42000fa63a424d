"""Settings of ``konno2021-gap``: band gaps with the representation made for superconductors."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.konno2021.configs import GapConfig
from replicate.experiments.konno2021.names import DEEP, FRACTIONS, TREES
from replicate.experiments.konno2021.schedules import FIT, SHORT, SHORTEST, thinner
from replicate.models import configs as models
from replicate.models.configs import Output
from replicate.training.config import FitConfig, Loss

PERIODIC_EDGE = "periodic-resnet-edge"


def gap_networks(fit: FitConfig, output: Output = "relu") -> tuple[Network, ...]:
    """Return the network without and with the table's left edge glued to its right."""
    plain = replace(models.DEEP, output=output)
    return (
        Network(DEEP, plain, fit),
        Network(FRACTIONS, replace(plain, amounts="fractions"), fit, splits=("random",)),
        Network(PERIODIC_EDGE, replace(plain, edge="periodic"), fit, splits=("random",)),
    )


GAP_FIT = replace(FIT, epochs=150, loss="mae", precision="float32")
GAP = SupervisedConfig(
    dataset="zhuo2018-gap",
    column="band_gap",
    unit="eV",
    task="regression",
    networks=gap_networks(GAP_FIT),
    baselines=(TREES,),
    seeds=5,
)
GAP_REGRESSION = replace(
    GAP,
    dataset="konno-gap-regression",
    networks=gap_networks(replace(GAP_FIT, epochs=100))[:1],
    splits=("random", "system"),
    baselines=(TREES,),
)
GAP_BINARY = replace(
    GAP_REGRESSION,
    dataset="konno-gap-binary",
    column="is_metal",
    unit="",
    task="classification",
    networks=gap_networks(replace(GAP_FIT, epochs=50, loss="bce"), "logit")[:1],
    classes=("semiconductor", "metal"),
)
GAP_FULL = GapConfig(same_split=GAP, own=(GAP_REGRESSION, GAP_BINARY), seeds=5)
GAP_CPU_FIT = replace(GAP_FIT, epochs=30, precision="bfloat16")


def _random_only(epochs: int, loss: Loss, output: Output) -> tuple[Network, ...]:
    """Return the network for one of the author's tables on a processor, where only the trees see every split."""
    made = gap_networks(replace(GAP_CPU_FIT, epochs=epochs, loss=loss), output)[0]
    return (replace(made, splits=("random",)),)


GAP_ON_CPU = GapConfig(
    same_split=replace(GAP, networks=gap_networks(GAP_CPU_FIT)),
    own=(
        replace(GAP_REGRESSION, networks=_random_only(15, "mae", "relu")),
        replace(GAP_BINARY, networks=_random_only(10, "bce", "logit")),
    ),
    seeds=5,
)
GAP_BUDGET = (
    f"trained on a processor: {GAP_CPU_FIT.epochs} epochs instead of {GAP_FIT.epochs}; on the author's own tables "
    f"15 and 10 instead of {GAP_REGRESSION.networks[0].fit.epochs} and {GAP_BINARY.networks[0].fit.epochs}, "
    "on random rows only"
)
GAP_QUICK = GapConfig(
    same_split=replace(
        GAP,
        networks=thinner(gap_networks(replace(SHORT, loss="mae"))[:1]),
        seeds=2,
        splits=("random",),
        max_rows=1_200,
        quick_baselines=True,
    ),
    own=(),
    seeds=2,
)
_OWN: tuple[tuple[SupervisedConfig, Output], ...] = ((GAP_REGRESSION, "relu"), (GAP_BINARY, "logit"))
GAP_SMOKE = GapConfig(
    same_split=replace(
        GAP,
        networks=thinner(gap_networks(replace(SHORTEST, loss="mae"))),
        seeds=2,
        max_rows=120,
        quick_baselines=True,
    ),
    own=tuple(
        replace(
            one,
            networks=thinner(gap_networks(replace(SHORTEST, loss=one.networks[0].fit.loss), output)[:1]),
            max_rows=120,
            quick_baselines=True,
        )
        for one, output in _OWN
    ),
    seeds=2,
)
