"""What each profile of the chapter on Zeng et al. 2019 (ATCNN) trains.

The paper trains its critical temperatures for 500 epochs of Adadelta on the root mean squared error, minutes on a GPU
and most of an hour per network on a processor. It gives no number of epochs for gaps, formation energies and metals;
the authors' script trains for 2,500. So ``full`` has settings of its own for a processor (``on_cpu``): the same
networks, rows and splits, most of them with a shorter schedule. A record says which of the two it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from replicate.experiments.configs import Network, Spec, SupervisedConfig, profiles, varied
from replicate.models import configs as models
from replicate.models.configs import ATCNNConfig, ElemNetConfig
from replicate.settings import later
from replicate.training.config import FitConfig

ATCNN_I, ATCNN_II = "atcnn-i", "atcnn-ii"
TOP = 20


@dataclass(frozen=True)
class TcConfig(SupervisedConfig, reads=("dataset", "extra_datasets", "lists")):
    """Settings of ATCNN-I."""

    lists: tuple[str, ...] = ()  # other tables of superconductors that the paper's cleaning is applied to
    list_networks: tuple[Network, ...] = ()  # trained on those as well; the trees always are


@dataclass(frozen=True)
class ArchitectureConfig(Spec, reads=("tc.dataset",)):
    """Settings of the search on validation rows; the test rows of ATCNN-I are never used."""

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
class InsulatorsConfig(Spec, reads=("tc.dataset", "insulators", "variants", "listed", "contradicting")):
    """Settings of ATCNN-II."""

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
class HeldOutConfig(Spec, reads=("insulators.tc.dataset", "insulators.insulators", "quoted")):
    """Settings: the experiment whose networks are shared, and how strict a second removal is."""

    insulators: InsulatorsConfig
    seeds: int
    strict: Network | None = None  # trained without what holds a family's elements; None: trees only
    quoted: str = "madml-superconductors"  # list whose licence lets its values be shown


@dataclass(frozen=True)
class ScreeningConfig(Spec, reads=("insulators.tc.dataset", "insulators.insulators", "pool", "measured", "quoted")):
    """Settings: the experiment whose networks, shared with it, screen which pool."""

    insulators: InsulatorsConfig
    pool: str  # dataset with formulas and, perhaps, ``energy_above_hull``; stable means at most 0
    seeds: int
    measured: tuple[str, ...] = ()  # superconductor lists that candidates are looked up in
    quoted: tuple[str, ...] = ()  # such lists whose licence lets their values be shown
    most: int | None = None  # screen only so many compounds (smoke runs)


@dataclass(frozen=True)
class ElementsConfig(Spec, reads=("formation.dataset", "extra_datasets")):
    """Settings: the formation-energy experiment whose random-split network, shared with it, is looked into."""

    formation: SupervisedConfig
    seeds: int
    random_draws: int = 200  # random feature sets that the score is held against
    extra_datasets: tuple[str, ...] = ()  # the authors' weights, where the profile uses them


# ---- gaps, formation energies, metals ------------------------------------------------------------------------
# The schedule of the released models: Adadelta at its defaults, batches of 128, the mean absolute error.
SCRIPT = FitConfig(epochs=2500)
SHORT_SCRIPT = FitConfig(epochs=400, patience=100)
# A one-cycle schedule reaches the same error in a fraction of the epochs.
ONE_CYCLE = FitConfig(epochs=100, optimizer="adamw", learning_rate=2e-3, schedule="one-cycle", weight_decay=0.1)
ELEMNET = replace(ONE_CYCLE, epochs=60, learning_rate=1e-3, weight_decay=0.01)
SMOKE = FitConfig(epochs=2, batch_size=32, optimizer="adamw", learning_rate=2e-3, schedule="one-cycle")


def _smoke(networks: Sequence[Network]) -> tuple[Network, ...]:
    """Return networks of quick runs cut down to seconds."""
    short = [replace(network, fit=replace(SMOKE, loss=network.fit.loss)) for network in networks]
    return tuple(varied(n, blocks=((2, 32, 0.1),)) if n.name == "elemnet" else n for n in short)


def _networks(full: Sequence[Network], *quick: Network, on_cpu: Sequence[Network] = ()) -> list[tuple[Network, ...]]:
    """Return the networks of every kind of run; those of smoke runs are those of quick runs, cut down."""
    return [tuple(full), tuple(on_cpu or full), quick, _smoke(quick)]


def _gap_networks(fit: FitConfig) -> tuple[Network, ...]:
    """Return the network with both losses of the paper, and with the one-cycle schedule."""
    return (
        Network("atcnn", models.GAP, fit),
        Network("atcnn-mse", models.GAP, replace(fit, loss="mse"), splits=("random",)),
        Network("atcnn-one-cycle", models.GAP, ONE_CYCLE),
    )


GAP = profiles(
    SupervisedConfig,
    dataset="zhuo2018-gap",
    extra_datasets=[("atcnn-weights-gap",), ()],
    column="band_gap",
    unit="eV",
    task="regression",
    networks=_networks(
        _gap_networks(SCRIPT),
        Network("atcnn", models.GAP, replace(ONE_CYCLE, epochs=10, batch_size=64)),
        on_cpu=_gap_networks(SHORT_SCRIPT),
    ),
    baselines=[("forest", "xgboost", "svr"), ("forest", "xgboost")],
    seeds=[5, 2],
    max_rows=[None, 800, 150],
    quick_baselines=[False, True],
    release=("atcnn", "atcnn/band-gap"),
)
_FORMATION_FIT = replace(ONE_CYCLE, epochs=200, learning_rate=1e-2, weight_decay=0.01)
SMALL_ELEMNET = ElemNetConfig(blocks=((4, 256, 0.2), (3, 128, 0.1), (2, 64, 0.0), (1, 32, 0.0)))
FORMATION = GAP.replace(
    dataset=["atcnn-formation", "experimental-formation-energy"],
    extra_datasets=(),
    column="formation_energy_per_atom",
    unit="eV/atom",
    networks=_networks(
        (
            Network("atcnn", models.FORMATION, SCRIPT),
            Network("atcnn-one-cycle", models.FORMATION, _FORMATION_FIT),
            Network("elemnet", ElemNetConfig(), ELEMNET, splits=("random",)),
        ),
        Network("atcnn", models.FORMATION, replace(_FORMATION_FIT, epochs=25)),
        Network("elemnet", SMALL_ELEMNET, replace(ELEMNET, epochs=8)),
    ),
    max_rows=[None, 1_500, 150],
    release=("atcnn", "atcnn/formation-energy-per-atom"),
)
ELEMENTS = profiles(
    ElementsConfig,
    formation=FORMATION,
    seeds=[5, 2],
    random_draws=[200, 50, 20],
    extra_datasets=[("atcnn-weights-formation",), ()],
)
METAL_ONE_CYCLE = replace(ONE_CYCLE, epochs=40, loss="bce")
METAL = GAP.replace(
    dataset="zhuo2018-metal",
    extra_datasets=(),
    column="is_metal",
    unit="",
    task="classification",
    classes=("semiconductor", "metal"),
    networks=_networks(
        (
            Network("atcnn", models.METAL, replace(SHORT_SCRIPT, loss="bce", patience=50)),
            Network("atcnn-one-cycle", models.METAL, METAL_ONE_CYCLE),
            # The plain network overfits within twenty epochs; does regularisation reach the published area?
            Network("atcnn-dropout", replace(models.METAL, dropout=0.3), replace(METAL_ONE_CYCLE, weight_decay=1.0)),
        ),
        Network("atcnn", models.METAL, replace(METAL_ONE_CYCLE, epochs=8, batch_size=64)),
    ),
    baselines=[("forest", "xgboost", "svc"), ("forest", "xgboost")],
    max_rows=[None, 1_200, 150],
    splits=("random", "system"),
    release=("atcnn", "atcnn/metal"),
)

# ---- critical temperatures -----------------------------------------------------------------------------------
PAPER_TC = FitConfig(epochs=500, loss="rmse", precision="bfloat16")
ONE_CYCLE_TC = replace(ONE_CYCLE, epochs=60, loss="rmse", learning_rate=4e-3, precision="bfloat16")
# On a laptop without bfloat16 arithmetic half precision is the slower one.
SHORT_TC = replace(ONE_CYCLE_TC, epochs=12, batch_size=64, precision="float32")
# A quarter of the published channels take a tenth of the time; so short a training needs averages that keep up
# with the weights.
QUICK_TC = replace(models.TC, kernels=tuple((16, size) for _, size in models.TC.kernels), momentum=0.9)
SMOKE_TC = replace(QUICK_TC, kernels=tuple((8, size) for _, size in models.TC.kernels))
BOTH_SPLITS = ("random", "system")
VARIANT_EPOCHS, DEPTH_EPOCHS = 15, 8
BUDGET = (
    f"trained on a processor: {ONE_CYCLE_TC.epochs} epochs of a one-cycle schedule (AdamW) instead of the paper's "
    f"{PAPER_TC.epochs} (Adadelta)"
)

_PLAIN = [
    Network("atcnn", models.TC, PAPER_TC),
    Network("atcnn", models.TC, ONE_CYCLE_TC),
    Network("atcnn", QUICK_TC, SHORT_TC),
    Network("atcnn", SMOKE_TC, replace(SHORT_TC, epochs=2)),
]
_ONE_CYCLE = replace(_PLAIN[1], name="atcnn-one-cycle")
_REPOSITORY = Network("atcnn-repository", models.TC_REPOSITORY, replace(PAPER_TC, loss="mae"), splits=("random",))
_PAPER, _SHORT, _QUICK, _SMOKE = (replace(network, splits=BOTH_SPLITS) for network in _PLAIN)
_BESIDE = replace(_ONE_CYCLE, splits=BOTH_SPLITS)
TC = profiles(
    TcConfig,
    dataset=["atcnn-superconductors", "madml-superconductors"],
    lists=[("mdr-supercon", "stanev2018-supercon"), ()],
    column="critical_temperature",
    unit="K",
    task="regression",
    networks=[
        (_PAPER, _REPOSITORY, _BESIDE),
        (replace(_PAPER, splits=("random",)), _BESIDE),
        (_QUICK,),
        (_SMOKE,),
    ],
    list_networks=[(_ONE_CYCLE,), (), (), ()],
    baselines=("extra-trees-fractions", "nearest"),
    random_baselines=("forest", "xgboost"),
    seeds=[3, 2],  # a network of the paper takes a processor most of an hour
    splits=BOTH_SPLITS,
    max_rows=[None, 1_000, 200],
    quick_baselines=[False, True],
    test=2720 / 13598,  # as many rows as the paper tests on
)
# On a processor the experiments below share networks of the one-cycle schedule alone.
_SHARED = TC.replace(networks=[TC.full.networks, (_SHORT,), (_QUICK,), (_SMOKE,)], seeds=[5, 2])
_SECOND = [replace(network, name=ATCNN_II) for network in _PLAIN]
TC_INSULATORS = profiles(
    InsulatorsConfig,
    tc=_SHARED.replace(release=(ATCNN_II, "atcnn/critical-temperature")),  # what ``replicate predict`` takes
    network=_SECOND,
    insulators=["atcnn-insulators", "zhuo2018-gap"],
    variants=[("jarvis-dft-3d",), ()],
    variant_network=[_SECOND[0], varied(_SECOND[1], epochs=VARIANT_EPOCHS), None, None],
    listed=["stanev2018-supercon", ""],
    contradicting=[("mdr-supercon",), ()],
    seeds=[5, 2],
    most=[None, 400, 100],
    network_by_system=[True, False, False, False],
)
HELD_OUT = profiles(
    HeldOutConfig,
    insulators=TC_INSULATORS,
    seeds=[5, 2],
    strict=[*_PLAIN[:2], None, None],
    quoted=["mdr-supercon", "madml-superconductors"],
)
SCREENING = profiles(
    ScreeningConfig,
    insulators=TC_INSULATORS,
    pool=["jarvis-dft-3d", "faber2015", "zhuo2018-gap"],
    seeds=[5, 2],
    measured=[("stanev2018-supercon",), ()],
    quoted=[("mdr-supercon",), ("madml-superconductors",)],
    most=[None, None, 200],
)
ARCHITECTURE = profiles(
    ArchitectureConfig,
    tc=_SHARED,
    # So short a training as on a processor needs averages that keep up with the weights.
    model=[models.TC, replace(models.TC, momentum=0.9), QUICK_TC, SMOKE_TC],
    convolutions=[tuple(range(1, 9)), (1, 3, 5), (1, 5)],
    fit=[
        *(ONE_CYCLE_TC, replace(ONE_CYCLE_TC, epochs=DEPTH_EPOCHS)),
        *(replace(SHORT_TC, epochs=epochs) for epochs in (8, 1)),
    ],
    long=[varied(_PLAIN[0], epochs=1000), None, None, _PLAIN[3]],
    seeds=[5, 2],
    lengths=[(15, 30, 60, 120, 240), (15, 30, 60, 120), (4, 8, 16), (1, 2)],
    length_seeds=[5, 1, 1, 1],
    long_seeds=[5, 1, 1, 1],
    by_system=[True, False, False, True],
)
