"""Critical temperatures from superconductors only: Sec. II and Fig. 2 of Konno et al. 2021."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.data.konno import is_cuprate
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import FOREST, LOGARITHM, PreliminaryConfig
from replicate.experiments.konno2021.training_sets import Known, load_supercon, training_rows
from replicate.experiments.samples import Rows, draw, make_rows, read_table, some_of
from replicate.experiments.scoring import score
from replicate.experiments.train import Trained, baseline, train

ABOVE = 10.0  # K; where the random forest that the paper compares with was trained and tested
NEAR = 0.01  # share of atoms; entries this alike are expected to have about the same Tc
ALIKE = 3  # other entries, at least, for a record to be doubted
OUTLIER = 3.0  # root mean squared errors
LIMITS = (0.0, 150.0)


def preliminary_model(run: Run, config: PreliminaryConfig) -> Trained:
    """Train the paper's network on superconductors only, or read it from its checkpoints."""
    rows = training_rows(run, config.data)
    return train(run, rows, config.networks[0], draw(run, rows, config))


def run_preliminary(run: Run) -> None:
    """Score every network and baseline, look at the outliers, and score the forest above 10 K."""
    config: PreliminaryConfig = run.config
    rows = training_rows(run, config.data)
    tc = load_supercon(run, config.data.until).target
    counts = {"superconductors": (tc > 0).sum(), "nonsuperconductors": (tc == 0).sum()}
    run.file_all("data/supercon", counts | {"share_above_10K": (tc > ABOVE).mean()}, n=len(tc))
    for kind in dict.fromkeys(kind for network in config.networks for kind in network.splits):
        known = Known(rows, tuple(draw(run, rows, config, kind)))
        shared = [shared_with_training(s, rows.groups("composition")) for s in known.splits]
        run.file(f"{kind}/split/shared_composition", shared, n=len(known.splits[0].test))
        for network in (n for n in config.networks if kind in n.splits):
            if network.name == LOGARITHM:
                logs = rows.relabelled(np.log1p(rows.target), "log(1 + Tc)")
                predicted = np.expm1(train(run, logs, network, known.splits).predict_tests(known.splits))
            else:
                trained = known.train(run, network, kind, f"{kind}-held/{network.name}")
                predicted = trained.predict_tests(known.splits)
            score(run, f"{kind}/{network.name}", rows, known.splits, predicted, unit="K", limits=LIMITS)
            if kind == "random" and network is config.networks[0]:
                _outliers(run, known, predicted, network.name)
        known.score_two_means(run, f"{kind}-held")
        for name in config.baselines:
            _score_baseline(run, rows, name, known.splits, kind)
    if config.forest_list is None:
        return
    # A random forest on Magpie statistics, trained and tested above 10 K only (Stanev 2018).
    name = config.forest_list
    rows = make_rows(name, run.dataset(name).digest, *read_table(run, name))
    if config.data.supercon_rows is not None:
        some = some_of(len(rows), 10 * config.data.supercon_rows)
        rows = rows.take(np.isin(np.arange(len(rows)), some), "some")
    hot = rows.take(rows.target > ABOVE, "above 10 K")
    _score_baseline(run, hot, FOREST, draw(run, hot, config), f"above-{ABOVE:.0f}K")


def _score_baseline(run: Run, rows: Rows, name: str, splits: Sequence[Split], label: str) -> None:
    predicted = baseline(run, rows, name, splits, "regression", small=run.config.small)
    score(run, f"{label}/{name}", rows, splits, predicted, unit="K", limits=LIMITS, named=False)


def _outliers(run: Run, known: Known, predicted: np.ndarray, model: str) -> None:
    """File the test rows with the largest errors: how many are cuprates, and which look like database errors.

    A record is suspect where three or more other entries, alike to within one atom in a hundred, agree among
    themselves (half of them within a tenth of the error of the prediction) on a Tc nearer to the prediction.
    """
    rows, cuprate, fractions = known.rows, is_cuprate(known.rows.compositions), known.rows.fractions()
    counts, listed = [], []
    for split, values in zip(known.splits, predicted, strict=True):
        error = np.abs(values - rows.target[split.test])
        far = np.flatnonzero(error > OUTLIER * np.sqrt((error**2).mean()))
        outliers = []
        for place in far[np.argsort(-error[far])]:
            row = int(split.test[place])
            alike = np.flatnonzero(np.abs(fractions - fractions[row]).sum(axis=1) <= 2 * NEAR)
            others = rows.target[alike[alike != row]]
            usual = float(np.median(others)) if len(others) else None
            suspect = False
            if usual is not None and len(others) >= ALIKE:
                agree = float(np.subtract(*np.quantile(others, (0.75, 0.25)))) < 0.1 * error[place]
                suspect = bool(agree and abs(usual - values[place]) < abs(usual - rows.target[row]))
            outliers.append(
                {
                    "compound": rows.label(row),
                    "recorded": round(float(rows.target[row]), 2),
                    "predicted": round(float(values[place]), 2),
                    "alike": len(others),
                    "usual": None if usual is None else round(usual, 2),
                    "cuprate": bool(cuprate[row]),
                    "suspect": suspect,
                    "seed": split.seed,
                }
            )
        share = float(cuprate[split.test[far]].mean()) if len(far) else 0.0
        suspects = sum(bool(outlier["suspect"]) for outlier in outliers)
        counts.append({"rows": len(far), "cuprate_share": share, "suspects": suspects})
        listed += outliers
    run.add(f"outliers/{model}", counts, {}, len(known.splits[0].test))
    run.file("outliers/all/cuprate_share", cuprate.mean(), n=len(rows))
    run.arrays["outliers"] = listed
