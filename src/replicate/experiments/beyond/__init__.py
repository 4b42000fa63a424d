"""Beyond the papers: their representations on the same compounds and splits."""

from replicate.experiments.beyond.settings import EXPERIMENTS, QUESTIONS

__all__ = ["EXPERIMENTS", "QUESTIONS"]
