"""``replicate figure`` and ``score``: the data behind the figures of a page, and results of others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from replicate.console import print_rows
from replicate.errors import ConfigError


def figure(
    experiment: Annotated[str, typer.Argument(metavar="ID", help="Experiment id.")],
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A figure's name or number; none: list them.")
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
            names = ", ".join(one.name for one in page.figures)
            raise ConfigError(f"which figure? {experiment} has {names or 'none'}")
        rows = [{"number": one.number, "name": one.name, "caption": one.caption or None} for one in page.figures]
        print_rows(rows, False, ["number", "name", "caption"], f"Figures of {experiment}")
        return
    import matplotlib as mpl

    from replicate import paths
    from replicate.report.figure_data import as_csv as csv_of
    from replicate.report.style import data_of

    mpl.use("agg")
    data = data_of(page.draw(page.figure(name)))
    if output is not None:
        with paths.written_whole(output) as temporary:
            temporary.write_text(csv_of(data), encoding="utf-8", newline="")
        sys.stderr.write(f"{output}: {len(data):,} rows\n")
    elif as_csv:
        sys.stdout.write(csv_of(data))
    else:
        shown = data.astype(object).where(data.notna(), "")
        rows = [dict(zip(data.columns, row, strict=True)) for row in shown.itertuples(index=False)]
        print_rows(rows, False, list(data.columns), f"{experiment}, {name}")


def score(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A file of book/submissions, without .yaml; none: all."),
    ] = None,
) -> None:
    """Score a submission on the published splits, or refuse it; print the scores beside ours and write NAME.json."""
    from replicate.report.names import spread
    from replicate.report.submissions import (
        compared,
        file_scores,
        load_submission,
        stored_scores,
        submission_names,
    )

    for submission in map(load_submission, [name] if name else submission_names()):
        file_scores(submission)
        rows = list(compared(submission, stored_scores(submission)))
        for row in rows:
            for column in ("submitted", "network", "best_here"):
                row[column] = row[column] and spread(row[column])
        print_rows(rows, False, [*rows[0]], f"{submission.model}, {submission.experiment}")
