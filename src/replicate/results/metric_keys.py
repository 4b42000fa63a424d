"""What the numbers of a record mean: a dictionary of their keys, ``metric_keys.yaml``."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

import yaml


@cache
def meanings() -> dict[str, str]:
    """Return pattern of a metric's key → what it is; of several that fit the first holds."""
    text = (resources.files("replicate.results") / "metric_keys.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def pattern_of(key: str) -> str:
    """Return the pattern of :func:`meanings` that describes a metric's key, or raise KeyError."""
    for pattern in meanings():
        if fnmatchcase(key, pattern):
            return pattern
    raise KeyError(key)
