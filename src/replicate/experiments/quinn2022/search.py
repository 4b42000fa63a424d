"""Search of the Materials Project: Fig. 7 and Table 1 of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from replicate.data.konno import is_iron_based
from replicate.experiments.base import Run
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
    NETWORK,
    NICKELATES,
    NUMEROUS,
    POOL,
    RUTHENATES,
    WARM,
    WARMER,
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
    candidate, established = found.candidate, found.established
    scores = _scores(found, candidate)
    for score, chance, chosen, taught in zip(scores, found.chance, candidate, found.taught, strict=True):
        score |= {
            "crystals": n,
            "superconducting_share": float((chance >= 0.5).mean()),
            "taught_share": float(taught.mean()),
            "positive_share_untaught": float(chosen[~taught].mean()),
        }
    run.add(f"search/{BOTH}", scores, {}, n)
    # The text does not say how the two are joined; its numbers may be those of the regression.
    run.add(f"search/{ALONE}", _scores(found, found.warm), {}, n)
    for name, formulas in (("nickelates", NICKELATES), ("ruthenates", RUTHENATES)):
        _look_up(run, found, name, formulas)
    _list(run, found)
    edges = np.append(np.arange(WARM, 140, 5.0), 1_000.0)
    for name, part in (("established", established), ("new", ~established)):
        tc = np.concatenate([t[c & part] for t, c in zip(found.tc, candidate, strict=True)])
        run.arrays[f"tc/{name}"] = (np.histogram(tc, edges)[0] / len(run.seeds)).tolist()
    run.arrays["tc/edges"] = edges.tolist()


def _scores(found: Searched, chosen: np.ndarray) -> list[dict[str, float]]:
    """Return, seed by seed, how many are chosen, (S, N) booleans, and of which kinds."""
    oxide = found.compositions.holds("O")
    numerous, heavy = (
        np.logical_or.reduce([found.compositions.holds("O", metal) for metal in metals])
        for metals in (NUMEROUS, HEAVY)
    )
    scores = []
    for mine, tc in zip(chosen, found.tc, strict=True):
        new = mine & ~found.established
        of_mine, of_new = max(int(mine.sum()), 1), max(int(new.sum()), 1)
        scores.append(
            {
                "positive_share": float(mine.mean()),
                "listed_share": float((mine & found.listed).sum() / of_mine),
                "known_class_share": float((mine & found.established).sum() / of_mine),
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
    for way, chosen in ((BOTH, found.candidate), (ALONE, found.warm)):
        hits = sum((chosen[:, rows].any(axis=1).astype(float) for rows in there), np.zeros(len(chosen)))
        run.metrics[f"search/{way}/{name}_found"] = Metric("", tuple(hits.tolist()), len(there))
    run.metrics[f"search/{BOTH}/{name}_searched"] = Metric("", (len(there),), len(formulas))


def _said(found: Searched, i: int) -> list[object]:
    """Return id, mean and sd of Tc (K), mean chance, votes, taught at 0 K to any seed, and in SuperCon."""
    tc = found.tc[:, i]
    return [
        str(found.ids[i]),
        round(float(tc.mean()), 1),
        round(float(tc.std(ddof=1)) if len(tc) > 1 else 0.0, 1),
        round(float(found.chance[:, i].mean()), 3),
        int(found.candidate[:, i].sum()),
        bool(found.taught[:, i].any()),
        bool(found.listed[i]),
    ]


def _list(run: Run, found: Searched) -> None:
    """File the candidates outside the known classes that most seeds agree on, the highest mean Tc first."""
    votes = found.candidate.mean(axis=0)
    rows = np.flatnonzero((votes > 0.5) & ~found.established)
    run.metrics["search/ensemble/new_count"] = Metric("", (len(rows),), found.tc.shape[1])
    for symbol in (*NUMEROUS, *HEAVY):
        run.arrays.setdefault("oxides", {})[symbol] = int(found.compositions.holds("O", symbol)[rows].sum())
    best = rows[np.argsort(-found.tc.mean(axis=0)[rows])][:LISTED]
    formulas = formulas_of(per_formula_unit(found.compositions.amounts[best]))
    systems = crystal_systems(found.ids[best].tolist())
    run.arrays["candidates"] = [
        [str(formula), systems[str(found.ids[i])], *_said(found, int(i))]
        for formula, i in zip(formulas, best, strict=True)
    ]


def crystal_systems(names: list[str]) -> dict[str, str]:
    """Return the crystal system of structures by id."""
    return {name: crystal_system(from_cif(text, name)) for name, text in parent_cifs(names)}
