"""What each profile of the chapter on Konno et al. 2021 trains on compositions and critical temperatures."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.base import Experiment
from replicate.experiments.configs import Network
from replicate.experiments.konno2021.configs import (
    CandidatesConfig,
    Discovery,
    GarbageInConfig,
    HosonoConfig,
    IronConfig,
    PreliminaryConfig,
    TrainingSet,
)
from replicate.experiments.konno2021.gap_settings import GAP_FULL, GAP_ON_CPU, GAP_QUICK, GAP_SMOKE
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
from replicate.experiments.konno2021.schedules import FIT, MIXED, SHORT, SHORTEST
from replicate.models import configs as models
from replicate.training.config import FitConfig

_MODELS = {
    DEEP: models.DEEP,
    FRACTIONS: replace(models.DEEP, amounts="fractions"),
    LOGARITHM: replace(models.DEEP, output="linear"),
    SHALLOW: models.SHALLOW,
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
        words.append(f"{mixed} instead of {MIXED.epochs} with the COD")
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
    networks=networks(SHORTEST, DEEP, LOGARITHM, SHALLOW, splits=("random", "system")),
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
    network=networks(MIXED, DEEP)[0],
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
    network=networks(SHORTEST, DEEP)[0],
    data=TrainingSet(cod=COD_2009, cod_rows=400, supercon_rows=300),
    most=500,
)

# ---- temporal test ---------------------------------------------------------------------------------------------
HOSONO_FULL = HosonoConfig(
    seeds=5,
    regression=networks(MIXED, DEEP, FRACTIONS),
    classification=classifiers(MIXED, DEEP),
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
    regression=networks(SHORTEST, DEEP, FRACTIONS),
    classification=classifiers(SHORTEST, DEEP),
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
    networks=networks(MIXED, DEEP, FRACTIONS, SHALLOW),
    baselines=(FOREST, TREES),
)
CUPRATES = replace(IRON, family="cuprates", data=TrainingSet(until=1985, cod=COD_2007), first=1986, last=2018)
IRON_FULL = IronConfig(seeds=130, discoveries=(IRON, CUPRATES))
IRON_ON_CPU = IronConfig(
    seeds=10,
    discoveries=(
        replace(IRON, networks=networks(FEW_MIXED, DEEP, FRACTIONS, SHALLOW)),
        replace(CUPRATES, networks=networks(FEW_MIXED, DEEP, SHALLOW)),
    ),
    budget=(
        "10 networks of each kind instead of the paper's 130, fractions for the iron-based only; "
        f"{on_cpu(FEW.epochs, FEW_MIXED.epochs)}"
    ),
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
            networks=networks(SHORTEST, DEEP, SHALLOW),
            baselines=(FOREST,),
            most=60,
        )
        for one in (IRON, CUPRATES)
    ),
    small=True,
)

EXPERIMENTS = (
    Experiment(
        id="konno2021-preliminary",
        configs={"smoke": PRELIMINARY_SMOKE, "quick": PRELIMINARY_QUICK, "full": PRELIMINARY_FULL},
        on_cpu=PRELIMINARY_ON_CPU,
        function="konno2021.preliminary:run_preliminary",
        cost={"quick": "2 min", "full": "2 h"},
    ),
    Experiment(
        id="konno2021-garbage-in",
        after=("konno2021-preliminary",),
        configs={"smoke": GARBAGE_SMOKE, "quick": GARBAGE_QUICK, "full": GARBAGE_FULL},
        on_cpu=GARBAGE_ON_CPU,
        function="konno2021.garbage_in:run_garbage_in",
        cost={"quick": "3 min", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-hosono",
        after=("konno2021-preliminary",),
        configs={"smoke": HOSONO_SMOKE, "quick": HOSONO_QUICK, "full": HOSONO_FULL},
        on_cpu=HOSONO_ON_CPU,
        function="konno2021.hosono:run_hosono",
        cost={"quick": "3 min", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-iron",
        configs={"smoke": IRON_SMOKE, "quick": IRON_QUICK, "full": IRON_FULL},
        on_cpu=IRON_ON_CPU,
        function="konno2021.iron:run_iron",
        cost={"quick": "3 min", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-candidates",
        after=("konno2021-garbage-in",),
        configs={
            "smoke": CandidatesConfig(GARBAGE_SMOKE, seeds=2),
            "quick": CandidatesConfig(GARBAGE_QUICK, seeds=2),
            "full": CandidatesConfig(GARBAGE_FULL, seeds=5),
        },
        on_cpu=CandidatesConfig(GARBAGE_ON_CPU, seeds=5, budget=GARBAGE_ON_CPU.budget),
        function="konno2021.candidates:run_candidates",
        cost={"quick": "2 min", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-gap",
        configs={"smoke": GAP_SMOKE, "quick": GAP_QUICK, "full": GAP_FULL},
        on_cpu=GAP_ON_CPU,
        function="konno2021.gap:run_gap",
        cost={"quick": "2 min", "full": "1 h"},
    ),
)
