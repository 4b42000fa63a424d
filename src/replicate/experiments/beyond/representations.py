"""Four representations on the same compounds and splits: errors, new superconductors, spread of ensembles.

Shape legend: N compounds, S members, v validation rows, n test rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from sklearn.metrics import average_precision_score

from replicate.evaluation.bootstrap import grouped_means, interval
from replicate.evaluation.calibration import reliability, spread_scale, spread_scores
from replicate.evaluation.metrics import regression_metrics
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.beyond.compounds import Compounds, compounds_then, load_compounds
from replicate.experiments.beyond.configs import (
    FALSE_POSITIVES,
    HOT,
    REFERENCE,
    TEMPORAL,
    RepresentationsConfig,
)
from replicate.experiments.core import Run
from replicate.experiments.quinn2022.configs import CLASSES
from replicate.experiments.train import baseline, train


def run_representations(run: Run) -> None:
    """Train every model on every kind of split, and file errors, finds and calibration."""
    config: RepresentationsConfig = run.config
    compounds = load_compounds(run, config.compounds)
    superconducting = compounds.superconducting
    run.file("data/superconductors/rows", superconducting.sum(), n=len(superconducting))
    run.file("data/others/rows", (~superconducting).sum())
    dated = np.isfinite(compounds.crystals.labels["year"]) & superconducting
    run.file("data/superconductors/dated", dated.sum(), n=superconducting.sum())
    for kind in config.kinds:
        seen = compounds_then(run, compounds) if kind == TEMPORAL else compounds
        split = seen.split(kind)
        _describe(run, seen, split)
        chosen = np.concatenate([split.validation, split.test])
        predicted = _answers(run, config, seen, split, chosen)
        held = len(split.validation)
        for model, values in predicted.items():
            _score_errors(run, seen, split, model, values[:, held:])
            _score_spread(run, seen, split, model, values)
            _score_finds(run, seen, split, model, values)
        _compare(run, seen, split, {model: values[:, held:] for model, values in predicted.items()})


def _answers(
    run: Run, config: RepresentationsConfig, compounds: Compounds, split: Split, chosen: np.ndarray
) -> dict[str, np.ndarray]:
    """Return what the members of every model say of compounds (S, v + n), none below 0 K."""
    splits = [replace(split, seed=seed) for seed in run.seeds]
    each = [chosen] * len(splits)
    answers = {}
    for network in config.networks:
        run.say(f"{network.name}, {split.kind} split")
        answers[network.name] = train(run, compounds.rows, network, splits).predict(each)
    graph = config.crystal_network
    run.say(f"{graph.name}, {split.kind} split")
    answers[graph.name] = train(run, compounds.crystals, graph, splits, split.kind).predict(each)
    compositions = compounds.rows.compositions.take(chosen)
    for name in config.baselines:
        run.say(f"{name}, {split.kind} split")
        answers[name] = baseline(
            run, compounds.rows, name, splits, "regression", small=config.small, of=compositions
        )
    return {name: np.maximum(values, 0) for name, values in answers.items()}


def _describe(run: Run, compounds: Compounds, split: Split) -> None:
    """File the sizes of a split, and how many test superconductors have a known chemical system or parent."""
    superconducting = split.test[compounds.superconducting[split.test]]
    ours = replace(split, test=superconducting)
    counts = {
        "train_rows": len(split.train),
        "test_superconductors": len(superconducting),
        "test_others": len(split.test) - len(superconducting),
        "shared_system": shared_with_training(ours, compounds.rows.groups("system")),
        "shared_parent": shared_with_training(ours, compounds.crystals.labels["parent"]),
    }
    run.add(f"{split.kind}/split", [counts], {}, len(split.test))


def _score_errors(run: Run, compounds: Compounds, split: Split, model: str, predicted: np.ndarray) -> None:
    """File the errors of members (S, n) and of their mean on the superconductors of the test set."""
    here = compounds.superconducting[split.test]
    target, values = compounds.crystals.target[split.test][here], predicted[:, here]
    for name, predicted in {split.kind: values, f"{split.kind}-ensemble": values.mean(0)[None]}.items():
        scores = [regression_metrics(target, member) for member in predicted]
        run.add(f"{name}/{model}", scores, {"mae": "K", "rmse": "K"}, len(target))


def _score_spread(run: Run, compounds: Compounds, split: Split, model: str, predicted: np.ndarray) -> None:
    """File how well the spread of members (S, v + n) tells the error of their mean; the scale is from validation."""
    if len(predicted) < 2:
        return
    chosen = np.concatenate([split.validation, split.test])
    here = compounds.superconducting[chosen]
    error = predicted.mean(0) - compounds.crystals.target[chosen]
    spread = predicted.std(0, ddof=1)
    test = np.arange(len(chosen)) >= len(split.validation)
    scale = spread_scale(error[here & ~test], spread[here & ~test])
    scores = spread_scores(error[here & test], spread[here & test], scale)
    run.add(f"{split.kind}-spread/{model}", [{**scores, "scale": scale}], {}, int((here & test).sum()))
    scaled = spread[here & test] * scale
    run.arrays[f"reliability/{split.kind}/{model}"] = reliability(error[here & test], scaled)


def _score_finds(run: Run, compounds: Compounds, split: Split, model: str, predicted: np.ndarray) -> None:
    """File how well members (S, v + n) rank test compounds above 10 K before all others, disordered or not."""
    held = len(split.validation)
    cold = ~compounds.superconducting
    hot = compounds.crystals.target[split.test] > HOT
    family = compounds.crystals.labels["family"][split.test]
    ordered = compounds.ordered
    for label, keep, bar_from in (
        ("finding", np.ones(len(hot), bool), cold[split.validation]),
        ("finding-ordered", ordered[split.test], (cold & ordered)[split.validation]),
    ):
        if not 0 < hot[keep].sum() < keep.sum() or not bar_from.any():
            continue
        tested = (hot[keep], cold[split.test][keep])
        scores = [_finds(*tested, m[held:][keep], m[:held][bar_from], family[keep]) for m in predicted]
        run.add(f"{split.kind}-{label}/{model}", scores, {}, int(keep.sum()))
        run.file(f"{split.kind}-{label}/base/share", hot[keep].mean(), n=keep.sum())
        for name in CLASSES:
            count = (hot & (family == name))[keep].sum()
            run.file(f"{split.kind}-{label}/base/{name}", count, n=hot[keep].sum())


def _finds(
    hot: np.ndarray, cold: np.ndarray, predicted: np.ndarray, setting: np.ndarray, family: np.ndarray
) -> dict[str, float]:
    """Return average precision, and the share above the bar that one in a hundred compounds at 0 K passes.

    Args:
        hot: (n,) booleans, Tc above 10 K.
        cold: (n,) booleans, taken as Tc 0 K.
        predicted: (n,) predicted Tc.
        setting: predicted Tc of the validation compounds at 0 K, which set the bar.
        family: (n,) class of superconductor, empty for none.
    """
    bar = float(np.quantile(setting, 1 - FALSE_POSITIVES))
    above = predicted > bar
    scores = {
        "average_precision": float(average_precision_score(hot, predicted)),
        "recall": float(above[hot].mean()),
        "false_positives": float(above[cold].mean()),
        "bar": bar,
    }
    for name in CLASSES:
        some = hot & (family == name)
        if some.any():
            scores[f"recall_{name}"] = float(above[some].mean())
    return scores


def _compare(run: Run, compounds: Compounds, split: Split, predicted: Mapping[str, np.ndarray]) -> None:
    """File each ensemble's mean absolute error and its difference from the reference, with 95 % intervals."""
    rows = split.test[compounds.superconducting[split.test]]
    here = compounds.superconducting[split.test]
    models: Sequence[str] = list(predicted)
    errors = np.stack([np.abs(predicted[m].mean(0)[here] - compounds.crystals.target[rows]) for m in models])
    drawn = grouped_means(errors, compounds.rows.groups("system")[rows])
    reference = models.index(REFERENCE)
    means = errors.mean(axis=1)
    for place, model in enumerate(models):
        shift = float(means[place] - means[reference])
        run.arrays[f"interval/{split.kind}/{model}"] = [float(means[place]), *interval(drawn[:, place])]
        run.arrays[f"difference/{split.kind}/{model}"] = [
            shift,
            *interval(drawn[:, place] - drawn[:, reference]),
        ]
