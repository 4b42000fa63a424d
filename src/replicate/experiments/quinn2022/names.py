"""Datasets, classes and atom features that several experiments of this chapter share."""

from replicate.features.atom_features import NINE, TWO

SUPERCON = "mdr-supercon"
STANEV = "stanev2018-supercon"
POOL = "materials-project-cifs"
THREE_D = "3dsc-cifs"

CUPRATE, IRON, LOW = "cuprate", "iron-based", "low-tc"
CLASSES = (CUPRATE, IRON, LOW)
WIDE_IRON = "any-iron"  # "Fe-based" read as: holds iron, cuprates with some iron among them
DIBORIDES, BISMUTHATES = "diborides", "bismuthates"  # low-Tc superconductors that the text names
NETWORK = "cgcnn"

FEATURE_SETS: dict[str, tuple[str, ...]] = {
    "group-period": TWO,
    **{name.replace("_", "-"): (*TWO, name) for name in NINE if name not in TWO},
    "all": NINE,
}
"""Group and period, one more property beside them, and all nine (Fig. 3, SI Fig. 2)."""

TEST, VALIDATION = 0.15, 0.10  # shares of all crystals
HOT, COLD = (
    10.0,
    40.0,
)  # K; cuprates and iron-based compounds count above the one, low-Tc ones below the other
COMBINED = "combined"  # the regression of all classes together
PARENT_MEAN = "parent-mean"
DISORDER = "disorder-rule"
BASE, ALL, COMBINATION = "group-period", "all", "best-combination"
DEBYE_TABLES = ("aflow-debye-train", "aflow-debye-val", "aflow-debye-test")
DEBYE = "debye_temperature"

# Ionisation energies
BINS = 12
ENVELOPE = 0.99  # quantile of Tc: a single wrong entry is no envelope
READINGS = {
    "sum": "sum over the cations of the formula",
    "per-copper": "sum over the cations, per copper atom",
    "mean": "mean over the cations",
}

# The search
BOTH, ALONE = "pipeline", "regression"  # classifier and regression, or the regression alone
WARM, WARMER = 25.0, 30.0  # K
LISTED, LISTED_KNOWN = 300, 30
NICKELATES = ("MgNiO2", "CaNiO2", "BaNiO2")
RUTHENATES = tuple(f"Ba3{metal}IrRuO9" for metal in ("Li", "Na", "Mg", "Ni", "Zn", "Bi", "In"))
LAYERED = ("Sr2YCeRuCu2O10", "Sr4Y3CeRu2Cu4O20")  # Sr2Y1+xCe1-xRuCu2O10 with x = 0 and 0.5
NAMED = {"nickelates": NICKELATES, "ruthenates": RUTHENATES, "layered": LAYERED}
"""Group → compounds that the text names among the candidates outside the known classes."""
NUMEROUS = ("Ni", "Pd", "Ru", "Ag")
HEAVY = ("Ta", "Re", "Os", "Ir")
