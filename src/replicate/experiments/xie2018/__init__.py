"""The experiments of Xie and Grossman, Phys. Rev. Lett. 120, 145301 (2018)."""

from replicate.experiments.xie2018.settings import EXPERIMENTS

__all__ = ["EXPERIMENTS"]
