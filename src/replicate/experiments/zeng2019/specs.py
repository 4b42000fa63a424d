"""What each profile of the chapter on Zeng et al. 2019 (ATCNN) trains.

The paper trains its critical temperatures for 500 epochs of Adadelta on the root mean squared error, minutes on a GPU
and several core-hours per network and split on a processor. It gives no number of epochs for gaps, formation energies
and metals; the authors' script trains for 2,500. So ``full`` has settings of its own for a processor (``on_cpu``): the
same networks, rows and splits with a shorter schedule. A record says which of the two it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from replicate.experiments.configs import Network, SupervisedConfig, profiles, varied
from replicate.experiments.zeng2019 import configs
from replicate.experiments.zeng2019.configs import ATCNN_II
from replicate.models import configs as models
from replicate.models.configs import ElemNetConfig
from replicate.training.config import FitConfig

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


def _networks(full: Sequence[Network], *quick: Network) -> list[tuple[Network, ...]]:
    """Return the networks of full, quick and smoke runs; those of smoke runs are those of quick runs, cut down."""
    return [tuple(full), quick, _smoke(quick)]


GAP = profiles(
    SupervisedConfig,
    dataset="zhuo2018-gap",
    extra_datasets=[("atcnn-weights-gap",), ()],
    column="band_gap",
    unit="eV",
    task="regression",
    # Both losses of the paper, for as long as the script trains; other splits see the one-cycle schedule.
    networks=_networks(
        (
            Network("atcnn", models.GAP, SCRIPT, splits=("random",)),
            Network("atcnn-mse", models.GAP, replace(SCRIPT, loss="mse"), splits=("random",)),
            Network("atcnn-one-cycle", models.GAP, ONE_CYCLE),
        ),
        Network("atcnn", models.GAP, replace(ONE_CYCLE, epochs=10, batch_size=64)),
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
    configs.ElementsConfig,
    formation=FORMATION,
    seeds=[5, 2],
    random_draws=[200, 50, 20],
    extra_datasets=[("atcnn-weights-formation",), ()],
)
_METAL_FIT = replace(ONE_CYCLE, epochs=40, loss="bce")
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
            Network("atcnn-one-cycle", models.METAL, _METAL_FIT),
            # The plain network overfits within twenty epochs; does regularisation reach the published area?
            Network("atcnn-dropout", replace(models.METAL, dropout=0.3), replace(_METAL_FIT, weight_decay=1.0)),
        ),
        Network("atcnn", models.METAL, replace(_METAL_FIT, epochs=8, batch_size=64)),
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
_FIRST, *_FEWER = (replace(network, splits=BOTH_SPLITS) for network in _PLAIN)
TC = profiles(
    configs.TcConfig,
    dataset=["atcnn-superconductors", "madml-superconductors"],
    lists=[("mdr-supercon", "stanev2018-supercon"), ()],
    column="critical_temperature",
    unit="K",
    task="regression",
    networks=[
        (_FIRST, _REPOSITORY, replace(_ONE_CYCLE, splits=BOTH_SPLITS)),
        *((network,) for network in _FEWER),
    ],
    list_networks=[(_ONE_CYCLE,), (), (), ()],
    baselines=("extra-trees-fractions", "nearest"),
    random_baselines=("forest", "xgboost"),
    seeds=[5, 2],
    splits=BOTH_SPLITS,
    max_rows=[None, 1_000, 200],
    quick_baselines=[False, True],
    test=2720 / 13598,  # as many rows as the paper tests on
)
_SECOND = [replace(network, name=ATCNN_II) for network in _PLAIN]
TC_INSULATORS = profiles(
    configs.InsulatorsConfig,
    tc=TC.replace(release=(ATCNN_II, "atcnn/critical-temperature")),  # what ``replicate predict`` takes
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
    configs.HeldOutConfig,
    insulators=TC_INSULATORS,
    seeds=[5, 2],
    strict=[*_PLAIN[:2], None, None],
    quoted=["mdr-supercon", "madml-superconductors"],
)
SCREENING = profiles(
    configs.ScreeningConfig,
    insulators=TC_INSULATORS,
    pool=["jarvis-dft-3d", "faber2015", "zhuo2018-gap"],
    seeds=[5, 2],
    measured=[("stanev2018-supercon",), ()],
    quoted=[("mdr-supercon",), ("madml-superconductors",)],
    most=[None, None, 200],
)
ARCHITECTURE = profiles(
    configs.ArchitectureConfig,
    tc=TC,
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
