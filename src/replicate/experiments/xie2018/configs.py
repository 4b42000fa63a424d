"""Settings classes of the chapter on Xie and Grossman 2018."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.xie2018.names import (
    COD,
    ELASTIC,
    ELASTIC_LIST,
    ENERGIES,
    GAP_LIST,
    LIST,
    MEASURED,
    METAL_TABLE,
    PEROVSKITE_CIFS,
    PEROVSKITE_TABLE,
    POOL,
)
from replicate.experiments.xie2018.table1 import ELASTIC_PROPERTIES, PROPERTIES
from replicate.features.atom_features import NINE, THREE, TWO

PAPER_TRAIN = 28_046


@dataclass(frozen=True)
class FormationConfig:
    """Settings of ``xie2018-formation``.

    Args:
        seeds: splits, each with its own initial weights.
        networks: one per convolution, trained on the paper's number of crystals.
        train, validation, test: crystals; shares where they are below one, ``train`` None: all others.
        curve: sizes of the training set for Fig. 2b.
        curve_seeds: seeds of that curve.
        list_networks: also trained on the crystals of the paper's own list.
        all_networks: also trained on all crystals that are not test or validation crystals.
        system_networks: also trained on a split that keeps chemical systems together, beside the baseline.
        longer: also trained on the first seed's split, to see what more epochs would bring.
        bundled: use the bundled structures instead of the joined set.
        max_rows: use only so many crystals (smoke runs).
    """

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    train: int | None = PAPER_TRAIN
    validation: float = 9_350
    test: float = 9_350
    curve: tuple[int, ...] = ()
    curve_seeds: int = 1
    list_networks: tuple[CrystalNetwork, ...] = ()
    all_networks: tuple[CrystalNetwork, ...] = ()
    system_networks: tuple[CrystalNetwork, ...] = ()
    longer: tuple[CrystalNetwork, ...] = ()
    bundled: bool = False
    max_rows: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return ("faber2015",) if self.bundled else (LIST, ENERGIES, "faber2015", MEASURED)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return () if self.bundled else (POOL,)


@dataclass(frozen=True)
class PropertiesConfig:
    """Settings of ``xie2018-properties``: Table I without its elastic rows.

    Args:
        seeds: splits of the small properties.
        large_seeds: splits of those with more than ``large`` training crystals.
        networks: both convolutions, for the small properties.
        large_networks: the same for the large ones.
        properties: ids of the rows to run.
        bundled: use the bundled tables.
        max_rows: use only so many crystals (smoke runs).
        large: training crystals beyond which a property counts as large.
    """

    seeds: int
    large_seeds: int
    networks: tuple[CrystalNetwork, ...]
    large_networks: tuple[CrystalNetwork, ...]
    properties: tuple[str, ...] = tuple(p.id for p in PROPERTIES if p not in ELASTIC_PROPERTIES)
    bundled: bool = False
    max_rows: int | None = None
    large: int = 10_000

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        bundled = ("faber2015", "petousis2017")
        return bundled if self.bundled else (ENERGIES, "crabnet-mp-gap", GAP_LIST, ELASTIC, *bundled)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return () if self.bundled else (POOL,)


@dataclass(frozen=True)
class ElasticConfig:
    """Settings of ``xie2018-elastic``.

    Args:
        seeds: splits, each with its own initial weights.
        networks: both convolutions.
        curve_network: trained on growing numbers of crystals.
        system_seeds: seeds of the first network on splits that keep chemical systems together.
        later_seeds: seeds of the first network on the database's later values of the same crystals.
        curve: sizes of the training set for the bulk modulus (Fig. S5).
        curve_seeds: seeds of that curve.
        bundled: use the bundled tables.
        max_rows: use only so many crystals (smoke runs).
    """

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    curve_network: CrystalNetwork
    system_seeds: int
    later_seeds: int
    curve: tuple[int, ...] = ()
    curve_seeds: int = 1
    bundled: bool = False
    max_rows: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        first = ("dejong2015",)
        return first if self.bundled else (*first, ELASTIC_LIST, "crabnet-log-k", "crabnet-log-g", ELASTIC)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return () if self.bundled else (POOL,)


@dataclass(frozen=True)
class PerovskiteConfig:
    """Settings of ``xie2018-perovskites``; 60, 20 and 20 % for training, validation and test, as the paper has it."""

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    max_rows: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (PEROVSKITE_TABLE, COD) if self.max_rows is None else (PEROVSKITE_TABLE,)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return (PEROVSKITE_CIFS,)


@dataclass(frozen=True)
class MetalConfig:
    """Settings of ``xie2018-metal``.

    Args:
        seeds: splits.
        networks: classifiers.
        train, validation, test: crystals, as in the released classifier's checkpoint.
        max_rows: use only so many crystals, drawn with a fixed seed.
        pool: look for structures among the first so many only (smoke runs).
    """

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    train: int | None = 37_394
    validation: float = 4_674
    test: float = 4_674
    max_rows: int | None = None
    pool: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (METAL_TABLE, LIST)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return (POOL,)


@dataclass(frozen=True)
class HyperparametersConfig:
    """Settings of ``xie2018-hyperparameters``.

    Args:
        seeds: splits.
        networks: one per convolution; every variant changes one thing of them.
        features: name → atom features.
        convolutions: numbers of them.
        log_steps: natural logarithms of Adam's step size.
        voronoi: also with neighbours by the supplement's rule.
        train, validation: crystals.
        max_rows: use only so many of the bundled structures.
        bundled: use the bundled structures.
    """

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    features: tuple[tuple[str, tuple[str, ...]], ...] = (("2", TWO), ("3", THREE), ("9", NINE))
    convolutions: tuple[int, ...] = (1, 2, 3, 4, 5)
    log_steps: tuple[int, ...] = (-8, -7, -6, -5, -4, -3)
    voronoi: bool = True
    train: int | None = None
    validation: float = 0.25
    max_rows: int | None = None
    bundled: bool = True

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return ("faber2015",) if self.bundled else (LIST, ENERGIES)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return () if self.bundled else (POOL,)


@dataclass(frozen=True)
class NaClKClConfig:
    """Settings: real NaCl and KCl by their Materials Project ids."""

    seeds: int = 1
    nacl: str = "mp-22862"
    kcl: str = "mp-23193"

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return ("dejong2015",)
