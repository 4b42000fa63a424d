"""What each profile of the chapter on Konno et al. 2021 trains, and for how long.

No training script, optimiser, loss or schedule of the paper is public, so these are ours: the squared error
in kelvin behind a ReLU, cross-entropy for classes, a one-cycle schedule, selection on validation rows.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.base import Experiment
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.konno2021.candidates import CandidatesConfig, run_candidates
from replicate.experiments.konno2021.gap import GapConfig, run_gap
from replicate.experiments.konno2021.garbage_in import GarbageInConfig, run_garbage_in
from replicate.experiments.konno2021.hosono import HosonoConfig, run_hosono
from replicate.experiments.konno2021.iron import Discovery, IronConfig, run_iron
from replicate.experiments.konno2021.names import (
    COD_2007,
    COD_2009,
    DEEP,
    FOREST,
    FRACTIONS,
    LOGARITHM,
    SHALLOW,
    TREES,
)
from replicate.experiments.konno2021.preliminary import PreliminaryConfig, run_preliminary
from replicate.experiments.konno2021.training_sets import TrainingSet
from replicate.models import periodic_resnet
from replicate.models.periodic_resnet import Output
from replicate.training.config import FitConfig

RESNET = periodic_resnet.DEEP
TEN_LAYERS = periodic_resnet.SHALLOW

# Some 60 passes over the superconductors and 15 over superconductors and COD, as long as validation gains.
FIT = FitConfig(
    epochs=60,
    loss="mse",
    batch_size=128,
    optimizer="adamw",
    learning_rate=3e-3,
    schedule="one-cycle",
    weight_decay=1e-2,
    standardise=False,
    precision="bfloat16",
)
CLASSES = replace(FIT, loss="bce")
MIXED = 15  # epochs where the COD's forty thousand compositions come on top
# On a laptop without bfloat16 arithmetic half precision is the slower one.
SHORT = replace(FIT, epochs=2, batch_size=64, precision="float32")


_MODELS = {
    DEEP: RESNET,
    FRACTIONS: replace(RESNET, amounts="fractions"),
    LOGARITHM: replace(RESNET, output="linear"),
    SHALLOW: TEN_LAYERS,
}


def networks(fit: FitConfig, *names: str, splits: tuple[str, ...] = ("random",)) -> tuple[Network, ...]:
    """Return the network and its variants by name, with one schedule."""
    return tuple(Network(name, _MODELS[name], fit, splits) for name in names)


def classifiers(fit: FitConfig, *names: str) -> tuple[Network, ...]:
    """Return the same networks with a classifier's output."""
    fit = replace(fit, loss="bce")
    return tuple(Network(name, replace(_MODELS[name], output="logit"), fit, ("random",)) for name in names)


def on_cpu(only: int, mixed: int | None = None) -> str:
    """Return the sentence that says what a processor's training falls short of."""
    words = [f"{only} epochs instead of {FIT.epochs} on superconductors"]
    if mixed is not None:
        words.append(f"{mixed} instead of {MIXED} with the COD")
    return f"trained on a processor: {', '.join(words)}"


# ---- superconductors only ------------------------------------------------------------------------------------
PRELIMINARY_FULL = PreliminaryConfig(
    seeds=5,
    networks=(
        *networks(FIT, DEEP, splits=("random", "system")),
        *networks(FIT, FRACTIONS, LOGARITHM, SHALLOW),
    ),
    data=TrainingSet(),
    baselines=(TREES, "nearest", FOREST),
    forest_list="stanev2018-supercon",
)
FEW = replace(FIT, epochs=12)
PRELIMINARY_ON_CPU = replace(
    PRELIMINARY_FULL,
    networks=(
        *networks(FEW, DEEP, splits=("random", "system")),
        *networks(FEW, FRACTIONS, LOGARITHM, SHALLOW),
    ),
    budget=on_cpu(FEW.epochs),
)
PRELIMINARY_QUICK = PreliminaryConfig(
    seeds=2,
    networks=networks(replace(SHORT, epochs=3), DEEP, FRACTIONS),
    data=TrainingSet(supercon_rows=4_000),
    baselines=(TREES, "nearest"),
)
PRELIMINARY_SMOKE = replace(
    PRELIMINARY_QUICK,
    networks=networks(replace(SHORT, epochs=1), DEEP, LOGARITHM, SHALLOW, splits=("random", "system")),
    data=TrainingSet(supercon_rows=300),
    baselines=(TREES,),
    forest_list="mdr-supercon",
    test=0.1,
    small=True,
)

# ---- garbage-in ----------------------------------------------------------------------------------------------
GARBAGE_FULL = GarbageInConfig(
    seeds=5,
    preliminary=PRELIMINARY_FULL,
    network=networks(replace(FIT, epochs=MIXED), DEEP)[0],
    data=TrainingSet(cod=COD_2009),
    pool=COD_2009,
)
FEW_MIXED = replace(FIT, epochs=3, batch_size=256)
GARBAGE_ON_CPU = replace(
    GARBAGE_FULL,
    preliminary=PRELIMINARY_ON_CPU,
    network=networks(FEW_MIXED, DEEP)[0],
    budget=on_cpu(FEW.epochs, FEW_MIXED.epochs),
)
GARBAGE_QUICK = GarbageInConfig(
    seeds=2,
    preliminary=PRELIMINARY_QUICK,
    network=networks(SHORT, DEEP)[0],
    data=TrainingSet(cod=COD_2009, cod_rows=4_000, supercon_rows=4_000),
    pool=COD_2009,
    most=8_000,
)
GARBAGE_SMOKE = replace(
    GARBAGE_QUICK,
    preliminary=PRELIMINARY_SMOKE,
    network=networks(replace(SHORT, epochs=1), DEEP)[0],
    data=TrainingSet(cod=COD_2009, cod_rows=400, supercon_rows=300),
    most=500,
)

# ---- temporal test ---------------------------------------------------------------------------------------------
HOSONO_FULL = HosonoConfig(
    seeds=5,
    regression=networks(replace(FIT, epochs=MIXED), DEEP, FRACTIONS),
    classification=classifiers(replace(FIT, epochs=MIXED), DEEP),
    preliminary=PRELIMINARY_FULL,
    data=TrainingSet(until=2009, cod=COD_2009),
    baselines=(FOREST, TREES, "nearest"),
)
HOSONO_ON_CPU = replace(
    HOSONO_FULL,
    regression=networks(FEW_MIXED, DEEP, FRACTIONS),
    classification=classifiers(FEW_MIXED, DEEP),
    preliminary=PRELIMINARY_ON_CPU,
    budget=on_cpu(FEW.epochs, FEW_MIXED.epochs),
)
HOSONO_QUICK = HosonoConfig(
    seeds=2,
    regression=networks(SHORT, DEEP),
    classification=classifiers(SHORT, DEEP),
    preliminary=PRELIMINARY_QUICK,
    data=TrainingSet(until=2009, cod=COD_2009, cod_rows=3_000, supercon_rows=3_000),
    baselines=(TREES,),
)
HOSONO_SMOKE = replace(
    HOSONO_QUICK,
    regression=networks(replace(SHORT, epochs=1), DEEP, FRACTIONS),
    classification=classifiers(replace(SHORT, epochs=1), DEEP),
    preliminary=PRELIMINARY_SMOKE,
    data=TrainingSet(until=2009, cod=COD_2009, cod_rows=400, supercon_rows=300),
    baselines=(FOREST,),
    small=True,
)

# ---- discovery -------------------------------------------------------------------------------------------------
IRON = Discovery(
    family="iron-based",
    data=TrainingSet(until=2007, cod=COD_2007),
    first=2008,
    last=2018,
    networks=networks(replace(FIT, epochs=MIXED), DEEP, FRACTIONS, SHALLOW),
    baselines=(FOREST, TREES),
)
CUPRATES = replace(IRON, family="cuprates", data=TrainingSet(until=1985, cod=COD_2007), first=1986, last=2018)
IRON_FULL = IronConfig(seeds=130, discoveries=(IRON, CUPRATES))
IRON_ON_CPU = IronConfig(
    seeds=10,
    discoveries=tuple(
        replace(one, networks=networks(FEW_MIXED, DEEP, FRACTIONS, SHALLOW)) for one in (IRON, CUPRATES)
    ),
    budget=f"10 networks of each kind instead of the paper's 130; {on_cpu(FEW.epochs, FEW_MIXED.epochs)}",
)
IRON_QUICK = IronConfig(
    seeds=2,
    discoveries=tuple(
        replace(
            one,
            data=replace(one.data, cod_rows=3_000, supercon_rows=3_000),
            networks=networks(SHORT, DEEP, SHALLOW),
            baselines=(TREES,),
        )
        for one in (IRON, CUPRATES)
    ),
    baseline_seeds=2,
)
IRON_SMOKE = replace(
    IRON_QUICK,
    discoveries=tuple(
        replace(
            one,
            data=replace(one.data, cod_rows=400, supercon_rows=300),
            networks=networks(replace(SHORT, epochs=1), DEEP, SHALLOW),
            baselines=(FOREST,),
            most=60,
        )
        for one in (IRON, CUPRATES)
    ),
    small=True,
)

# ---- band gaps -------------------------------------------------------------------------------------------------
PERIODIC_EDGE = "periodic-resnet-edge"


def gap_networks(fit: FitConfig, output: Output = "relu") -> tuple[Network, ...]:
    """Return the network without and with the table's left edge glued to its right."""
    plain = replace(RESNET, output=output)
    return (
        Network(DEEP, plain, fit),
        Network(FRACTIONS, replace(plain, amounts="fractions"), fit, splits=("random",)),
        Network(PERIODIC_EDGE, replace(plain, edge="periodic"), fit, splits=("random",)),
    )


GAP_FIT = replace(FIT, epochs=150, loss="mae", precision="float32")
GAP = SupervisedConfig(
    dataset="zhuo2018-gap",
    column="band_gap",
    unit="eV",
    task="regression",
    networks=gap_networks(GAP_FIT),
    baselines=(TREES,),
    seeds=5,
)
GAP_REGRESSION = replace(
    GAP,
    dataset="konno-gap-regression",
    networks=gap_networks(replace(GAP_FIT, epochs=100))[:1],
    splits=("random",),
    baselines=(TREES,),
)
GAP_BINARY = replace(
    GAP_REGRESSION,
    dataset="konno-gap-binary",
    column="is_metal",
    unit="",
    task="classification",
    networks=gap_networks(replace(GAP_FIT, epochs=50, loss="bce"), "logit")[:1],
    classes=("semiconductor", "metal"),
)
GAP_FULL = GapConfig(same_split=GAP, own=(GAP_REGRESSION, GAP_BINARY), seeds=5)
GAP_CPU_FIT = replace(GAP_FIT, epochs=30, precision="bfloat16")
GAP_ON_CPU = GapConfig(
    same_split=replace(GAP, networks=gap_networks(GAP_CPU_FIT)),
    own=(
        replace(GAP_REGRESSION, networks=gap_networks(replace(GAP_CPU_FIT, epochs=15))[:1]),
        replace(GAP_BINARY, networks=gap_networks(replace(GAP_CPU_FIT, epochs=10, loss="bce"), "logit")[:1]),
    ),
    seeds=5,
    budget=f"trained on a processor: {GAP_CPU_FIT.epochs} epochs instead of {GAP_FIT.epochs}",
)
GAP_QUICK = GapConfig(
    same_split=replace(
        GAP, networks=gap_networks(replace(SHORT, epochs=5, loss="mae"))[:1], seeds=2, splits=("random",)
    ),
    own=(),
    seeds=2,
)
_OWN: tuple[tuple[SupervisedConfig, Output], ...] = ((GAP_REGRESSION, "relu"), (GAP_BINARY, "logit"))
GAP_SMOKE = GapConfig(
    same_split=replace(
        GAP,
        networks=gap_networks(replace(SHORT, epochs=1, loss="mae")),
        seeds=2,
        max_rows=200,
        quick_baselines=True,
    ),
    own=tuple(
        replace(
            one,
            networks=gap_networks(replace(SHORT, epochs=1, loss=one.networks[0].fit.loss), output)[:1],
            max_rows=200,
            quick_baselines=True,
        )
        for one, output in _OWN
    ),
    seeds=2,
)

EXPERIMENTS = (
    Experiment(
        id="konno2021-preliminary",
        configs={"smoke": PRELIMINARY_SMOKE, "quick": PRELIMINARY_QUICK, "full": PRELIMINARY_FULL},
        on_cpu=PRELIMINARY_ON_CPU,
        function=run_preliminary,
        cost={"quick": "2 min", "full": "2 h"},
    ),
    Experiment(
        id="konno2021-garbage-in",
        configs={"smoke": GARBAGE_SMOKE, "quick": GARBAGE_QUICK, "full": GARBAGE_FULL},
        on_cpu=GARBAGE_ON_CPU,
        function=run_garbage_in,
        cost={"quick": "3 min", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-hosono",
        configs={"smoke": HOSONO_SMOKE, "quick": HOSONO_QUICK, "full": HOSONO_FULL},
        on_cpu=HOSONO_ON_CPU,
        function=run_hosono,
        cost={"quick": "3 min", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-iron",
        configs={"smoke": IRON_SMOKE, "quick": IRON_QUICK, "full": IRON_FULL},
        on_cpu=IRON_ON_CPU,
        function=run_iron,
        cost={"quick": "3 min", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-candidates",
        configs={
            "smoke": CandidatesConfig(GARBAGE_SMOKE, seeds=2),
            "quick": CandidatesConfig(GARBAGE_QUICK, seeds=2),
            "full": CandidatesConfig(GARBAGE_FULL, seeds=5),
        },
        on_cpu=CandidatesConfig(GARBAGE_ON_CPU, seeds=5, budget=GARBAGE_ON_CPU.budget),
        function=run_candidates,
        cost={"quick": "2 min", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-gap",
        configs={"smoke": GAP_SMOKE, "quick": GAP_QUICK, "full": GAP_FULL},
        on_cpu=GAP_ON_CPU,
        function=run_gap,
        cost={"quick": "2 min", "full": "1 h"},
    ),
)
