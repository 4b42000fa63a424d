"""What each profile of the comparison beyond the papers trains."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from replicate.experiments.beyond.configs import RepresentationsConfig
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Experiment
from replicate.experiments.konno2021 import specs as konno
from replicate.experiments.konno2021.names import DEEP
from replicate.experiments.quinn2022 import settings as quinn
from replicate.experiments.quinn2022.configs import NETWORK
from replicate.experiments.zeng2019 import specs as zeng
from replicate.models import configs as models
from replicate.papers import Question

QUESTIONS = (
    Question(
        id="beyond-representations",
        paper="",
        title="Four representations on the same compounds and splits",
        where="in no paper",
    ),
)


def networks(atom_table: int, periodic_table: int, half: bool = True) -> tuple[Network, ...]:
    """Return the two networks that read compositions, with so many epochs of their chapters' one-cycle schedules."""
    precision: Literal["bfloat16", "float32"] = "bfloat16" if half else "float32"
    return (
        Network("atcnn", models.TC, replace(zeng.ONE_CYCLE_TC, epochs=atom_table, precision=precision)),
        Network(DEEP, models.DEEP, replace(konno.FIT, epochs=periodic_table, precision=precision)),
    )


def crystals(epochs: int) -> CrystalNetwork:
    """Return the network that reads crystals."""
    return replace(quinn.regression(epochs), name=NETWORK)


_LONG, _SHORT = (60, 60, 120), (20, 8, 15)

FULL = RepresentationsConfig(
    seeds=5, networks=networks(*_LONG[:2]), crystal_network=crystals(_LONG[2]), compounds=quinn.EVERYTHING
)
ON_CPU = replace(
    FULL,
    seeds=3,
    networks=networks(*_SHORT[:2]),
    crystal_network=crystals(_SHORT[2]),
    compounds=replace(quinn.EVERYTHING, others=6_000),
)
_ATOM_TABLE, _PERIODIC_TABLE = networks(8, 6, half=False)
QUICK = replace(
    FULL,
    seeds=2,
    networks=(
        replace(_ATOM_TABLE, model=zeng.QUICK_TC, fit=replace(_ATOM_TABLE.fit, batch_size=64)),
        *konno.thinner([replace(_PERIODIC_TABLE, fit=replace(_PERIODIC_TABLE.fit, batch_size=32))]),
    ),
    crystal_network=crystals(4),
    compounds=replace(quinn.SOME, superconductors=400, others=200),
    small=True,
)
_ATOM_TABLE, _PERIODIC_TABLE = networks(1, 1, half=False)
SMOKE = replace(
    QUICK,
    networks=(replace(_ATOM_TABLE, model=zeng.SMOKE_TC), *konno.thinner([_PERIODIC_TABLE])),
    crystal_network=crystals(1),
    compounds=quinn.FEW,
)

EXPERIMENTS = (
    Experiment(
        id="beyond-representations",
        configs={"smoke": SMOKE, "quick": QUICK, "full": FULL},
        on_cpu=ON_CPU,
        budget=(
            "trained on a processor: 3 networks instead of 5, with 6,000 other compounds instead of 12,000, for "
            + ", ".join(f"{few} epochs instead of {many}" for few, many in zip(_SHORT, _LONG, strict=True))
            + " (atom table, periodic table, crystal graph)"
        ),
        function="beyond.representations:run_representations",
        cost={"quick": "30 s", "full": "2 h"},
    ),
)
