"""Every experiment of Zeng et al. 2019 (ATCNN)."""

from replicate.experiments.zeng2019 import properties, superconductors

EXPERIMENTS = (*properties.EXPERIMENTS, *superconductors.EXPERIMENTS)
