"""ATCNN-II: superconductors mixed with insulators at 0 K (Table 1, Fig. 2d, Fig. S3 of Zeng et al. 2019)."""

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
from replicate.experiments.samples import Rows, draw, read_table, targets, tests, where
from replicate.experiments.scoring import Tests, score_errors
from replicate.experiments.supervised import train_all
from replicate.experiments.train import Trained, release, train
from replicate.experiments.verification import stored
from replicate.experiments.zeng2019.specs import ATCNN_I, ATCNN_II, InsulatorsConfig
from replicate.experiments.zeng2019.superconductors import load_negatives, load_superconductors, score_groups
from replicate.features.composition import first_of_each, reduced_keys


@dataclass(frozen=True, eq=False)
class Mixed:
    """Superconductors and insulators together, and the two networks."""

    superconductors: Rows
    rows: Rows  # superconductors (part 0), then insulators at 0 K
    splits: list[Split]  # the superconductors fall as they do without the insulators
    atcnn_i: Trained
    atcnn_ii: Trained


def mixed_rows(run: Run, config: InsulatorsConfig, variant: str = "") -> tuple[Rows, Rows]:
    """Return the superconductors, and the same with the insulators of the settings or of a variant."""
    known = load_superconductors(run, config.tc)
    return known, known.joined(load_negatives(run, variant or config.insulators, known, config.most))


def train_mixed(run: Run, config: InsulatorsConfig, variant: str = "", atcnn_i: Trained | None = None) -> Mixed:
    """Train ATCNN-I, unless it is at hand, and ATCNN-II with the insulators of the settings or of a variant."""
    known, mixed = mixed_rows(run, config, variant)
    second = config.variant_network if variant and config.variant_network else config.network
    atcnn_i = atcnn_i or train(run, known, config.tc.networks[0], draw(run, known, config.tc), ATCNN_I)
    splits = draw(run, mixed, config.tc)
    return Mixed(known, mixed, splits, atcnn_i, train(run, mixed, second, splits, variant))


def run_tc_insulators(run: Run) -> None:
    """Score ATCNN-I and ATCNN-II on superconductors, on insulators and on both."""
    config: InsulatorsConfig = run.config
    tc = config.tc
    mixed = train_mixed(run, config)
    rows = mixed.rows
    run.file("data/insulators/rows", len(run.dataset(config.insulators).table))
    trees = partial(train_all, run, rows, baselines=config.baselines, task=tc.task, small=tc.quick_baselines)
    _, predictions = trees(networks=(), splits=mixed.splits)
    predictions[ATCNN_I] = mixed.atcnn_i.predict(tests(mixed.splits), of=rows)
    predictions[ATCNN_II] = mixed.atcnn_ii.predict_tests(mixed.splits)
    score_mixed(run, rows, mixed.splits, predictions)
    if tc.release:
        superconducting = superconductor_tests(rows, mixed.splits)
        release(run, rows, mixed.atcnn_ii, superconducting, tc.release[1], tc.column, tc.unit)

    by_system = draw(run, rows, tc, "system")
    _, predictions = trees(networks=[config.network] if config.network_by_system else [], splits=by_system)
    score_mixed(run, rows, by_system, predictions, prefix="system-")
    if config.listed:
        _score_listed(run, config, mixed)
    for variant in config.variants:
        other = train_mixed(run, config, variant, mixed.atcnn_i)
        predictions = {ATCNN_II: other.atcnn_ii.predict_tests(other.splits)}
        score_mixed(run, other.rows, other.splits, predictions, prefix=f"{variant}-")


def check_insulators(run: Run) -> tuple[Rows, Tests]:
    """Note the splits of both networks, score the released ensemble, ATCNN-II, and return its tests."""
    config: InsulatorsConfig = run.config
    known, mixed = mixed_rows(run, config)
    splits = draw(run, mixed, config.tc)
    run.note_splits(ATCNN_I, draw(run, known, config.tc))
    run.note_splits("random", splits)
    if config.tc.release is None:
        return mixed, {}
    trained = stored(run, mixed, config.network, config.tc.release[1])
    score_mixed(run, mixed, splits, {ATCNN_II: trained.predict_tests(splits)})
    splits = superconductor_tests(mixed, splits)
    return mixed, {"random": (splits, trained.predict_tests(splits))}


def superconductor_tests(rows: Rows, splits: Sequence[Split]) -> list[Split]:
    """Return the splits with only superconductors in their tests: nearly all far compounds are insulators at 0 K."""
    return [replace(split, test=split.test[rows.part[split.test] == 0]) for split in splits]


def score_mixed(
    run: Run, rows: Rows, splits: Sequence[Split], predictions: Mapping[str, np.ndarray], prefix: str = ""
) -> None:
    """File the scores of (S, n) test predictions on superconductors (part 0 of the rows), insulators and both."""
    measured, positive = targets(rows, splits), rows.part[tests(splits)] == 0
    n, n_positive, tc = measured.shape[1], int(positive[0].sum()), where(measured, positive)
    # No superconductor of the authors holds an element beyond radon, but some of their insulators do.
    covered = ~positive & ~rows.compositions.beyond(LAST_ELEMENT)[tests(splits)]
    for model, predicted in predictions.items():
        pairs = list(zip(positive, predicted, strict=True))
        score_errors(run, f"{prefix}all/{model}", measured, predicted, "K")
        # Every superconductor counts as one, also the few that the authors list at 0 K.
        run.file(f"{prefix}all/{model}/auc", [roc_auc_score(*pair) for pair in pairs], n=n)
        values, others = where(predicted, positive), where(predicted, ~positive)
        key = f"{prefix}superconductors/{model}"
        score_errors(run, key, tc, values, "K", n_positive)
        run.file(f"{key}/misclassified", [(p <= 0).mean() for p in values], n=n_positive)
        key = f"{prefix}insulators/{model}"
        run.file(f"{key}/misclassified", [(p > 0).mean() for p in others], n=n - n_positive)
        run.file(f"{key}/mae", [np.abs(p).mean() for p in others], "K", n - n_positive)
        wrong = [(p > 0).mean() for p in where(predicted, covered)]
        run.file(f"{prefix}insulators-to-radon/{model}/misclassified", wrong, n=covered[0].sum())
        confusions = [metrics.confusion(known, (p > 0).astype(float)) for known, p in pairs]
        run.arrays[f"confusion/{prefix}{model}"] = confusions
        if prefix:
            continue
        # A random split has as many superconductors for every seed.
        drawn = np.concatenate(tc), np.concatenate(values)
        limits = (0.0, float(rows.target.max()))
        run.arrays[f"parity/superconductors/{model}"] = metrics.parity_histogram(*drawn, limits=limits)
        # Per kelvin, zeros apart.
        edges = np.concatenate([[0.0, 1e-6], np.arange(1, 31.0), [np.inf]])
        run.arrays[f"predicted/insulators/{model}"] = {
            "edges": [*edges[:-1].tolist(), 999.0],
            "rows": np.mean([np.histogram(p, bins=edges)[0] for p in others], axis=0).tolist(),
        }
        score_groups(run, rows, superconductor_tests(rows, splits), model, np.stack(values))


def _score_listed(run: Run, config: InsulatorsConfig, mixed: Mixed) -> None:
    """File how often compositions that a list gives 0 K, and nobody more, get a Tc above 0 and 10 K.

    0 K means that no superconductivity was seen, or that none was reported. Those with Cu and O are filed apart.
    """
    tables = [read_table(run, name) for name in (config.listed, *config.contradicting)]
    known = [mixed.rows.groups("composition"), *(reduced_keys(listed)[tc > 0] for listed, tc in tables)]
    compositions, tc = tables[0]
    keys = reduced_keys(compositions)
    chosen = (tc == 0) & first_of_each(keys) & ~compositions.beyond(LAST_ELEMENT) & ~related(compositions)
    normal = compositions.take(chosen & ~np.isin(keys, np.concatenate(known)))
    oxide = normal.holds("Cu", "O")
    parts = {"listed-at-zero": oxide | ~oxide, "with-cu-o": oxide, "without-cu-o": ~oxide}
    for model, trained in ((ATCNN_I, mixed.atcnn_i), (ATCNN_II, mixed.atcnn_ii)):
        predicted = trained.predict(of=normal)
        for label, part in parts.items():
            for name, bar in (("misclassified", 0), ("above_10_K", 10)):
                run.file(f"{label}/{model}/{name}", (predicted[:, part] > bar).mean(axis=1), n=part.sum())
