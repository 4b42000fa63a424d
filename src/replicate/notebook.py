"""The guard at the head of every notebook: a mistyped or ill-valued papermill parameter stops it."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from replicate.errors import ConfigError
from replicate.settings import DEVICES, PROFILES, assignments

# The first line of our own parameters cell, and of the cell papermill injects below it.
DECLARED = "# parameters:"
INJECTED = "# Parameters"


def assigned_names(source: str) -> list[str]:
    """Return the names a cell assigns at its top level, in order, or raise ConfigError where it is not Python."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise ConfigError(f"the parameters cell is not Python: {error.msg} in line {error.lineno}") from error
    names: list[str] = []
    for statement in body:
        targets: Sequence[ast.expr] = ()
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = (statement.target,)
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def _choice(*allowed: str) -> Callable[[Any], str | None]:
    return lambda value: None if value in allowed else f"one of {', '.join(allowed)}"


def _count(value: Any) -> str | None:
    # bool is an int to Python, never to a reader who wrote `-p seeds True`.
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole and value >= 0 else "a whole number, 0 or more"


def _switch(value: Any) -> str | None:
    return None if isinstance(value, bool) else "True or False"


def _change(value: Any) -> str | None:
    try:
        assignments(value)
    except (ConfigError, AttributeError):
        return "path=value, several separated by ;, or empty"
    return None


# name → what is wrong with a value (None: nothing).
_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "profile": _choice(*PROFILES),
    "device": _choice(*DEVICES),
    "seeds": _count,
    "refresh": _switch,
    "change": _change,
}


# What the guard of this kernel's notebook last let pass.
_passed: dict[str, Any] = {}


def parameters() -> dict[str, Any]:
    """Return the parameters of the notebook that runs in this kernel, by name; outside a notebook none."""
    return dict(_passed)


def guard(namespace: Mapping[str, Any]) -> None:
    """Check the running notebook's parameters; call it as ``guard(globals())`` below the parameters cell.

    It reads the cells run so far from IPython's ``In``; outside IPython (a script) only values are checked.

    Raises:
        ConfigError: a parameter the notebook does not declare, a value that does not fit, or a parameters
            cell that lost its tag, so that its defaults ran after (and undid) what papermill injected.
    """
    cells = [source.lstrip() for source in namespace.get("In", ())]
    declared_at = [i for i, cell in enumerate(cells) if cell.startswith(DECLARED)]
    injected_at = [i for i, cell in enumerate(cells) if cell.split("\n", 1)[0].rstrip() == INJECTED]
    declared = {name for i in declared_at for name in assigned_names(cells[i])}
    for name in (name for i in injected_at for name in assigned_names(cells[i])):
        if name not in declared:
            raise ConfigError(_unknown(name, sorted(declared)))
    if declared_at and injected_at and injected_at[-1] < declared_at[0]:
        raise ConfigError("the notebook's parameters cell has lost its 'parameters' tag: defaults win over -p")
    for name, check in _CHECKS.items():
        if name in namespace and (wanted := check(namespace[name])) is not None:
            raise ConfigError(f"parameter {name!r} must be {wanted}, not {namespace[name]!r}")
    _passed.clear()
    if declared_at:
        _passed.update({name: namespace[name] for name in _CHECKS if name in namespace})


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"unknown parameter {name!r}{hint} This notebook knows: {', '.join(known) or 'none'}"
