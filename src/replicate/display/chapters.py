"""What every chapter's first page shows: its verdict in two sentences, its claims, its data."""

from __future__ import annotations

import html

from IPython.display import HTML, Markdown

from replicate import data, experiments, papers
from replicate.display.html import table
from replicate.display.links import PAGES
from replicate.evaluation.compare import VERDICTS, counts, scoreboard, trained
from replicate.experiments.base import archives_of


def verdict_sentences(paper: str) -> Markdown:
    """Return how many of a paper's numbers stand where, in two sentences."""
    rows = [row for row in scoreboard() if row.paper == paper]
    found, ours = counts(rows), counts(trained(rows))
    listed = ", ".join(f"**{found[name]}** {name}" for name in VERDICTS if found[name])
    here = ", ".join(f"{ours[name]} {name}" for name in VERDICTS if ours[name]) or "none"
    return Markdown(
        f"Of the {len(rows)} numbers that this paper prints and this book tests: {listed}. Of those that were trained "
        f"here (the others are counted, or recomputed from printed values or from the authors' weights): {here}."
    )


def chapter_claims(paper: str) -> HTML:
    """Return the paper's statements without a number, each with a link to the page that tests it."""
    made = [
        f"<li>{html.escape(claim.statement)} ({html.escape(claim.where)}; {_page(claim.experiment)})</li>"
        for claim in papers.claims()
        if claim.paper == paper
    ]
    return HTML(f"<ul>{''.join(made)}</ul>")


def chapter_data(paper: str) -> HTML:
    """Return the data card of a chapter: every dataset of its experiments, its licence, its source, who uses it."""
    users: dict[str, dict[str, None]] = {}  # ordered, each once
    for experiment in experiments.all_experiments():
        if PAGES[experiment.id].split("/")[0] != paper:
            continue
        for profile in ("quick", "full"):
            config = experiment.config(profile)
            for name in (*config.datasets, *archives_of(config)):
                users.setdefault(name, {})[experiment.id] = None
    made = []
    for name, used in users.items():
        entry = data.entry(name)
        made.append(
            [
                f'<div class="short"><code>{html.escape(name)}</code><br>{html.escape(entry.title)}</div>',
                "with the package" if entry.kind == "bundled" else "download",
                f'<div class="text">{html.escape(entry.citation)}<br>{html.escape(entry.licence)}</div>',
                f'<div class="short">{", ".join(map(_page, used))}</div>',
            ]
        )
    return table(("dataset", "comes", "source and licence", "used on"), made)


def _page(experiment: str) -> str:
    """Return a link to an experiment's page, from a page of its chapter."""
    page = PAGES[experiment].split("/")[1]
    return f'<a href="{page}.html">{page.replace("-", " ")}</a>'
