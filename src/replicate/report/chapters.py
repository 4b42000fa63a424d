"""What every chapter's first page shows: its verdict in two sentences, its claims, its data."""

from __future__ import annotations

import html

from IPython.display import HTML, Markdown

from replicate import data, experiments
from replicate.experiments.core import archives_of
from replicate.report.html import table, verdict_link
from replicate.report.links import pages, row_link
from replicate.results import papers
from replicate.results.compare import Comparison, counts_by_kind, scoreboard


def verdict_sentences(paper: str) -> Markdown:
    """Return how many of a paper's numbers stand where, and what became of those it is known for: two sentences."""
    rows = [row for row in scoreboard() if row.paper == paper]
    by_id = {row.id: row for row in rows}
    groups = [
        f"{numbers.total()} {words}: {', '.join(f'**{n}** {name}' for name, n in numbers.items())}"
        for words, numbers in counts_by_kind(rows).items()
    ]
    headline = "\n".join(f"- {_outcome(by_id[id])}" for id in papers.paper(paper).headline)
    return Markdown(
        f"Of the {len(rows)} numbers that this paper prints and this book tests, {'; '.join(groups)}.\n\n"
        f"The main results of the paper, printed → here:\n\n{headline}"
    )


def _outcome(row: Comparison) -> str:
    """Return question published number, ours, and the verdict in a few words."""
    (title,) = (question.title for question in papers.questions() if question.id == row.experiment)
    said = ", ".join((verdict_link(row, "../"), *row.caveats))
    return (
        f'{html.escape(title)}, <a href="../{row_link(row.id)}">{html.escape(row.quantity)}</a>: '
        f"{row.printed} → **{row.ours}**{row.unit and f' {row.unit}'}, {said}"
    )


def chapter_claims(paper: str) -> HTML:
    """Return the paper's statements without a number, each with a link to the page that tests it."""
    items = [
        f"<li>{html.escape(claim.statement)} ({html.escape(claim.where)}; {_page(claim.experiment)})</li>"
        for claim in papers.claims()
        if claim.paper == paper
    ]
    return HTML(f"<ul>{''.join(items)}</ul>")


def chapter_data(paper: str) -> HTML:
    """Return the data card of a chapter: every dataset of its experiments, its licence, its source, who uses it."""
    users: dict[str, dict[str, None]] = {}  # ordered, each once
    for experiment in experiments.all_experiments():
        if pages()[experiment.id].startswith(f"{paper}/"):
            for config in (experiment.config("quick"), experiment.config("full")):
                for name in (*config.datasets, *archives_of(config)):
                    users.setdefault(name, {})[experiment.id] = None
    rows = [
        [
            f'<div class="short"><code>{html.escape(entry.name)}</code><br>{html.escape(entry.title)}</div>',
            "with the package" if entry.kind == "bundled" else "download",
            f'<div class="text">{html.escape(entry.citation)}<br>{html.escape(entry.licence)}</div>',
            f'<div class="short">{", ".join(map(_page, users[entry.name]))}</div>',
        ]
        for entry in map(data.entry, users)
    ]
    return table(("dataset", "comes", "source and licence", "used on"), rows, caption="Data of the chapter")


def _page(experiment: str) -> str:
    """Return a link to an experiment's page, from a page of its chapter."""
    page = pages()[experiment].split("/")[1]
    return f'<a href="{page}.html">{page.replace("-", " ")}</a>'
