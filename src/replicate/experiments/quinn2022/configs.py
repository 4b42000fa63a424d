"""Names and settings classes of the chapter on Quinn and McQueen 2022."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import CrystalNetwork, Spec
from replicate.features.atom_features import NINE, TWO

SUPERCON = "mdr-supercon"
STANEV = "stanev2018-supercon"
POOL = "materials-project-cifs"
THREE_D = "3dsc-cifs"

CUPRATE, IRON, LOW = "cuprate", "iron-based", "low-tc"
CLASSES = (CUPRATE, IRON, LOW)
HOT = 10.0  # K; cuprates and iron-based compounds count above it
WIDE_IRON = "any-iron"  # "Fe-based" read as: holds iron, cuprates with some iron among them
TEST, VALIDATION = 0.15, 0.10  # shares of all crystals
JOINED = "superconductors-and-others"

NETWORK = "cgcnn"
COMBINED = "combined"  # the regression of all classes together
BASE, ALL = "group-period", "all"
FEATURE_SETS: dict[str, tuple[str, ...]] = {
    BASE: TWO,
    **{name.replace("_", "-"): (*TWO, name) for name in NINE if name not in TWO},
    ALL: NINE,
}
"""Group and period, these with one more property, and all nine (Fig. 3, SI Fig. 2)."""


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
class IonizationConfig(OnCompounds):
    """Settings of ``quinn2022-ionization``: nothing is trained."""

    compounds: CompoundsConfig
    seeds: int = 1


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(OnCompounds):
    """Settings of every experiment that trains a network of its own on the compounds."""

    seeds: int  # splits
    network: CrystalNetwork
    compounds: CompoundsConfig


@dataclass(frozen=True, kw_only=True)
class RegressionConfig(TrainingConfig):
    """Settings of ``quinn2022-regression``; the network is trained on all classes together and on each alone."""

    parent_split: bool = True  # also keep a parent and its dopings on one side
    three_d: bool = True  # also with the structures and critical temperatures of the 3DSC
    small: bool = False  # a small baseline (smoke runs)

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*self.compounds.datasets, STANEV) if self.three_d else self.compounds.datasets


@dataclass(frozen=True, kw_only=True)
class ThresholdsConfig(TrainingConfig):
    """Settings of ``quinn2022-thresholds``; one classifier per threshold."""

    thresholds: tuple[int, ...] = (0, 5, 10, 15, 20, 30, 40, 50)  # K
    parent_split: tuple[int, ...] = (0, 20)  # K; here also keep a parent and its dopings on one side
    brief: tuple[int, ...] = ()  # K; trained for ``brief_epochs`` instead
    brief_epochs: int = 0
    small: bool = False  # a small baseline (smoke runs)


@dataclass(frozen=True, kw_only=True)
class FeaturesConfig(TrainingConfig):
    """Settings of ``quinn2022-features``."""

    classes: tuple[str, ...] = CLASSES
    features: tuple[str, ...] = tuple(FEATURE_SETS)
    combined: int = 3  # single features joined into one set, the best by validation error


@dataclass(frozen=True, kw_only=True)
class BenchmarksConfig(TrainingConfig):
    """Settings of both benchmarks: every variant changes one thing of the network or its training set."""

    threshold: int | None = None  # K, of the classifier; None: regression
    training: tuple[int, ...] = ()  # sizes of the training set
    convolutions: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    epochs: tuple[int, ...] = ()
    features: tuple[str, ...] = ()  # names of sets


@dataclass(frozen=True, kw_only=True)
class AsClassifierConfig(TrainingConfig):
    """Settings of ``quinn2022-regression-as-classifier``; both networks are shared with their experiments."""

    rival: CrystalNetwork  # the classifier of each threshold
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

    datasets = ("aflow-debye-train", "aflow-debye-val", "aflow-debye-test")
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
