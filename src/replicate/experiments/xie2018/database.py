"""What the paper says of its database, counted over the crystals of its list that are at hand (Figs. 2a, S2)."""

from __future__ import annotations

from functools import partial

import numpy as np
import spglib

from replicate import data
from replicate.data import Dataset
from replicate.errors import DataError
from replicate.experiments.core import Run
from replicate.experiments.graph_store import StoredGraphs
from replicate.experiments.xie2018.configs import POOL
from replicate.features.crystal import from_cif
from replicate.features.crystal_graph import amounts_of

_SYMPREC = 0.01  # Å, as the Materials Project
# The last space group of each lattice system; trigonal groups with an R lattice are rhombohedral.
_LAST = (0, 2, 15, 74, 142, 194, 230)
_SYSTEMS = ("none", "triclinic", "monoclinic", "orthorhombic", "tetragonal", "hexagonal", "cubic")


def describe_list(run: Run, stored: StoredGraphs, ids: Dataset) -> None:
    """File the size of the paper's list, how many of it are at hand, and the counts of its text."""
    wanted = set(ids.table["material_id"])
    graphs = stored.graphs.take(np.flatnonzero(np.isin(stored.graphs.ids, list(wanted))))
    held = amounts_of(graphs) > 0
    n_elements = held.sum(axis=1)
    symmetry = run.stage(
        "xie2018-space-groups", (stored.digest, ids.digest, _SYMPREC), partial(_space_groups, wanted)
    )
    groups = symmetry["space_group"]
    counts = {
        "rows": len(wanted),
        "at_hand": len(graphs),
        "elements": int(held.any(axis=0).sum()),
        "space_groups": len(set(groups[groups > 0].tolist())),
        "lattice_systems": len(set(symmetry["system"][groups > 0].tolist())),
        "max_elements": int(n_elements.max()),
        "min_atoms": int(graphs.n_atoms.min()),
        "max_atoms": int(graphs.n_atoms.max()),
        "share_2_to_4_elements": float(((n_elements >= 2) & (n_elements <= 4)).mean()),
        "share_below_60_atoms": float((graphs.n_atoms < 60).mean()),
    }
    run.add("data/list", [counts], {}, len(graphs))
    run.arrays["data/elements"] = np.bincount(n_elements)[1:].tolist()
    run.arrays["data/atoms"] = np.bincount(np.minimum(graphs.n_atoms, 200) // 5).tolist()


def _space_groups(wanted: set[str]) -> dict[str, np.ndarray]:
    """Return the space group number, 0 for unknown, and lattice system of each crystal at hand."""
    numbers, systems = [], []
    for name, text in data.cifs(POOL):
        if name not in wanted:
            continue
        try:
            crystal = from_cif(text, name)
        except DataError:
            continue
        cell = (crystal.lattice.tolist(), crystal.positions.tolist(), crystal.element.tolist())
        symmetry = spglib.get_symmetry_dataset(cell, symprec=_SYMPREC)
        number = 0 if symmetry is None else int(symmetry.number)
        numbers.append(number)
        rhombohedral = (
            symmetry is not None and 143 <= number <= 167 and symmetry.international.startswith("R")
        )
        systems.append("rhombohedral" if rhombohedral else _SYSTEMS[np.searchsorted(_LAST, number)])
    return {"space_group": np.array(numbers), "system": np.array(systems)}
