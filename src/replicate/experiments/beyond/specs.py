"""What each profile of the comparison beyond the papers trains."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.beyond.configs import RepresentationsConfig
from replicate.experiments.configs import CrystalNetwork, Network, varied
from replicate.experiments.konno2021 import specs as konno
from replicate.experiments.konno2021.names import DEEP
from replicate.experiments.quinn2022 import settings as quinn
from replicate.experiments.quinn2022.configs import NETWORK
from replicate.experiments.zeng2019 import specs as zeng
from replicate.models import configs as models

LONG, BRIEF = (
    (60, 60, 120),
    (20, 8, 15),
)  # epochs with the atom table, the periodic table and the crystal graph


def networks(atom_table: int, periodic_table: int) -> tuple[Network, ...]:
    """Return the two networks that read compositions, with so many epochs of their chapters' one-cycle schedules."""
    return (
        Network("atcnn", models.TC, replace(zeng.ONE_CYCLE_TC, epochs=atom_table)),
        Network(DEEP, models.DEEP, replace(konno.FIT, epochs=periodic_table)),
    )


def crystals(epochs: int) -> CrystalNetwork:
    """Return the network that reads crystals."""
    return replace(quinn.regression(epochs), name=NETWORK)


FULL = RepresentationsConfig(
    seeds=5, networks=networks(*LONG[:2]), crystal_network=crystals(LONG[2]), compounds=quinn.EVERYTHING
)
ON_CPU = replace(
    FULL,
    seeds=3,
    networks=networks(*BRIEF[:2]),
    crystal_network=crystals(BRIEF[2]),
    compounds=replace(quinn.EVERYTHING, others=6_000),
)
_ATOM_TABLE, _PERIODIC_TABLE = (varied(network, precision="float32") for network in FULL.networks)
_SMALL = varied(_ATOM_TABLE, kernels=zeng.QUICK_TC.kernels, momentum=zeng.QUICK_TC.momentum)
QUICK = replace(
    FULL,
    seeds=2,
    networks=(
        varied(_SMALL, epochs=8, batch_size=64),
        *konno.thinner([varied(_PERIODIC_TABLE, epochs=6, batch_size=32)]),
    ),
    crystal_network=crystals(4),
    compounds=replace(quinn.SOME, superconductors=400, others=200),
    small=True,
)
SMOKE = replace(
    QUICK,
    networks=(
        varied(_SMALL, kernels=zeng.SMOKE_TC.kernels, epochs=1),
        *konno.thinner([varied(_PERIODIC_TABLE, epochs=1)]),
    ),
    crystal_network=crystals(1),
    compounds=quinn.FEW,
)
