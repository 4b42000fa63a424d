"""Names that the experiments of Konno et al. 2021, their figures and their pages share."""

DEEP = "periodic-resnet"
FRACTIONS = "periodic-resnet-fractions"
LOGARITHM = "periodic-resnet-log"
SHALLOW = "shallow"
FOREST = "forest"
TREES = "extra-trees-fractions"

COD_2007, COD_2009 = "konno-cod-2007", "konno-cod-2009"
HOSONO = "konno-hosono-2009"
CANDIDATES = "konno-candidates"
SUPERCON = "mdr-supercon"

SAME = 1e-3
"""Compositions whose fractions all differ by less are the same: none of them is in training and test."""
NEAR = 0.01  # share of atoms; entries this alike are expected to have about the same Tc
OUTLIER = 3.0  # root mean squared errors
RELATIVE = 0.05  # share of atoms
CANDIDATE = 4.0  # K; the authors' list of candidates ends there
NAMED = ("CaBi2", "Hf0.5Nb0.2V2Zr0.3", "BeB2")
"""The compounds the paper singles out; left out of training, so that predicting them means something."""
