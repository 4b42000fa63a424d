"""What each profile of the chapter on Quinn and McQueen 2022 trains, and on which compounds.

Optimiser, step size and the regression's batch size are not published, and neither is the code; the one-cycle
schedule is that of the other chapters. Published: losses, 2 to 3 convolutions and batches of 25 to 50 for
classifiers, 5 convolutions and fewer than 120 epochs for the regression, nine atom features best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from replicate.experiments.configs import CrystalNetwork, Profiles, Spec, profiles
from replicate.experiments.xie2018.specs import ONE_CYCLE
from replicate.features.atom_features import NINE, TWO
from replicate.models.configs import CGCNNConfig

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
        return (THREE_D, POOL) if self.parents != 0 or self.others else (THREE_D,)


class OnCompounds(Spec, reads=("compounds",)):
    """What every settings class with ``compounds`` needs of the data."""

    compounds: CompoundsConfig

    @property
    def archives(self) -> tuple[str, ...]:
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
        return tuple(dict.fromkeys((*self.compounds.archives, POOL)))


# Parents of short runs from the 3DSC's own structures only: no need to read all of the Materials Project.
COMPOUNDS = profiles(
    CompoundsConfig,
    superconductors=[None, 800, 500],
    parents=[None, 0],
    others=[12_000, 500, 150],
    pool=[None, 3_000, 600],
)
SUPERCONDUCTORS = COMPOUNDS.replace(others=0)
DATA = profiles(DataConfig, compounds=SUPERCONDUCTORS, checked=[None, 300, 50], files=[None, 1_000, 150])
IONIZATION = profiles(IonizationConfig, compounds=SUPERCONDUCTORS)

REGRESSOR = CGCNNConfig(atom_features=NINE, convolutions=5)
CLASSIFIER = CGCNNConfig(atom_features=NINE, convolutions=3, dropout=0.5, output="logit")

# Epochs with the paper's budget, and in the quick profile; on a processor the thresholds take fewer.
LONG, QUICK = 120, 5
CLASSES_LONG, CLASSES_SHORTER, CLASSES_QUICK = 60, 12, 3
# Where many settings are compared; the paper gives no number of epochs for these.
COMPARED, CLASSES_COMPARED = 40, 20
BRIEF, CLASSES_BRIEF = 10, 4


def regression(epochs: int) -> CrystalNetwork:
    """Return the network of the regression models."""
    return CrystalNetwork(COMBINED, REGRESSOR, replace(ONE_CYCLE, epochs=epochs, batch_size=64))


def classification(epochs: int) -> CrystalNetwork:
    """Return the network of the classifiers."""
    fit = replace(ONE_CYCLE, epochs=epochs, loss="bce", batch_size=50, standardise=False)
    return CrystalNetwork(NETWORK, CLASSIFIER, fit)


REGRESSIONS = [regression(epochs) for epochs in (LONG, QUICK, 1)]
CLASSIFICATIONS = [classification(epochs) for epochs in (CLASSES_LONG, CLASSES_QUICK, 1)]
# Where many settings are compared.
_REGRESSIONS = Profiles(*map(regression, (COMPARED, BRIEF, QUICK, 1)))
_CLASSIFICATIONS = Profiles(*map(classification, (CLASSES_COMPARED, CLASSES_BRIEF, CLASSES_QUICK, 1)))

# 0 and 30 K are used again by the search and with the regression; 20 K has a split by parent.
THRESHOLDS = profiles(
    ThresholdsConfig,
    seeds=[3, 2],
    network=[CLASSIFICATIONS[0], classification(CLASSES_SHORTER), *CLASSIFICATIONS[1:]],
    compounds=COMPOUNDS,
    thresholds=[(0, 5, 10, 15, 20, 30, 40, 50), (0, 10, 30), (0, 5, 20)],
    parent_split=[(0, 20), (0,)],
    brief=[(5, 10, 15, 40, 50), (), (), ()],
    brief_epochs=[CLASSES_COMPARED, 0, CLASSES_COMPARED, CLASSES_COMPARED],
    small=[False, True],
)
CLASSIFIER_BENCHMARKS = profiles(
    BenchmarksConfig,
    seeds=[3, 1],
    network=_CLASSIFICATIONS,
    compounds=COMPOUNDS,
    threshold=20,
    training=[(2_000, 4_000, 8_000, 12_000, 16_000), (200, 400), (100,)],
    convolutions=[(2, 3, 4, 5), (1, 2, 3, 4, 5, 6), (1, 3), (1, 2)],
    batches=[(25, 50, 100, 250), (10, 25, 50, 100, 250), (25, 100), (50,)],
    features=[tuple(FEATURE_SETS), ("group-period", "block", "all"), ("group-period", "all")],
)
REGRESSION = profiles(
    RegressionConfig,
    seeds=[5, 2],
    network=REGRESSIONS,
    compounds=SUPERCONDUCTORS,
    three_d=[True, False],
    small=[False, True],
)
FEATURES = profiles(
    FeaturesConfig,
    seeds=[5, 1],
    network=[_REGRESSIONS.full, *_REGRESSIONS[2:]],
    compounds=SUPERCONDUCTORS,
    features=[
        tuple(FEATURE_SETS),
        ("group-period", "first-ionization-energy", "covalent-radius", "electronegativity", "all"),
        ("group-period", "block", "all"),
    ],
)
REGRESSION_BENCHMARKS = profiles(
    BenchmarksConfig,
    seeds=[3, 1],
    network=_REGRESSIONS,
    compounds=SUPERCONDUCTORS,
    training=[(1_000, 2_000, 4_000, 8_000), (500, 1_000, 2_000, 4_000, 8_000), (100, 200, 400), (100,)],
    convolutions=[(3, 4, 5, 6, 7), (1, 2, 3, 4, 5, 6, 7), (1, 3, 5), (1, 2)],
    epochs=[(15, 30, 60, 120), (5, 10, 20), (3, 6), (1, 2)],
)
REGRESSION_AS_CLASSIFIER = profiles(
    AsClassifierConfig,
    seeds=[3, 2],
    network=REGRESSIONS,
    rival=CLASSIFICATIONS,
    compounds=COMPOUNDS,
    thresholds=[(5, 10, 15, 20, 25, 30, 40, 50), (5, 10, 15, 20, 25, 30, 40, 50), (5, 20)],
    rivals=[(30,), (30,), (5,)],
    tested=[2_500, 300, 70],
)
SEARCH = profiles(
    SearchConfig,
    seeds=[3, 2],
    classifier=CLASSIFICATIONS,
    regression=REGRESSIONS,
    compounds=COMPOUNDS,
    searched=[None, 3_000, 600],
)
ATTRIBUTES = profiles(
    AttributesConfig,
    seeds=[5, 2],
    network=REGRESSIONS,
    pool=[None, 3_000, 600],
    small=[False, True],
)
