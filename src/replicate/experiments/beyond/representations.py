"""Four representations on the same compounds and splits: errors, new superconductors, spread of ensembles.

Shape legend: N compounds, S members, v validation rows, n test rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from sklearn.metrics import average_precision_score

from replicate.evaluation.bootstrap import grouped_means, interval
from replicate.evaluation.calibration import reliability, spread_scale, spread_scores
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.beyond.compounds import Compounds, compounds_then, load_compounds
from replicate.experiments.beyond.specs import REFERENCE, TEMPORAL, RepresentationsConfig
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Run
from replicate.experiments.quinn2022.configs import CLASSES
from replicate.experiments.samples import Samples
from replicate.experiments.scoring import score_errors
from replicate.experiments.train import baseline, train

HOT = 10.0  # K; what counts as a find
FALSE_POSITIVES = 0.01
"""Share of the validation compounds at 0 K that may be ranked above the bar a find must pass."""


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
        here = seen.superconducting[split.test]
        ours = replace(split, test=split.test[here])
        counts = {
            "train_rows": len(split.train),
            "test_superconductors": len(ours.test),
            "test_others": len(split.test) - len(ours.test),
            "shared_system": shared_with_training(ours, seen.rows.groups("system")),
            "shared_parent": shared_with_training(ours, seen.crystals.labels["parent"]),
        }
        run.add(f"{kind}/split", [counts], {}, len(split.test))
        held = len(split.validation)
        predicted = _predictions(run, seen, split)
        target = seen.crystals.target[ours.test]
        tested = {model: values[:, held:][:, here] for model, values in predicted.items()}
        for model, values in tested.items():
            score_errors(run, f"{kind}/{model}", [target] * len(values), values, "K")
            score_errors(run, f"{kind}-ensemble/{model}", [target], [values.mean(0)], "K")
            _score_spread(run, seen, split, model, predicted[model])
            _score_finds(run, seen, split, model, predicted[model])
        _compare(run, kind, tested, target, seen.rows.groups("system")[ours.test])


def _predictions(run: Run, compounds: Compounds, split: Split) -> dict[str, np.ndarray]:
    """Return what the members of every model predict for validation and test compounds (S, v + n), none below 0 K."""
    config: RepresentationsConfig = run.config
    splits = [replace(split, seed=seed) for seed in run.seeds]
    chosen = np.concatenate([split.validation, split.test])
    predictions = {}
    crystals, rows = compounds.crystals, compounds.rows
    read: list[tuple[Samples, Network | CrystalNetwork]] = [(rows, network) for network in config.networks]
    for samples, network in [*read, (crystals, config.crystal_network)]:
        run.say(f"{network.name}, {split.kind} split")
        predictions[network.name] = train(run, samples, network, splits).predict([chosen] * len(splits))
    of = rows.compositions.take(chosen)
    for name in config.baselines:
        run.say(f"{name}, {split.kind} split")
        predictions[name] = baseline(run, rows, name, splits, "regression", small=config.small, of=of)
    return {name: np.maximum(values, 0) for name, values in predictions.items()}


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
    crystals, cold, everything = (
        compounds.crystals,
        ~compounds.superconducting,
        np.ones(len(compounds.rows), bool),
    )
    for label, some in (("finding", everything), ("finding-ordered", compounds.ordered)):
        tested, bar_from = split.test[some[split.test]], (cold & some)[split.validation]
        hot, family = crystals.target[tested] > HOT, crystals.labels["family"][tested]
        if not 0 < hot.sum() < len(hot) or not bar_from.any():
            continue
        values = predicted[:, held:][:, some[split.test]]
        settings = predicted[:, :held][:, bar_from]
        scores = [_finds(hot, cold[tested], *each, family) for each in zip(values, settings, strict=True)]
        run.add(f"{split.kind}-{label}/{model}", scores, {}, len(hot))
        run.file(f"{split.kind}-{label}/base/share", hot.mean(), n=len(hot))
        for name in CLASSES:
            run.file(f"{split.kind}-{label}/base/{name}", (hot & (family == name)).sum(), n=hot.sum())


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


def _compare(run: Run, kind: str, predicted: Mapping[str, np.ndarray], target: np.ndarray, systems: np.ndarray) -> None:
    """File each ensemble's mean absolute error and its difference from the reference, with 95 % intervals."""
    errors = np.stack([np.abs(values.mean(0) - target) for values in predicted.values()])
    drawn, means = grouped_means(errors, systems), errors.mean(axis=1)
    reference = list(predicted).index(REFERENCE)
    for place, model in enumerate(predicted):
        shift, shifts = means[place] - means[reference], drawn[:, place] - drawn[:, reference]
        run.arrays[f"interval/{kind}/{model}"] = [float(means[place]), *interval(drawn[:, place])]
        run.arrays[f"difference/{kind}/{model}"] = [float(shift), *interval(shifts)]
