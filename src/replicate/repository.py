"""The address of this book's repository: none is fixed, a build is given one by ``REPLICATE_REPOSITORY``."""

from __future__ import annotations

import os
import re

from replicate.errors import ConfigError

VARIABLE = "REPLICATE_REPOSITORY"
_ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+")


def checked(address: str) -> str:
    """Return an address that is safe in a link and a command; ConfigError unless it is https://github.com/owner/name."""
    if _ADDRESS.fullmatch(address) is None:
        raise ConfigError(f"a repository is https://github.com/owner/name, not {address!r} ({VARIABLE}, --repository)")
    return address


def address() -> str:
    """Return the address that this build was given, empty without one; errors as for :func:`checked`."""
    given = os.environ.get(VARIABLE, "")
    return checked(given) if given else ""
