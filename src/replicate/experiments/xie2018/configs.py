"""Names, the rows of Table I and the settings classes of the chapter on Xie and Grossman 2018."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import CrystalNetwork
from replicate.features.atom_features import NINE, THREE, TWO

POOL = "materials-project-cifs"
ENERGIES = "crabnet-mp-e-form"
ENERGY = "formation_energy_per_atom"
MEASURED = "experimental-formation-energy"
MEASURED_SOURCES = ("ssub", "iit")  # of its four the two that are measured and large
COD = "konno-cod-2009"  # formulas of crystals that somebody made
LIST = "xie2018-ids-46744"
GAP_LIST = "xie2018-ids-27430"
ELASTIC_LIST = "xie2018-ids-3402"
ELASTIC = "me228-elastic"
METAL_TABLE = "crabnet-mp-metal"
PEROVSKITE_TABLE, PEROVSKITE_CIFS = "cmr-perovskites-total", "cmr-cifs"

WEIGHTS = ("wc1", "wc2", "wc3", "ws1", "ws2", "ws3")  # of the worked example

GATED, SHARED = "cgcnn-eq5", "cgcnn-eq4"
SITE_TREES = "extra-trees-sites"
SITE_POOLING, FULL_POOLING = "site-pooling", "full-pooling"
STABILITY_CUTOFF = 0.2  # eV/atom: "potential synthesizability"
SAME_ENERGY = 0.011  # eV/atom; the database keeps steps of 0.02
SYNTHESISED = ("PbTiO3", "PbZrO3", "SnTaO3", "PbMoO3")  # as the text says
SMALL_ATOMS = ("Be", "B", "Si")

PAPER_TRAIN = 28_046


@dataclass(frozen=True)
class Property:
    """One row of Table I: its name in metrics and tables, the published network, and the paper's sizes (crystals)."""

    id: str
    title: str
    unit: str
    authors: str
    train: int
    validation: int
    test: int


PROPERTIES = (
    Property(
        "formation_energy", "Formation energy", "eV/atom", "formation-energy-per-atom", 28046, 9350, 9350
    ),
    Property("absolute_energy", "Absolute energy", "eV/atom", "final-energy-per-atom", 28046, 9348, 9348),
    Property("band_gap", "Band gap", "eV", "band-gap", 16458, 5485, 5486),
    Property("fermi_energy", "Fermi energy", "eV", "efermi", 28046, 9348, 9348),
    Property("bulk_modulus", "Bulk modulus", "log(GPa)", "bulk-moduli", 2041, 679, 679),
    Property("shear_modulus", "Shear modulus", "log(GPa)", "shear-moduli", 2041, 679, 679),
    Property("poisson_ratio", "Poisson ratio", "", "poisson-ratio", 2041, 679, 679),
)
ELASTIC_PROPERTIES = tuple(row for row in PROPERTIES if row.train == 2041)


class OnPool:
    """Where settings take their data from: tables and the pool of structures, or bundled tables."""

    bundled: bool = False
    tables: tuple[str, ...]
    bundled_tables: tuple[str, ...]

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return self.bundled_tables if self.bundled else self.tables

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return () if self.bundled else (POOL,)


@dataclass(frozen=True)
class FormationConfig(OnPool):
    """Settings of ``xie2018-formation``."""

    seeds: int  # splits, each with its own initial weights
    networks: tuple[CrystalNetwork, ...]  # one per convolution, trained on the paper's number of crystals
    train: int | None = PAPER_TRAIN  # crystals; None: all others
    validation: float = 9_350  # crystals; a share where it is below one
    test: float = 9_350
    curve: tuple[int, ...] = ()  # sizes of the training set for Fig. 2b
    curve_seeds: int = 1
    list_networks: tuple[CrystalNetwork, ...] = ()  # also trained on the paper's own list
    all_networks: tuple[CrystalNetwork, ...] = ()  # also on all that are not test or validation crystals
    system_networks: tuple[CrystalNetwork, ...] = ()  # also on splits that keep chemical systems together
    longer: tuple[CrystalNetwork, ...] = ()  # also on the first split, to see what more epochs would bring
    bundled: bool = False
    max_rows: int | None = None  # use only so many crystals (smoke runs)

    tables = (LIST, ENERGIES, "faber2015", MEASURED)
    bundled_tables = ("faber2015",)


@dataclass(frozen=True)
class PropertiesConfig(OnPool):
    """Settings of ``xie2018-properties``: Table I without its elastic rows."""

    seeds: int  # splits of the small properties
    large_seeds: int  # splits of those with more than ``large`` training crystals
    networks: tuple[CrystalNetwork, ...]  # both convolutions, for the small properties
    large_networks: tuple[CrystalNetwork, ...]
    properties: tuple[str, ...] = tuple(p.id for p in PROPERTIES if p not in ELASTIC_PROPERTIES)
    bundled: bool = False
    max_rows: int | None = None  # use only so many crystals (smoke runs)
    large: int = 10_000

    bundled_tables = ("faber2015", "petousis2017")
    tables = (ENERGIES, "crabnet-mp-gap", GAP_LIST, ELASTIC, *bundled_tables)


@dataclass(frozen=True)
class ElasticConfig(OnPool):
    """Settings of ``xie2018-elastic``."""

    seeds: int  # splits, each with its own initial weights
    networks: tuple[CrystalNetwork, ...]  # both convolutions
    curve_network: CrystalNetwork  # trained on growing numbers of crystals
    system_seeds: int  # of the first network on splits that keep chemical systems together
    later_seeds: int  # of the first network on the database's later values of the same crystals
    curve: tuple[int, ...] = ()  # sizes of the training set for the bulk modulus (Fig. S5)
    curve_seeds: int = 1
    bundled: bool = False
    max_rows: int | None = None  # use only so many crystals (smoke runs)

    bundled_tables = ("dejong2015",)
    tables = ("dejong2015", ELASTIC_LIST, "crabnet-log-k", "crabnet-log-g", ELASTIC)


@dataclass(frozen=True)
class PerovskiteConfig:
    """Settings of ``xie2018-perovskites``; 60, 20 and 20 % for training, validation and test, as the paper has it."""

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    max_rows: int | None = None  # use only so many crystals (quick and smoke runs)

    archives = (PEROVSKITE_CIFS,)

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (PEROVSKITE_TABLE, COD) if self.max_rows is None else (PEROVSKITE_TABLE,)


@dataclass(frozen=True)
class MetalConfig(OnPool):
    """Settings of ``xie2018-metal``."""

    seeds: int  # splits
    networks: tuple[CrystalNetwork, ...]  # classifiers
    train: int | None = 37_394  # crystals, as in the released classifier's checkpoint
    validation: float = 4_674
    test: float = 4_674
    max_rows: int | None = None  # use only so many crystals, drawn with a fixed seed
    pool: int | None = None  # look for structures among the first so many only (quick and smoke runs)

    tables = (METAL_TABLE, LIST)


@dataclass(frozen=True)
class HyperparametersConfig(OnPool):
    """Settings of ``xie2018-hyperparameters``."""

    seeds: int  # splits
    networks: tuple[CrystalNetwork, ...]  # one per convolution; every variant changes one thing of them
    features: tuple[tuple[str, tuple[str, ...]], ...] = (("2", TWO), ("3", THREE), ("9", NINE))
    convolutions: tuple[int, ...] = (1, 2, 3, 4, 5)
    log_steps: tuple[int, ...] = (-8, -7, -6, -5, -4, -3)  # natural logarithms of Adam's step size
    voronoi: bool = True  # also with neighbours by the supplement's rule
    train: int | None = None  # crystals
    validation: float = 0.25
    max_rows: int | None = None  # use only so many of the bundled structures
    bundled: bool = True

    tables = (LIST, ENERGIES)
    bundled_tables = ("faber2015",)


@dataclass(frozen=True)
class NaClKClConfig:
    """Settings: real NaCl and KCl by their Materials Project ids."""

    seeds: int = 1
    nacl: str = "mp-22862"
    kcl: str = "mp-23193"

    datasets = ("dejong2015",)
