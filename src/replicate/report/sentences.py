"""Sentences with numbers of a record, and the condition under which they are true.

A sentence is written by a person in a notebook. Its numbers stand in braces, and what it claims of them in ``holds``,
which a test checks on the committed records: a new record names the sentences that must be written anew.

| in braces | becomes |
| --- | --- |
| ``{random/atcnn/mae}`` | mean ± standard deviation over seeds |
| ``{random/atcnn/mae:2}`` | the same with 2 decimals where no deviation decides them |
| ``{random/atcnn/auc:%}``, ``{…:%1}`` | a share in per cent, with 1 decimal |
| ``{data/all/rows:,}`` | a count |
| ``{system/atcnn/mae / random/atcnn/mae:.1f}`` | what is computed from means, in Python's format |
| ``{random/atcnn/mae@zeng2019-gap}`` | the same of another experiment's full record |
| ``{=zeng2019-gap/mae}`` | a published number with its unit |
| ``{?zeng2019-gap/mae}`` | its verdict |
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from IPython.display import Markdown

from replicate import wording
from replicate.errors import ConfigError
from replicate.report.html import literal
from replicate.results import papers, records
from replicate.results.compare import compare, measured
from replicate.results.records import Metric, Record

# A metric's key has three parts, so a slash with blanks around it divides.
_METRIC = re.compile(r"[A-Za-z0-9][\w.+-]*(?:/[\w.+-]+){2}(?:@[a-z0-9-]+)?")
_BRACES = re.compile(r"\{([^{}]+)\}")
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.Not: operator.not_, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": abs, "min": min, "max": max, "round": round}


class _NoMetric(ConfigError):
    """A metric that a record does not have, as a variant may leave some out."""


def say(record: Record | str, text: str, holds: str = "") -> Markdown:
    """Return a sentence with a record's numbers in it.

    Args:
        record: a record, or the id of an experiment whose committed full record is meant.
        text: Markdown; what stands in braces is replaced, see the module.
        holds: what the sentence claims, in metrics: ``"random/xgboost/mae < random/atcnn/mae"``. Means are compared;
            ``every(a < b)`` asks for every seed, ``sd(a)`` is a standard deviation, ``published("id")`` a printed
            number. In a run where it does not hold, a note says so; and a variant without the metric leaves it out.

    Raises:
        ConfigError: braces or a condition that cannot be read, or a metric that the record does not have.
    """
    source = _full(record) if isinstance(record, str) else record
    kind = f"{source.profile} run with {literal(source.change)}" if source.change else f"{source.profile} run"
    try:
        said = _BRACES.sub(lambda braces: _filled(source, braces[1].strip()), text)
        if holds and not true(source, holds):
            said += f" *(Not so in this {kind}.)*"
    except _NoMetric as error:
        if not source.change:
            raise
        said = f"*(A sentence is left out: {error}.)*"
    return Markdown(said)


def true(record: Record, holds: str) -> bool:
    """Return whether a condition on a record's metrics holds, or raise ConfigError where it cannot be read."""
    return bool(_value(record, holds))


def _full(experiment: str) -> Record:
    record = records.full_record(experiment)
    if record is None:
        raise ConfigError(f"there is no full record of {experiment!r}")
    return record


def _metric(record: Record, name: str) -> Metric:
    key, _, experiment = name.partition("@")
    metric = measured(_full(experiment) if experiment else record, key)
    if metric is None:
        raise _NoMetric(f"the record of {experiment or record.experiment} has no metric {key!r}")
    return metric


def _filled(record: Record, braces: str) -> str:
    """Return what stands in braces as text."""
    if braces[0] in "=?":
        target = papers.target(braces[1:].strip())
        if braces[0] == "=":
            return f"{target.printed} {target.unit}".rstrip()
        return compare(target, records.full_record(target.experiment)).verdict
    expression, _, form = (part.strip() for part in braces.partition(":"))
    if not _METRIC.fullmatch(expression):
        value = _value(record, expression)
        return format(value, form) if form else wording.number(value)
    return written(_metric(record, expression), form)


def written(metric: Metric, form: str = "") -> str:
    """Return a metric over seeds as text, in a form that may stand behind the colon in braces."""
    if form.startswith("%"):
        sd = None if metric.sd is None else 100 * metric.sd
        return f"{wording.spread(100 * metric.mean, sd, int(form[1:] or 0))} %"
    if form == ",":
        return wording.count(metric.mean)
    if form and not form.isdecimal():
        return format(metric.mean, form)
    return wording.spread(metric.mean, metric.sd, int(form or 3))


def _value(record: Record, expression: str) -> Any:
    """Evaluate an expression of metrics, numbers and comparisons."""
    metrics: dict[str, Metric] = {}

    def named(match: re.Match[str]) -> str:
        name = f"metric_{len(metrics)}"
        metrics[name] = _metric(record, match[0])
        return name

    # What stands in quotes is the id of a printed number.
    parts = re.split(r"(\"[^\"]*\")", expression)
    source = "".join(part if part.startswith('"') else _METRIC.sub(named, part) for part in parts)
    try:
        return _evaluated(ast.parse(source, mode="eval").body, metrics, lambda metric: metric.mean)
    except (SyntaxError, KeyError, TypeError) as error:
        raise ConfigError(f"not a condition or a number: {expression!r}") from error


def _evaluated(node: ast.expr, metrics: dict[str, Metric], pick: Callable[[Metric], float]) -> Any:
    def of(part: ast.expr) -> Any:
        return _evaluated(part, metrics, pick)

    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return pick(metrics[name])
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](of(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](of(left), of(right))
        case ast.BoolOp(op=op, values=values):
            return (all if isinstance(op, ast.And) else any)(of(value) for value in values)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            values = [of(left), *map(of, comparators)]
            return all(_OPERATORS[type(op)](*values[i : i + 2]) for i, op in enumerate(ops))
        case ast.Call(func=ast.Name(id="published"), args=[ast.Constant(value=str() as target)]):
            printed = papers.target(target)
            return printed.published / printed.scale
        case ast.Call(func=ast.Name(id="sd"), args=[ast.Name(id=name)]):
            return metrics[name].sd or 0.0
        case ast.Call(func=ast.Name(id="every"), args=[claim]):
            used = {part.id for part in ast.walk(claim) if isinstance(part, ast.Name)} & metrics.keys()
            seeds = min(len(metrics[name].values) for name in used)
            return all(_evaluated(claim, metrics, lambda m, i=i: m.values[i]) for i in range(seeds))  # type: ignore[misc]
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name](*map(of, arguments))
    raise TypeError(ast.dump(node))
