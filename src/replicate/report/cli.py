"""Commands that show what is set and what came out: ``settings``, ``report``, ``show``, ``figure``, ``score``."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replicate.console import AsJson, print_rows
from replicate.errors import ConfigError, ReplicateError

if TYPE_CHECKING:
    from replicate.results.papers import Question
    from replicate.results.records import Record


Paper = Annotated[str | None, typer.Option(metavar="NAME", help="Only experiments of one paper, such as zeng2019.")]
Profile = Annotated[str, typer.Option(help="smoke, quick or full.")]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]


def questions_of(paper: str | None) -> list[Question]:
    """Return what the experiments answer, of one paper or of all; ConfigError without such a paper or checkout."""
    from replicate import experiments, paths

    if os.environ.get("REPLICATE_ROOT") and not paths.results_dir().is_dir():
        raise ConfigError(f"REPLICATE_ROOT names no checkout: {paths.root()} has no book/results")
    questions = experiments.questions()
    papers = list(dict.fromkeys(question.paper for question in questions if question.paper))
    if paper is not None and paper not in papers:
        raise ConfigError(f"there is no paper {paper!r}; there are {', '.join(papers)}")
    return [question for question in questions if paper in (None, question.paper)]


def settings(
    name: Annotated[str, typer.Argument(metavar="ID", help="Experiment id.")],
    profile: Profile = "quick",
    device: Device = "auto",
    as_json: AsJson = False,
) -> None:
    """List the settings of an experiment that `run --set` can change, with their values."""
    from replicate import experiments
    from replicate.experiments.changes import settings_of
    from replicate.training.config import resolve_device

    target = resolve_device(device) if profile == "full" else device
    rows = [
        {"setting": path, "value": setting.value if as_json else str(setting.value), "takes": setting.takes}
        for path, setting in settings_of(experiments.get(name).config(profile, target)).items()
    ]
    print_rows(rows, as_json, ["setting", "value", "takes"], f"{name}, {profile} profile")


def print_variant(record: Record) -> None:
    """Print the numbers of a variant that differ from its base's, which is run where it has no record."""
    from replicate import experiments
    from replicate.report import variants

    base = experiments.base_record(record)
    if base is None:
        print(f"  {variants.NO_BASE.format(experiment=record.experiment)}")
        return
    rows = [dict(zip(variants.COLUMNS, row, strict=True)) for row in variants.numbers(base, record)]
    print_rows(rows, False, variants.COLUMNS, f"{record.change}; base: {variants.base_name(record)}")


def report(paper: Paper = None, as_json: AsJson = False) -> None:
    """Print the scoreboard: one row per published number, numbers not yet run included."""
    from replicate.report.trace import traces
    from replicate.results import compare, verdict

    ids = {question.id for question in questions_of(paper)}
    rows = [row for row in traces() if row.experiment in ids]
    columns = ["id", "quantity", "unit", "published", "full_mean", "full_sd", "this_run", "verdict"]
    cells = [asdict(row) for row in rows]
    if not as_json:
        for cell, row in zip(cells, rows, strict=True):
            why = row.caveats if row.verdict != verdict.NOT_RUN else [row.note]
            cell["verdict"] += f" ({', '.join(why)})" if any(why) else ""
    print_rows(cells, as_json, columns, "Scoreboard")
    if not as_json:
        for words, numbers in compare.counts_by_kind(rows).items():
            print(f"{words}: {', '.join(f'{n} {name}' for name, n in numbers.items())}")
        print(verdict.RULE)


def show(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Such as zeng2019-metal/auc.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare the digests, and recompute it from stored weights.")
    ] = False,
) -> None:
    """Trace a printed number: place in the paper, ours per seed, rule, record, data, code, page and citation."""
    from replicate import report

    print(report.show(number), flush=True)
    if verify:
        from replicate.experiments.verification import verify as check

        done = check(number)
        print(f"\n{done}")
        if not done.holds:
            raise ReplicateError(f"{number}: data or splits here are not those of the record")


def figure(
    experiment: Annotated[str, typer.Argument(metavar="ID", help="Experiment id.")],
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A figure's name or number; none: list them. 'points': every test row of the shipped network.",
        ),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write CSV to a file.")] = None,
) -> None:
    """Print the data behind a figure of an experiment's page, drawn from the committed record; nothing is trained.

    Columns are the axes with their units. A bar, band, cell or error bar ends at ", low" and ", high"; the outermost
    cells of a figure of predictions hold what lies beyond them too.
    """
    from replicate.report.page_figures import Page

    page = Page(experiment)
    if name is None:
        if as_csv or output is not None:
            raise ConfigError(f"which figure? {experiment} has {page.names}")
        rows = [{"number": fig.number, "name": fig.name, "caption": fig.caption or None} for fig in page.figures]
        print_rows(rows, False, ["number", "name", "caption"], f"Figures of {experiment}")
        return
    import matplotlib as mpl

    from replicate import paths
    from replicate.experiments import verification
    from replicate.report.figure_data import as_csv as csv_of
    from replicate.report.style import data_of

    mpl.use("agg")
    data = verification.points_of_tests(experiment) if name == "points" else data_of(page.draw(page.figure(name)))
    if output is not None:
        with paths.written_whole(output) as temporary:
            temporary.write_text(csv_of(data), encoding="utf-8", newline="")
        sys.stderr.write(f"{output}: {len(data):,} rows\n")
    elif as_csv:
        sys.stdout.write(csv_of(data))
    else:
        shown: list[Any] = data.astype(object).where(data.notna(), "").to_dict("records")
        print_rows(shown, False, list(data.columns), f"{experiment}, {name}")


def score(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A file of book/submissions, without .yaml; none: all.")
    ] = None,
) -> None:
    """Score a submission on the published splits, or refuse it; print the scores beside ours and write NAME.json."""
    from replicate.report import submissions
    from replicate.report.names import spread

    for submission in map(submissions.load_submission, [name] if name else submissions.submission_names()):
        scores = submissions.file_scores(submission)
        rows = list(submissions.compared(submission, scores))
        for row in rows:
            row |= {column: row[column] and spread(row[column]) for column in ("submitted", "network", "best_here")}
        print_rows(rows, False, [*rows[0]], f"{submission.model}, {submission.experiment}")
