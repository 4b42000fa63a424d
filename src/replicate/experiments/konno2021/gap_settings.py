"""Settings of ``konno2021-gap``: band gaps with the representation made for superconductors."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.konno2021.configs import GapConfig
from replicate.experiments.konno2021.names import DEEP, FRACTIONS, TREES
from replicate.experiments.konno2021.schedules import FIT, SHORT, SHORTEST
from replicate.models import configs as models
from replicate.models.configs import Output
from replicate.training.config import FitConfig

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
    splits=("random",),
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
GAP_ON_CPU = GapConfig(
    same_split=replace(GAP, networks=gap_networks(GAP_CPU_FIT)),
    own=(
        replace(GAP_REGRESSION, networks=gap_networks(replace(GAP_CPU_FIT, epochs=15))[:1]),
        replace(GAP_BINARY, networks=gap_networks(replace(GAP_CPU_FIT, epochs=10, loss="bce"), "logit")[:1]),
    ),
    seeds=5,
    budget=f"trained on a processor: {GAP_CPU_FIT.epochs} epochs instead of {GAP_FIT.epochs}",
)
GAP_QUICK = GapConfig(
    same_split=replace(
        GAP, networks=gap_networks(replace(SHORT, epochs=5, loss="mae"))[:1], seeds=2, splits=("random",)
    ),
    own=(),
    seeds=2,
)
_OWN: tuple[tuple[SupervisedConfig, Output], ...] = ((GAP_REGRESSION, "relu"), (GAP_BINARY, "logit"))
GAP_SMOKE = GapConfig(
    same_split=replace(
        GAP,
        networks=gap_networks(replace(SHORTEST, loss="mae")),
        seeds=2,
        max_rows=200,
        quick_baselines=True,
    ),
    own=tuple(
        replace(
            one,
            networks=gap_networks(replace(SHORTEST, loss=one.networks[0].fit.loss), output)[:1],
            max_rows=200,
            quick_baselines=True,
        )
        for one, output in _OWN
    ),
    seeds=2,
)
