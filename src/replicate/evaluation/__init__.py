"""Splits, scores, and the comparison with what was published."""
