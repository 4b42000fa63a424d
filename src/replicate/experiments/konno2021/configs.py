"""Settings classes of the chapter on Konno et al. 2021."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.konno2021.names import CANDIDATES, COD_2009, FOREST, HOSONO, SUPERCON
from replicate.training.checkpoint import later


@dataclass(frozen=True)
class TrainingSet:
    """Which rows a network learns from.

    Args:
        until: SuperCon entries published in this year or before; None: all.
        cod: list of the COD taken as non-superconductors (0 K), or None for superconductors only.
        cod_rows: take only so many of them, drawn with a fixed seed.
        supercon_rows: take only so many superconductors (smoke runs).
    """

    until: int | None = None
    cod: str | None = None
    cod_rows: int | None = None
    supercon_rows: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the rows come from."""
        return (SUPERCON,) if self.cod is None else (SUPERCON, self.cod)


@dataclass(frozen=True)
class PreliminaryConfig:
    """Settings of ``konno2021-preliminary``.

    Args:
        seeds: random splits, each with its own initial weights.
        networks: the first one is the paper's; each on the kinds of split it names.
        baselines: on the same splits.
        data: superconductors, no others.
        forest_list: table the random forest above 10 K is trained and tested on.
        test, validation: shares; the paper says 0.05 for the test set.
        small: small baselines (smoke runs).
    """

    seeds: int
    networks: tuple[Network, ...]
    data: TrainingSet
    baselines: tuple[str, ...] = ()
    forest_list: str | None = None
    test: float = 0.05
    validation: float = 0.05
    small: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*self.data.datasets, *((self.forest_list,) if self.forest_list else ()))


@dataclass(frozen=True)
class GarbageInConfig:
    """Settings of ``konno2021-garbage-in``.

    Args:
        seeds: networks of each kind.
        preliminary: settings of the model trained on superconductors only, shared with that experiment.
        network: trained on superconductors and the COD.
        data: its rows.
        pool: list of the COD that is searched.
        most: search only so many compositions (smoke runs).
    """

    seeds: int
    preliminary: PreliminaryConfig
    network: Network
    data: TrainingSet
    pool: str = COD_2009
    most: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return tuple(dict.fromkeys((*self.data.datasets, self.pool)))


@dataclass(frozen=True)
class CandidatesConfig:
    """Settings: the experiment whose networks are asked; they are shared, not trained again."""

    garbage_in: GarbageInConfig
    seeds: int

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*self.garbage_in.datasets, CANDIDATES)


@dataclass(frozen=True)
class HosonoConfig:
    """Settings of ``konno2021-hosono``.

    Args:
        seeds: networks of each kind.
        regression: networks that predict Tc; the first is the paper's, further ones are variants of it.
        classification: networks that say whether Tc lies above a threshold, one setting for both thresholds.
        baselines: classifiers on the same rows.
        preliminary: the model trained on superconductors only, as of all years, shared with its experiment.
        data: training rows, all published before the list's compounds.
        tested: dataset of the compounds that are tested on.
        small: small baselines (smoke runs).
    """

    seeds: int
    regression: tuple[Network, ...]
    classification: tuple[Network, ...]
    preliminary: PreliminaryConfig
    data: TrainingSet
    baselines: tuple[str, ...] = ()
    tested: str = HOSONO
    small: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*self.data.datasets, self.tested)


@dataclass(frozen=True)
class Discovery:
    """A family of superconductors, and what was known before it was found.

    Args:
        family: name in the record.
        data: training rows.
        first, last: years of publication of the superconductors that are asked about.
        networks: asked; the first is the paper's.
        baselines: classifiers above 0 K, asked as well.
        most: ask only about so many (smoke runs).
        members: how many networks of each kind, the first of the run's seeds; (): as many as the run has.
    """

    family: str
    data: TrainingSet
    first: int
    last: int
    networks: tuple[Network, ...]
    baselines: tuple[str, ...] = (FOREST,)
    most: int | None = None
    members: tuple[int, ...] = later(())


@dataclass(frozen=True)
class IronConfig:
    """Settings of ``konno2021-iron``.

    Args:
        seeds: networks of each kind where a discovery does not say (the paper: about 130).
        discoveries: iron-based superconductors and cuprates.
        baseline_seeds: baselines take minutes each and hardly differ from one seed to the next.
        later_cod: list whose later compounds no network has seen; the non-superconductors asked about.
        small: small baselines (smoke runs).
    """

    seeds: int
    discoveries: tuple[Discovery, ...]
    baseline_seeds: int = 5
    later_cod: str = COD_2009
    small: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        names = [name for one in self.discoveries for name in one.data.datasets]
        return tuple(dict.fromkeys((*names, self.later_cod)))


@dataclass(frozen=True)
class GapConfig:
    """Settings of ``konno2021-gap``.

    Args:
        same_split: rows and splits of ``zeng2019-gap``, so that the two representations can be compared.
        own: the author's two tables, gaps with metals at 0 eV and metal or not.
        seeds: random splits.
    """

    same_split: SupervisedConfig
    own: tuple[SupervisedConfig, ...]
    seeds: int

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return tuple(name for one in (self.same_split, *self.own) for name in one.datasets)
