"""What every experiment needs, from its settings, and what the rules of the ``Snakefile`` may be told."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from replicate import data, experiments
from replicate.data.lookup import places
from replicate.errors import ConfigError
from replicate.experiments.core import archives_of
from replicate.experiments.groups import group_count
from replicate.settings import DEVICES, PROFILES
from replicate.training.config import resolve_device

if TYPE_CHECKING:
    from workflow.sources import Source

# What ``--config`` may set: for every rule, then for screening.
SETTINGS = ("profile", "device", "groups", "structures", "model", "size", "most", "highest", "out")
MISSING = "missing"  # the key that a job writes down a missing dataset under
_RUNS = re.compile(r"""experiments\.run(?:_or_full)?\(\s*["']([\w-]+)["']""")


@dataclass(frozen=True)
class Needs:
    """What one experiment needs with one profile.

    Args:
        data: datasets and archives in the registry.
        graphs: those of them whose crystal graphs are built first, whole and by the usual rule of neighbours.
        groups: into how many jobs its seeds are dealt; 1: the record's own job trains.
        after: experiments that train networks it uses too.
    """

    data: tuple[str, ...]
    graphs: tuple[str, ...]
    groups: int
    after: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What is needed by every experiment, by id, and where each dataset may lie."""

    needs: Mapping[str, Needs]
    places: Mapping[str, tuple[str, ...]]


def check_settings(names: Iterable[str]) -> None:
    """Refuse what ``--config`` cannot set: a misspelt name would quietly leave the default.

    Raises:
        ConfigError: names the setting and the nearest one, or all.
    """
    for name in names:
        if name not in SETTINGS:
            near = difflib.get_close_matches(name, SETTINGS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(SETTINGS)}"
            raise ConfigError(f"--config has no setting {name!r}; {hint}")


def whole_number(name: str, value: object, least: int = 1) -> int:
    """Return a setting that is a whole number, of at least so much, or raise ConfigError."""
    if not str(value).isdecimal() or int(str(value)) < least:
        raise ConfigError(f"{name} is a whole number, {least} or more, not {value!r}")
    return int(str(value))


def flag(name: str, value: object) -> bool:
    """Return a setting that is on or off, 1 or 0, or raise ConfigError."""
    if str(value) not in ("0", "1"):
        raise ConfigError(f"{name} is 1 or 0, not {value!r}")
    return str(value) == "1"


def make_plan(profile: str, device: str, groups: int = 0) -> Plan:
    """Return what every experiment needs, as its settings say.

    Args:
        profile: ``smoke``, ``quick`` or ``full``.
        device: ``auto``, ``cpu`` or ``cuda``; decides the settings of ``full``.
        groups: most groups that an experiment's seeds are dealt into; 0: with ``full`` one per seed, else one.

    Raises:
        ConfigError: unknown profile or device.
    """
    for name, value, allowed in (("profile", profile, PROFILES), ("device", device, DEVICES)):
        if value not in allowed:
            raise ConfigError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    # A cluster's front end has no GPU; what runs on one is still to be planned there. Only the full profile asks which
    # device there is, which takes seconds of imports.
    target = resolve_device(device) if (profile, device) == ("full", "auto") else device
    needs = {}
    for experiment in experiments.all_experiments():
        config = experiment.config(profile, target)
        archives = archives_of(config)
        tables = [
            name for name in config.datasets if any(column.name == "structure" for column in data.entry(name).columns)
        ]
        # Smaller profiles read a part of an archive, whose graphs the record's job builds in seconds.
        whole = [*tables, *(archives if profile == "full" else ())]
        needs[experiment.id] = Needs(
            data=tuple(dict.fromkeys((*config.datasets, *archives))),
            graphs=tuple(dict.fromkeys(whole)),
            groups=group_count(config, groups) if groups or profile == "full" else 1,
            after=experiment.after,
        )
    names = dict.fromkeys(name for need in needs.values() for name in need.data)
    return Plan(needs, {name: tuple(map(str, places(data.entry(name)).values())) for name in names})


def shown_by(notebook: Path, known: Mapping[str, Needs]) -> list[str]:
    """Return the experiments whose records a notebook (``.ipynb``) asks for, in its order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [name for name in dict.fromkeys(_RUNS.findall(code)) if name in known]


def shown_on(page: Source, known: Mapping[str, Needs]) -> list[str]:
    """Return the experiments whose records a page shows: a summary all, another page those that it asks for."""
    return list(known) if page.summary else shown_by(page.path, known)


def forget_missing(plan: Plan, folder: Path) -> None:
    """Delete what was written down of a missing dataset that has come since, so that it is looked for again."""
    for name, files in plan.places.items():
        marker = folder / f"{name}.json"
        here = any(Path(file).is_file() for file in files)
        if here and marker.is_file() and MISSING in json.loads(marker.read_text(encoding="utf-8")):
            marker.unlink()
