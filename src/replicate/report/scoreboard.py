"""The scoreboard: published numbers beside ours as rows, as counts and as a picture with links."""

from __future__ import annotations

import html
from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replicate.report.html import badge, searchable, table
from replicate.report.links import anchor, row_link
from replicate.report.submissions import submitted
from replicate.results import papers
from replicate.results.compare import KINDS, Comparison, counts, of_kind, scoreboard
from replicate.results.papers import Paper, Target
from replicate.results.records import Record
from replicate.results.verdict import RULE
from replicate.wording import number, spread

_COLUMNS = ("quantity", "in the paper", "published", "full (mean ± sd)", "this run", "verdict")

_KIND_NOTES = {"trained": "", "recomputed": "Recomputed, not trained.", "cited": "Cited from others."}


def _cells(row: Comparison, target: Target, quantity: str) -> list[str]:
    """Return a published number's row behind its quantity, which is HTML: a place to link to, or a link."""
    notes = [row.note, row.other_data and f"Other data: {row.other_data}.", _KIND_NOTES[row.kind]]
    note = "".join(f'<br><span class="note">{html.escape(text)}</span>' for text in notes if text)
    return [
        f'<div class="text">{quantity}{note}</div>',
        html.escape(row.where),
        f"{target.printed} {html.escape(row.unit)}",
        spread(row.full_mean, row.full_sd, like=target.printed),
        number(row.this_run, target.printed),
        badge(row.verdict) + "".join(f'<br><span class="note">{caveat}</span>' for caveat in row.caveats),
    ]


def comparison(record: Record) -> HTML | Markdown:
    """Return the comparison table of one experiment: every published number beside ours."""
    targets = papers.targets(record.experiment)
    if not targets:
        return Markdown("The paper prints no number for this experiment, only statements.")
    rows = scoreboard(record.experiment, record)
    lines = [
        _cells(row, target, f'<span id="{anchor(target.id)}">{html.escape(row.quantity)}</span>')
        for row, target in zip(rows, targets, strict=True)
    ]
    budgets = dict.fromkeys(row.budget for row in rows if row.budget)
    short = "".join(f'<p class="rule">reduced budget: {html.escape(budget)}.</p>' for budget in budgets)
    shown = table(_COLUMNS, lines, numeric=(2, 3, 4)).data
    return HTML(f'{shown}<p class="rule">{html.escape(RULE)}</p>{short}{submitted(record.experiment)}')


def full_scoreboard(paper: str) -> HTML:
    """Return every published number of a paper with its verdict, each with a link to its row on its page."""
    lines = []
    for experiment in papers.questions():
        if experiment.paper != paper:
            continue
        rows = scoreboard(experiment.id)
        for row, target in zip(rows, papers.targets(experiment.id), strict=True):
            quantity = f'<a href="{row_link(target.id)}">{html.escape(row.quantity)}</a>'
            quantity += f'<br><span class="note"><code>{experiment.id}</code></span>'
            lines.append(_cells(row, target, quantity))
    return searchable(_COLUMNS, lines, numeric=(2, 3, 4), hint="Filter by any word, such as MAE or not run")


def verdict_counts(rows: Sequence[Comparison]) -> HTML:
    """Return the number of rows with each verdict as badges, a line for each group of numbers."""
    lines = []
    for kind, words in KINDS.items():
        numbers = counts(of_kind(rows, kind))
        if not any(numbers.values()):
            continue
        badges = " ".join(f"<span>{badge(name)} {n}</span>" for name, n in numbers.items() if n)
        lines.append(f'<p class="verdict-counts"><span>{sum(numbers.values())} {words}:</span> {badges}</p>')
    return HTML("".join(lines))


def scoreboard_picture(rows: Sequence[Comparison]) -> HTML:
    """Return one panel per paper: each number trained for a mark at ours ÷ published, linked to its row.

    Args:
        rows: of every published number, in the order of ``papers.targets()``.
    """
    pairs = [pair for pair in zip(rows, papers.targets(), strict=True) if pair[0].kind == "trained"]
    panels = (_panel(paper, [p for p in pairs if p[0].paper == paper.id]) for paper in papers.papers())
    return HTML(f'<div class="scoreboard-picture">{"".join(panels)}</div>')


def _panel(paper: Paper, pairs: Sequence[tuple[Comparison, Target]]) -> str:
    from replicate.report.svg import with_titles
    from replicate.report.verdict_picture import verdict_ratios

    rows = [row for row, _ in pairs]
    titles = [_title(row, target) for row, target in pairs]
    links = [row_link(target.id) for _, target in pairs]
    svg = with_titles(verdict_ratios(rows), titles, links, on_paper=False)
    surname = " and ".join(name.rsplit(" ", 1)[-1] for name in paper.authors[:2])
    surname = surname if len(paper.authors) < 3 else f"{paper.authors[0].rsplit(' ', 1)[-1]} et al."
    marks = " ".join(
        f'<span class="mark verdict-mark-{name.replace(" ", "-")}" title="{name}">{n}</span>'
        for name, n in counts(rows).items()
        if n
    )
    return (
        f'<figure><figcaption><a href="{paper.id}/index.html">{html.escape(paper.short)}</a> '
        f'<span class="note">{html.escape(surname)} {paper.year}</span><span class="marks">{marks}</span>'
        f"</figcaption>{svg}</figure>"
    )


def _title(row: Comparison, target: Target) -> str:
    shown = spread(row.full_mean, row.full_sd, like=target.printed)
    ours = "" if row.full_mean is None else f", ours {shown}"
    return f"{row.quantity}: published {target.printed} {row.unit}".rstrip() + f"{ours}; {row.verdict}"
