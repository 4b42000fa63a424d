"""The values that profile and device may take, and the hash by which settings are known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from replicate.errors import ConfigError

PROFILES = ("smoke", "quick", "full")
DEVICES = ("auto", "cpu", "cuda")
MOST_SEEDS = 1000  # beyond any spread worth having, and memory for each


def assignments(text: str) -> dict[str, str]:
    """Return path → value of ``path=value``, several separated by ``;`` or on lines of their own; else ConfigError."""
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.replace("\n", ";").split(";"))):
        path, equals, value = (word.strip() for word in part.partition("="))
        if not (path and equals and value):
            raise ConfigError(f"a change is written path=value, such as fit.epochs=20, not {part!r}")
        if path in pairs:
            raise ConfigError(f"{path} is changed twice in {text!r}")
        pairs[path] = value
    return pairs


def later(default: Any) -> Any:
    """Return a dataclass field that came after records were made: left out of ``plain`` at its default.

    So a new option does not change the keys of all records and checkpoints that do not use it.
    """
    return field(default=default, metadata={"later": True})


def plain(value: Any, named: bool = True) -> Any:
    """Return a config, or a nest of them, as JSON values; the outermost dataclass keeps its class name."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f, getattr(value, f.name)) for f in fields(value))
        inner = {f.name: plain(v, named=False) for f, v in pairs if not ("later" in f.metadata and v == f.default)}
        return {"class": type(value).__name__, **inner} if named else inner
    if isinstance(value, dict):
        return {str(k): plain(v, named) for k, v in value.items()}
    return [plain(v, named) for v in value] if isinstance(value, list | tuple) else value


def content_key(*parts: Any) -> str:
    """Return a short hash of configs, digests and names; equal parts give equal keys everywhere."""
    text = json.dumps(plain(parts), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _choices(kind: type[Any]) -> dict[str, tuple[Any, ...]]:
    """Return the values of every field of a dataclass that is typed as a Literal."""
    hints = get_type_hints(kind).items()
    return {name: get_args(hint) for name, hint in hints if get_origin(hint) is Literal}


def check_choices(config: Any) -> None:
    """Raise ConfigError unless every field of a dataclass that is typed as a Literal holds one of its values."""
    for name, values in _choices(config.__class__).items():
        if getattr(config, name) not in values:
            raise ConfigError(f"{name} must be one of {', '.join(values)}, not {getattr(config, name)!r}")


def check_share(name: str, value: float) -> None:
    """Raise ConfigError unless a share that is dropped lies in [0, 1)."""
    if not 0 <= value < 1:
        raise ConfigError(f"{name} must be from 0 to below 1, not {value}")
