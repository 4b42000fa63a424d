"""The screening of Zeng et al. 2019 (Results, Table S6): Tc of all stable compounds of a pool, with spread.

Shape legend: S seeds, P pool compounds.
"""

from __future__ import annotations

import numpy as np
import torch

from replicate.data.supercon import LAST_ELEMENT, related
from replicate.evaluation.neighbours import nearest_composition
from replicate.experiments.base import Run
from replicate.experiments.superconductors import groups_of, reported
from replicate.experiments.zeng2019.configs import ATCNN_II, TOP, ScreeningConfig
from replicate.experiments.zeng2019.insulators import Mixed, train_mixed
from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions, first_of_each, formulas_of, parse, reduced_keys
from replicate.records import Metric
from replicate.training.fit import predict

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
    predicted = predict(mixed.two, torch.from_numpy(atom_table(pool)))  # (S, P)
    keys = reduced_keys(pool)
    superconductors = mixed.superconductors.groups["composition"]
    known = np.isin(keys, superconductors)
    seen = np.isin(keys, mixed.rows.groups["composition"])
    new = ~seen
    run.metrics["pool/atcnn-ii/compounds"] = Metric("", (len(pool),), None)
    for name, count in (("superconductors", known.sum()), ("in_data", seen.sum())):
        run.metrics[f"pool/{ATCNN_II}/{name}"] = Metric("", (float(count),), len(pool))
    shares = [{f"above_{t}_K": float((p[new] > t).mean()) for t in THRESHOLDS} for p in predicted]
    run.add(f"new/{ATCNN_II}", shares, {}, int(new.sum()))

    mean = predicted.mean(axis=0)
    sd = predicted.std(axis=0, ddof=1) if len(predicted) > 1 else np.zeros(len(pool))
    order = np.flatnonzero(new)[np.argsort(-mean[new], kind="stable")]
    top = order[:TOP]
    # The paper has one network; each of ours has a top twenty of its own.
    own = [np.sort(p[new])[::-1][:TOP] for p in predicted]
    run.add(
        f"pool/{ATCNN_II}", [{"top20_lowest_tc": float(o[-1])} for o in own], {"top20_lowest_tc": "K"}, TOP
    )
    sets = [set(np.flatnonzero(new)[np.argsort(-p[new])[:TOP]].tolist()) for p in predicted]
    common = [len(a & b) / TOP for i, a in enumerate(sets) for b in sets[:i]]
    if common:
        run.metrics[f"pool/{ATCNN_II}/top20_overlap"] = Metric("", tuple(map(float, common)), None)
    run.metrics[f"top20/{ATCNN_II}/mean_tc"] = Metric("K", (float(mean[top].mean()),), len(top))
    run.metrics[f"top20/{ATCNN_II}/mean_sd"] = Metric("K", (float(sd[top].mean()),), len(top))

    _list_candidates(run, config, mixed, pool, predicted, order[:SHOWN])


def _list_candidates(
    run: Run,
    config: ScreeningConfig,
    mixed: Mixed,
    pool: Compositions,
    predicted: np.ndarray,
    listed: np.ndarray,
) -> None:
    """File the candidates: name, predicted Tc, sd, lowest, group, nearest superconductor, distance, status, Tc.

    Of lists without a licence only the status is filed: a superconductor, listed at 0 K, or unknown.
    """
    chosen = pool.take(listed)
    keys = reduced_keys(chosen)
    superconductors = mixed.superconductors.compositions
    near, distance = nearest_composition(chosen.fractions, superconductors.fractions)
    names, nearest = formulas_of(chosen.amounts), formulas_of(superconductors.amounts[near])
    lists = {name: reported(run, name) for name in (*config.measured, *config.quoted)}
    shown = [reported(run, name) for name in config.quoted]
    groups, held_out = groups_of(chosen), related(chosen)
    values = predicted[:, listed]
    sd = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(len(listed))
    candidates = []
    for i, key in enumerate(keys.tolist()):
        said = [found[key] for found in lists.values() if key in found]
        status = (
            "unknown" if not said else "superconductor" if max(h for _, h in said) > 0 else "listed at 0 K"
        )
        quoted = next((found[key] for found in shown if key in found), None)
        candidates.append(
            {
                "compound": str(names[i]),
                "tc": round(float(values[:, i].mean()), 1),
                "sd": round(float(sd[i]), 1),
                "lowest": round(float(values[:, i].min()), 1),
                "group": str(groups[i]).removeprefix("group-"),
                "nearest": str(nearest[i]),
                "distance": round(float(distance[i]), 3),
                "status": f"{status}, held out for Table 2" if held_out[i] else status,
                "measured": list(quoted) if quoted else None,
            }
        )
    run.arrays["candidates"] = candidates
