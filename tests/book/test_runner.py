"""The notebook runner: what it skips, what it repeats, and what a failure leaves behind."""

from __future__ import annotations

import io

import nbformat
import pytest
from rich.console import Console

from replicate.bookbuild import runner
from replicate.bookbuild.sources import discover


def run(profile: str = "smoke", force: bool = False) -> tuple[dict[str, runner.Outcome], str]:
    """Run every notebook of the project; return outcomes by name and what was printed."""
    told = io.StringIO()
    console = Console(file=told, width=200, highlight=False)
    outcomes = runner.execute(discover(), {"profile": profile, "seeds": 3}, console=console, force=force)
    return {outcome.source.name: outcome for outcome in outcomes}, told.getvalue()


def output_of(outcome: runner.Outcome) -> str:
    notebook = nbformat.read(outcome.source.output, as_version=4)
    return "".join(output.text for cell in notebook.cells for output in cell.get("outputs", []))


def test_executes_then_skips_then_repeats_on_a_change(project) -> None:
    project.write("paper/gap", "print(profile)")
    outcomes, told = run()
    assert output_of(outcomes["paper/gap"]) == "smoke\n"
    assert "[1/1] paper/gap … " in told
    assert told.rstrip().endswith(" s")

    outcomes, told = run()
    assert outcomes["paper/gap"].status == "current"
    assert told == "[1/1] paper/gap … unchanged\n"

    # Another profile, and a page someone else wrote, are both no longer what the inputs give.
    assert run(profile="quick")[0]["paper/gap"].status == "ran"
    outcomes["paper/gap"].source.output.write_text("{}", encoding="utf-8")
    assert run(profile="quick")[0]["paper/gap"].status == "ran"


def test_a_failure_is_told_kept_aside_and_does_not_stop_the_others(project) -> None:
    project.write(
        "paper/a-broken", "from replicate.errors import DataError\nraise DataError('no gap', row=3)"
    )
    project.write("paper/b-sound", "print('here')")
    page = project.root / "book" / "paper" / "a-broken.ipynb"
    page.parent.mkdir(parents=True)
    page.write_text("the last good page", encoding="utf-8")

    outcomes, told = run()
    assert outcomes["paper/a-broken"].status == "failed"
    assert "DataError: no gap (row 3)" in told
    assert "In [3]" in told
    assert output_of(outcomes["paper/b-sound"]) == "here\n"
    assert page.read_text(encoding="utf-8") == "the last good page"
    assert [path.name for path in page.parent.iterdir() if path.name.startswith(".")] == []
    half_run = nbformat.read(project.root / ".replicate/failed/paper/a-broken.ipynb", as_version=4)
    assert any(output.output_type == "error" for cell in half_run.cells for output in cell.get("outputs", []))
    assert "Executing Cell 1" in (project.root / ".replicate/logs/paper/a-broken.log").read_text("utf-8")


@pytest.mark.parametrize("local", [False, True])
def test_which_records_make_a_page_stale(project, local: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    executed: list[str] = []

    def fake(source, target, parameters):
        executed.append(source.name)
        target.write_text("{}", encoding="utf-8")

    monkeypatch.setattr(runner, "_papermill", fake)
    for name in ("paper/gap", "paper/index", "status"):
        project.write(name, "pass")
    run()
    assert executed == ["paper/gap", "paper/index", "status"]
    folder = project.root / (".replicate/records" if local else "book/results")
    folder.mkdir(parents=True)
    (folder / "paper-gap.json").write_text("{}", encoding="utf-8")
    run()
    # A local record is keyed by its settings, so only the pages that list all of them care.
    assert executed[3:] == (["paper/index", "status"] if local else ["paper/gap", "paper/index", "status"])
