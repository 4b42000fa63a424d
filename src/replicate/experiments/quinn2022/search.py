"""Search of the Materials Project: Fig. 7 and Table 1 of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from replicate.data.konno import is_iron_based
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.assignment import parent_cifs
from replicate.experiments.quinn2022.compounds import (
    load_others,
    load_superconductors,
    superconducting_keys,
    together,
)
from replicate.experiments.quinn2022.configs import SearchConfig
from replicate.experiments.quinn2022.names import (
    ALONE,
    BOTH,
    COMBINED,
    HEAVY,
    LISTED,
    LISTED_KNOWN,
    NAMED,
    NETWORK,
    NUMEROUS,
    POOL,
    WARM,
    WARMER,
    WIDE_IRON,
)
from replicate.experiments.quinn2022.splitting import split
from replicate.experiments.quinn2022.thresholds import classifier
from replicate.features.composition import Compositions, formulas_of, parse, reduced_keys
from replicate.features.crystal import from_cif
from replicate.features.graph_store import archive_graphs
from replicate.features.structure_keys import compositions_of, per_formula_unit
from replicate.parents.polymorphs import crystal_system
from replicate.records import Metric
from replicate.training.checkpoint import content_key


@dataclass(frozen=True, eq=False)
class Searched:
    """Every structure that was searched, and what each seed's pipeline says of it.

    Args:
        ids: (N,) in the Materials Project.
        compositions: N.
        keys: (N,) equal for equal compositions.
        chance: (S, N) of being a superconductor.
        tc: (S, N) K.
        taught: (S, N) booleans: its composition is one of those that the seed's classifier learnt at 0 K.
        listed: (N,) booleans: its composition is in SuperCon.
    """

    ids: np.ndarray
    compositions: Compositions
    keys: np.ndarray
    chance: np.ndarray
    tc: np.ndarray
    taught: np.ndarray
    listed: np.ndarray

    @property
    def warm(self) -> np.ndarray:
        """Return (S, N) booleans: a predicted Tc above 25 K, whatever the classifier says."""
        return np.asarray(self.tc > WARM)

    @property
    def candidate(self) -> np.ndarray:
        """Return (S, N) booleans: taken for a superconductor, with a Tc above 25 K."""
        return np.asarray((self.chance >= 0.5) & self.warm)

    @property
    def established(self) -> np.ndarray:
        """Return (N,) booleans: copper and oxygen, or an iron-based compound."""
        return np.asarray(self.compositions.holds("Cu", "O") | is_iron_based(self.compositions))

    @property
    def widely_established(self) -> np.ndarray:
        """Return (N,) booleans: copper and oxygen, or any iron."""
        return np.asarray(self.compositions.holds("Cu", "O") | self.compositions.holds("Fe"))

    @property
    def ways(self) -> dict[str, np.ndarray]:
        """Return what is taken for a candidate, (S, N) booleans: by both models, or by the regression alone."""
        return {BOTH: self.candidate, ALONE: self.warm}


def everything(most: int | None) -> Crystals:
    """Return all structures of the mirrored Materials Project."""
    stored = archive_graphs(POOL, most=most)
    n = len(stored.graphs)
    return Crystals(
        "searched", content_key(stored.digest, most), stored.graphs, np.arange(n), np.zeros(n, np.float32)
    )


def search(run: Run) -> Searched:
    """Train both ensembles, or take them from their experiments, and ask them about every structure."""
    config: SearchConfig = run.config
    known = load_superconductors(run, config.compounds)
    others = load_others(run, config.compounds)
    splits = [split(known, seed) for seed in run.seeds]
    regression = train_crystals(run, known, replace(config.regression, name=COMBINED), splits, "random")
    both = together(known, others)
    classes, class_splits, _ = classifier(run, both, replace(config.classifier, name=NETWORK), 0)
    pool = everything(config.searched)
    run.say(f"searching {len(pool)} structures")
    compositions = compositions_of(pool.graphs, POOL)
    keys = reduced_keys(compositions)
    names = np.array([*([""] * len(known)), *others.ids])
    place = {one: i for i, one in enumerate(pool.ids)}
    taught = []
    for one in class_splits:
        seen = [place[name] for name in names[np.concatenate([one.train, one.validation])] if name in place]
        taught.append(np.isin(keys, keys[seen]))
    return Searched(
        ids=np.array(pool.ids),
        compositions=compositions,
        keys=keys,
        chance=expit(classes.ask(pool)),
        tc=regression.ask(pool),
        taught=np.stack(taught),
        listed=np.isin(keys, list(superconducting_keys(run, config.compounds))),
    )


def run_search(run: Run) -> None:
    """File how many candidates there are, of which kinds, and the list of those outside the known classes."""
    found = search(run)
    n = found.chance.shape[1]
    # The text does not say how the two models are joined; its numbers may be those of the regression.
    for way, chosen in found.ways.items():
        scores = _scores(found, chosen, found.established)
        if way == BOTH:
            for score, chance, mine, taught in zip(scores, found.chance, chosen, found.taught, strict=True):
                score |= {
                    "crystals": n,
                    "superconducting_share": float((chance >= 0.5).mean()),
                    "taught_share": float(taught.mean()),
                    "positive_share_untaught": float(mine[~taught].mean()),
                }
        run.add(f"search/{way}", scores, {}, n)
        _histogram(run, found, way, chosen)
        _list(run, found, way, chosen)
    wide = _scores(found, found.warm, found.widely_established)
    run.add(f"search-{WIDE_IRON}/{ALONE}", wide, {}, n)
    for name, formulas in NAMED.items():
        _look_up(run, found, name, formulas)
    named = parse([formula for formulas in NAMED.values() for formula in formulas])
    run.metrics["named/paper/cuprates"] = Metric("", (int(named.holds("Cu", "O").sum()),), len(named))


def _histogram(run: Run, found: Searched, way: str, chosen: np.ndarray) -> None:
    """File the mean number per seed of chosen crystals, (S, N) booleans, by predicted Tc."""
    edges = np.append(np.arange(WARM, 140, 5.0), 1_000.0)
    run.arrays["tc/edges"] = edges.tolist()
    for name, part in (("established", found.established), ("new", ~found.established)):
        tc = np.concatenate([t[c & part] for t, c in zip(found.tc, chosen, strict=True)])
        run.arrays[f"tc/{way}/{name}"] = (np.histogram(tc, edges)[0] / len(run.seeds)).tolist()


def _scores(found: Searched, chosen: np.ndarray, established: np.ndarray) -> list[dict[str, float]]:
    """Return, seed by seed, how many are chosen, (S, N) booleans, and of which kinds.

    New is what is of no established class, (N,) booleans, as in the paper.
    """
    oxide = found.compositions.holds("O")
    numerous, heavy = (
        np.logical_or.reduce([found.compositions.holds("O", metal) for metal in metals])
        for metals in (NUMEROUS, HEAVY)
    )
    scores = []
    for mine, tc in zip(chosen, found.tc, strict=True):
        new = mine & ~established
        of_mine, of_new = max(int(mine.sum()), 1), max(int(new.sum()), 1)
        scores.append(
            {
                "positive_share": float(mine.mean()),
                "listed_share": float((mine & found.listed).sum() / of_mine),
                "known_class_share": float((mine & established).sum() / of_mine),
                "new_share": float(new.mean()),
                "new_count": int(new.sum()),
                "new_above_30K": int((new & (tc > WARMER)).sum()),
                "oxygen_share": float((new & oxide).sum() / of_new),
                "ni_pd_ru_ag_oxide_share": float((new & numerous).sum() / of_new),
                "ta_re_os_ir_oxide_share": float((new & heavy).sum() / of_new),
            }
        )
    return scores


def _look_up(run: Run, found: Searched, name: str, formulas: tuple[str, ...]) -> None:
    """File whether named compounds are searched, and whether they are candidates."""
    wanted = reduced_keys(parse(formulas))
    places = {f: np.flatnonzero(found.keys == key) for f, key in zip(formulas, wanted, strict=True)}
    run.arrays[name] = [[formula, *_said(found, int(i))] for formula in formulas for i in places[formula]]
    there = [rows for rows in places.values() if len(rows)]
    for way, chosen in found.ways.items():
        hits = sum((chosen[:, rows].any(axis=1).astype(float) for rows in there), np.zeros(len(chosen)))
        run.metrics[f"search/{way}/{name}_found"] = Metric("", tuple(hits.tolist()), len(there))
    run.metrics[f"search/{BOTH}/{name}_searched"] = Metric("", (len(there),), len(formulas))


def _said(found: Searched, i: int) -> list[object]:
    """Return id, mean and sd of Tc (K), mean chance, votes by way, taught at 0 K to any seed, and in SuperCon."""
    tc = found.tc[:, i]
    return [
        str(found.ids[i]),
        round(float(tc.mean()), 1),
        round(float(tc.std(ddof=1)) if len(tc) > 1 else 0.0, 1),
        round(float(found.chance[:, i].mean()), 3),
        *(int(chosen[:, i].sum()) for chosen in found.ways.values()),
        bool(found.taught[:, i].any()),
        bool(found.listed[i]),
    ]


def _list(run: Run, found: Searched, way: str, chosen: np.ndarray) -> None:
    """File the candidates of most seeds that are of no known class, the highest mean Tc first.

    A composition that SuperCon has was measured: it is counted, but no new candidate.
    """
    most = (chosen.mean(axis=0) > 0.5) & ~found.established
    rows = np.flatnonzero(most & ~found.listed)
    run.metrics[f"search/{way}-majority/new_count"] = Metric("", (len(rows),), found.tc.shape[1])
    known = np.flatnonzero(most & found.listed)
    run.metrics[f"search/{way}-majority/listed_count"] = Metric("", (len(known),), found.tc.shape[1])
    run.arrays[f"oxides/{way}"] = {
        symbol: int(found.compositions.holds("O", symbol)[rows].sum()) for symbol in (*NUMEROUS, *HEAVY)
    }
    best = rows[np.argsort(-found.tc.mean(axis=0)[rows])][:LISTED]
    run.arrays[f"candidates/{way}"] = _described(found, best)
    run.arrays[f"known/{way}"] = _described(
        found, known[np.argsort(-found.tc.mean(axis=0)[known])][:LISTED_KNOWN]
    )


def _described(found: Searched, rows: np.ndarray) -> list[list[object]]:
    """Return formula, crystal system and what the models say of the crystals at ``rows``."""
    if not len(rows):
        return []
    formulas = formulas_of(per_formula_unit(found.compositions.amounts[rows]))
    systems = crystal_systems(found.ids[rows].tolist())
    return [
        [str(formula), systems[str(found.ids[i])], *_said(found, int(i))]
        for formula, i in zip(formulas, rows, strict=True)
    ]


def crystal_systems(names: list[str]) -> dict[str, str]:
    """Return the crystal system of structures by id."""
    return {name: crystal_system(from_cif(text, name)) for name, text in parent_cifs(names)}
