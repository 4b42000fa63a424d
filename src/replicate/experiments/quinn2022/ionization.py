"""Ionisation energy of the cations and the Tc of cuprates: Fig. 4 of Quinn and McQueen 2022."""

from __future__ import annotations

import numpy as np
from scipy.stats import linregress, spearmanr

from replicate.data.quinn import superconductors
from replicate.experiments.core import Run
from replicate.experiments.quinn2022.compounds import family_of, superconductor_crystals
from replicate.experiments.quinn2022.specs import CUPRATE, SUPERCON, IonizationConfig
from replicate.features.composition import Compositions, parse
from replicate.features.elements import element_properties
from replicate.features.parents.search import sides

BINS = 12
ENVELOPE = 0.99  # quantile of Tc: a single wrong entry is no envelope


def cation_energies(compositions: Compositions) -> dict[str, np.ndarray]:
    """Return the three readings (N,) of "sum of first ionisation energies of the cations", eV.

    The paper does not say whether the sum is over a formula, whose multiple is a matter of taste, or over what.
    """
    energy = np.nan_to_num(element_properties()["first_ionization_energy"])
    cations = np.where(sides() >= 0, compositions.amounts, 0)
    total = cations @ energy
    copper = compositions.amounts[:, 28]
    return {"sum": total, "per-copper": total / copper, "mean": total / cations.sum(axis=1)}


def run_ionization(run: Run) -> None:
    """File Tc against the cations' ionisation energies, and the highest Tc reached along it."""
    config: IonizationConfig = run.config
    crystals = superconductor_crystals(run, config.compounds)
    crystals = crystals.take(crystals.labels["family"] == CUPRATE, CUPRATE)
    compositions = parse(crystals.ids, file=SUPERCON)
    run.file(f"data/{CUPRATE}/rows", len(crystals))
    _file(run, CUPRATE, cation_energies(compositions), crystals.target)
    # The same on every cuprate of SuperCon, with a structure or without.
    table = superconductors(run.dataset(SUPERCON)).table
    everything = parse(table["formula"].tolist(), file=SUPERCON)
    tc = table["critical_temperature"].to_numpy()
    chosen = family_of(everything, tc) == CUPRATE
    _file(run, "all-cuprates", cation_energies(everything.take(chosen)), tc[chosen])


def _file(run: Run, label: str, energies: dict[str, np.ndarray], tc: np.ndarray) -> None:
    for reading, energy in energies.items():
        prefix = f"{label}/envelope" if reading == "sum" else f"{label}/envelope-{reading}"
        low, high = np.quantile(energy, [0.005, 0.995])
        inside = (energy >= low) & (energy <= high)
        centre, top = envelope(energy[inside], tc[inside])
        run.file(f"{prefix}/slope", linregress(centre, top).slope, "K/eV", inside.sum())
        run.file(f"{prefix}/rank", spearmanr(centre, top).statistic, n=len(centre))
        run.file(f"{prefix}/all_rank", spearmanr(energy, tc).statistic, n=len(energy))
        limits = ((low, high), (0, 140))
        counts, x, y = np.histogram2d(energy[inside], tc[inside], bins=(60, 60), range=limits)
        run.arrays[f"density/{label}/{reading}"] = {
            "x": [float(x[0]), float(x[-1])],
            "y": [float(y[0]), float(y[-1])],
            "cells": [[int(i), int(j), int(counts[i, j])] for i, j in zip(*np.nonzero(counts), strict=True)],
        }
        run.arrays[f"envelope/{label}/{reading}"] = [centre.tolist(), top.tolist()]


def envelope(energy: np.ndarray, tc: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return centres (b,) of bins with equally many compounds and the Tc that all but one in a hundred stay below."""
    parts = [rows for rows in np.array_split(np.argsort(energy, kind="stable"), BINS) if len(rows)]
    centre = np.array([energy[rows].mean() for rows in parts])
    return centre, np.array([np.quantile(tc[rows], ENVELOPE) for rows in parts])
