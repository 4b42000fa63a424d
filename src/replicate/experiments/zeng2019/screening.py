"""The screening of Zeng et al. 2019 (Results, Table S6): Tc of all stable compounds of a pool, with spread.

Shape legend: S seeds, P pool compounds.
"""

from __future__ import annotations

import numpy as np

from replicate.data.supercon import LAST_ELEMENT, related
from replicate.evaluation.neighbours import nearest_composition
from replicate.experiments.core import Run
from replicate.experiments.scoring import spread
from replicate.experiments.zeng2019.configs import ATCNN_II, TOP, ScreeningConfig
from replicate.experiments.zeng2019.insulators import train_mixed
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
    run.file("pool/atcnn-ii/compounds", len(pool))
    known = np.isin(keys, mixed.superconductors.groups("composition"))
    run.file(f"pool/{ATCNN_II}/superconductors", known.sum(), n=len(pool))
    run.file(f"pool/{ATCNN_II}/in_data", seen.sum(), n=len(pool))
    for bar in THRESHOLDS:
        run.file(f"new/{ATCNN_II}/above_{bar}_K", (predicted[:, new] > bar).mean(axis=1), n=len(new))

    # The paper has one network; each of ours has a top twenty of its own.
    own = np.sort(predicted[:, new], axis=1)[:, ::-1][:, :TOP]
    run.file(f"pool/{ATCNN_II}/top20_lowest_tc", own[:, -1], "K", TOP)
    sets = [set(new[np.argsort(-p[new])[:TOP]].tolist()) for p in predicted]
    common = [len(a & b) / TOP for i, a in enumerate(sets) for b in sets[:i]]
    if common:
        run.file(f"pool/{ATCNN_II}/top20_overlap", common)
    mean, sd = predicted.mean(axis=0), spread(predicted)
    order = new[np.argsort(-mean[new], kind="stable")]
    top = order[:TOP]
    run.file(f"top20/{ATCNN_II}/mean_tc", mean[top].mean(), "K", len(top))
    run.file(f"top20/{ATCNN_II}/mean_sd", sd[top].mean(), "K", len(top))

    listed = order[:SHOWN]
    chosen, known_compositions = pool.take(listed), mixed.superconductors.compositions
    near, distance = nearest_composition(chosen.fractions, known_compositions.fractions)
    names, nearest = formulas_of(chosen.amounts), formulas_of(known_compositions.amounts[near])
    groups, held_out = groups_of(chosen), related(chosen)
    lists = {name: reported(run, name) for name in (*config.measured, *config.quoted)}
    candidates = []
    for i, (place, key) in enumerate(zip(listed, keys[listed].tolist(), strict=True)):
        # Of lists without a licence only the status is filed.
        highest = max((values[key][1] for values in lists.values() if key in values), default=None)
        status = "unknown"
        if highest is not None:
            status = "superconductor" if highest > 0 else "listed at 0 K"
        quoted = next((lists[name][key] for name in config.quoted if key in lists[name]), None)
        candidates.append(
            {
                "compound": str(names[i]),
                "tc": round(float(mean[place]), 1),
                "sd": round(float(sd[place]), 1),
                "lowest": round(float(predicted[:, place].min()), 1),
                "group": str(groups[i]).removeprefix("group-"),
                "nearest": str(nearest[i]),
                "distance": round(float(distance[i]), 3),
                "status": f"{status}, held out for Table 2" if held_out[i] else status,
                "measured": list(quoted) if quoted else None,
            }
        )
    run.arrays["candidates"] = candidates
