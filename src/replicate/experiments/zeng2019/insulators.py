"""ATCNN-II: superconductors mixed with insulators at 0 K (Table 1, Fig. 2d, Fig. S3 of Zeng et al. 2019).

Shape legend: N rows, S seeds, n test rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from replicate.data.supercon import LAST_ELEMENT, related
from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.base import Run
from replicate.experiments.learners import predict_with_baseline
from replicate.experiments.networks import train_network
from replicate.experiments.rows import Rows
from replicate.experiments.superconductors import UNITS, load_negatives, load_superconductors, score_groups
from replicate.experiments.supervised import release
from replicate.experiments.zeng2019.configs import ATCNN_I, ATCNN_II, InsulatorsConfig
from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions, first_of_each, parse, reduced_keys
from replicate.records import Metric
from replicate.training.fit import FitResult, predict


@dataclass(frozen=True, eq=False)
class Mixed:
    """Superconductors and insulators together, and the two networks.

    Args:
        superconductors: the first rows of ``rows``.
        rows: superconductors, then insulators at 0 K.
        splits: one per seed; the superconductors fall as they do without the insulators.
        one, two: ATCNN-I, ATCNN-II.
    """

    superconductors: Rows
    rows: Rows
    splits: list[Split]
    one: FitResult
    two: FitResult


def train_mixed(run: Run, config: InsulatorsConfig, variant: str = "", one: FitResult | None = None) -> Mixed:
    """Train ATCNN-I and ATCNN-II, or take up what was trained before.

    Args:
        run: takes progress, history and time.
        config: the settings.
        variant: dataset of other insulators.
        one: ATCNN-I where it is at hand.
    """
    known = load_superconductors(run, config.tc)
    mixed = known.joined(load_negatives(run, variant or config.insulators, known, config.most))
    second = config.variant_network if variant and config.variant_network else config.network
    one = one or train_network(run, config.tc, known, config.tc.networks[0], "random", label=ATCNN_I)
    two = train_network(run, config.tc, mixed, second, "random", label=variant)
    splits = [mixed.split("random", seed, config.tc) for seed in run.seeds]
    return Mixed(known, mixed, splits, one, two)


def run_insulators(run: Run) -> None:
    """Score ATCNN-I and ATCNN-II on superconductors, on insulators and on both."""
    config: InsulatorsConfig = run.config
    mixed = train_mixed(run, config)
    tables = torch.from_numpy(atom_table(mixed.rows.compositions))
    tests = np.stack([s.test for s in mixed.splits])
    found = {
        ATCNN_I: predict(mixed.one, tables, tests),
        ATCNN_II: predict(mixed.two, tables, tests),
    }
    for name in config.baselines:
        found[name] = predict_with_baseline(run, config.tc, mixed.rows, name, mixed.splits)
    run.metrics["data/insulators/rows"] = Metric("", (len(run.dataset(config.insulators).table),), None)
    score_mixed(run, mixed.superconductors, mixed.rows, mixed.splits, found)
    release(run, config.tc, mixed.rows, config.network, mixed.two)

    score_by_system(run, config, mixed.superconductors, mixed.rows)
    if config.listed:
        _score_listed(run, config, mixed)
    for variant in config.variants:
        other = train_mixed(run, config, variant, mixed.one)
        tables = torch.from_numpy(atom_table(other.rows.compositions))
        tests = np.stack([s.test for s in other.splits])
        predicted = {ATCNN_II: predict(other.two, tables, tests)}
        score_mixed(run, other.superconductors, other.rows, other.splits, predicted, prefix=f"{variant}-")


def score_by_system(run: Run, config: InsulatorsConfig, known: Rows, rows: Rows) -> None:
    """Score the trees, and ATCNN-II where the settings say so, when a chemical system stays on one side of the split.

    Args:
        run: takes the scores, under ``system-``.
        config: the settings.
        known: the superconductors.
        rows: superconductors, then insulators.
    """
    splits = [rows.split("system", seed, config.tc) for seed in run.seeds]
    found = {name: predict_with_baseline(run, config.tc, rows, name, splits) for name in config.baselines}
    if config.network_by_system:
        result = train_network(run, config.tc, rows, config.network, "system")
        tables = torch.from_numpy(atom_table(rows.compositions))
        found[ATCNN_II] = predict(result, tables, np.stack([s.test for s in splits]))
    score_mixed(run, known, rows, splits, found, prefix="system-")


def score_mixed(
    run: Run,
    superconductors: Rows,
    rows: Rows,
    splits: Sequence[Split],
    found: Mapping[str, np.ndarray],
    prefix: str = "",
) -> list[np.ndarray]:
    """File the scores of (S, n) test predictions; return which test rows are superconductors, S times (n,)."""
    positive = [s.test < len(superconductors) for s in splits]
    measured = [rows.target[s.test] for s in splits]
    heavy = rows.compositions.beyond(LAST_ELEMENT)
    for model, predicted in found.items():
        per_seed = list(zip(measured, predicted, positive, strict=True))
        n = len(measured[0])
        run.add(f"{prefix}all/{model}", [metrics.regression_metrics(t, p) for t, p, _ in per_seed], UNITS, n)
        # Every superconductor counts as one, also the few that the authors list at 0 K.
        auc = [{"auc": float(roc_auc_score(known, p))} for _, p, known in per_seed]
        run.add(f"{prefix}all/{model}", auc, {}, n)
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
        # No superconductor of the authors holds an element beyond radon, but some of their insulators do.
        light = [~known & ~heavy[s.test] for known, s in zip(positive, splits, strict=True)]
        covered = [{"misclassified": float((p[c] > 0).mean())} for p, c in zip(predicted, light, strict=True)]
        run.add(f"{prefix}insulators-to-radon/{model}", covered, {}, int(light[0].sum()))
        run.arrays[f"confusion/{prefix}{model}"] = [
            metrics.confusion(known, (p > 0).astype(float)) for _, p, known in per_seed
        ]
        if not prefix:  # a random split has as many superconductors for every seed
            alone = np.stack([p[known] for _, p, known in per_seed])
            targets = np.stack([t[known] for t, _, known in per_seed])
            limits = (0.0, float(rows.target.max()))
            run.arrays[f"parity/superconductors/{model}"] = metrics.parity_histogram(
                targets.ravel(), alone.ravel(), limits=limits
            )
            run.arrays[f"predicted/insulators/{model}"] = _histogram([p[~known] for _, p, known in per_seed])
            without_insulators = [
                Split("superconductors", s.seed, s.train, s.validation, s.test[known])
                for s, known in zip(splits, positive, strict=True)
            ]
            score_groups(run, rows, without_insulators, model, alone)
    return positive


def _histogram(values: Sequence[np.ndarray]) -> dict[str, list[float]]:
    """Return the mean count per kelvin of predicted Tc, zeros apart."""
    edges = np.concatenate([[0.0, 1e-6], np.arange(1, 31.0), [np.inf]])
    counts = np.mean([np.histogram(v, bins=edges)[0] for v in values], axis=0)
    return {"edges": [*edges[:-1].tolist(), 999.0], "rows": counts.tolist()}


def listed_at_zero(run: Run, config: InsulatorsConfig, known: np.ndarray) -> Compositions:
    """Return the compositions that a list gives 0 K and nobody a Tc above, and that are not among ``known`` keys.

    0 K means that no superconductivity was found, or that none was reported.
    """
    tables = {}
    for name in (config.listed, *config.contradicting):
        table = run.dataset(name).table
        compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
        tc = table["critical_temperature"].to_numpy()[compositions.rows]
        tables[name] = (compositions, reduced_keys(compositions), tc)
    superconducting = np.concatenate([keys[tc > 0] for _, keys, tc in tables.values()])
    compositions, keys, tc = tables[config.listed]
    chosen = (tc == 0) & first_of_each(keys) & ~compositions.beyond(LAST_ELEMENT) & ~related(compositions)
    return compositions.take(chosen & ~np.isin(keys, superconducting) & ~np.isin(keys, known))


def _score_listed(run: Run, config: InsulatorsConfig, mixed: Mixed) -> None:
    """File how often compositions listed at 0 K get a Tc above 0 and 10 K, those with Cu and O apart."""
    normal = listed_at_zero(run, config, mixed.rows.groups["composition"])
    tables = torch.from_numpy(atom_table(normal))
    oxide = normal.holds("Cu", "O")
    for model, result in ((ATCNN_I, mixed.one), (ATCNN_II, mixed.two)):
        predicted = predict(result, tables)
        for label, chosen in {
            "listed-at-zero": oxide | ~oxide,
            "with-cu-o": oxide,
            "without-cu-o": ~oxide,
        }.items():
            scores = [
                {"misclassified": float((p[chosen] > 0).mean()), "above_10_K": float((p[chosen] > 10).mean())}
                for p in predicted
            ]
            run.add(f"{label}/{model}", scores, {}, int(chosen.sum()))
