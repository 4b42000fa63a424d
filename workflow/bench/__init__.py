"""Speeds of this package beside its peers, measured by ``make bench``."""
