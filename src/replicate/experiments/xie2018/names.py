"""Names and numbers that experiments of this chapter and its pages share."""

POOL = "materials-project-cifs"
ENERGIES = "crabnet-mp-e-form"
ENERGY = "formation_energy_per_atom"
MEASURED = "experimental-formation-energy"
MEASURED_SOURCES = ("ssub", "iit")  # of its four the two that are measured and large
COD = "konno-cod-2009"  # formulas of crystals that somebody made
LIST = "xie2018-ids-46744"
GAP_LIST = "xie2018-ids-27430"
ELASTIC_LIST = "xie2018-ids-3402"
ELASTIC = "me228-elastic"
METAL_TABLE = "crabnet-mp-metal"
PEROVSKITE_TABLE, PEROVSKITE_CIFS = "cmr-perovskites-total", "cmr-cifs"

WEIGHTS = ("wc1", "wc2", "wc3", "ws1", "ws2", "ws3")  # of the worked example

GATED, SHARED = "cgcnn-eq5", "cgcnn-eq4"
SITE_TREES = "extra-trees-sites"
SITE_POOLING, FULL_POOLING = "site-pooling", "full-pooling"
STABILITY_CUTOFF = 0.2  # eV/atom: "potential synthesizability"
SAME_ENERGY = 0.011  # eV/atom; the database keeps steps of 0.02
SYNTHESISED = ("PbTiO3", "PbZrO3", "SnTaO3", "PbMoO3")  # as the text says
SMALL_ATOMS = ("Be", "B", "Si")
