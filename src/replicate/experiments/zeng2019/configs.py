"""Settings classes of the chapter on Zeng et al. 2019."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from replicate.experiments.configs import Network, Spec, SupervisedConfig
from replicate.models.configs import ATCNNConfig
from replicate.settings import later
from replicate.training.config import FitConfig

ATCNN_I, ATCNN_II = "atcnn-i", "atcnn-ii"
TOP = 20


@dataclass(frozen=True)
class TcConfig(SupervisedConfig):
    """Settings of ATCNN-I."""

    reads: ClassVar = ("dataset", "extra_datasets", "lists")

    lists: tuple[str, ...] = ()  # other tables of superconductors that the paper's cleaning is applied to
    list_networks: tuple[Network, ...] = ()  # trained on those as well; the trees always are


@dataclass(frozen=True)
class ArchitectureConfig(Spec):
    """Settings of the search on validation rows; the test rows of ATCNN-I are never used."""

    reads: ClassVar = ("tc.dataset",)

    tc: TcConfig  # data and test share
    model: ATCNNConfig  # first and last kernel stay the first and last
    convolutions: tuple[int, ...]  # numbers to try
    fit: FitConfig  # schedule of that comparison
    long: Network | None  # network and schedule of the paper for Fig. S1; None: too long for this profile
    seeds: int
    lengths: tuple[int, ...] = ()  # numbers of epochs of ``fit`` to try: what does more training buy?
    length_seeds: int = 1  # the first so many
    long_seeds: int = 1
    validation: float = 0.2  # share of the rows that are not test rows
    by_system: bool = later(False)  # try the convolutions on validation rows of unseen chemical systems too


@dataclass(frozen=True)
class InsulatorsConfig(Spec):
    """Settings of ATCNN-II."""

    reads: ClassVar = ("tc.dataset", "insulators", "variants", "listed", "contradicting")

    tc: TcConfig  # ATCNN-I; its first network, trained on the same superconductors, is shared with it
    network: Network  # ATCNN-II
    insulators: str  # dataset of the non-superconductors
    seeds: int
    variants: tuple[str, ...] = ()  # datasets of non-superconductors to train ATCNN-II with in their place
    variant_network: Network | None = None  # ATCNN-II as it is trained with those
    listed: str = ""  # dataset of superconductors that also lists compositions at 0 K
    contradicting: tuple[str, ...] = ()  # a composition with a Tc above 0 K in one of these is not normal
    baselines: tuple[str, ...] = ("extra-trees-fractions",)  # on the same mixed rows
    most: int | None = None  # use only so many insulators (smoke runs)
    network_by_system: bool = later(False)  # ATCNN-II on a split by chemical system too, as the baselines


@dataclass(frozen=True)
class HeldOutConfig(Spec):
    """Settings: the experiment whose networks are shared, and how strict a second removal is."""

    reads: ClassVar = ("insulators.tc.dataset", "insulators.insulators", "quoted")

    insulators: InsulatorsConfig
    seeds: int
    strict: Network | None = None  # trained without what holds a family's elements; None: trees only
    quoted: str = "madml-superconductors"  # list whose licence lets its values be shown


@dataclass(frozen=True)
class ScreeningConfig(Spec):
    """Settings: the experiment whose networks, shared with it, screen which pool."""

    reads: ClassVar = ("insulators.tc.dataset", "insulators.insulators", "pool", "measured", "quoted")

    insulators: InsulatorsConfig
    pool: str  # dataset with formulas and, perhaps, ``energy_above_hull``; stable means at most 0
    seeds: int
    measured: tuple[str, ...] = ()  # superconductor lists that candidates are looked up in
    quoted: tuple[str, ...] = ()  # such lists whose licence lets their values be shown
    most: int | None = None  # screen only so many compounds (smoke runs)


@dataclass(frozen=True)
class ElementsConfig(Spec):
    """Settings: the formation-energy experiment whose random-split network, shared with it, is looked into."""

    reads: ClassVar = ("formation.dataset", "extra_datasets")

    formation: SupervisedConfig
    seeds: int
    random_draws: int = 200  # random feature sets that the score is held against
    extra_datasets: tuple[str, ...] = ()  # the authors' weights, where the profile uses them
