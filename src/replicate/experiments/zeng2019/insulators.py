"""ATCNN-II: superconductors mixed with insulators at 0 K (Table 1, Fig. 2d, Fig. S3 of Zeng et al. 2019).

Shape legend: N rows, S seeds, n test rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from sklearn.metrics import roc_auc_score

from replicate.data.supercon import LAST_ELEMENT, related
from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, draw, read_table
from replicate.experiments.supervised import train_all
from replicate.experiments.train import Trained, release, train
from replicate.experiments.zeng2019.configs import ATCNN_I, ATCNN_II, InsulatorsConfig
from replicate.experiments.zeng2019.superconductors import (
    UNITS,
    load_negatives,
    load_superconductors,
    score_groups,
)
from replicate.features.composition import Compositions, first_of_each, reduced_keys


@dataclass(frozen=True, eq=False)
class Mixed:
    """Superconductors and insulators together, and the two networks.

    Args:
        superconductors: the first rows of ``rows``.
        rows: superconductors, then insulators at 0 K.
        splits: one per seed; the superconductors fall as they do without the insulators.
        atcnn_i, atcnn_ii: the networks.
    """

    superconductors: Rows
    rows: Rows
    splits: list[Split]
    atcnn_i: Trained
    atcnn_ii: Trained


def train_mixed(
    run: Run, config: InsulatorsConfig, variant: str = "", atcnn_i: Trained | None = None
) -> Mixed:
    """Train ATCNN-I, unless it is at hand, and ATCNN-II with the insulators of the settings or of a variant."""
    known = load_superconductors(run, config.tc)
    mixed = known.joined(load_negatives(run, variant or config.insulators, known, config.most))
    second = config.variant_network if variant and config.variant_network else config.network
    atcnn_i = atcnn_i or train(run, known, config.tc.networks[0], draw(run, known, config.tc), ATCNN_I)
    splits = draw(run, mixed, config.tc)
    return Mixed(known, mixed, splits, atcnn_i, train(run, mixed, second, splits, variant))


def run_insulators(run: Run) -> None:
    """Score ATCNN-I and ATCNN-II on superconductors, on insulators and on both."""
    config: InsulatorsConfig = run.config
    tc = config.tc
    mixed = train_mixed(run, config)
    known, rows = mixed.superconductors, mixed.rows
    run.file("data/insulators/rows", len(run.dataset(config.insulators).table))
    trees = partial(train_all, run, rows, baselines=config.baselines, task=tc.task, small=tc.quick_baselines)
    _, predictions = trees(networks=(), splits=mixed.splits)
    predictions[ATCNN_I] = mixed.atcnn_i.predict([s.test for s in mixed.splits], of=rows)
    predictions[ATCNN_II] = mixed.atcnn_ii.predict_tests(mixed.splits)
    score_mixed(run, known, rows, mixed.splits, predictions)
    if tc.release:
        release(run, rows, mixed.atcnn_ii, mixed.splits, tc.release[1], tc.column, tc.unit)

    by_system = draw(run, rows, tc, "system")
    _, predictions = trees(networks=[config.network] if config.network_by_system else [], splits=by_system)
    score_mixed(run, known, rows, by_system, predictions, prefix="system-")
    if config.listed:
        _score_listed(run, config, mixed)
    for variant in config.variants:
        other = train_mixed(run, config, variant, mixed.atcnn_i)
        predictions = {ATCNN_II: other.atcnn_ii.predict_tests(other.splits)}
        score_mixed(run, known, other.rows, other.splits, predictions, prefix=f"{variant}-")


def score_mixed(
    run: Run,
    superconductors: Rows,
    rows: Rows,
    splits: Sequence[Split],
    predictions: Mapping[str, np.ndarray],
    prefix: str = "",
) -> list[np.ndarray]:
    """File the scores of (S, n) test predictions; return which test rows are superconductors, S times (n,)."""
    positive = [s.test < len(superconductors) for s in splits]
    measured = [rows.target[s.test] for s in splits]
    n = len(measured[0])
    # No superconductor of the authors holds an element beyond radon, but some of their insulators do.
    heavy = rows.compositions.beyond(LAST_ELEMENT)
    light = [~known & ~heavy[s.test] for known, s in zip(positive, splits, strict=True)]
    for model, predicted in predictions.items():
        per_seed = list(zip(measured, predicted, positive, strict=True))
        run.add(f"{prefix}all/{model}", [metrics.regression_metrics(t, p) for t, p, _ in per_seed], UNITS, n)
        # Every superconductor counts as one, also the few that the authors list at 0 K.
        auc = [roc_auc_score(known, p) for _, p, known in per_seed]
        run.file(f"{prefix}all/{model}/auc", auc, n=n)
        scores = [
            {**metrics.regression_metrics(t[known], p[known]), "misclassified": float((p[known] <= 0).mean())}
            for t, p, known in per_seed
        ]
        run.add(f"{prefix}superconductors/{model}", scores, UNITS, int(positive[0].sum()))
        wrong = [
            {"misclassified": float((p[~known] > 0).mean()), "mae": float(np.abs(p[~known]).mean())}
            for _, p, known in per_seed
        ]
        run.add(f"{prefix}insulators/{model}", wrong, UNITS, int((~positive[0]).sum()))
        covered = [(p[c] > 0).mean() for p, c in zip(predicted, light, strict=True)]
        run.file(f"{prefix}insulators-to-radon/{model}/misclassified", covered, n=light[0].sum())
        run.arrays[f"confusion/{prefix}{model}"] = [
            metrics.confusion(known, (p > 0).astype(float)) for _, p, known in per_seed
        ]
        if prefix:
            continue
        # A random split has as many superconductors for every seed.
        alone = np.stack([p[known] for _, p, known in per_seed])
        targets = np.stack([t[known] for t, _, known in per_seed])
        limits = (0.0, float(rows.target.max()))
        run.arrays[f"parity/superconductors/{model}"] = metrics.parity_histogram(
            targets.ravel(), alone.ravel(), limits=limits
        )
        # Per kelvin, zeros apart.
        edges = np.concatenate([[0.0, 1e-6], np.arange(1, 31.0), [np.inf]])
        counts = [np.histogram(p[~known], bins=edges)[0] for _, p, known in per_seed]
        run.arrays[f"predicted/insulators/{model}"] = {
            "edges": [*edges[:-1].tolist(), 999.0],
            "rows": np.mean(counts, axis=0).tolist(),
        }
        without = [replace(s, test=s.test[known]) for s, known in zip(splits, positive, strict=True)]
        score_groups(run, rows, without, model, alone)
    return positive


def listed_at_zero(run: Run, config: InsulatorsConfig, known: np.ndarray) -> Compositions:
    """Return the compositions that a list gives 0 K and nobody a Tc above, and that are not among ``known`` keys.

    0 K means that no superconductivity was seen, or that none was reported.
    """
    tables = [read_table(run, name) for name in (config.listed, *config.contradicting)]
    superconducting = np.concatenate([reduced_keys(listed)[tc > 0] for listed, tc in tables])
    compositions, tc = tables[0]
    keys = reduced_keys(compositions)
    chosen = (tc == 0) & first_of_each(keys) & ~compositions.beyond(LAST_ELEMENT) & ~related(compositions)
    return compositions.take(chosen & ~np.isin(keys, superconducting) & ~np.isin(keys, known))


def _score_listed(run: Run, config: InsulatorsConfig, mixed: Mixed) -> None:
    """File how often compositions listed at 0 K get a Tc above 0 and 10 K, those with Cu and O apart."""
    normal = listed_at_zero(run, config, mixed.rows.groups("composition"))
    oxide = normal.holds("Cu", "O")
    parts = {"listed-at-zero": oxide | ~oxide, "with-cu-o": oxide, "without-cu-o": ~oxide}
    for model, trained in ((ATCNN_I, mixed.atcnn_i), (ATCNN_II, mixed.atcnn_ii)):
        predicted = trained.predict(of=normal)
        for label, chosen in parts.items():
            for name, bar in (("misclassified", 0), ("above_10_K", 10)):
                share = [(p[chosen] > bar).mean() for p in predicted]
                run.file(f"{label}/{model}/{name}", share, n=chosen.sum())
