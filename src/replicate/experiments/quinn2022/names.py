"""Datasets, classes and atom features that several experiments of this chapter share."""

from replicate.features.atom_features import NINE, TWO

SUPERCON = "mdr-supercon"
STANEV = "stanev2018-supercon"
POOL = "materials-project-cifs"
THREE_D = "3dsc-cifs"

CUPRATE, IRON, LOW = "cuprate", "iron-based", "low-tc"
CLASSES = (CUPRATE, IRON, LOW)
NETWORK = "cgcnn"

FEATURE_SETS: dict[str, tuple[str, ...]] = {
    "group-period": TWO,
    **{name.replace("_", "-"): (*TWO, name) for name in NINE if name not in TWO},
    "all": NINE,
}
"""Group and period, one more property beside them, and all nine (Fig. 3, SI Fig. 2)."""
