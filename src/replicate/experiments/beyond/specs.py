"""What each profile of the comparison beyond the papers trains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from replicate.experiments.configs import SPLIT_KINDS, CrystalNetwork, Network, Spec, profiles, varied
from replicate.experiments.konno2021 import specs as konno
from replicate.experiments.konno2021.configs import DEEP
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
class Tested(Measured):
    """A list of measurements that intervals are to hold, on these kinds of split."""

    kinds: tuple[str, ...] = SPLIT_KINDS
    networks: tuple[Network, ...] = ()  # besides the trees, on the kinds of split that both name


@dataclass(frozen=True)
class CoverageConfig(Spec, reads=("lists",)):
    """Settings of ``beyond-coverage``."""

    lists: tuple[Tested, ...]
    seeds: int  # draws of each split
    trees: int  # each a member of an ensemble
    members: int  # of an ensemble of networks, which share a split
    network_seeds: int  # networks are trained on the first so many draws
    test: float = 0.2  # share of all rows
    calibration: float = 0.1  # the same, once at random and once by chemical system
    validation: float = 0.05  # share of the rest, which chooses a network's epoch
    most: int | None = None  # use only so many rows of each list (smoke runs)


def _intervals(fit: FitConfig, *temperatures: Tested) -> tuple[Tested, ...]:
    gap, energy = (Tested(m.name, m.dataset, m.column, m.unit) for m in _MEASURED)
    network = Network("atcnn", models.GAP, fit, splits=("random", "system"))
    return (replace(gap, networks=(network,)), energy, *temperatures)


_TC = Tested("critical-temperature", "atcnn-superconductors", "critical_temperature", "K", kinds=("random", "system"))
_BY_YEAR = replace(_TC, name="critical-temperature-dated", dataset=quinn.SUPERCON, kinds=KINDS)
_SMALL_TC = replace(_TC, dataset="madml-superconductors")
COVERAGE = profiles(
    CoverageConfig,
    lists=[
        _intervals(replace(zeng.ONE_CYCLE, epochs=40), _TC, _BY_YEAR),
        _intervals(replace(zeng.ONE_CYCLE, epochs=8, batch_size=64), _SMALL_TC),
        _intervals(zeng.SMOKE, _SMALL_TC),
    ],
    seeds=[5, 2],
    trees=[100, 30],
    members=[5, 2],
    network_seeds=[2, 1],
    most=[None, 1_200, 250],
)


@dataclass(frozen=True)
class Foreseen(Tested, reads=("dataset", "others")):
    """A quantity of the register: the list it is learnt from, the shipped network, and lists that may hold it too."""

    network: str = ""
    others: tuple[Measured, ...] = ()
    signed: bool = False  # whether values may be negative
    bars: tuple[int, ...] = ()  # K


@dataclass(frozen=True)
class RegisterConfig(Spec, reads=("lists", "insulators.tc.dataset", "insulators.insulators", "pools")):
    """Settings of ``beyond-register``."""

    lists: tuple[Foreseen, ...]
    insulators: zeng.InsulatorsConfig  # critical temperatures are learnt with them at 0 K
    pools: tuple[str, ...]  # lists of compounds to foresee
    trees: int
    seeds: int = 1
    most: int | None = None  # use only so many rows of each list (smoke runs)


_TEMPERATURES = Foreseen(
    _TC.name, _TC.dataset, _TC.column, "K", network="atcnn/critical-temperature", bars=(10, 20, 40, 77)
)
_GAPS, _ENERGIES = (Foreseen(m.name, m.dataset, m.column, m.unit, network=f"atcnn/{m.name}") for m in _MEASURED)
_ENERGIES = replace(_ENERGIES, network="atcnn/formation-energy-per-atom", signed=True)
REGISTER = profiles(
    RegisterConfig,
    # Each quantity's trees and network learn from the same list.
    lists=[
        (
            replace(
                _TEMPERATURES,
                others=(
                    Measured("supercon", "mdr-supercon", _TC.column, "K"),
                    Measured("supercon-merged", "stanev2018-supercon", _TC.column, "K"),
                ),
            ),
            replace(_GAPS, others=(Measured("matbench-gaps", "crabnet-expt-gap", "band_gap", "eV"),)),
            replace(_ENERGIES, dataset=_AUTHORS.dataset, others=(replace(_ENERGY, name="other-energies"),)),
        ),
        (replace(_TEMPERATURES, dataset=_SMALL_TC.dataset), _GAPS, _ENERGIES),
    ],
    insulators=[zeng.TC_INSULATORS.on_cpu, *zeng.TC_INSULATORS[2:]],  # whose network is shipped
    pools=[("jarvis-dft-3d", "crabnet-mp-e-form"), ("faber2015", "dejong2015")],
    trees=[100, 30],
    most=[None, 2_000, 250],
)
