"""The seven properties of Table I of Xie and Grossman 2018."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Property:
    """One row of Table I.

    Args:
        id: as in the metrics.
        title, unit: for tables and figures.
        authors: checkpoint of the published network.
        train, validation, test: crystals in the paper.
    """

    id: str
    title: str
    unit: str
    authors: str
    train: int
    validation: int
    test: int


PROPERTIES = (
    Property(
        "formation_energy", "Formation energy", "eV/atom", "formation-energy-per-atom", 28046, 9350, 9350
    ),
    Property("absolute_energy", "Absolute energy", "eV/atom", "final-energy-per-atom", 28046, 9348, 9348),
    Property("band_gap", "Band gap", "eV", "band-gap", 16458, 5485, 5486),
    Property("fermi_energy", "Fermi energy", "eV", "efermi", 28046, 9348, 9348),
    Property("bulk_modulus", "Bulk modulus", "log(GPa)", "bulk-moduli", 2041, 679, 679),
    Property("shear_modulus", "Shear modulus", "log(GPa)", "shear-moduli", 2041, 679, 679),
    Property("poisson_ratio", "Poisson ratio", "", "poisson-ratio", 2041, 679, 679),
)

ELASTIC_PROPERTIES = tuple(row for row in PROPERTIES if row.train == 2041)
"""The three rows of the elastic list."""
