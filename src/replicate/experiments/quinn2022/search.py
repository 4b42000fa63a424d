"""Search of the Materials Project: Fig. 7 and Table 1 of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from replicate.data.konno import is_iron_based
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.assignment import parent_cifs
from replicate.experiments.quinn2022.compounds import (
    other_crystals,
    split,
    superconducting_keys,
    superconductor_crystals,
)
from replicate.experiments.quinn2022.configs import (
    ALONE,
    BOTH,
    HEAVY,
    JOINED,
    LISTED,
    LISTED_KNOWN,
    NAMED,
    NUMEROUS,
    POOL,
    WARM,
    WARMER,
    WIDE_IRON,
    SearchConfig,
)
from replicate.experiments.quinn2022.thresholds import train_classifier
from replicate.experiments.train import train
from replicate.features.composition import Compositions, formulas_of, parse, reduced_keys
from replicate.features.crystal import from_cif
from replicate.features.graph_store import archive_graphs
from replicate.features.structure_keys import compositions_of, per_formula_unit
from replicate.parents.polymorphs import crystal_system
from replicate.settings import content_key


@dataclass(frozen=True, eq=False)
class Searched:
    """Every structure that was searched, and what each seed's models predict for it."""

    ids: np.ndarray  # (N,) in the Materials Project
    compositions: Compositions
    keys: np.ndarray  # (N,) equal for equal compositions
    chance: np.ndarray  # (S, N) of being a superconductor
    tc: np.ndarray  # (S, N) K
    taught: np.ndarray  # (S, N) booleans: the seed's classifier was trained on its composition, at 0 K
    listed: np.ndarray  # (N,) booleans: its composition is in SuperCon

    @property
    def established(self) -> np.ndarray:
        """(N,) booleans: copper and oxygen, or an iron-based compound."""
        return np.asarray(self.compositions.holds("Cu", "O") | is_iron_based(self.compositions))

    @property
    def widely_established(self) -> np.ndarray:
        """(N,) booleans: copper and oxygen, or any iron."""
        return np.asarray(self.compositions.holds("Cu", "O") | self.compositions.holds("Fe"))

    @property
    def candidates(self) -> dict[str, np.ndarray]:
        """(S, N) booleans: a Tc above 25 K and a superconductor by both models, or by the regression alone."""
        warm = self.tc > WARM
        return {BOTH: (self.chance >= 0.5) & warm, ALONE: warm}


def search(run: Run) -> Searched:
    """Train both ensembles, or take them from their experiments, and predict for every structure."""
    config: SearchConfig = run.config
    known = superconductor_crystals(run, config.compounds)
    others = other_crystals(run, config.compounds)
    splits = [split(known, seed) for seed in run.seeds]
    regression = train(run, known, config.regression, splits, "random")
    everyone = known.joined(others, JOINED)
    classes, class_splits, _ = train_classifier(run, everyone, config.classifier, 0)
    stored = archive_graphs(POOL, most=config.searched)
    n = len(stored.graphs)
    key = content_key(stored.digest, config.searched)
    pool = Crystals("searched", key, stored.graphs, np.arange(n), np.zeros(n, np.float32))
    run.say(f"searching {n} structures")
    compositions = compositions_of(pool.graphs, POOL)
    keys = reduced_keys(compositions)
    names = np.array([*([""] * len(known)), *others.ids])
    taught = [names[np.concatenate([s.train, s.validation])] for s in class_splits]
    return Searched(
        ids=np.array(pool.ids),
        compositions=compositions,
        keys=keys,
        chance=classes.predict(of=pool),
        tc=regression.predict(of=pool),
        taught=np.stack([np.isin(keys, keys[pool.named_in(seen)]) for seen in taught]),
        listed=np.isin(keys, list(superconducting_keys(run, config.compounds))),
    )


def run_search(run: Run) -> None:
    """File how many candidates there are, of which kinds, and the list of those outside the known classes."""
    searched = search(run)
    n = len(searched.ids)
    # The text does not say how the two models are joined; its numbers may be those of the regression.
    for way, chosen in searched.candidates.items():
        run.add(f"search/{way}", scores_of(searched, chosen, searched.established), {}, n)
        _file_histogram(run, searched, way, chosen)
        list_candidates(run, searched, way, chosen)
    shares = [
        {
            "crystals": n,
            "superconducting_share": float((chance >= 0.5).mean()),
            "taught_share": float(taught.mean()),
            "positive_share_untaught": float(chosen[~taught].mean()),
        }
        for chance, taught, chosen in zip(
            searched.chance, searched.taught, searched.candidates[BOTH], strict=True
        )
    ]
    run.add(f"search/{BOTH}", shares, {}, n)
    wide = scores_of(searched, searched.candidates[ALONE], searched.widely_established)
    run.add(f"search-{WIDE_IRON}/{ALONE}", wide, {}, n)
    for name, formulas in NAMED.items():
        _look_up(run, searched, name, formulas)
    named = parse([formula for formulas in NAMED.values() for formula in formulas])
    run.file("named/paper/cuprates", named.holds("Cu", "O").sum(), n=len(named))


def _file_histogram(run: Run, searched: Searched, way: str, chosen: np.ndarray) -> None:
    """File the mean number per seed of chosen crystals, (S, N) booleans, by predicted Tc."""
    edges = np.append(np.arange(WARM, 140, 5.0), 1_000.0)
    run.arrays["tc/edges"] = edges.tolist()
    for name, part in (("established", searched.established), ("new", ~searched.established)):
        counts = np.histogram(searched.tc[chosen & part], edges)[0]
        run.arrays[f"tc/{way}/{name}"] = (counts / len(run.seeds)).tolist()


def scores_of(searched: Searched, chosen: np.ndarray, established: np.ndarray) -> list[dict[str, float]]:
    """Return, seed by seed, how many are chosen, (S, N) booleans, and of which kinds.

    New is what is of no established class, (N,) booleans, as in the paper.
    """
    holds = searched.compositions.holds
    numerous, heavy = (
        np.logical_or.reduce([holds("O", metal) for metal in metals]) for metals in (NUMEROUS, HEAVY)
    )
    scores = []
    for mine, tc in zip(chosen, searched.tc, strict=True):
        new = mine & ~established
        n_mine, n_new = max(int(mine.sum()), 1), max(int(new.sum()), 1)
        scores.append(
            {
                "positive_share": float(mine.mean()),
                "listed_share": float((mine & searched.listed).sum() / n_mine),
                "known_class_share": float((mine & established).sum() / n_mine),
                "new_share": float(new.mean()),
                "new_count": int(new.sum()),
                "new_above_30K": int((new & (tc > WARMER)).sum()),
                "oxygen_share": float((new & holds("O")).sum() / n_new),
                "ni_pd_ru_ag_oxide_share": float((new & numerous).sum() / n_new),
                "ta_re_os_ir_oxide_share": float((new & heavy).sum() / n_new),
            }
        )
    return scores


def _look_up(run: Run, searched: Searched, name: str, formulas: tuple[str, ...]) -> None:
    """File whether named compounds are searched, and whether they are candidates."""
    keys = reduced_keys(parse(formulas))
    places = [np.flatnonzero(searched.keys == key) for key in keys]
    run.arrays[name] = [
        [formula, *_predictions_of(searched, i)]
        for formula, rows in zip(formulas, places, strict=True)
        for i in rows.tolist()
    ]
    there = [rows for rows in places if len(rows)]
    for way, chosen in searched.candidates.items():
        hits = [float(sum(mine[rows].any() for rows in there)) for mine in chosen]
        run.file(f"search/{way}/{name}_found", hits, n=len(there))
    run.file(f"search/{BOTH}/{name}_searched", len(there), n=len(formulas))


def _predictions_of(searched: Searched, i: int) -> list[object]:
    """Return id, mean and sd of Tc (K), mean chance, votes by way, taught at 0 K to any seed, and in SuperCon."""
    tc = searched.tc[:, i]
    return [
        str(searched.ids[i]),
        round(float(tc.mean()), 1),
        round(float(tc.std(ddof=1)) if len(tc) > 1 else 0.0, 1),
        round(float(searched.chance[:, i].mean()), 3),
        *(int(chosen[:, i].sum()) for chosen in searched.candidates.values()),
        bool(searched.taught[:, i].any()),
        bool(searched.listed[i]),
    ]


def list_candidates(run: Run, searched: Searched, way: str, chosen: np.ndarray) -> None:
    """File the candidates of most seeds that are of no known class, the highest mean Tc first.

    A composition that SuperCon has was measured: it is counted, but no new candidate.
    """
    tc = searched.tc.mean(axis=0)
    most = (chosen.mean(axis=0) > 0.5) & ~searched.established
    new, known = np.flatnonzero(most & ~searched.listed), np.flatnonzero(most & searched.listed)
    for name, rows in (("new_count", new), ("listed_count", known)):
        run.file(f"search/{way}-majority/{name}", len(rows), n=len(tc))
    run.arrays[f"oxides/{way}"] = {
        symbol: int(searched.compositions.holds("O", symbol)[new].sum()) for symbol in (*NUMEROUS, *HEAVY)
    }
    for name, rows, length in (("candidates", new, LISTED), ("known", known, LISTED_KNOWN)):
        rows = rows[np.argsort(-tc[rows])][:length]
        amounts = searched.compositions.amounts[rows]
        formulas = formulas_of(per_formula_unit(amounts)).tolist() if len(rows) else []
        systems = crystal_systems(searched.ids[rows].tolist())
        run.arrays[f"{name}/{way}"] = [
            [formula, systems[str(searched.ids[i])], *_predictions_of(searched, i)]
            for formula, i in zip(formulas, rows.tolist(), strict=True)
        ]


def crystal_systems(names: list[str]) -> dict[str, str]:
    """Return the crystal system of structures by id."""
    return {name: crystal_system(from_cif(text, name)) for name, text in parent_cifs(names)}
