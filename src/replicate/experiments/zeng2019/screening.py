"""The screening of Zeng et al. 2019 (Results, Table S6): Tc of all stable compounds of a pool, with spread."""

from __future__ import annotations

import numpy as np
import pandas as pd

from replicate.data.supercon import LAST_ELEMENT, related
from replicate.evaluation.distances import nearest_composition
from replicate.experiments.core import Run
from replicate.experiments.scoring import spread
from replicate.experiments.zeng2019.insulators import train_mixed
from replicate.experiments.zeng2019.specs import ATCNN_II, TOP, ScreeningConfig
from replicate.experiments.zeng2019.superconductors import groups_of, reported
from replicate.features.composition import Compositions, first_of_each, formulas_of, parse, reduced_keys

SHOWN = 300
THRESHOLDS = (0, 10, 20, 40, 77)


def load_pool(run: Run, name: str, most: int | None) -> Compositions:
    """Return the distinct compositions of a pool's stable compounds up to radon; the rest is counted."""
    table = run.dataset(name).table
    read = len(table)
    if "energy_above_hull" in table.columns:
        table = table[table["energy_above_hull"] <= 0]
    compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
    light = ~compositions.beyond(LAST_ELEMENT)
    first = first_of_each(reduced_keys(compositions))
    chosen = np.flatnonzero(light & first)[:most]
    run.arrays["pool"] = {
        "dataset": name,
        "read": read,
        "stable": len(table),
        "unreadable": len(compositions.problems),
        "beyond_radon": int((~light).sum()),
        "repeated": int((light & ~first).sum()),
        "screened": len(chosen),
    }
    return compositions.take(chosen)


def run_screening(run: Run) -> None:
    """Predict every pool compound with every member; file counts, the candidates, and what is known of them."""
    config: ScreeningConfig = run.config
    mixed = train_mixed(run, config.insulators)
    pool = load_pool(run, config.pool, config.most)
    predicted = mixed.atcnn_ii.predict(of=pool)  # (S, P)
    keys = reduced_keys(pool)
    seen = np.isin(keys, mixed.rows.groups("composition"))
    new = np.flatnonzero(~seen)
    known = np.isin(keys, mixed.superconductors.groups("composition"))
    run.file(f"pool/{ATCNN_II}/compounds", len(pool))
    run.file_all(f"pool/{ATCNN_II}", {"superconductors": known.sum(), "in_data": seen.sum()}, n=len(pool))
    for bar in THRESHOLDS:
        run.file(f"new/{ATCNN_II}/above_{bar}_K", (predicted[:, new] > bar).mean(axis=1), n=len(new))

    # The paper has one network; each of ours has a top twenty of its own.
    own = np.sort(predicted[:, new], axis=1)[:, ::-1][:, :TOP]
    run.file(f"pool/{ATCNN_II}/top20_lowest_tc", own[:, -1], "K", TOP)
    tops = [new[np.argsort(-p[new])[:TOP]] for p in predicted]
    common = [len(np.intersect1d(a, b)) / TOP for i, a in enumerate(tops) for b in tops[:i]]
    if common:
        run.file(f"pool/{ATCNN_II}/top20_overlap", common)
    mean, sd = predicted.mean(axis=0), spread(predicted)
    order = new[np.argsort(-mean[new], kind="stable")]
    top = order[:TOP]
    run.file_all(f"top20/{ATCNN_II}", {"mean_tc": mean[top].mean(), "mean_sd": sd[top].mean()}, "K", len(top))

    listed = order[:SHOWN]
    chosen, superconductors = pool.take(listed), mixed.superconductors.compositions
    near, distance = nearest_composition(chosen.fractions, superconductors.fractions)
    # Of lists without a licence only the status is filed.
    highest = reported(run, *config.measured, *config.quoted)["max"].reindex(keys[listed])
    status = np.select([highest > 0, highest.notna()], ["superconductor", "listed at 0 K"], "unknown")
    quoted = reported(run, *config.quoted).reindex(keys[listed]).to_numpy().tolist()
    columns = {
        "compound": formulas_of(chosen.amounts),
        "tc": mean[listed].astype(float).round(1),
        "sd": sd[listed].astype(float).round(1),
        "lowest": predicted[:, listed].min(axis=0).astype(float).round(1),
        "group": [str(group).removeprefix("group-") for group in groups_of(chosen)],
        "nearest": formulas_of(superconductors.amounts[near]),
        "distance": distance.astype(float).round(3),
        "status": np.where(related(chosen), np.char.add(status, ", held out for Table 2"), status),
        "measured": [limits if np.isfinite(limits[0]) else None for limits in quoted],
    }
    run.arrays["candidates"] = pd.DataFrame(columns).to_dict("records")
