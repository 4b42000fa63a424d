"""Search of the Materials Project: Fig. 7 and Table 1 of Quinn and McQueen 2022."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from replicate.data.konno import is_iron_based
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.quinn2022.assignment import parent_cifs
from replicate.experiments.quinn2022.compounds import (
    draw,
    other_crystals,
    superconducting_keys,
    superconductor_crystals,
)
from replicate.experiments.quinn2022.specs import JOINED, POOL, WIDE_IRON, SearchConfig
from replicate.experiments.quinn2022.thresholds import train_classifier
from replicate.experiments.scoring import spread
from replicate.experiments.train import train
from replicate.features.composition import Compositions, formulas_of, parse, reduced_keys
from replicate.features.crystal import from_cif
from replicate.features.crystal_graph import compositions_of, per_formula_unit
from replicate.features.parents.polymorphs import crystal_system
from replicate.settings import content_key

BOTH, ALONE = "pipeline", "regression"  # classifier and regression, or the regression alone
WARM, WARMER = 25.0, 30.0  # K
DRAWN = 4  # candidates whose structures are kept, to be drawn
NAMED = {
    "nickelates": ("MgNiO2", "CaNiO2", "BaNiO2"),
    "ruthenates": tuple(f"Ba3{metal}IrRuO9" for metal in ("Li", "Na", "Mg", "Ni", "Zn", "Bi", "In")),
    "layered": ("Sr2YCeRuCu2O10", "Sr4Y3CeRu2Cu4O20"),  # Sr2Y1+xCe1-xRuCu2O10 with x = 0 and 0.5
}
"""Group → compounds that the text names among the candidates outside the known classes."""
NUMEROUS = ("Ni", "Pd", "Ru", "Ag")
HEAVY = ("Ta", "Re", "Os", "Ir")


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
    def candidates(self) -> dict[str, np.ndarray]:
        """(S, N) booleans: a Tc above 25 K and a superconductor by both models, or by the regression alone."""
        warm = self.tc > WARM
        return {BOTH: (self.chance >= 0.5) & warm, ALONE: warm}

    def rows(self, places: np.ndarray) -> list[list[object]]:
        """Return id, mean and sd of Tc (K), mean chance, votes by way, taught at 0 K to any seed, and in SuperCon."""
        columns = (
            self.ids[places].tolist(),
            [round(float(tc), 1) for tc in self.tc[:, places].mean(axis=0)],
            [round(float(sd), 1) for sd in spread(self.tc[:, places])],
            [round(float(chance), 3) for chance in self.chance[:, places].mean(axis=0)],
            *(chosen[:, places].sum(axis=0).tolist() for chosen in self.candidates.values()),
            self.taught[:, places].any(axis=0).tolist(),
            self.listed[places].tolist(),
        )
        return [list(row) for row in zip(*columns, strict=True)]


def search(run: Run) -> Searched:
    """Train both ensembles, or take them from their experiments, and predict for every structure."""
    config: SearchConfig = run.config
    known = superconductor_crystals(run, config.compounds)
    others = other_crystals(run, config.compounds)
    regression = train(run, known, config.regression, draw(run, known), "random")
    classes, class_splits, _ = train_classifier(run, known.joined(others, JOINED), config.classifier, 0)
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
    n, established = len(searched.ids), searched.established
    edges = np.append(np.arange(WARM, 140, 5.0), 1_000.0)
    run.arrays["tc/edges"] = edges.tolist()
    # The text does not say how the two models are joined; its numbers may be those of the regression.
    for way, chosen in searched.candidates.items():
        score_candidates(run, f"search/{way}", searched, chosen, established)
        for name, part in (("established", established), ("new", ~established)):
            counts = np.histogram(searched.tc[chosen & part], edges)[0]
            run.arrays[f"tc/{way}/{name}"] = (counts / len(run.seeds)).tolist()  # the mean over seeds
        list_candidates(run, searched, way, chosen)
    untaught = zip(searched.candidates[BOTH], ~searched.taught, strict=True)
    scores = {
        "crystals": [n] * len(run.seeds),
        "superconducting_share": (searched.chance >= 0.5).mean(axis=1),
        "taught_share": searched.taught.mean(axis=1),
        "positive_share_untaught": [chosen[new].mean() for chosen, new in untaught],
    }
    run.file_all(f"search/{BOTH}", scores, n=n)
    holds = searched.compositions.holds
    wide = holds("Cu", "O") | holds("Fe")
    score_candidates(run, f"search-{WIDE_IRON}/{ALONE}", searched, searched.candidates[ALONE], wide)
    for name, formulas in NAMED.items():
        places = [np.flatnonzero(searched.keys == key) for key in reduced_keys(parse(formulas))]
        pairs = zip(formulas, places, strict=True)
        run.arrays[name] = [[formula, *row] for formula, rows in pairs for row in searched.rows(rows)]
        there = [rows for rows in places if len(rows)]
        for way, chosen in searched.candidates.items():
            hits = [float(sum(mine[rows].any() for rows in there)) for mine in chosen]
            run.file(f"search/{way}/{name}_found", hits, n=len(there))
        run.file(f"search/{BOTH}/{name}_searched", len(there), n=len(formulas))
    named = parse([formula for formulas in NAMED.values() for formula in formulas])
    run.file("named/paper/cuprates", named.holds("Cu", "O").sum(), n=len(named))


def score_candidates(run: Run, name: str, searched: Searched, chosen: np.ndarray, established: np.ndarray) -> None:
    """File, seed by seed, how many are chosen, (S, N) booleans, and of which kinds.

    New is what is of no established class, (N,) booleans, as in the paper.
    """
    holds = searched.compositions.holds
    numerous, heavy = (np.logical_or.reduce([holds("O", metal) for metal in metals]) for metals in (NUMEROUS, HEAVY))
    new = chosen & ~established
    n_chosen, n_new = (np.maximum(part.sum(axis=1), 1) for part in (chosen, new))
    scores = {
        "positive_share": chosen.mean(axis=1),
        "listed_share": (chosen & searched.listed).sum(axis=1) / n_chosen,
        "known_class_share": (chosen & established).sum(axis=1) / n_chosen,
        "new_share": new.mean(axis=1),
        "new_count": new.sum(axis=1),
        "new_above_30K": (new & (searched.tc > WARMER)).sum(axis=1),
        "oxygen_share": (new & holds("O")).sum(axis=1) / n_new,
        "ni_pd_ru_ag_oxide_share": (new & numerous).sum(axis=1) / n_new,
        "ta_re_os_ir_oxide_share": (new & heavy).sum(axis=1) / n_new,
    }
    run.file_all(name, scores, n=len(searched.ids))


def list_candidates(run: Run, searched: Searched, way: str, chosen: np.ndarray) -> None:
    """File the candidates of most seeds that are of no known class, the highest mean Tc first.

    A composition that SuperCon has was measured: it is counted, but no new candidate.
    """
    tc = searched.tc.mean(axis=0)
    most = (chosen.mean(axis=0) > 0.5) & ~searched.established
    new, known = most & ~searched.listed, most & searched.listed
    run.arrays[f"oxides/{way}"] = {
        symbol: int(searched.compositions.holds("O", symbol)[new].sum()) for symbol in (*NUMEROUS, *HEAVY)
    }
    for name, count, part, length in (("candidates", "new", new, 300), ("known", "listed", known, 30)):
        places = np.flatnonzero(part)
        run.file(f"search/{way}-majority/{count}_count", len(places), n=len(tc))
        places = places[np.argsort(-tc[places])][:length]
        amounts = searched.compositions.amounts[places]
        formulas = formulas_of(per_formula_unit(amounts)).tolist() if len(places) else []
        systems = crystal_systems(searched.ids[places].tolist())
        pairs = zip(formulas, searched.rows(places), strict=True)
        run.arrays[f"{name}/{way}"] = [[formula, systems[str(row[0])], *row] for formula, row in pairs]
        if part is new:
            texts = dict(parent_cifs(first := searched.ids[places[:DRAWN]].tolist()))
            run.arrays[f"structures/{way}"] = [[one, texts[one]] for one in first]


def crystal_systems(names: list[str]) -> dict[str, str]:
    """Return the crystal system of structures by id."""
    return {name: crystal_system(from_cif(text, name)) for name, text in parent_cifs(names)}
