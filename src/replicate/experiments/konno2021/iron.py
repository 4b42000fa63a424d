"""Iron-based superconductors and cuprates from data before their discovery: Sec. VI and Fig. 3 of Konno et al. 2021.

Shape legend: S networks, n compositions asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from replicate.data.konno import is_cuprate, is_iron_based, is_precursor, superconductors
from replicate.evaluation.neighbours import composition_distance
from replicate.experiments.base import Run
from replicate.experiments.konno2021.configs import Discovery, IronConfig
from replicate.experiments.konno2021.ensembles import Known, answers, ask_baseline
from replicate.experiments.konno2021.names import COD_2007, RELATIVE, SUPERCON
from replicate.experiments.konno2021.training_sets import Which, load_cod, same_as_any, some_of, training_rows
from replicate.features.composition import Compositions, parse, reduced_keys
from replicate.records import Metric


def _without(family: str) -> Which:
    """Return what must not be learnt from: the paper's two precursors, or every cuprate."""
    return is_precursor if family == "iron-based" else is_cuprate


MEMBERS: dict[str, Which] = {"iron-based": is_iron_based, "cuprates": is_cuprate}
METALS = {"iron-based": "Fe", "cuprates": "Cu"}
OTHERS = ("alike", "relatives", "metal")


@dataclass(frozen=True, eq=False)
class Asked:
    """Compositions a model is asked about, each group under its name, none of them in its training rows.

    Args:
        compositions: n.
        group: (n,) ``found`` for the superconductors; for compounds of the COD that SuperCon does not hold
            ``alike`` where they are of the family's own kind, ``relatives`` where they are besides within 5 % of
            the atoms of a known superconductor, so that they may well be one, and ``metal`` where they only
            share the family's metal.
    """

    compositions: Compositions
    group: np.ndarray

    @property
    def bare(self) -> np.ndarray:
        """Return (n,) booleans: like compounds without oxygen and hydrogen, the harder ones for iron."""
        ionic = self.compositions.holds("O") | self.compositions.holds("H")
        return (self.group == "alike") & ~ionic


def asked_about(run: Run, one: Discovery, later_cod: str) -> Asked:
    """Return the superconductors of a family, and compounds alike that are not known to superconduct."""
    table = superconductors(run.dataset(SUPERCON)).table
    member = MEMBERS[one.family]
    known = parse(table["formula"].tolist(), file=SUPERCON)
    there = member(known)
    if one.family == "iron-based":
        there &= ~is_precursor(known)
    year = table["year"]
    there &= ((year >= one.first) & (year <= one.last)).fillna(False).to_numpy(dtype=bool)
    there &= (table["critical_temperature"] > 0).to_numpy()
    found = known.take(there)
    found = found.take(some_of(len(found), one.most))
    # Non-superconductors that no network of this experiment has seen: what the later list adds, or, for
    # cuprates, all of them, since they are kept out of training.
    pool = load_cod(run, later_cod)
    pool = pool.take(~np.isin(reduced_keys(pool), reduced_keys(known)) & pool.holds(METALS[one.family]))
    if one.family == "iron-based":
        earlier = load_cod(run, COD_2007)
        pool = pool.take(~np.isin(reduced_keys(pool), reduced_keys(earlier)))
    else:
        pool = pool.take(member(pool))
    pool = pool.take(some_of(len(pool), None if one.most is None else 10 * one.most))
    pool = pool.take(~same_as_any(pool, found))
    superconducting = known.take((table["critical_temperature"] > 0).to_numpy())
    near = composition_distance(pool.fractions, superconducting.fractions) < RELATIVE
    kind = np.select([~member(pool), near], ["metal", "relatives"], default="alike")
    group = np.concatenate([np.full(len(found), "found"), kind])
    return Asked(found.joined(pool), group)


def run_iron(run: Run) -> None:
    """Count, model by model, what is found of each family, and what else is taken for a superconductor."""
    config: IronConfig = run.config
    for one in config.discoveries:
        asked = asked_about(run, one, config.later_cod)
        family = one.family
        for name in ("found", *OTHERS):
            count = int((asked.group == name).sum())
            run.metrics[f"data/{family}/{name if name != 'found' else 'rows'}"] = Metric("", (count,), None)
        run.metrics[f"data/{family}/alike_bare"] = Metric("", (int(asked.bare.sum()),), None)
        _file_formula_size(run, family, asked)
        rows = training_rows(run, one.data, apart_from=asked.compositions, without=_without(family))
        known = Known.all_but_validation(rows, run.seeds)
        run.metrics[f"data/{family}/training"] = Metric("", (len(rows),), None)
        there = MEMBERS[family](rows.compositions) & (rows.part == 0)
        run.metrics[f"data/{family}/in_training"] = Metric("", (int(there.sum()),), len(rows))
        run.arrays[f"in-training/{family}"] = [
            [rows.compositions.formulas[i], float(rows.target[i])] for i in np.flatnonzero(there)
        ]
        known.score_two_means(run, f"{family}-held")
        members = one.members or (len(run.seeds),) * len(one.networks)
        for network, count in zip(one.networks, members, strict=True):
            run.say(f"{network.name}, {family}")
            some = Known(rows, known.splits[:count])
            trained = some.train(run, network, family)
            some.score_held(run, f"{family}-held/{network.name}", some.predict_held(network, trained))
            predicted = answers(network, trained, asked.compositions)
            _count(run, f"{family}/{network.name}", asked, predicted, predicted > 0)
            tc = [{"mean_tc": _mean_found(p[asked.group == "found"])} for p in predicted]
            run.add(f"{family}/{network.name}", tc, {"mean_tc": "K"}, int((asked.group == "found").sum()))
        above = rows.relabelled((rows.target > 0).astype(np.float32), "above 0 K")
        run.note_splits(family, known.splits)
        few = Known(above, known.splits[: config.baseline_seeds])
        for name in one.baselines:
            run.say(f"{name}, {family}")
            chance = ask_baseline(run, few, name, asked.compositions, "classification", small=config.small)
            _count(run, f"{family}/{name}", asked, chance, chance >= 0.5)


def _file_formula_size(run: Run, family: str, asked: Asked) -> None:
    """File the AUC of a rule that knows no chemistry: the smaller the sum of coefficients, the likelier.

    SuperCon writes formula units and the COD whole cells, so raw coefficients tell the two lists apart.
    """
    chosen = np.isin(asked.group, ("found", "alike"))
    if len(set(asked.group[chosen])) == 2:
        size = asked.compositions.amounts.sum(axis=1)[chosen]
        auc = float(roc_auc_score(asked.group[chosen] == "found", -size))
        run.metrics[f"{family}/formula-size/auc"] = Metric("", (auc,), int(chosen.sum()))


def _mean_found(tc: np.ndarray) -> float:
    """Return the mean predicted Tc of those predicted to superconduct, 0 if there is none."""
    return float(tc[tc > 0].mean()) if (tc > 0).any() else 0.0


def _count(run: Run, key: str, asked: Asked, ranked: np.ndarray, said: np.ndarray) -> None:
    """File what each model (S, n) takes for a superconductor in each group, and how well it tells them apart."""
    scores = []
    found, alike = asked.group == "found", asked.group == "alike"
    for value, yes in zip(ranked, said, strict=True):
        score = {"found": float(yes[found].sum()), "found_share": float(yes[found].mean())}
        for name in OTHERS:
            if (asked.group == name).any():
                score[f"{name}_share"] = float(yes[asked.group == name].mean())
        if asked.bare.any():
            score["alike_bare_share"] = float(yes[asked.bare].mean())
        if alike.any():
            score["auc"] = float(roc_auc_score(found[found | alike], value[found | alike]))
        scores.append(score)
    run.add(key, scores, {}, int(found.sum()))
    run.metrics[f"{key}/runs"] = Metric("", (len(said),), None)
    often = said[:, found].mean(axis=0)
    run.arrays[f"often/{key}"] = np.histogram(often, bins=np.linspace(0, 1, 11))[0].tolist()
    first = np.argsort(-often, kind="stable")[:20]
    formulas = [f for f, one in zip(asked.compositions.formulas, found, strict=True) if one]
    run.arrays[f"most-often/{key}"] = [[formulas[i], float(often[i])] for i in first]
