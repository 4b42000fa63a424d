"""Names, classes, atom features and settings classes of the chapter on Quinn and McQueen 2022."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import CrystalNetwork, Spec
from replicate.features.atom_features import NINE, TWO

SUPERCON = "mdr-supercon"
STANEV = "stanev2018-supercon"
POOL = "materials-project-cifs"
THREE_D = "3dsc-cifs"
DEBYE_TABLES = ("aflow-debye-train", "aflow-debye-val", "aflow-debye-test")
DEBYE = "debye_temperature"

CUPRATE, IRON, LOW = "cuprate", "iron-based", "low-tc"
CLASSES = (CUPRATE, IRON, LOW)
# K; cuprates and iron-based compounds count above the first, low-Tc ones below the second.
HOT, COLD = 10.0, 40.0
WIDE_IRON = "any-iron"  # "Fe-based" read as: holds iron, cuprates with some iron among them
DIBORIDES, BISMUTHATES = "diborides", "bismuthates"  # low-Tc superconductors that the text names
TEST, VALIDATION = 0.15, 0.10  # shares of all crystals
JOINED = "superconductors-and-others"

NETWORK = "cgcnn"
COMBINED = "combined"  # the regression of all classes together
PARENT_MEAN = "parent-mean"
DISORDER = "disorder-rule"
BASE, ALL, COMBINATION = "group-period", "all", "best-combination"
FEATURE_SETS: dict[str, tuple[str, ...]] = {
    BASE: TWO,
    **{name.replace("_", "-"): (*TWO, name) for name in NINE if name not in TWO},
    ALL: NINE,
}
"""Group and period, these with one more property, and all nine (Fig. 3, SI Fig. 2)."""

# Ionisation energies
BINS = 12
ENVELOPE = 0.99  # quantile of Tc: a single wrong entry is no envelope

# The search
BOTH, ALONE = "pipeline", "regression"  # classifier and regression, or the regression alone
WARM, WARMER = 25.0, 30.0  # K
LISTED, LISTED_KNOWN = 300, 30
NAMED = {
    "nickelates": ("MgNiO2", "CaNiO2", "BaNiO2"),
    "ruthenates": tuple(f"Ba3{metal}IrRuO9" for metal in ("Li", "Na", "Mg", "Ni", "Zn", "Bi", "In")),
    "layered": ("Sr2YCeRuCu2O10", "Sr4Y3CeRu2Cu4O20"),  # Sr2Y1+xCe1-xRuCu2O10 with x = 0 and 0.5
}
"""Group → compounds that the text names among the candidates outside the known classes."""
NUMEROUS = ("Ni", "Pd", "Ru", "Ag")
HEAVY = ("Ta", "Re", "Os", "Ir")


@dataclass(frozen=True)
class CompoundsConfig:
    """Which superconductors and which other compounds."""

    superconductors: int | None = None  # compositions of SuperCon, drawn with a fixed seed; None: all
    parents: int | None = None  # from the first so many of the Materials Project besides those of the 3DSC
    others: int = 12_000  # compounds of the Materials Project outside SuperCon
    pool: int | None = None  # those from the first so many structures

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the compounds are taken from; the others are in none of two editions of SuperCon."""
        return (SUPERCON, STANEV) if self.others else (SUPERCON,)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures they are taken from."""
        return (THREE_D, POOL) if self.parents != 0 or self.others else (THREE_D,)


class OnCompounds(Spec):
    """What every settings class with ``compounds`` needs of the data."""

    reads = ("compounds",)
    compounds: CompoundsConfig

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives the run needs."""
        return self.compounds.archives


@dataclass(frozen=True)
class DataConfig(OnCompounds):
    """Settings of ``quinn2022-data``: nothing is trained."""

    compounds: CompoundsConfig
    checked: int | None = None  # compositions of the 3DSC to compare with
    files: int | None = None  # of the 3DSC to look at, the first so many (smoke runs)
    seeds: int = 1


@dataclass(frozen=True)
class RegressionConfig(OnCompounds):
    """Settings of ``quinn2022-regression``."""

    seeds: int  # splits
    network: CrystalNetwork  # trained on all classes together and on each alone
    compounds: CompoundsConfig
    parent_split: bool = True  # also keep a parent and its dopings on one side
    three_d: bool = True  # also with the structures and critical temperatures of the 3DSC
    small: bool = False  # a small baseline (smoke runs)

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*self.compounds.datasets, STANEV) if self.three_d else self.compounds.datasets


@dataclass(frozen=True)
class ThresholdsConfig(OnCompounds):
    """Settings of ``quinn2022-thresholds``."""

    seeds: int  # splits
    network: CrystalNetwork  # classifier, one training per threshold
    compounds: CompoundsConfig
    thresholds: tuple[int, ...] = (0, 5, 10, 15, 20, 30, 40, 50)  # K
    parent_split: tuple[int, ...] = (0, 20)  # K; here also keep a parent and its dopings on one side
    brief: tuple[int, ...] = ()  # K; trained for ``brief_epochs`` instead
    brief_epochs: int = 0
    small: bool = False  # a small baseline (smoke runs)


@dataclass(frozen=True)
class FeaturesConfig(OnCompounds):
    """Settings of ``quinn2022-features``."""

    seeds: int  # splits
    network: CrystalNetwork  # whose atom features change
    compounds: CompoundsConfig
    classes: tuple[str, ...] = CLASSES
    features: tuple[str, ...] = tuple(FEATURE_SETS)
    combined: int = 3  # single features joined into one set, the best by validation error


@dataclass(frozen=True)
class IonizationConfig(OnCompounds):
    """Settings of ``quinn2022-ionization``: nothing is trained."""

    compounds: CompoundsConfig
    seeds: int = 1


@dataclass(frozen=True)
class BenchmarksConfig(OnCompounds):
    """Settings of ``quinn2022-classifier-benchmarks`` and ``quinn2022-regression-benchmarks``."""

    seeds: int  # splits
    network: CrystalNetwork  # of which every variant changes one thing
    compounds: CompoundsConfig
    threshold: int | None = None  # K, of the classifier; None: regression
    training: tuple[int, ...] = ()  # sizes of the training set
    convolutions: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    epochs: tuple[int, ...] = ()
    features: tuple[str, ...] = ()  # names of sets


@dataclass(frozen=True)
class AsClassifierConfig(OnCompounds):
    """Settings of ``quinn2022-regression-as-classifier``."""

    seeds: int  # splits
    network: CrystalNetwork  # the combined regression model, shared with its experiment
    rival: CrystalNetwork  # the classifier of each threshold, shared with its experiment
    compounds: CompoundsConfig
    thresholds: tuple[int, ...] = (5, 10, 15, 20, 25, 30, 40, 50)  # K
    rivals: tuple[int, ...] = (30,)  # K; here the classifier is scored as well
    tested: int = 2_500  # crystals: the regression's test superconductors, filled up with others


@dataclass(frozen=True)
class AttributesConfig:
    """Settings of ``quinn2022-attributes``."""

    seeds: int  # splits
    network: CrystalNetwork  # trained on logarithms
    pool: int | None = None  # look for structures among the first so many (smoke runs)
    few: int | None = 800  # also with so many compounds in all, about as many as the paper has
    small: bool = False  # a small baseline (smoke runs)

    datasets = DEBYE_TABLES
    archives = (POOL,)


@dataclass(frozen=True)
class SearchConfig(OnCompounds):
    """Settings of ``quinn2022-search``; the ensembles are those of the experiments that train them."""

    seeds: int  # splits
    classifier: CrystalNetwork  # of superconductors, threshold 0 K
    regression: CrystalNetwork  # the combined model
    compounds: CompoundsConfig  # they are trained with
    searched: int | None = None  # the first so many structures of the Materials Project; None: all

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives the run needs."""
        return tuple(dict.fromkeys((*self.compounds.archives, POOL)))
