"""Compositions and structures as arrays."""
