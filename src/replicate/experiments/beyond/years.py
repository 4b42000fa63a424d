"""Superconductors ranked by models that know only what was measured before them, or nothing of their family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.data.quinn import superconductors, tc_until
from replicate.errors import DataError
from replicate.evaluation.bootstrap import interval, resamplings
from replicate.evaluation.distances import quick_nearest
from replicate.evaluation.ranking import ranking_scores
from replicate.evaluation.splits import Split
from replicate.experiments.beyond.years_specs import YearsConfig
from replicate.experiments.core import Run
from replicate.experiments.konno2021.training_sets import Which, load_cod, same_as_any
from replicate.experiments.samples import Rows, make_rows, some_of
from replicate.experiments.scoring import score_errors
from replicate.experiments.train import baseline, train
from replicate.features.composition import chemical_systems, parse, reduced_keys
from replicate.features.magpie import magpie
from replicate.settings import content_key

NEAREST = "nearest-superconductor"  # ranks by the distance to the nearest superconductor that is taught; fits nothing
RULES: Mapping[str, Which] = {"cuprates": is_cuprate, "iron-based": is_iron_based}  # families that elements tell
HOT = 20.0  # K
TYPES = {  # families that a structure type of SuperCon tells
    "A15": "Cr3Si(A15)",
    "diborides": "AlB2",
    "Chevrel": "Chevrel",
    "borocarbides": "LuNi2B2C",
    "bismuthates": "BKBO",
    "115": "HoCoGa5",
}
FEWEST = 10  # superconductors that a score stands on
DRAWS = 400  # resamplings
HELD = 0.05  # share of the taught rows held for validation
KNOWN, TAUGHT, POOL = 0, 1, 2  # parts of the rows


@dataclass(frozen=True, eq=False)
class Compounds:
    """N compounds: dated superconductors, other compounds that are taught at 0 K, and a pool of others that is not."""

    rows: Rows
    year: np.ndarray  # (N,) of the first entry; NaN for the others
    type: np.ndarray  # (N,) structure type that SuperCon names, empty for none

    @cached_property
    def magpie(self) -> np.ndarray:
        """(N, 132) Magpie statistics."""
        return np.asarray(magpie(self.rows.compositions), dtype=np.float32)

    @cached_property
    def whole(self) -> np.ndarray:
        """(N,) booleans: all amounts are whole numbers, so that no doping tells a superconductor."""
        amounts = self.rows.compositions.amounts
        return np.asarray((np.abs(amounts - amounts.round()) < 1e-6).all(axis=1))

    def members(self, family: str) -> np.ndarray:
        """Return (N,) booleans: of a family by its rule, or of a chemical system that has its structure type."""
        if family in RULES:
            return RULES[family](self.rows.compositions)
        systems = self.rows.groups("system")
        return np.isin(systems, systems[self.type == TYPES[family]])


@dataclass(frozen=True, eq=False)
class Case:
    """What is taught, with which Tc, and what is ranked: superconductors to be found, and the pool."""

    name: str
    target: np.ndarray  # (N,) Tc (K) as it was known, of what is taught; as it is known today of the others
    taught: np.ndarray  # positions
    test: np.ndarray  # positions

    def splits(self, seeds: list[int]) -> list[Split]:
        """Return a split per seed, which differ in the validation rows."""
        held, splits = round(HELD * len(self.taught)), []
        for seed in seeds:
            order = np.random.default_rng([seed, 2000]).permutation(self.taught)
            splits.append(Split(self.name, seed, np.sort(order[held:]), np.sort(order[:held]), self.test))
        return splits


def load_compounds(run: Run) -> Compounds:
    """Return the compounds; the pool shares no chemical system with the other compounds that are taught."""
    config: YearsConfig = run.config
    dataset = run.dataset(config.superconductors)
    table = superconductors(dataset).table
    known = parse(table["formula"].tolist(), file=config.superconductors)
    others = load_cod(run, config.others)
    others = others.take(~same_as_any(others, known))
    told = np.isin(reduced_keys(known), reduced_keys(parse([story.formula for story in config.stories])))
    dated = table["year"].notna().to_numpy()
    chosen = np.flatnonzero(dated)
    chosen = np.union1d(chosen[some_of(len(chosen), config.most)], np.flatnonzero(dated & told))
    systems = chemical_systems(others)
    names = np.random.default_rng(0).permutation(np.unique(systems))
    apart = np.isin(systems, names[: len(names) // 2])
    parts = [known.take(chosen)]
    for part, most in ((others.take(~apart), config.taught), (others.take(apart), config.pool)):
        parts.append(part.take(some_of(len(part), most)))
    tc = table["critical_temperature"].to_numpy()[chosen]
    digest = content_key(dataset.digest, run.dataset(config.others).digest, chosen.tolist(), list(map(len, parts)))
    rows = make_rows(config.superconductors, digest, parts[0], tc)
    for compositions in parts[1:]:
        rows = rows.joined(make_rows(config.others, digest, compositions, np.zeros(len(compositions))))
    year, kind = np.full(len(rows), np.nan), np.full(len(rows), "", dtype=object)
    year[: len(chosen)] = table["year"].to_numpy(float, na_value=np.nan)[chosen]
    kind[: len(chosen)] = table["structure_type"].to_numpy()[chosen]
    run.file("data/superconductors/dated", len(chosen), n=len(table))
    run.file("data/taught/rows", len(parts[TAUGHT]), n=(~apart).sum())
    run.file("data/pool/rows", len(parts[POOL]), n=apart.sum())
    return Compounds(rows, year, kind)


def up_to(run: Run, compounds: Compounds, year: int) -> Case:
    """Return what was known up to a year, with its Tc of that time, and the superconductors of the years after it."""
    rows, config = compounds.rows, run.config
    then = tc_until(run.dataset(config.superconductors), year)
    old, new = compounds.year <= year, (compounds.year > year) & (compounds.year <= year + config.ahead)
    target = rows.target.copy()
    target[old] = then[rows.groups("composition")[old]]
    return _case(f"until-{year}", compounds, target, old | (rows.part == TAUGHT), new)


def without(compounds: Compounds, family: str) -> Case:
    """Return everything of all years but one family, and its superconductors."""
    rows, member = compounds.rows, compounds.members(family)
    taught, new = ~member & (rows.part != POOL), member & (rows.part == KNOWN)
    return _case(f"without-{family}", compounds, rows.target, taught, new)


def _case(name: str, compounds: Compounds, target: np.ndarray, taught: np.ndarray, new: np.ndarray) -> Case:
    """Return a case whose superconductors are unlike any that is taught; DataError where a kind is missing."""
    rows = compounds.rows
    places, known = np.flatnonzero(new), np.flatnonzero(taught & (rows.part == KNOWN))
    if not len(places) or not len(known):
        raise DataError(f"{name}: {len(known)} superconductors to learn from and {len(places)} to find")
    places = places[~same_as_any(rows.compositions.take(places), rows.compositions.take(known))]
    return Case(name, target, np.flatnonzero(taught), np.concatenate([places, np.flatnonzero(rows.part == POOL)]))


def run_years(run: Run) -> None:
    """Rank, year by year and family by family, and file how early the superconductors come, and their errors."""
    config: YearsConfig = run.config
    compounds = load_compounds(run)
    weights, system = resamplings(compounds.rows.groups("system"), DRAWS)
    drawn: dict[str, list[np.ndarray]] = {}
    cases = [up_to(run, compounds, year) for year in config.years]
    cases += [without(compounds, family) for family in config.families]
    for case in cases:
        nearest, distance = _nearest(compounds, case)
        ranked, tc = _rankings(run, compounds, case, -distance), _temperatures(run, compounds, case, nearest)
        scores = _score(run, compounds, case, ranked, weights[:, system[case.test]])
        for key, values in scores.items() if case.name.startswith("until") else ():
            drawn.setdefault(key, []).append(values)
        _tell(run, compounds, case, ranked, tc)
    for key, all_years in drawn.items():
        if len(all_years) == len(config.years):  # the same resamplings in every year: a paired mean
            for end, value in zip(("", "_low", "_high"), _interval(np.mean(all_years, axis=0)), strict=True):
                run.file(f"years{key}{end}", value)


def _nearest(compounds: Compounds, case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return Tc of and distance to the superconductor taught that is nearest to each of n tested compounds."""
    known = case.taught[compounds.rows.part[case.taught] == KNOWN]
    fractions = compounds.rows.fractions()
    place, distance = quick_nearest(fractions[case.test], csc_array(fractions[known]))
    return case.target[known][place], distance


def _rankings(run: Run, compounds: Compounds, case: Case, near: np.ndarray) -> dict[str, np.ndarray]:
    """Return by what each model ranks n tested compounds (S, n): nearness (n,), or the chance to superconduct."""
    config: YearsConfig = run.config
    splits = case.splits(list(run.seeds))
    run.note_splits(case.name, splits)
    above = compounds.rows.relabelled(case.target > 0, case.name)
    ranked = {NEAREST: near[None]}
    for name in config.baselines:
        ranked[name] = _baseline(run, compounds, above, name, splits, "classification")
    for network in config.networks if case.name in config.network_cases else ():
        few = splits[: config.network_seeds]
        ranked[network.name] = train(run, above, network, few, case.name).predict_tests(few)
    return ranked


def _baseline(run: Run, compounds: Compounds, rows: Rows, name: str, splits: list[Split], task: str) -> np.ndarray:
    inputs = (name, compounds.magpie if name == "forest" else rows.fractions())
    return baseline(run, rows, name, splits, task, small=True, inputs=inputs)  # type: ignore[arg-type]


def _temperatures(run: Run, compounds: Compounds, case: Case, nearest: np.ndarray) -> dict[str, np.ndarray]:
    """Return each model's predicted Tc (S, n), the nearest superconductor's (n,) first; file errors on the new ones."""
    rows = compounds.rows.relabelled(case.target, f"Tc {case.name}")
    splits = case.splits(list(run.seeds)[: run.config.regressors])
    predicted = {NEAREST: nearest[None]}
    for name in run.config.baselines:
        predicted[name] = _baseline(run, compounds, rows, name, splits, "regression")
    new = rows.part[case.test] == KNOWN
    tc = case.target[case.test[new]]
    for model, values in predicted.items():
        key, hot = f"{case.name}-tc/{model}", tc > HOT
        score_errors(run, key, [tc] * len(values), values[:, new], "K")
        if hot.any():
            run.file(f"{key}/recall_above_20K", (values[:, new][:, hot] > HOT).mean(axis=1), n=hot.sum())
        run.file(f"{key}/pool_above_20K", (values[:, ~new] > HOT).mean(axis=1), n=(~new).sum())
    return predicted


def _subsets(run: Run, compounds: Compounds, case: Case) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of a part of the tested compounds, empty for all, and which they are (n,)."""
    rows = compounds.rows
    known = case.taught[rows.part[case.taught] == KNOWN]
    pool = rows.part[case.test] == POOL
    yield "", np.ones(len(case.test), bool)
    yield "-whole", compounds.whole[case.test]
    yield "-system", ~np.isin(rows.groups("system")[case.test], rows.groups("system")[known])
    for family in run.config.families:
        member = compounds.members(family)[case.test]
        if case.name == f"without-{family}":
            yield "-alike", member
        elif case.name.startswith("until") and family in RULES:
            yield f"-{family}", member | pool


def _score(
    run: Run, compounds: Compounds, case: Case, ranked: Mapping[str, np.ndarray], weights: np.ndarray
) -> dict[str, np.ndarray]:
    """File how early the superconductors come in each ranking; return average precisions as they are, and as drawn.

    ``weights`` (r, n) are of the tested compounds; differences are from the ranking by the nearest superconductor.
    """
    new = compounds.rows.part[case.test] == KNOWN
    drawn: dict[str, np.ndarray] = {}
    for subset, some in _subsets(run, compounds, case):
        sought, part = new[some], f"{case.name}{subset}"
        if not FEWEST <= sought.sum() <= len(sought) - FEWEST:
            continue
        run.file_all(f"{part}/base", {"share": sought.mean(), "sought": sought.sum()}, n=len(sought))
        for model, values in ranked.items():
            single = [ranking_scores(sought, each[some]) for each in values]
            run.add(f"{part}/{model}", [{k: float(v[0]) for k, v in s.items()} for s in single], {}, len(sought))
            each = np.concatenate([np.ones((1, len(sought))), weights[:, some]])  # first as it is
            scores = ranking_scores(sought, values.mean(axis=0)[some], each)
            precision, auc = scores["average_precision"], _interval(scores["auc"])
            drawn[f"{subset}/{model}/average_precision"] = precision
            gain = drawn[f"{subset}/{model}/gain"] = precision - drawn[f"{subset}/{NEAREST}/average_precision"]
            run.arrays[f"interval/{part}/{model}"] = {
                "average_precision": _interval(precision),
                "difference": _interval(gain),
                "auc": auc,
            }
            run.file(f"{part}/{model}/auc_low", auc[1])
    return drawn


def _interval(values: np.ndarray) -> list[float]:
    """Return a score (1 + r,) as it is, its first value, and the 95 % interval of the others that say something."""
    return [float(values[0]), *interval(values[1:][np.isfinite(values[1:])])]


def _tell(
    run: Run, compounds: Compounds, case: Case, ranked: Mapping[str, np.ndarray], tc: Mapping[str, np.ndarray]
) -> None:
    """File where single compounds of the next year come, among the pool and among its compounds of their kind."""
    rows = compounds.rows
    pool = rows.part[case.test] == POOL
    tested = rows.compositions.take(case.test)
    size = (tested.amounts > 0).sum(axis=1)
    for story in run.config.stories:
        named = reduced_keys(tested) == reduced_keys(parse([story.formula]))[0]
        at = np.flatnonzero(named & ~pool)
        if not len(at) or case.name != f"until-{compounds.year[case.test[at[0]]] - 1:.0f}":
            continue
        kin = pool & tested.holds(*story.kin) & (size <= size[at[0]])
        about = {
            "year": compounds.year[case.test[at[0]]],
            "measured_tc": case.target[case.test[at[0]]],
            "kin": kin.sum(),
        }
        run.file_all(f"story-{story.name}/base", about)
        for model, each in ranked.items():
            for name, some in (("pool_above", pool), ("kin_above", kin)):
                other, own = each[:, some], each[:, at]
                share = ((other > own).sum(axis=1) + (other == own).sum(axis=1) / 2) / max(1, some.sum())
                run.file(f"story-{story.name}/{model}/{name}", share, n=some.sum())
            if model in tc:
                run.file(f"story-{story.name}/{model}/predicted_tc", tc[model][:, at[0]], "K")
