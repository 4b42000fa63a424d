"""The screening of Zeng et al. 2019 (Results, Table S6): Tc of all stable compounds of a pool, with spread.

Shape legend: S seeds, P pool compounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from replicate.data.supercon import LAST_ELEMENT
from replicate.evaluation.neighbours import composition_distance
from replicate.experiments.base import Run
from replicate.experiments.superconductors import groups_of
from replicate.experiments.zeng2019.insulators import ATCNN_II, InsulatorsConfig, train_mixed
from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions, first_of_each, formulas_of, parse, reduced_keys
from replicate.records import Metric
from replicate.training.fit import predict

TOP = 20
SHOWN = 300
THRESHOLDS = (0, 10, 20, 40, 77)


@dataclass(frozen=True)
class ScreeningConfig:
    """Settings: whose networks screen which pool.

    Args:
        insulators: settings of ATCNN-II; its networks are shared, not trained again.
        pool: dataset with formulas and, where it has one, ``energy_above_hull``; stable means at most 0.
        measured: superconductor lists that candidates are looked up in.
        most: screen only so many compounds (smoke runs).
    """

    insulators: InsulatorsConfig
    pool: str
    seeds: int
    measured: tuple[str, ...] = ()
    most: int | None = None
    budget: str = ""

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        names = (self.insulators.tc.dataset, self.insulators.insulators, self.pool, *self.measured)
        return tuple(dict.fromkeys(names))


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
    for name, count in (("superconductors", known.sum()), ("in_training_data", seen.sum())):
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

    listed = order[:SHOWN]
    distance = composition_distance(pool.fractions[listed], mixed.superconductors.compositions.fractions)
    measured = _measured(run, config)
    names = formulas_of(pool.amounts[listed])
    groups = groups_of(pool.take(listed))
    run.arrays["candidates"] = [
        [
            str(names[i]),
            round(float(mean[place]), 1),
            round(float(sd[place]), 1),
            round(float(predicted[:, place].min()), 1),
            str(groups[i]).removeprefix("group-"),
            round(float(distance[i]), 3),
            measured.get(str(keys[place]), ""),
        ]
        for i, place in enumerate(listed)
    ]


def _measured(run: Run, config: ScreeningConfig) -> dict[str, str]:
    """Return composition → what the lists say of its Tc, lists told apart by name."""
    found: dict[str, dict[str, list[float]]] = {}
    for name in config.measured:
        table = run.dataset(name).table
        compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
        tc = table["critical_temperature"].to_numpy()[compositions.rows]
        for key, value in zip(reduced_keys(compositions), tc, strict=True):
            found.setdefault(str(key), {}).setdefault(name.split("-")[0], []).append(float(value))
    return {
        key: "; ".join(
            f"{name} {min(v):g}–{max(v):g} K" if min(v) < max(v) else f"{name} {v[0]:g} K"
            for name, v in lists.items()
        )
        for key, lists in found.items()
    }
