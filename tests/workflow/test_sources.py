"""The committed notebook sources, and the check that keeps them fit to commit."""

import nbformat
import pytest

from replicate.errors import ConfigError
from workflow.sources import Source, discover, problems, select, table_of_contents

SOURCES = discover()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_source_is_fit_to_commit(source: Source) -> None:
    assert problems(source) == []


def test_every_source_has_a_page_in_the_contents() -> None:
    assert {source.name for source in SOURCES} <= set(table_of_contents())


def test_order_is_contents_then_chapter_pages_then_summaries(project) -> None:
    for name in ("status", "paper/index", "paper/a", "paper/b", "scoreboard"):
        project.write(name, "pass")
    project.contents(["scoreboard", "paper/index", "paper/b", "paper/a", "status"])
    expected = ["paper/b", "paper/a", "paper/index", "scoreboard", "status"]
    assert [source.name for source in discover()] == expected


def test_select_refuses_a_name_that_is_not_there(project) -> None:
    project.write("paper/gap", "pass")
    assert [source.name for source in select(discover(), ["paper/gap"])] == ["paper/gap"]
    with pytest.raises(ConfigError, match="no notebook named 'gap'.*paper/gap"):
        select(discover(), ["gap"])


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda nb: nb.cells[2].update(execution_count=1), "outputs or execution counts"),
        (lambda nb: nb.cells[1].metadata.clear(), "lost the tag"),
        (lambda nb: nb.cells[1].update(source="profile = 1"), "starting with '# parameters:'"),
        (lambda nb: nb.cells[2].update(source="print(2)"), "differs from gap.py"),
        (lambda nb: nb.metadata.kernelspec.update(name="my-env"), "'my-env'"),
    ],
    ids=["outputs", "tag", "comment", "pair", "kernel"],
)
def test_what_is_not_fit_is_told(project, edit, told: str) -> None:
    path = project.write("paper/gap", "print(1)")
    (source,) = discover()
    assert problems(source) == []
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    nbformat.write(notebook, path)
    (source,) = discover()
    assert any(told in problem for problem in problems(source)), problems(source)
    path.with_suffix(".py").unlink()
    assert "has no pair gap.py" in problems(source)
