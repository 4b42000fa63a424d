"""Four representations on the same compounds and splits: errors, new superconductors, spread of ensembles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from sklearn.metrics import average_precision_score

from replicate.data.quinn import tc_until
from replicate.errors import ConfigError
from replicate.evaluation.bootstrap import grouped_means, interval
from replicate.evaluation.calibration import reliability, spread_scale, spread_scores
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.beyond.specs import REFERENCE, TEMPORAL, RepresentationsConfig
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.konno2021.training_sets import moved_medians, same_as_any
from replicate.experiments.quinn2022.compounds import SHARES, other_crystals, superconductor_crystals
from replicate.experiments.quinn2022.specs import CLASSES, JOINED, SUPERCON, CompoundsConfig
from replicate.experiments.samples import Rows, make_rows
from replicate.experiments.scoring import score_errors
from replicate.experiments.train import baseline, train
from replicate.features.composition import formulas_of, parse
from replicate.features.crystal_graph import amounts_of, per_formula_unit
from replicate.settings import content_key

LAST_YEAR = 2007  # taught is what was known by then: iron-based superconductors above 10 K were discovered in 2008
HOT = 10.0  # K; what counts as a find
FALSE_POSITIVES = 0.01  # share of the validation compounds at 0 K that may be ranked above the bar a find must pass


@dataclass(frozen=True, eq=False)
class Compounds:
    """N compounds, as crystals for the graph network and as compositions for the others."""

    crystals: Crystals  # superconductors with their Tc (K), then other compounds at 0 K
    rows: Rows  # the same compounds in the same order, as compositions

    @cached_property
    def superconducting(self) -> np.ndarray:
        """(N,) booleans: Tc is above 0 K."""
        return np.asarray(self.crystals.target > 0)

    @cached_property
    def ordered(self) -> np.ndarray:
        """(N,) booleans: every site is occupied by one element."""
        return ~self.crystals.disordered()

    def split(self, kind: str) -> Split:
        """Return the split of a kind: three quarters of the compounds for training, a tenth for validation."""
        if kind != TEMPORAL:
            return self.crystals.split(0, kind=kind, **SHARES)
        year = self.crystals.labels["year"]
        old, new = np.flatnonzero(year <= LAST_YEAR), np.flatnonzero(year > LAST_YEAR)
        compositions = self.rows.compositions
        if not len(old) or not len(new):
            raise ConfigError(f"no superconductor up to {LAST_YEAR}, or none after it, among the compounds")
        new = new[~same_as_any(compositions.take(new), compositions.take(old))]
        draw = np.random.default_rng(20080223)
        others = draw.permutation(np.flatnonzero(~self.superconducting))
        n_test = round(SHARES["test"] * len(others))
        known = draw.permutation(np.concatenate([old, others[n_test:]]))
        n_validation = round(SHARES["validation"] * len(known))
        parts = (known[n_validation:], known[:n_validation], np.concatenate([new, others[:n_test]]))
        return Split(TEMPORAL, 0, *(np.sort(part) for part in parts))


def compounds_then(run: Run, compounds: Compounds) -> Compounds:
    """Return the compounds with the Tc of what was known by the last year; what that changes is filed."""
    then = tc_until(run.dataset(SUPERCON), LAST_YEAR)
    crystals, rows = compounds.crystals, compounds.rows
    known = (crystals.labels["year"] <= LAST_YEAR) & compounds.superconducting
    target = crystals.target.copy()
    target[known] = then[rows.groups("composition")[known]]
    name = f"as of {LAST_YEAR}"
    moved = np.abs(target - crystals.target)
    run.arrays[f"later/superconductors-{LAST_YEAR}"] = moved_medians(moved[known])
    digest = content_key(crystals.digest, name, target.tolist())
    return Compounds(replace(crystals, target=target, digest=digest), rows.relabelled(target, name))


def load_compounds(run: Run, config: CompoundsConfig) -> Compounds:
    """Return superconductors that have a structure, and as many other compounds as asked for."""
    known, others = superconductor_crystals(run, config), other_crystals(run, config)
    # Formulas as SuperCon writes them; the others' as one formula unit, not as the cell that was calculated.
    cells = formulas_of(per_formula_unit(amounts_of(others.compact())))
    compositions = parse([*known.ids, *cells.tolist()], file=f"{known.name}, {others.name}")
    crystals = known.joined(others, JOINED)
    rows = make_rows(JOINED, crystals.digest, compositions, crystals.target)
    return Compounds(crystals, rows)


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
    networks: tuple[Network | CrystalNetwork, ...] = (*config.networks, config.crystal_network)
    for network in networks:
        samples = compounds.crystals if isinstance(network, CrystalNetwork) else compounds.rows
        predictions[network.name] = train(run, samples, network, splits).predict([chosen] * len(splits))
    rows, of = compounds.rows, compounds.rows.compositions.take(chosen)
    for name in config.baselines:
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
    held, crystals, cold = len(split.validation), compounds.crystals, ~compounds.superconducting
    for label, some in {"finding": np.ones(len(cold), bool), "finding-ordered": compounds.ordered}.items():
        tested, bar_from = split.test[some[split.test]], (cold & some)[split.validation]
        hot, family = crystals.target[tested] > HOT, crystals.labels["family"][tested]
        if not 0 < hot.sum() < len(hot) or not bar_from.any():
            continue
        values = predicted[:, held:][:, some[split.test]]
        settings = predicted[:, :held][:, bar_from]
        scores = [_finds(hot, cold[tested], *each, family) for each in zip(values, settings, strict=True)]
        run.add(f"{split.kind}-{label}/{model}", scores, {}, len(hot))
        run.file(f"{split.kind}-{label}/base/share", hot.mean(), n=len(hot))
        counts = {name: (hot & (family == name)).sum() for name in CLASSES}
        run.file_all(f"{split.kind}-{label}/base", counts, n=hot.sum())


def _finds(
    hot: np.ndarray, cold: np.ndarray, predicted: np.ndarray, setting: np.ndarray, family: np.ndarray
) -> dict[str, float]:
    """Return average precision, and the share above the bar that one in a hundred compounds at 0 K passes.

    ``setting`` is the predicted Tc of the validation compounds at 0 K, which set the bar; all else is of n test
    compounds: Tc above 10 K, Tc taken as 0 K, predicted Tc, and class of superconductor, empty for none.
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
