"""Datasets that several experiments of this chapter share."""

POOL = "materials-project-cifs"
ENERGIES = "crabnet-mp-e-form"
ENERGY = "formation_energy_per_atom"
LIST = "xie2018-ids-46744"
ELASTIC_LIST = "xie2018-ids-3402"
