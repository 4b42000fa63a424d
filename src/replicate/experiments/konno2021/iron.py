"""Iron-based superconductors and cuprates from data before their discovery: Sec. VI and Fig. 3 of Konno et al. 2021."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from replicate.data.konno import is_cuprate, is_iron_based, is_precursor, superconductors
from replicate.evaluation.distances import composition_distance
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import COD_2007, SUPERCON, Discovery, IronConfig
from replicate.experiments.konno2021.training_sets import Known, Which, load_cod, same_as_any, training_rows
from replicate.experiments.samples import some_of
from replicate.experiments.train import baseline
from replicate.features.composition import Compositions, parse, reduced_keys

MEMBERS: dict[str, Which] = {"iron-based": is_iron_based, "cuprates": is_cuprate}
METALS = {"iron-based": "Fe", "cuprates": "Cu"}
# What must not be learnt from: the paper's two precursors, or every cuprate.
WITHOUT: dict[str, Which] = {"iron-based": is_precursor, "cuprates": is_cuprate}
OTHERS = ("alike", "relatives", "metal")
RELATIVE = 0.05  # share of atoms


@dataclass(frozen=True, eq=False)
class Tested:
    """n compositions to predict, each group under its name, none of them in the training rows.

    A group (n,) is ``found`` for the superconductors; for compounds of the COD that SuperCon does not hold ``alike``
    where they are of the family's own kind, ``relatives`` where they are besides within 5 % of the atoms of a known
    superconductor, so that they may well be one, and ``metal`` where they only share the family's metal.
    """

    compositions: Compositions
    group: np.ndarray

    @property
    def bare(self) -> np.ndarray:
        """Return (n,) booleans: like compounds without oxygen and hydrogen, the harder ones for iron."""
        ionic = self.compositions.holds("O") | self.compositions.holds("H")
        return (self.group == "alike") & ~ionic


def tested_compositions(run: Run, discovery: Discovery, later_cod: str) -> Tested:
    """Return the superconductors of a family, and compounds alike that are not known to superconduct."""
    table = superconductors(run.dataset(SUPERCON)).table
    member, iron = MEMBERS[discovery.family], discovery.family == "iron-based"
    known = parse(table["formula"].tolist(), file=SUPERCON)
    superconducting = (table["critical_temperature"] > 0).to_numpy()
    dated = table["year"].between(discovery.first, discovery.last).fillna(False).to_numpy(dtype=bool)
    there = member(known) & dated & superconducting
    if iron:
        there &= ~is_precursor(known)
    discovered = known.take(there)
    discovered = discovered.take(some_of(len(discovered), discovery.most))
    # Non-superconductors that no network of this experiment has seen: what the later list adds, or, for
    # cuprates, all of them, since they are kept out of training.
    pool = load_cod(run, later_cod)
    pool = pool.take(~np.isin(reduced_keys(pool), reduced_keys(known)) & pool.holds(METALS[discovery.family]))
    apart = ~np.isin(reduced_keys(pool), reduced_keys(load_cod(run, COD_2007))) if iron else member(pool)
    pool = pool.take(apart)
    pool = pool.take(some_of(len(pool), None if discovery.most is None else 10 * discovery.most))
    pool = pool.take(~same_as_any(pool, discovered))
    near = composition_distance(pool.fractions, known.take(superconducting).fractions) < RELATIVE
    kind = np.select([~member(pool), near], ["metal", "relatives"], default="alike")
    return Tested(discovered.joined(pool), np.concatenate([np.full(len(discovered), "found"), kind]))


def run_iron(run: Run) -> None:
    """Count, model by model, what is predicted of each family, and what else is taken for a superconductor."""
    config: IronConfig = run.config
    for discovery in config.discoveries:
        family = discovery.family
        tested = tested_compositions(run, discovery, config.later_cod)
        discovered = tested.group == "found"
        counts = {name: (tested.group == name).sum() for name in OTHERS}
        run.file_all(f"data/{family}", {"rows": discovered.sum(), **counts, "alike_bare": tested.bare.sum()})
        compared = discovered | (tested.group == "alike")
        if len(set(discovered[compared])) == 2:
            # A rule that knows no chemistry, the smaller the sum of coefficients, the likelier: SuperCon writes
            # formula units and the COD whole cells, so raw coefficients tell the two lists apart.
            auc = roc_auc_score(discovered[compared], -tested.compositions.amounts.sum(axis=1)[compared])
            run.file(f"{family}/formula-size/auc", auc, n=compared.sum())
        rows = training_rows(run, discovery.data, apart_from=tested.compositions, without=WITHOUT[family])
        known = Known.all_but_validation(rows, run.seeds)
        run.file(f"data/{family}/training", len(rows))
        there = np.flatnonzero(MEMBERS[family](rows.compositions) & (rows.part == 0))
        run.file(f"data/{family}/in_training", len(there), n=len(rows))
        run.arrays[f"in-training/{family}"] = [[rows.label(i), float(rows.target[i])] for i in there.tolist()]
        known.score_two_means(run, f"{family}-held")
        members = discovery.members or (len(run.seeds),) * len(discovery.networks)
        for network, count in zip(discovery.networks, members, strict=True):
            some = Known(rows, known.splits[:count])
            trained = some.train(run, network, family, f"{family}-held/{network.name}")
            predicted = trained.predict(of=tested.compositions)
            _count(run, f"{family}/{network.name}", tested, predicted, predicted > 0)
            # Of those predicted to superconduct.
            tc = [p[p > 0].mean() if (p > 0).any() else 0.0 for p in predicted[:, discovered]]
            run.file(f"{family}/{network.name}/mean_tc", tc, "K", discovered.sum())
        above = rows.relabelled(rows.target > 0, "above 0 K")
        run.note_splits(family, known.splits)
        few = known.splits[: config.baseline_seeds]
        for name in discovery.baselines:
            chance = baseline(run, above, name, few, "classification", small=config.small, of=tested.compositions)
            _count(run, f"{family}/{name}", tested, chance, chance >= 0.5)


def _count(run: Run, key: str, tested: Tested, ranked: np.ndarray, positive: np.ndarray) -> None:
    """File what each model (S, n) takes for a superconductor in each group, and how well it tells them apart."""
    discovered, alike = tested.group == "found", tested.group == "alike"
    n = discovered.sum()
    groups = {name: tested.group == name for name in ("found", *OTHERS)}
    run.file(f"{key}/found", positive[:, discovered].sum(axis=1), n=n)
    for name, group in {**groups, "alike_bare": tested.bare}.items():
        if group.any():
            run.file(f"{key}/{name}_share", positive[:, group].mean(axis=1), n=n)
    if alike.any():
        compared = discovered | alike
        auc = [roc_auc_score(discovered[compared], value[compared]) for value in ranked]
        run.file(f"{key}/auc", auc, n=n)
    run.file(f"{key}/runs", len(positive))
    often = positive[:, discovered].mean(axis=0)
    run.arrays[f"often/{key}"] = np.histogram(often, bins=np.linspace(0, 1, 11))[0].tolist()
    formulas = np.array(tested.compositions.formulas)[discovered]
    first = np.argsort(-often, kind="stable")[:20]
    run.arrays[f"most-often/{key}"] = [[str(formulas[i]), float(often[i])] for i in first]
