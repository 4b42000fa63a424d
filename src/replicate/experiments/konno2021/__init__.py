"""The experiments of Konno et al., Phys. Rev. B 103, 014509 (2021)."""

from replicate.experiments.konno2021.settings import EXPERIMENTS

__all__ = ["EXPERIMENTS"]
