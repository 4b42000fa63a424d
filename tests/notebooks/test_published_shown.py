"""Where a paper prints the score of a parity plot or a ROC curve, the figure shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from replicate import papers
from workflow.sources import discover

SOURCES = {source.name: source.pair.read_text(encoding="utf-8") for source in discover()}
SCORES = {"parity": ("mae", "rmse", "r", "r2"), "roc": ("auc",)}
RUNS = ("run", "run_or_full")


def calls(tree: ast.AST, module: str, names: tuple[str, ...]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr=name)) if found == module:
                if name in names:
                    yield node


def without_published(source: str) -> list[str]:
    """Return the figures of a notebook without the published score that its experiment has."""
    tree = ast.parse(source)
    shown = {
        first.value
        for call in calls(tree, "experiments", RUNS)
        if isinstance(first := call.args[0], ast.Constant)
    }
    printed = {target.metric for target in papers.targets() if target.experiment in shown}
    found = []
    for call in calls(tree, "report", tuple(SCORES)):
        key = call.args[1]
        assert isinstance(call.func, ast.Attribute) and isinstance(key, ast.Constant), ast.unparse(call)
        scores = SCORES[call.func.attr]
        has = any(m.startswith(f"{key.value}/") and m.rsplit("/", 1)[1] in scores for m in printed)
        if has and "published" not in {keyword.arg for keyword in call.keywords}:
            found.append(ast.unparse(call))
    return found


@pytest.mark.parametrize("page", SOURCES)
def test_a_printed_score_is_shown_beside_ours(page: str) -> None:
    assert without_published(SOURCES[page]) == []


@pytest.mark.parametrize(
    ("figure", "left_out"),
    [
        ('report.parity(shown, "bulk_modulus/cgcnn-eq5", "bulk modulus", "log(GPa)")', True),
        ('report.parity(shown, "bulk_modulus/cgcnn-eq5", "bulk modulus", "log(GPa)", published=text)', False),
        ('report.parity(shown, "bulk_modulus/extra-trees-fractions", "bulk modulus", "log(GPa)")', False),
    ],
)
def test_a_score_left_out_is_found(figure: str, left_out: bool) -> None:
    source = f'record = experiments.run("xie2018-elastic", profile)\n{figure}\n'
    assert bool(without_published(source)) is left_out


def test_a_roc_curve_is_looked_at_too() -> None:
    run = 'experiments.run("zeng2019-metal", profile)\n'
    assert without_published(f'{run}report.roc(shown, "random", models)')
    assert not without_published(f'{run}report.roc(shown, "system", models)')
