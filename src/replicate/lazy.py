"""Packages that import a module of theirs when a name from it is first asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any


def attribute(package: str, places: Mapping[str, tuple[str, ...]], name: str) -> Any:
    """Return what a package offers under a name, and keep it there for the next time.

    Args:
        package: its full name.
        places: module of the package → names it holds.
        name: that was asked for.

    Raises:
        AttributeError: no module holds the name.
    """
    for module, names in places.items():
        if name in names:
            value = getattr(import_module(f"{package}.{module}"), name)
            setattr(sys.modules[package], name, value)
            return value
    raise AttributeError(f"module {package!r} has no attribute {name!r}")
