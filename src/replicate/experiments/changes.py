"""Variants: some settings of an experiment changed by name, each checked by the type of its field.

A setting is a path of fields, ``networks.atcnn.fit.epochs``; several networks stand under their names. A change may
leave out the beginning of a path, and then means every setting that ends so: ``fit.epochs`` is that of each network.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from replicate.errors import ConfigError
from replicate.settings import assignments

# What one of several networks, families or tables is called.
_LABELS = ("name", "family", "dataset")
_hints = cache(get_type_hints)
_WORDS = {int: "a whole number", float: "a number", bool: "True or False", str: "a word", NoneType: "None"}


@dataclass(frozen=True)
class Setting:
    """One setting: its value, and the type of its field."""

    value: Any
    kind: Any

    @property
    def takes(self) -> str:
        """What it can be set to, in words."""
        return _in_words(self.kind)


def settings_of(config: Any) -> dict[str, Setting]:
    """Return every setting of a config that can be changed, by its path."""
    return dict(_settings(config, ()))


def changed(config: Any, change: str) -> Any:
    """Return a config with some settings changed.

    Args:
        config: settings of an experiment.
        change: ``path=value``, several separated by ``;`` or on lines of their own.

    Raises:
        ConfigError: not written so, an unknown path, a value that does not fit, or one that is there already.
    """
    known = settings_of(config)
    new: dict[str, Any] = {}
    for path, text in assignments(change).items():
        values = {place: _value(place, text, known[place]) for place in _places(path, known)}
        if all(value == known[place].value for place, value in values.items()):
            raise ConfigError(f"{path}={text} changes nothing: that is the value of {', '.join(values)}")
        if repeated := sorted(values.keys() & new.keys()):
            raise ConfigError(f"{repeated[0]} is changed twice in {change!r}")
        new |= values
    return _rebuilt(config, (), new)


def differences(base: Any, variant: Any) -> dict[str, tuple[Any, Any]]:
    """Return path → (value, changed value) of the settings in which two configs of one class differ."""
    before, after = settings_of(base), settings_of(variant)
    return {
        path: (before[path].value, after[path].value)
        for path in before
        if path in after and before[path].value != after[path].value
    }


def _parts(value: Any) -> list[tuple[str, Any]] | None:
    """Return name → part of a value that consists of settings, None for a setting."""
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value) if field.init]
    if isinstance(value, tuple) and value and all(map(is_dataclass, value)):
        labels = [next((str(getattr(v, name)) for name in _LABELS if hasattr(v, name)), "") for v in value]
        unique = len(set(labels)) == len(labels)
        names = [label if label and unique else str(i) for i, label in enumerate(labels)]
        return list(zip(names, value, strict=True))
    return None


def _settings(value: Any, at: tuple[str, ...]) -> Iterator[tuple[str, Setting]]:
    hints = _hints(value.__class__) if is_dataclass(value) else {}
    named = is_dataclass(value) and next((name for name in _LABELS[:2] if hasattr(value, name)), None)
    for name, part in _parts(value) or ():
        if name == named and name in hints:
            continue  # what the record calls it
        if _parts(part) is not None:
            yield from _settings(part, (*at, name))
        elif name in hints and not any(map(is_dataclass, _all_args(hints[name]))):
            yield ".".join((*at, name)), Setting(part, hints[name])


def _all_args(hint: Any) -> Iterator[Any]:
    """Yield a type and all that it is made of."""
    yield hint
    if get_origin(hint) is not Literal:
        for inner in get_args(hint):
            yield from _all_args(inner)


def _places(path: str, known: dict[str, Setting]) -> list[str]:
    """Return the settings that a path means."""
    places = [path] if path in known else [place for place in known if place.endswith(f".{path}")]
    if places:
        return places
    # Every end by which a setting can be named; for people the last two parts of each.
    ends = dict.fromkeys(".".join(place.split(".")[i:]) for place in known for i in range(place.count(".") + 1))
    near = difflib.get_close_matches(path, ends, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    there = dict.fromkeys(".".join(place.split(".")[-2:]) for place in known)
    raise ConfigError(f"there is no setting {path!r}{hint} There are {', '.join(there)}")


def _value(path: str, text: str, setting: Setting) -> Any:
    """Return the value that a text stands for in a setting: as Python has it, as a word, or as a list."""
    from pydantic import ConfigDict, TypeAdapter, ValidationError

    readings: list[Any] = [text, tuple(part.strip() for part in text.split(",") if part.strip())]
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        value = ast.literal_eval(text)
        readings = [value, tuple(value) if isinstance(value, list) else (value,), *readings]
    check = TypeAdapter(setting.kind, config=ConfigDict(strict=True, allow_inf_nan=False))
    for reading in readings:
        with suppress(ValidationError):
            check.validate_python(reading)
            return reading  # as it was written: a whole number of a larger share stays whole
    raise ConfigError(f"{path} takes {setting.takes}, not {text}")


def _in_words(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin in (Union, UnionType):
        return " or ".join(map(_in_words, inner))
    if origin is tuple:
        if inner[-1] is ...:
            return f"a list, each {_in_words(inner[0])}"
        return f"({', '.join(map(_in_words, inner))})"
    return _WORDS.get(kind, str(kind))


def _rebuilt(value: Any, at: tuple[str, ...], new: dict[str, Any]) -> Any:
    """Return a value with its new settings, all at once, so that what checks them sees them together."""
    parts = _parts(value)
    if parts is None:
        return new.get(".".join(at), value)
    rebuilt = {name: _rebuilt(part, (*at, name), new) for name, part in parts}
    return replace(value, **rebuilt) if is_dataclass(value) else tuple(rebuilt.values())  # type: ignore[type-var]
