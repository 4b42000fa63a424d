"""What each profile of the ranking of later superconductors, and of families left out, trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from replicate.experiments.beyond.specs import REFERENCE, networks
from replicate.experiments.configs import Network, Spec, profiles, varied
from replicate.experiments.konno2021 import specs as konno
from replicate.experiments.konno2021.configs import COD_2007
from replicate.experiments.quinn2022 import specs as quinn
from replicate.experiments.zeng2019 import specs as zeng
from replicate.models import configs as models


@dataclass(frozen=True)
class Story:
    """A superconductor whose discovery is looked at by itself, and the elements of compounds of its kind."""

    name: str
    formula: str
    kin: tuple[str, ...]


@dataclass(frozen=True)
class YearsConfig(Spec, reads=("superconductors", "others")):
    """Settings of ``beyond-years``; all trees are small, 20 a seed."""

    seeds: int
    years: tuple[int, ...]  # the last ones that are taught
    families: tuple[str, ...]  # left out, one at a time
    networks: tuple[Network, ...]  # classifiers
    network_cases: tuple[str, ...]  # where they are trained
    taught: int | None  # other compounds at 0 K
    pool: int | None  # other compounds among which superconductors are sought
    most: int | None  # superconductors; None: all
    stories: tuple[Story, ...]
    superconductors: str = quinn.SUPERCON
    others: str = COD_2007
    ahead: int = 3  # years after the last one taught
    baselines: tuple[str, ...] = (REFERENCE, "forest")
    regressors: int = 2  # seeds that predict Tc as well
    network_seeds: int = 2


STORIES = (
    Story("MgB2", "MgB2", ("B",)),
    Story("PuCoGa5", "PuCoGa5", ("Co", "Ga")),
    Story("NaCoO2-hydrate", "Na0.35CoH2.6O3.3", ("Co", "O")),
    Story("CaC6", "CaC6", ("C",)),
    Story("LaFeAsO-F", "LaFeAsO0.89F0.11", ("Fe", "As")),
    Story("FeSe", "FeSe", ("Fe",)),
    Story("LaOBiS2-F", "LaO0.5F0.5BiS2", ("Bi", "S")),
    Story("H2S", "H2S", ("H",)),
    Story("NdNiO2-Sr", "Nd0.8Sr0.2NiO2", ("Ni", "O")),
)
_FAMILIES = ("cuprates", "iron-based", "A15", "diborides", "Chevrel", "borocarbides", "bismuthates", "115")


def _classifiers(atom_table: int, periodic_table: int) -> tuple[Network, ...]:
    """Return both networks of a quarter of the width or depth as classifiers, with so many epochs."""
    first, second = networks(atom_table, periodic_table)
    narrow = tuple((channels // 4, size) for channels, size in models.TC.kernels)
    few: dict[str, Any] = {"output": "logit", "loss": "bce", "batch_size": 256}
    first = varied(first, kernels=narrow, momentum=zeng.QUICK_TC.momentum, precision="float32", **few)
    (second,) = konno.thinner([varied(second, **few)])
    return first, second


YEARS = profiles(
    YearsConfig,
    seeds=[5, 2],
    years=[tuple(range(2000, 2019)), (2000, 2007), (2000, 2007)],
    families=[_FAMILIES, _FAMILIES[1:2], _FAMILIES[1:2]],
    networks=[_classifiers(6, 3), (), _classifiers(1, 1)],
    network_cases=[("until-2000", "until-2007", "until-2018"), ("until-2007",)],
    taught=[6_000, 600, 200],
    pool=[12_000, 1_500, 400],
    most=[None, 1_200, 500],
    stories=STORIES,
)
