"""Settings classes of the chapter on Quinn and McQueen 2022."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.quinn2022.names import (
    CLASSES,
    DEBYE_TABLES,
    FEATURE_SETS,
    POOL,
    STANEV,
    SUPERCON,
    THREE_D,
)


@dataclass(frozen=True)
class CompoundsConfig:
    """Which superconductors and which other compounds.

    Args:
        superconductors: look for structures for so many compositions of SuperCon, drawn with a fixed seed; None: all.
        parents: look among the first so many structures of the Materials Project besides those of the 3DSC.
        others: compounds of the Materials Project outside SuperCon.
        pool: take those from the first so many structures.
    """

    superconductors: int | None = None
    parents: int | None = None
    others: int = 12_000
    pool: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the compounds are taken from; the others are in none of two editions of SuperCon."""
        return (SUPERCON, STANEV) if self.others else (SUPERCON,)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures they are taken from."""
        return (THREE_D, POOL) if self.parents != 0 or self.others else (THREE_D,)


class OnCompounds:
    """What every settings class with ``compounds`` needs of the data."""

    compounds: CompoundsConfig

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return self.compounds.datasets

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives the run needs."""
        return self.compounds.archives


@dataclass(frozen=True)
class DataConfig(OnCompounds):
    """Settings of ``quinn2022-data``.

    Args:
        compounds: superconductors; other compounds are not looked at.
        checked: compositions of the 3DSC to compare with.
        files: of the 3DSC to look at, the first so many (smoke runs).
        seeds: 1; nothing is drawn but the subset.
    """

    compounds: CompoundsConfig
    checked: int | None = None
    files: int | None = None
    seeds: int = 1


@dataclass(frozen=True)
class RegressionConfig(OnCompounds):
    """Settings of ``quinn2022-regression``.

    Args:
        seeds: splits.
        network: trained on all classes together and on each alone.
        compounds: superconductors; other compounds are not looked at.
        parent_split: also keep a parent and its dopings on one side.
        three_d: also with the structures and critical temperatures of the 3DSC.
        small: a small baseline (smoke runs).
    """

    seeds: int
    network: CrystalNetwork
    compounds: CompoundsConfig
    parent_split: bool = True
    three_d: bool = True
    small: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*self.compounds.datasets, STANEV) if self.three_d else self.compounds.datasets


@dataclass(frozen=True)
class ThresholdsConfig(OnCompounds):
    """Settings of ``quinn2022-thresholds``.

    Args:
        seeds: splits.
        network: classifier, one training per threshold.
        compounds: superconductors, and other compounds at 0 K.
        thresholds: K.
        parent_split: at these thresholds also keep a parent and its dopings on one side.
        brief: thresholds that are trained for ``brief_epochs`` instead.
        small: a small baseline (smoke runs).
    """

    seeds: int
    network: CrystalNetwork
    compounds: CompoundsConfig
    thresholds: tuple[int, ...] = (0, 5, 10, 15, 20, 30, 40, 50)
    parent_split: tuple[int, ...] = (0, 20)
    brief: tuple[int, ...] = ()
    brief_epochs: int = 0
    small: bool = False


@dataclass(frozen=True)
class FeaturesConfig(OnCompounds):
    """Settings of ``quinn2022-features``.

    Args:
        seeds: splits.
        network: whose atom features change.
        compounds: superconductors.
        classes: to train on.
        features: names of sets.
        combined: single features joined into one set, the best by validation error.
    """

    seeds: int
    network: CrystalNetwork
    compounds: CompoundsConfig
    classes: tuple[str, ...] = CLASSES
    features: tuple[str, ...] = tuple(FEATURE_SETS)
    combined: int = 3


@dataclass(frozen=True)
class IonizationConfig(OnCompounds):
    """Settings of ``quinn2022-ionization``: nothing is trained.

    Args:
        compounds: superconductors.
        seeds: 1.
    """

    compounds: CompoundsConfig
    seeds: int = 1


@dataclass(frozen=True)
class BenchmarksConfig(OnCompounds):
    """Settings of ``quinn2022-classifier-benchmarks`` and ``quinn2022-regression-benchmarks``.

    Args:
        seeds: splits.
        network: of which every variant changes one thing.
        compounds: superconductors and, for the classifier, others.
        threshold: K, of the classifier; None: regression.
        training: sizes of the training set.
        convolutions: numbers of them.
        batches: batch sizes.
        epochs: numbers of them.
        features: sets of atom features by name.
    """

    seeds: int
    network: CrystalNetwork
    compounds: CompoundsConfig
    threshold: int | None = None
    training: tuple[int, ...] = ()
    convolutions: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    epochs: tuple[int, ...] = ()
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class AsClassifierConfig(OnCompounds):
    """Settings of ``quinn2022-regression-as-classifier``.

    Args:
        seeds: splits.
        network: the combined regression model, shared with its experiment.
        rival: the classifier of each threshold, shared with its experiment.
        compounds: superconductors, and other compounds.
        thresholds: K.
        rivals: thresholds at which the classifier is asked as well.
        tested: crystals of the test set: the regression's test superconductors, filled up with others.
    """

    seeds: int
    network: CrystalNetwork
    rival: CrystalNetwork
    compounds: CompoundsConfig
    thresholds: tuple[int, ...] = (5, 10, 15, 20, 25, 30, 40, 50)
    rivals: tuple[int, ...] = (30,)
    tested: int = 2_500


FEW_COMPOUNDS = 800


@dataclass(frozen=True)
class AttributesConfig:
    """Settings of ``quinn2022-attributes``.

    Args:
        seeds: splits.
        network: trained on logarithms.
        pool: look for structures among the first so many (smoke runs).
        few: also with so many compounds in all, about as many as the paper has.
        small: a small baseline (smoke runs).
    """

    seeds: int
    network: CrystalNetwork
    pool: int | None = None
    few: int | None = FEW_COMPOUNDS
    small: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return DEBYE_TABLES

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives the run needs."""
        return (POOL,)


@dataclass(frozen=True)
class SearchConfig(OnCompounds):
    """Settings of ``quinn2022-search``.

    Args:
        seeds: splits; the ensembles are those of the experiments that train them.
        classifier: of superconductors, threshold 0 K.
        regression: the combined model.
        compounds: they are trained with.
        searched: the first so many structures of the Materials Project; None: all.
    """

    seeds: int
    classifier: CrystalNetwork
    regression: CrystalNetwork
    compounds: CompoundsConfig
    searched: int | None = None

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives the run needs."""
        return tuple(dict.fromkeys((*self.compounds.archives, POOL)))
