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
from replicate.experiments.konno2021.gap_settings import (
    GAP_BUDGET,
    GAP_FULL,
    GAP_ON_CPU,
    GAP_QUICK,
    GAP_SMOKE,
)
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
from replicate.experiments.konno2021.schedules import FIT, MIXED, SHORT, SHORTEST, thinner
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
)
PRELIMINARY_QUICK = PreliminaryConfig(
    seeds=2,
    networks=thinner(networks(SHORT, DEEP, FRACTIONS)),
    data=TrainingSet(supercon_rows=800),
    baselines=(TREES, "nearest"),
    test=0.1,
    small=True,
)
PRELIMINARY_SMOKE = replace(
    PRELIMINARY_QUICK,
    networks=thinner(networks(SHORTEST, DEEP, LOGARITHM, SHALLOW, splits=("random", "system"))),
    data=TrainingSet(supercon_rows=200),
    baselines=(TREES,),
    forest_list="mdr-supercon",
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
)
GARBAGE_QUICK = GarbageInConfig(
    seeds=2,
    preliminary=PRELIMINARY_QUICK,
    network=thinner(networks(SHORT, DEEP))[0],
    data=TrainingSet(cod=COD_2009, cod_rows=400, supercon_rows=400),
    pool=COD_2009,
    most=2_000,
)
GARBAGE_SMOKE = replace(
    GARBAGE_QUICK,
    preliminary=PRELIMINARY_SMOKE,
    network=thinner(networks(SHORTEST, DEEP))[0],
    data=TrainingSet(cod=COD_2009, cod_rows=150, supercon_rows=150),
    most=300,
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
)
HOSONO_QUICK = HosonoConfig(
    seeds=2,
    regression=thinner(networks(SHORT, DEEP)),
    classification=thinner(classifiers(SHORT, DEEP)),
    preliminary=PRELIMINARY_QUICK,
    data=TrainingSet(until=2009, cod=COD_2009, cod_rows=250, supercon_rows=250),
    baselines=(TREES,),
    small=True,
)
HOSONO_SMOKE = replace(
    HOSONO_QUICK,
    regression=thinner(networks(SHORTEST, DEEP, FRACTIONS)),
    classification=thinner(classifiers(SHORTEST, DEEP)),
    preliminary=PRELIMINARY_SMOKE,
    data=TrainingSet(until=2009, cod=COD_2009, cod_rows=150, supercon_rows=150),
    baselines=(FOREST,),
)

# ---- discovery -------------------------------------------------------------------------------------------------
IRON = Discovery(
    family="iron-based",
    data=TrainingSet(until=2007, cod=COD_2007),
    first=2008,
    last=2018,
    networks=networks(MIXED, DEEP, FRACTIONS, SHALLOW),
    baselines=(FOREST, TREES),
    members=(130, 20, 20),
)
CUPRATES = replace(
    IRON,
    family="cuprates",
    data=TrainingSet(until=1985, cod=COD_2007),
    first=1986,
    last=2018,
    members=(20, 20, 20),
)
# The paper's runs are of the deep network on the iron-based superconductors; it does not say how many the others had.
IRON_FULL = IronConfig(seeds=130, discoveries=(IRON, CUPRATES))
IRON_ON_CPU = IronConfig(
    seeds=10,
    discoveries=(
        replace(IRON, networks=networks(FEW_MIXED, DEEP, FRACTIONS, SHALLOW), members=()),
        replace(CUPRATES, networks=networks(FEW_MIXED, DEEP, SHALLOW), members=()),
    ),
)
IRON_QUICK = IronConfig(
    seeds=2,
    discoveries=tuple(
        replace(
            one,
            data=replace(one.data, cod_rows=250, supercon_rows=250),
            networks=thinner(networks(SHORT, DEEP, SHALLOW)),
            baselines=(TREES,),
            most=150,
            members=(),
        )
        for one in (IRON, CUPRATES)
    ),
    baseline_seeds=2,
    small=True,
)
IRON_SMOKE = replace(
    IRON_QUICK,
    discoveries=tuple(
        replace(
            one,
            data=replace(one.data, cod_rows=150, supercon_rows=150),
            networks=thinner(networks(SHORTEST, DEEP, SHALLOW)),
            baselines=(FOREST,),
            most=60,
            members=(2, 1),
        )
        for one in (IRON, CUPRATES)
    ),
)

EXPERIMENTS = (
    Experiment(
        id="konno2021-preliminary",
        configs={"smoke": PRELIMINARY_SMOKE, "quick": PRELIMINARY_QUICK, "full": PRELIMINARY_FULL},
        on_cpu=PRELIMINARY_ON_CPU,
        budget=on_cpu(FEW.epochs),
        function="konno2021.preliminary:run_preliminary",
        cost={"quick": "15 s", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-garbage-in",
        after=("konno2021-preliminary",),
        configs={"smoke": GARBAGE_SMOKE, "quick": GARBAGE_QUICK, "full": GARBAGE_FULL},
        on_cpu=GARBAGE_ON_CPU,
        budget=on_cpu(FEW.epochs, FEW_MIXED.epochs),
        function="konno2021.garbage_in:run_garbage_in",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-hosono",
        after=("konno2021-preliminary",),
        configs={"smoke": HOSONO_SMOKE, "quick": HOSONO_QUICK, "full": HOSONO_FULL},
        on_cpu=HOSONO_ON_CPU,
        budget=on_cpu(FEW.epochs, FEW_MIXED.epochs),
        function="konno2021.hosono:run_hosono",
        cost={"quick": "20 s", "full": "2 h"},
    ),
    Experiment(
        id="konno2021-iron",
        configs={"smoke": IRON_SMOKE, "quick": IRON_QUICK, "full": IRON_FULL},
        on_cpu=IRON_ON_CPU,
        budget=(
            "10 networks of each kind instead of the paper's 130, fractions for the iron-based only; "
            f"{on_cpu(FEW.epochs, FEW_MIXED.epochs)}"
        ),
        function="konno2021.iron:run_iron",
        cost={"quick": "25 s", "full": "3 h"},
    ),
    Experiment(
        id="konno2021-candidates",
        after=("konno2021-garbage-in",),
        configs={
            "smoke": CandidatesConfig(GARBAGE_SMOKE, seeds=2),
            "quick": CandidatesConfig(GARBAGE_QUICK, seeds=2),
            "full": CandidatesConfig(GARBAGE_FULL, seeds=5),
        },
        on_cpu=CandidatesConfig(GARBAGE_ON_CPU, seeds=5),
        budget=on_cpu(FEW.epochs, FEW_MIXED.epochs),
        function="konno2021.candidates:run_candidates",
        cost={"quick": "10 s", "full": "1 h"},
    ),
    Experiment(
        id="konno2021-gap",
        configs={"smoke": GAP_SMOKE, "quick": GAP_QUICK, "full": GAP_FULL},
        on_cpu=GAP_ON_CPU,
        budget=GAP_BUDGET,
        function="konno2021.gap:run_gap",
        cost={"quick": "15 s", "full": "2 h"},
    ),
)
