"""Settings classes of the chapter on Konno et al. 2021."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from replicate.experiments.configs import Network, Spec, SupervisedConfig
from replicate.settings import later

DEEP, SHALLOW = "periodic-resnet", "shallow"
FRACTIONS, LOGARITHM = f"{DEEP}-fractions", f"{DEEP}-log"
FOREST, TREES = "forest", "extra-trees-fractions"
SUPERCON, HOSONO_LIST, CANDIDATE_LIST = "mdr-supercon", "konno-hosono-2009", "konno-candidates"
COD_2007, COD_2009 = "konno-cod-2007", "konno-cod-2009"


@dataclass(frozen=True)
class TrainingSet(Spec, reads=("supercon", "cod")):
    """Which rows a network learns from."""

    supercon: ClassVar = SUPERCON

    until: int | None = None  # SuperCon entries published in this year or before; None: all
    cod: str | None = None  # list of the COD taken as non-superconductors (0 K); None: superconductors only
    cod_rows: int | None = None  # take only so many of them, drawn with a fixed seed
    supercon_rows: int | None = None  # take only so many superconductors (smoke runs)


@dataclass(frozen=True)
class PreliminaryConfig(Spec, reads=("data", "forest_list")):
    """Settings of ``konno2021-preliminary``."""

    seeds: int  # random splits, each with its own initial weights
    networks: tuple[Network, ...]  # the first is the paper's; each on the kinds of split it names
    data: TrainingSet  # superconductors, no others
    baselines: tuple[str, ...] = ()  # on the same splits
    forest_list: str | None = None  # table the random forest above 10 K is trained and tested on
    test: float = 0.05  # share; the paper's
    validation: float = 0.05
    small: bool = False  # small baselines (smoke runs)


@dataclass(frozen=True)
class GarbageInConfig(Spec, reads=("data", "pool")):
    """Settings of ``konno2021-garbage-in``."""

    seeds: int  # networks of each kind
    preliminary: PreliminaryConfig  # the model trained on superconductors only, shared with that experiment
    network: Network  # trained on superconductors and the COD
    data: TrainingSet  # its rows
    pool: str = COD_2009  # list of the COD that is searched
    most: int | None = None  # search only so many compositions (smoke runs)


@dataclass(frozen=True)
class CandidatesConfig(Spec, reads=("garbage_in", "authors")):
    """Settings: the experiment whose networks are shared, not trained again."""

    authors: ClassVar = CANDIDATE_LIST

    garbage_in: GarbageInConfig
    seeds: int


@dataclass(frozen=True)
class HosonoConfig(Spec, reads=("data", "tested")):
    """Settings of ``konno2021-hosono``."""

    seeds: int  # networks of each kind
    regression: tuple[Network, ...]  # predict Tc; the first is the paper's, further ones are variants of it
    classification: tuple[Network, ...]  # whether Tc lies above a threshold, one setting for both thresholds
    preliminary: PreliminaryConfig  # the model of all years, shared with its experiment
    data: TrainingSet  # all published before the list's compounds
    baselines: tuple[str, ...] = ()  # classifiers on the same rows
    tested: str = HOSONO_LIST  # dataset of the compounds that are tested on
    small: bool = False  # small baselines (smoke runs)


@dataclass(frozen=True)
class Discovery(Spec, reads=("data",)):
    """A family of superconductors, and what was known before it was discovered."""

    family: str  # name in the record
    data: TrainingSet
    first: int  # year of publication of the superconductors that are predicted
    last: int
    networks: tuple[Network, ...]  # the first is the paper's
    baselines: tuple[str, ...] = (FOREST,)  # classifiers above 0 K
    most: int | None = None  # predict only so many (smoke runs)
    members: tuple[int, ...] = later(())  # networks of each kind, the first of the run's seeds; (): all


@dataclass(frozen=True)
class IronConfig(Spec, reads=("discoveries", "later_cod")):
    """Settings of ``konno2021-iron``."""

    seeds: int  # networks of each kind where a discovery does not say (the paper: about 130)
    discoveries: tuple[Discovery, ...]  # iron-based superconductors and cuprates
    baseline_seeds: int = 5  # baselines take minutes each and hardly differ from one seed to the next
    later_cod: str = COD_2009  # its later compounds, which no network has seen, are the non-superconductors
    small: bool = False  # small baselines (smoke runs)


@dataclass(frozen=True)
class GapConfig(Spec, reads=("same_split", "own")):
    """Settings of ``konno2021-gap``."""

    same_split: SupervisedConfig  # rows and splits of ``zeng2019-gap``, so that the representations compare
    own: tuple[SupervisedConfig, ...]  # the author's two tables, gaps with metals at 0 eV and metal or not
    seeds: int
