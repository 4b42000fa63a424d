"""Critical temperatures from superconductors only: Sec. II and Fig. 2 of Konno et al. 2021.

Shape legend: N rows, S seeds, n test rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.data.konno import is_cuprate
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.configs import Network
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import PreliminaryConfig
from replicate.experiments.konno2021.ensembles import Known
from replicate.experiments.konno2021.names import FOREST, LOGARITHM, NEAR, OUTLIER
from replicate.experiments.konno2021.training_sets import load_supercon, some_of, training_rows
from replicate.experiments.samples import Rows, draw, make_rows, read_table
from replicate.experiments.scoring import score
from replicate.experiments.train import Trained, baseline, train

ABOVE = 10.0  # K; where the random forest that the paper compares with was trained and tested
ALIKE = 3  # other entries, at least, for a record to be doubted
LIMITS = (0.0, 150.0)


def preliminary_model(
    run: Run, config: PreliminaryConfig, network: Network, kind: str = "random"
) -> tuple[Known, Trained]:
    """Train a network on superconductors only, or read it from its checkpoints; the split leaves test rows out."""
    rows = training_rows(run, config.data)
    if network.name == LOGARITHM:
        rows = rows.relabelled(np.log1p(rows.target), "log(1 + Tc)")
    splits = draw(run, rows, config, kind)
    return Known(rows, tuple(splits)), train(run, rows, network, splits)


def run_preliminary(run: Run) -> None:
    """Score every network and baseline, look at the outliers, and score the forest above 10 K."""
    config: PreliminaryConfig = run.config
    rows = training_rows(run, config.data)
    tc = load_supercon(run, config.data.until).target
    run.file("data/supercon/superconductors", (tc > 0).sum(), n=len(tc))
    run.file("data/supercon/nonsuperconductors", (tc == 0).sum(), n=len(tc))
    run.file("data/supercon/share_above_10K", (tc > ABOVE).mean(), n=len(tc))
    for kind in dict.fromkeys(kind for network in config.networks for kind in network.splits):
        splits = draw(run, rows, config, kind)
        shared = [shared_with_training(s, rows.groups("composition")) for s in splits]
        run.file(f"{kind}/split/shared_composition", shared, n=len(splits[0].test))
        for network in (n for n in config.networks if kind in n.splits):
            run.say(f"{network.name} on {kind} splits")
            known, trained = preliminary_model(run, config, network, kind)
            predicted = trained.predict_tests(splits)
            if network.name == LOGARITHM:
                predicted = np.expm1(predicted)
            else:
                known.score_held(run, f"{kind}-held/{network.name}", trained.predict(known.held))
            score(run, f"{kind}/{network.name}", rows, splits, predicted, unit="K", limits=LIMITS)
            if kind == "random" and network is config.networks[0]:
                _outliers(run, rows, splits, predicted, network.name)
        Known(rows, tuple(splits)).score_two_means(run, f"{kind}-held")
        for name in config.baselines:
            run.say(f"{name} on {kind} splits")
            predicted = baseline(run, rows, name, splits, "regression", small=config.small)
            score(run, f"{kind}/{name}", rows, splits, predicted, unit="K", limits=LIMITS, named=False)
    if config.forest_list is not None:
        _forest_above(run, config, config.forest_list)


def _forest_above(run: Run, config: PreliminaryConfig, name: str) -> None:
    """Score a random forest on Magpie statistics, trained and tested above 10 K only (Stanev 2018)."""
    rows = make_rows(name, run.dataset(name).digest, *read_table(run, name))
    if config.data.supercon_rows is not None:
        some = some_of(len(rows), 10 * config.data.supercon_rows)
        rows = rows.take(np.isin(np.arange(len(rows)), some), "some")
    hot = rows.take(rows.target > ABOVE, "above 10 K")
    splits = draw(run, hot, config)
    run.say(f"{FOREST} above {ABOVE:.0f} K")
    predicted = baseline(run, hot, FOREST, splits, "regression", small=config.small)
    score(run, f"above-10K/{FOREST}", hot, splits, predicted, unit="K", limits=LIMITS, named=False)


def _outliers(run: Run, rows: Rows, splits: Sequence[Split], predicted: np.ndarray, model: str) -> None:
    """File the test rows with the largest errors: how many are cuprates, and which look like database errors.

    A record is suspect where three or more other entries, alike to within one atom in a hundred, agree among
    themselves (half of them within a tenth of the error of the prediction) on a Tc nearer to the prediction.
    """
    cuprate = is_cuprate(rows.compositions)
    fractions = rows.fractions()
    counts, listed = [], []
    for split, values in zip(splits, predicted, strict=True):
        measured = rows.target[split.test]
        error = np.abs(values - measured)
        far = np.flatnonzero(error > OUTLIER * np.sqrt((error**2).mean()))
        suspects = 0
        for place in far[np.argsort(-error[far])]:
            row = int(split.test[place])
            alike = np.flatnonzero(np.abs(fractions - fractions[row]).sum(axis=1) <= 2 * NEAR)
            others = rows.target[alike[alike != row]]
            usual = float(np.median(others)) if len(others) else None
            suspect = False
            if usual is not None and len(others) >= ALIKE:
                agree = float(np.subtract(*np.quantile(others, (0.75, 0.25)))) < 0.1 * error[place]
                suspect = bool(agree and abs(usual - values[place]) < abs(usual - measured[place]))
            suspects += suspect
            listed.append(
                {
                    "compound": rows.label(row),
                    "recorded": round(float(measured[place]), 2),
                    "predicted": round(float(values[place]), 2),
                    "alike": len(others),
                    "usual": None if usual is None else round(usual, 2),
                    "cuprate": bool(cuprate[row]),
                    "suspect": suspect,
                    "seed": split.seed,
                }
            )
        share = float(cuprate[split.test[far]].mean()) if len(far) else 0.0
        counts.append({"rows": len(far), "cuprate_share": share, "suspects": suspects})
    run.add(f"outliers/{model}", counts, {}, len(splits[0].test))
    run.file("outliers/all/cuprate_share", cuprate.mean(), n=len(rows))
    run.arrays["outliers"] = listed
