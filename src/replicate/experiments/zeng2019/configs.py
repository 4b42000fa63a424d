"""Settings classes of the chapter on Zeng et al. 2019."""

from __future__ import annotations

from dataclasses import dataclass

from replicate.experiments.configs import Network, SupervisedConfig
from replicate.models.configs import ATCNNConfig
from replicate.training.checkpoint import later
from replicate.training.config import FitConfig


@dataclass(frozen=True)
class TcConfig(SupervisedConfig):
    """Settings of ATCNN-I.

    Args:
        lists: other tables of superconductors that the paper's cleaning is applied to.
        list_networks: networks trained on those lists as well; the trees always are.
    """

    lists: tuple[str, ...] = ()
    list_networks: tuple[Network, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (*super().datasets, *self.lists)


@dataclass(frozen=True)
class ArchitectureConfig:
    """Settings of the search on validation rows.

    Args:
        tc: data and test share of ATCNN-I; its test rows are never used here.
        model: the network whose convolutions are counted; first and last kernel stay the first and last.
        convolutions: numbers of convolutions to try.
        fit: schedule of that comparison.
        long: network and schedule of the paper for the curve of Fig. S1; None: too long for this profile.
        lengths: numbers of epochs of ``fit`` to try: what does more training buy?
        length_seeds: how many of the seeds that is done for.
        long_seeds: how many of the seeds the curve is followed for.
        validation: share of the rows that are not test rows.
        by_system: try the numbers of convolutions on validation rows of unseen chemical systems too.
    """

    tc: TcConfig
    model: ATCNNConfig
    convolutions: tuple[int, ...]
    fit: FitConfig
    long: Network | None
    seeds: int
    lengths: tuple[int, ...] = ()
    length_seeds: int = 1
    long_seeds: int = 1
    validation: float = 0.2
    by_system: bool = later(False)

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (self.tc.dataset,)


ATCNN_I, ATCNN_II = "atcnn-i", "atcnn-ii"


@dataclass(frozen=True)
class InsulatorsConfig:
    """Settings of ATCNN-II.

    Args:
        tc: ATCNN-I's settings; its first network, trained on the same superconductors, is shared with it.
        network: ATCNN-II.
        insulators: dataset of the non-superconductors.
        variants: further datasets of non-superconductors that ATCNN-II is trained with in their place.
        variant_network: ATCNN-II as it is trained with those.
        listed: dataset of superconductors that also lists compositions at 0 K.
        contradicting: further datasets; a composition with a Tc above 0 K in one of them is not normal.
        baselines: learners trained on the same mixed rows.
        most: use only so many insulators (smoke runs).
        network_by_system: train ATCNN-II on a split by chemical system too; the baselines always are.
    """

    tc: TcConfig
    network: Network
    insulators: str
    seeds: int
    variants: tuple[str, ...] = ()
    variant_network: Network | None = None
    listed: str = ""
    contradicting: tuple[str, ...] = ()
    baselines: tuple[str, ...] = ("extra-trees-fractions",)
    most: int | None = None
    network_by_system: bool = later(False)

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        names = (self.tc.dataset, self.insulators, *self.variants, self.listed, *self.contradicting)
        return tuple(dict.fromkeys(name for name in names if name))


@dataclass(frozen=True)
class HeldOutConfig:
    """Settings: the experiment whose networks are asked, and how strict a second removal is.

    Args:
        insulators: settings of ATCNN-I and ATCNN-II; their networks are shared, not trained again.
        strict: network trained without any superconductor that holds all elements of a family, whatever
            else it holds; None: trees only.
        quoted: list of superconductors whose licence lets its values be shown.
    """

    insulators: InsulatorsConfig
    seeds: int
    strict: Network | None = None
    quoted: str = "madml-superconductors"

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        names = (self.insulators.tc.dataset, self.insulators.insulators, self.quoted)
        return tuple(dict.fromkeys(names))


TOP = 20


@dataclass(frozen=True)
class ScreeningConfig:
    """Settings: whose networks screen which pool.

    Args:
        insulators: settings of ATCNN-II; its networks are shared, not trained again.
        pool: dataset with formulas and, where it has one, ``energy_above_hull``; stable means at most 0.
        measured: superconductor lists that candidates are looked up in.
        quoted: such lists whose licence lets their values be shown.
        most: screen only so many compounds (smoke runs).
    """

    insulators: InsulatorsConfig
    pool: str
    seeds: int
    measured: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    most: int | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        names = (
            self.insulators.tc.dataset,
            self.insulators.insulators,
            self.pool,
            *self.measured,
            *self.quoted,
        )
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class ElementsConfig:
    """Settings: the formation-energy experiment whose network is looked into.

    Args:
        formation: that experiment's settings; its random-split network is shared, not trained again.
        seeds: number of networks.
        random_draws: number of random feature sets that the score is held against.
        extra_datasets: the authors' weights, where the profile uses them.
    """

    formation: SupervisedConfig
    seeds: int
    random_draws: int = 200
    extra_datasets: tuple[str, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (self.formation.dataset, *self.extra_datasets)


PRINTED = ("pbe", "hse", "gw", "svr", "atcnn")
