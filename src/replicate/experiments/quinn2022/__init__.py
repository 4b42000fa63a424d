"""The experiments of Quinn and McQueen, Front. Electron. Mater. 2, 893797 (2022)."""

from replicate.experiments.quinn2022.settings import EXPERIMENTS

__all__ = ["EXPERIMENTS"]
