"""From a paper's YAML file to checked dataclasses; a file that breaks a rule is an error."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from replicate.errors import ConfigError
from replicate.results.papers.entries import Claim, Paper, Question, Stated, Target, printed_number

if TYPE_CHECKING:
    import jsonschema


@dataclass(frozen=True)
class PaperFile:
    """All of one paper's file; ``tables`` keeps the printed tables as plain values."""

    paper: Paper
    questions: tuple[Question, ...]
    targets: tuple[Target, ...]
    claims: tuple[Claim, ...]
    tables: dict[str, dict[str, Any]]
    stated: tuple[Stated, ...] = ()


class _UniqueKeys(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML that refuses a repeated key, of which PyYAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        if repeated := first_repeated(keys):
            raise yaml.constructor.ConstructorError(None, None, f"key {repeated!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


@cache
def paper_files() -> tuple[PaperFile, ...]:
    """Return every paper's file, in the order of the book's chapters; two must not share an id or a chapter."""
    folder = resources.files("replicate.results.papers")
    named = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    files = [parse(entry.read_text(encoding="utf-8"), file=entry.name) for entry in named]
    for field in ("id", "chapter"):
        if repeated := first_repeated(getattr(file.paper, field) for file in files):
            raise ConfigError(f"two papers have the {field} {repeated!r}")
    return tuple(sorted(files, key=lambda file: file.paper.chapter))


def parse(text: str, *, file: str) -> PaperFile:
    """Check and read the YAML of one paper's file.

    Raises:
        ConfigError: not YAML, against ``schema.json``, or contradicting itself; names file and entry.
    """
    import jsonschema

    try:
        raw = yaml.load(text, Loader=_UniqueKeys)  # noqa: S506, a safe loader of our own
    except yaml.YAMLError as error:
        raise ConfigError(f"{file}: not readable as YAML: {error}") from error
    problem = jsonschema.exceptions.best_match(_validator().iter_errors(raw))
    if problem is not None:
        raise ConfigError(f"{file}: {_entry(raw, problem)}: {problem.message}")

    lists = {name: tuple(raw["paper"].get(name, ())) for name in ("authors", "headline")}
    paper = Paper(**{**raw["paper"], **lists})
    questions = tuple(
        Question(name, paper.id, entry["title"], f"{paper.id}/{entry['page']}", entry["where"])
        for name, entry in raw["experiments"].items()
    )
    targets = tuple(_target(entry, paper.id) for entry in raw["targets"])
    claims = tuple(_claim(entry, paper.id) for entry in raw.get("claims", []))
    stated = tuple(
        Stated(id=f"{paper.id}/{name}", paper=paper.id, **entry) for name, entry in raw.get("stated", {}).items()
    )
    content = PaperFile(paper, questions, targets, claims, raw.get("tables", {}), stated)
    _check(content, file)
    return content


@cache
def _validator() -> jsonschema.Draft202012Validator:
    import jsonschema

    text = (resources.files("replicate.results.papers") / "schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _entry(raw: Any, problem: jsonschema.ValidationError) -> str:
    """Return where a problem stands, with the entry's own id where it has one."""
    path = list(problem.absolute_path)
    if len(path) >= 2 and path[0] in ("targets", "claims") and isinstance(raw[path[0]][path[1]], dict):
        named = raw[path[0]][path[1]].get("id")
        return f"{named or f'{path[0]}, entry {int(path[1]) + 1}'}" + "".join(f", {p}" for p in path[2:])
    return ", ".join(map(str, path)) or "whole file"


def _experiment(entry: dict[str, Any]) -> str:
    return str(entry["id"]).partition("/")[0]


def _target(entry: dict[str, Any], paper: str) -> Target:
    published, scale = float(printed_number(entry["published"])), float(entry.get("scale", 1))
    numbers = {"published": published, "printed": entry["published"], "scale": scale}
    return Target(paper=paper, experiment=_experiment(entry), **{**entry, **numbers})


def _claim(entry: dict[str, Any], paper: str) -> Claim:
    others = tuple((other["quantity"], other["metric"]) for other in entry.get("others", ()))
    return Claim(paper=paper, experiment=_experiment(entry), **{**entry, "others": others})


def _check(content: PaperFile, file: str) -> None:
    """Raise ConfigError where a file contradicts itself in a way that a schema cannot say."""
    names = [experiment.id for experiment in content.questions]
    if stray := next((name for name in names if not name.startswith(f"{content.paper.id}-")), None):
        raise ConfigError(f"{file}: experiment {stray!r} must begin with {content.paper.id + '-'!r}")
    entries: list[Target | Claim] = [*content.targets, *content.claims]
    if lost := next((entry for entry in entries if entry.experiment not in names), None):
        raise ConfigError(f"{file}: {lost.id}: there is no experiment {lost.experiment!r}")
    for kind in (content.targets, content.claims):
        if repeated := first_repeated(entry.id for entry in kind):
            raise ConfigError(f"{file}: the id {repeated!r} stands twice")
    known = {target.id for target in content.targets}
    if lost_id := next((name for name in content.paper.headline if name not in known), None):
        raise ConfigError(f"{file}: paper, headline: there is no published number {lost_id!r}")
    if metric := first_repeated((target.experiment, target.metric) for target in content.targets):
        raise ConfigError(
            f"{file}: two numbers have the metric {metric[1]!r}; one row, and a note for what else is printed"
        )
    for name, table in content.tables.items():
        width = len(table["columns"])
        for i, row in enumerate(table["rows"], start=1):
            if len(row) != width:
                raise ConfigError(f"{file}: {name}, row {i} has {len(row)} values for {width} columns")
        if unknown := set(table.get("units", {})) - set(table["columns"]):
            raise ConfigError(f"{file}: {name} has units for unknown columns {sorted(unknown)}")


def first_repeated(values: Iterable[Any]) -> Any:
    """Return the first value that stands twice, or None."""
    return next((value for value, count in Counter(values).items() if count > 1), None)
