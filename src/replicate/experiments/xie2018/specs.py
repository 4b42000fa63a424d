"""What the chapter on Xie and Grossman 2018 (CGCNN) reads, and which networks each profile trains."""

from __future__ import annotations

from dataclasses import dataclass, replace

from replicate.experiments.configs import CrystalNetwork, profiles, varied
from replicate.features.atom_features import NINE, THREE, TWO
from replicate.models.configs import CGCNNConfig
from replicate.training.config import OPTIMISERS, FitConfig

POOL = "materials-project-cifs"
ENERGIES, ENERGY = "crabnet-mp-e-form", "formation_energy_per_atom"
MEASURED = "experimental-formation-energy"
COD = "konno-cod-2009"  # formulas of crystals that somebody made
LIST, GAP_LIST, ELASTIC_LIST = "xie2018-ids-46744", "xie2018-ids-27430", "xie2018-ids-3402"
ELASTIC_TABLE, METAL_TABLE = "me228-elastic", "crabnet-mp-metal"
PEROVSKITE_TABLE, PEROVSKITE_CIFS = "cmr-perovskites-total", "cmr-cifs"

GATED, SHARED = "cgcnn-eq5", "cgcnn-eq4"
SITE_POOLING = "site-pooling"
PAPER_TRAIN = 28_046  # crystals


class OnPool:
    """Settings that read tables and the pool of structures, or bundled tables that hold their own."""

    bundled: bool = False
    tables: tuple[str, ...]
    bundled_tables: tuple[str, ...]

    @property
    def datasets(self) -> tuple[str, ...]:
        return self.bundled_tables if self.bundled else self.tables

    @property
    def archives(self) -> tuple[str, ...]:
        return () if self.bundled else (POOL,)


@dataclass(frozen=True, kw_only=True)
class CrystalConfig(OnPool):
    """Settings that every experiment with training has."""

    seeds: int  # splits, each with its own initial weights
    networks: tuple[CrystalNetwork, ...]  # the first of Eq. 5, the second of Eq. 4, where there are both
    max_rows: int | None = None  # use only so many crystals (quick and smoke runs)

    @property
    def small(self) -> bool:
        """Whether baselines are small too."""
        return self.max_rows is not None


@dataclass(frozen=True, kw_only=True)
class FormationConfig(CrystalConfig):
    """Settings of ``xie2018-formation``."""

    train: int | None = PAPER_TRAIN  # crystals; None: all others
    validation: float = 9_350  # crystals; a share where it is below one
    test: float = 9_350
    curve: tuple[int, ...] = ()  # sizes of the training set for Fig. 2b
    curve_networks: tuple[CrystalNetwork, ...] = ()  # one of each convolution
    curve_seeds: int = 1
    list_networks: tuple[CrystalNetwork, ...] = ()  # also trained on the paper's own list
    all_networks: tuple[CrystalNetwork, ...] = ()  # also on all that are not test or validation crystals
    system_networks: tuple[CrystalNetwork, ...] = ()  # also on splits that keep chemical systems together
    bundled: bool = False

    tables = (LIST, ENERGIES, "faber2015", MEASURED)
    bundled_tables = ("faber2015",)


@dataclass(frozen=True, kw_only=True)
class PropertiesConfig(CrystalConfig):
    """Settings of ``xie2018-properties``: Table I without its elastic rows."""

    large_networks: tuple[CrystalNetwork, ...]  # for properties with more than ``large`` training crystals
    large_seeds: int
    large: int = 10_000
    properties: tuple[str, ...] = ("formation_energy", "absolute_energy", "band_gap", "fermi_energy")
    bundled: bool = False

    bundled_tables = ("faber2015", "petousis2017")
    tables = (ENERGIES, "crabnet-mp-gap", GAP_LIST, ELASTIC_TABLE, *bundled_tables)


@dataclass(frozen=True, kw_only=True)
class ElasticConfig(CrystalConfig):
    """Settings of ``xie2018-elastic``."""

    curve_network: CrystalNetwork  # trained on growing numbers of crystals
    system_seeds: int  # of the first network on splits that keep chemical systems together
    later_seeds: int  # of the first network on the database's later values of the same crystals
    curve: tuple[int, ...] = ()  # sizes of the training set for the bulk modulus (Fig. S5)
    curve_seeds: int = 1
    bundled: bool = False

    bundled_tables = ("dejong2015",)
    tables = ("dejong2015", ELASTIC_LIST, "crabnet-log-k", "crabnet-log-g", ELASTIC_TABLE)


@dataclass(frozen=True, kw_only=True)
class PerovskiteConfig(CrystalConfig):
    """Settings of ``xie2018-perovskites``; 60, 20 and 20 % for training, validation and test, as the paper has it."""

    archives = (PEROVSKITE_CIFS,)

    @property
    def datasets(self) -> tuple[str, ...]:
        return (PEROVSKITE_TABLE, COD) if self.max_rows is None else (PEROVSKITE_TABLE,)


@dataclass(frozen=True, kw_only=True)
class MetalConfig(CrystalConfig):
    """Settings of ``xie2018-metal``."""

    train: int | None = 37_394  # crystals, as in the released classifier's checkpoint
    validation: float = 4_674
    test: float = 4_674
    pool: int | None = None  # look for structures among the first so many only (quick and smoke runs)

    tables = (METAL_TABLE, LIST)


@dataclass(frozen=True, kw_only=True)
class HyperparametersConfig(CrystalConfig):
    """Settings of ``xie2018-hyperparameters``: every variant changes one thing of the networks."""

    features: tuple[tuple[str, tuple[str, ...]], ...] = (("2", TWO), ("3", THREE), ("9", NINE))
    convolutions: tuple[int, ...] = (1, 2, 3, 4, 5)
    log_steps: tuple[int, ...] = (-8, -7, -6, -5, -4, -3)  # natural logarithms of Adam's step size
    voronoi: bool = True  # also with neighbours by the supplement's rule
    train: int | None = None  # crystals
    validation: float = 0.25
    bundled: bool = True

    tables = (LIST, ENERGIES)
    bundled_tables = ("faber2015",)


@dataclass(frozen=True)
class NaClKClConfig:
    """Settings of ``xie2018-nacl-kcl``: ids of both salts in the Materials Project."""

    seeds: int = 1
    nacl: str = "mp-22862"
    kcl: str = "mp-23193"

    datasets = ("dejong2015",)


# The settings inside the released checkpoints: four convolutions of 64, 32 behind the pooling.
EQ5 = CGCNNConfig()
# Eq. 4 with the pooling the supplement pairs it with (Eqs. S11-S13), and as the paper has it: nothing is normalised.
EQ4 = CGCNNConfig(convolution="eq4", pooling="softmax", hidden=(128, 128), batch_norm=False)
# With the normalisation that the released code has for Eq. 5.
EQ4_NORMALISED = replace(EQ4, batch_norm=True)
# Eq. 4 as well, with two hidden layers on every site (L1).
PEROVSKITE_SITE = replace(EQ4, pooling="site")

AUTHORS_SCHEDULE = FitConfig(1000, "mse", 256, optimizer="sgd", learning_rate=0.02, schedule="step", standardise=True)
# The mean absolute error, batches of 128.
ONE_CYCLE = FitConfig(
    40, optimizer="adamw", learning_rate=5e-3, schedule="one-cycle", weight_decay=1e-2, standardise=True
)
LONG_ONE_CYCLE = replace(ONE_CYCLE, epochs=300)
SMALL_SCHEDULE = replace(AUTHORS_SCHEDULE, batch_size=64)
SMALL = replace(ONE_CYCLE, epochs=60, batch_size=64)
QUICK = replace(SMALL, epochs=4)
ONE_EPOCH = replace(ONE_CYCLE, epochs=1)
HYPER_EPOCHS = 20
TINY = replace(SMALL, epochs=2, batch_size=32)


def both(fit: FitConfig, eq4: CGCNNConfig = EQ4) -> tuple[CrystalNetwork, ...]:
    """Return both convolutions with one schedule."""
    return CrystalNetwork(GATED, EQ5, fit), CrystalNetwork(SHARED, eq4, fit)


def short(fit: FitConfig, paper: int = AUTHORS_SCHEDULE.epochs, large: str = "") -> str:
    """Return the sentence that says what a processor's training falls short of."""
    return (
        f"trained on a processor: {fit.epochs} epochs{large} of a {fit.schedule} schedule "
        f"({OPTIMISERS[fit.optimizer]}) instead of the authors' {paper:,} ({OPTIMISERS[AUTHORS_SCHEDULE.optimizer]})"
    )


SHORT = CrystalNetwork("cgcnn-eq5-short", EQ5, ONE_CYCLE)
_IN_SECONDS = both(QUICK), both(replace(SMALL, epochs=1))  # quick and smoke runs of the formation energies
NACL_KCL = profiles(NaClKClConfig)
FORMATION = profiles(
    FormationConfig,
    seeds=[3, 2],
    networks=[
        (
            *both(AUTHORS_SCHEDULE),
            CrystalNetwork("cgcnn-eq4-batch-norm", EQ4_NORMALISED, AUTHORS_SCHEDULE),
            CrystalNetwork("cgcnn-eq5-one-cycle", EQ5, LONG_ONE_CYCLE),
            SHORT,
        ),
        (
            CrystalNetwork(GATED, EQ5, LONG_ONE_CYCLE),
            CrystalNetwork(SHARED, EQ4_NORMALISED, ONE_CYCLE),
            SHORT,
        ),
        *_IN_SECONDS,
    ],
    train=[PAPER_TRAIN, None],
    validation=[9_350, 0.2],
    test=[9_350, 0.2],
    curve=[(100, 300, 1_000, 3_000, 10_000), (30, 90), (30, 60)],
    curve_networks=[both(AUTHORS_SCHEDULE), both(ONE_CYCLE, EQ4_NORMALISED), *_IN_SECONDS],
    curve_seeds=[3, 1, 1, 1],
    list_networks=[both(AUTHORS_SCHEDULE)[:1], (SHORT,), (), ()],
    all_networks=[both(LONG_ONE_CYCLE)[:1], (), (), ()],
    system_networks=[both(AUTHORS_SCHEDULE)[:1], (), (), ()],
    max_rows=[None, 800, 100],
    bundled=[False, True],
)
PROPERTIES = profiles(
    PropertiesConfig,
    seeds=[5, 2],
    networks=[both(SMALL_SCHEDULE), both(SMALL, EQ4_NORMALISED), both(QUICK), both(TINY)],
    large_seeds=[3, 2],
    large_networks=[both(AUTHORS_SCHEDULE), both(ONE_CYCLE, EQ4_NORMALISED), both(QUICK), both(QUICK)],
    properties=[("formation_energy", "absolute_energy", "band_gap", "fermi_energy"), ("band_gap",)],
    max_rows=[None, 500, 60],
    bundled=[False, True],
)
# Every printed number at the authors' budget; what the page adds to them, the curve above all, is shortened.
ELASTIC = profiles(
    ElasticConfig,
    seeds=[5, 2],
    networks=[both(SMALL_SCHEDULE), both(QUICK), both(TINY)],
    curve_network=[both(fit)[0] for fit in (SMALL_SCHEDULE, SMALL, QUICK, TINY)],
    system_seeds=[5, 1, 2, 1],
    later_seeds=[5, 0, 0, 0],
    curve=[(250, 500, 1_000, 2_041, 4_000, 7_000), (50, 150), (20,)],
    curve_seeds=[3, 1, 1, 1],
    max_rows=[None, 500, 60],
    bundled=[False, True],
)

CLASSIFIER = CrystalNetwork(
    GATED,
    replace(EQ5, output="logit", dropout=0.5),
    replace(AUTHORS_SCHEDULE, epochs=500, learning_rate=0.01, loss="bce", standardise=False),
)
SHORT_CLASSIFIER = replace(CLASSIFIER, fit=replace(ONE_CYCLE, epochs=30, loss="bce", standardise=False))
METAL = profiles(
    MetalConfig,
    seeds=[5, 2],
    networks=[(CLASSIFIER,), (SHORT_CLASSIFIER,), *((varied(SHORT_CLASSIFIER, epochs=n),) for n in (8, 1))],
    train=[37_394, None],
    validation=[4_674, 0.2],
    test=[4_674, 0.2],
    max_rows=[None, 1_200, 150],
    pool=[None, 3_000, 600],
)
HYPERPARAMETERS = profiles(
    HyperparametersConfig,
    seeds=[3, 1],
    networks=[
        both(replace(ONE_CYCLE, epochs=100)),
        both(replace(ONE_CYCLE, epochs=HYPER_EPOCHS), EQ4_NORMALISED),
        both(replace(SMALL, epochs=3)),
        both(ONE_EPOCH),
    ],
    convolutions=[(1, 2, 3, 4, 5), (1, 3, 5), (1,)],
    log_steps=[(-8, -7, -6, -5, -4, -3), (-8, -6, -4), (-6,)],
    voronoi=[True, True, False, True],
    max_rows=[None, 500, 40],
    bundled=[False, True, True, True],
)


def _poolings(epochs: int) -> tuple[CrystalNetwork, ...]:
    """Return both poolings; the paper does not say how long it trained."""
    fit = replace(ONE_CYCLE, epochs=epochs)
    return CrystalNetwork(SITE_POOLING, PEROVSKITE_SITE, fit), CrystalNetwork("full-pooling", EQ4, fit)


PEROVSKITES = profiles(
    PerovskiteConfig,
    seeds=[5, 2],
    networks=[_poolings(60), _poolings(5), _poolings(2)],
    max_rows=[None, 2_500, 200],
)
