"""What each profile of the comparison beyond the papers trains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from replicate.experiments.configs import CrystalNetwork, Network, Spec, profiles, varied
from replicate.experiments.konno2021 import specs as konno
from replicate.experiments.konno2021.configs import COD_2007, DEEP
from replicate.experiments.quinn2022 import specs as quinn
from replicate.experiments.quinn2022.specs import CompoundsConfig, OnCompounds
from replicate.experiments.zeng2019 import specs as zeng
from replicate.models import configs as models
from replicate.training.config import FitConfig

TEMPORAL = "temporal"
KINDS = ("random", "system", TEMPORAL)
REFERENCE = "extra-trees-fractions"  # trees that see plain atomic fractions, which all others are compared with


@dataclass(frozen=True)
class RepresentationsConfig(OnCompounds):
    """Settings of ``beyond-representations``."""

    seeds: int  # members of every ensemble; they share the split and differ in their initial weights
    networks: tuple[Network, ...]  # on compositions
    crystal_network: CrystalNetwork
    compounds: CompoundsConfig  # superconductors, and other compounds at 0 K
    baselines: tuple[str, ...] = ("forest", REFERENCE)  # on compositions
    kinds: tuple[str, ...] = KINDS  # of split
    small: bool = False  # small baselines (smoke runs)


# Epochs with the atom table, the periodic table and the crystal graph.
LONG, BRIEF = (60, 60, 120), (20, 8, 15)


def networks(atom_table: int, periodic_table: int) -> tuple[Network, ...]:
    """Return the two networks that read compositions, with so many epochs of their chapters' one-cycle schedules."""
    return (
        Network("atcnn", models.TC, replace(zeng.ONE_CYCLE_TC, epochs=atom_table)),
        Network(DEEP, models.DEEP, replace(konno.FIT, epochs=periodic_table)),
    )


def crystals(epochs: int) -> CrystalNetwork:
    """Return the network that reads crystals."""
    return replace(quinn.regression(epochs), name=quinn.NETWORK)


_ATOM_TABLE, _PERIODIC_TABLE = (varied(network, precision="float32") for network in networks(*LONG[:2]))
_SMALL = varied(_ATOM_TABLE, kernels=zeng.QUICK_TC.kernels, momentum=zeng.QUICK_TC.momentum)

REPRESENTATIONS = profiles(
    RepresentationsConfig,
    seeds=[5, 3, 2, 2],
    networks=[
        networks(*LONG[:2]),
        networks(*BRIEF[:2]),
        (
            varied(_SMALL, epochs=8, batch_size=64),
            *konno.thinner([varied(_PERIODIC_TABLE, epochs=6, batch_size=32)]),
        ),
        (
            varied(_SMALL, kernels=zeng.SMOKE_TC.kernels, epochs=1),
            *konno.thinner([varied(_PERIODIC_TABLE, epochs=1)]),
        ),
    ],
    crystal_network=[crystals(epochs) for epochs in (LONG[2], BRIEF[2], 4, 1)],
    compounds=quinn.COMPOUNDS.replace(superconductors=[None, 400, 500], others=[12_000, 6_000, 200, 150]),
    small=[False, True],
)


@dataclass(frozen=True)
class Measured(Spec, reads=("dataset",)):
    """A list of measurements, several of some compositions; ``name`` begins the keys of its floors."""

    name: str
    dataset: str
    column: str
    unit: str
    agreeing: bool = False  # cleaned as Zeng et al. do it, but not averaged


@dataclass(frozen=True)
class FloorConfig(Spec, reads=("lists",)):
    """Settings of ``beyond-floor``, which trains nothing."""

    lists: tuple[Measured, ...]
    seeds: int = 1
    most: int | None = None  # read only so many rows of each (smoke runs)


def _temperatures(dataset: str) -> tuple[Measured, ...]:
    entries = Measured("critical-temperature", dataset, "critical_temperature", "K")
    return entries, replace(entries, name=f"{entries.name}-agreeing", agreeing=True)


_ENERGY = Measured("formation-energy", "experimental-formation-energy", "formation_energy_per_atom", "eV/atom")
_MEASURED = (Measured("band-gap", "zhuo2018-gap", "band_gap", "eV"), _ENERGY)
_AUTHORS = replace(_ENERGY, name="formation-energy-authors", dataset="atcnn-formation")
FLOOR = profiles(
    FloorConfig,
    lists=[
        (*_MEASURED, _AUTHORS, *_temperatures("mdr-supercon")),
        (*_MEASURED, *_temperatures("madml-superconductors")),
    ],
    most=[None, None, 600],
)


@dataclass(frozen=True)
class Task(Spec, reads=("dataset",)):
    """A task of Matbench; ``name`` begins the keys of its scores."""

    name: str
    dataset: str
    column: str
    kind: Literal["regression", "classification"]
    networks: tuple[Network, ...]
    unit: str = ""
    baselines: tuple[str, ...] = ("extra-trees-fractions", "forest", "xgboost")


@dataclass(frozen=True)
class MatbenchConfig(Spec, reads=("tasks",)):
    """Settings of ``beyond-matbench``; a seed is a fold."""

    tasks: tuple[Task, ...]
    seeds: int
    most: int | None = None  # read only so many rows (smoke runs)
    small: bool = False  # small baselines


def _tasks(gap: FitConfig, metal: FitConfig) -> tuple[Task, ...]:
    networks = Network("atcnn", models.GAP, gap), Network("atcnn", models.METAL, metal)
    return (
        Task("expt-gap", "crabnet-expt-gap", "band_gap", "regression", networks[:1], "eV"),
        Task("expt-is-metal", "crabnet-expt-metal", "is_metal", "classification", networks[1:]),
    )


def _bundled(fit: FitConfig) -> tuple[Task, ...]:
    """Return the tasks on the bundled lists they were made from, whose folds are others."""
    names = {"crabnet-expt-gap": "zhuo2018-gap", "crabnet-expt-metal": "zhuo2018-metal"}
    tasks = _tasks(fit, replace(fit, loss="bce"))
    return tuple(replace(task, dataset=names[task.dataset], baselines=task.baselines[:1]) for task in tasks)


MATBENCH = profiles(
    MatbenchConfig,
    tasks=[
        _tasks(zeng.ONE_CYCLE, zeng.METAL_ONE_CYCLE),
        _bundled(replace(zeng.ONE_CYCLE, epochs=8, batch_size=64)),
        _bundled(zeng.SMOKE),
    ],
    seeds=[5, 2],
    most=[None, 600, 150],
    small=[False, True],
)


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
