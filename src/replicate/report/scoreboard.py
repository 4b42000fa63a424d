"""The scoreboard: published numbers beside ours as rows, as counts and as a picture with links."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from IPython.display import HTML, Markdown

from replicate.report.html import badge, searchable, table, verdict_link
from replicate.report.links import anchor, row_link
from replicate.report.submissions import submitted
from replicate.results import papers
from replicate.results.compare import KINDS, Comparison, by_importance, counts, counts_by_kind, of_kind, scoreboard
from replicate.results.elsewhere import beside
from replicate.results.papers import Paper
from replicate.results.records import Record
from replicate.results.verdict import RULE
from replicate.wording import number

_COLUMNS = ("quantity", "in the paper", "published", "full (mean ± sd)", "this run", "verdict")
_NUMERIC = (2, 3, 4)

_KIND_NOTES = {"trained": "", "recomputed": "Recomputed, not trained.", "cited": "Cited from others."}


def _cells(row: Comparison, quantity: str, root: str | None = None) -> list[str]:
    """Return a published number's row behind its quantity, which is HTML: a place to link to, or a link from root."""
    notes = [row.note, row.other_data and f"Other data: {row.other_data}.", _KIND_NOTES[row.kind]]
    note = "".join(f'<br><span class="note">{html.escape(text)}</span>' for text in notes if text)
    return [
        f'<div class="text">{quantity}{note}</div>',
        html.escape(row.where),
        f"{row.printed} {html.escape(row.unit)}",
        row.ours + "".join(f'<br><span class="note">{link}</span>' for link in _measures(row, root)),
        number(row.this_run, row.printed),
        verdict_link(row, root) + "".join(f'<br><span class="note">{caveat}</span>' for caveat in row.caveats),
    ]


def _measures(row: Comparison, root: str | None) -> Iterator[str]:
    """Yield links to what an error can be held against: the floor of the measurements, public scores of the task."""
    up = "../" if root is None else root
    if row.floor and row.full_mean is not None:
        yield f'<a href="{up}beyond/noise-floor.html">{row.full_mean / row.floor:.1f} × floor</a>'
    if scores := sorted((score for task in beside(row.id) for score in task.scores.values()), key=float):
        yield f'<a href="{up}beyond/matbench.html">elsewhere {"–".join(dict.fromkeys((scores[0], scores[-1])))}</a>'


def comparison(record: Record) -> HTML | Markdown:
    """Return the comparison table of one experiment: every published number beside ours."""
    rows = scoreboard(record.experiment, record)
    if not rows:
        return Markdown("The paper prints no number for this experiment, only statements.")
    lines = [_cells(row, f'<span id="{anchor(row.id)}">{html.escape(row.quantity)}</span>') for row in rows]
    budgets = dict.fromkeys(row.budget for row in rows if row.budget)
    short = "".join(f'<p class="rule">reduced budget: {html.escape(budget)}.</p>' for budget in budgets)
    caption = f"Every published number of {record.experiment} beside ours"
    shown = table(_COLUMNS, lines, _NUMERIC, caption=caption, stacked=True).data
    return HTML(f'{shown}<p class="rule">{html.escape(RULE)}</p>{short}{submitted(record.experiment)}')


def full_scoreboard() -> HTML:
    """Return every published number with its verdict, the best known first, each with a link to its row on its page."""
    rows = by_importance(scoreboard())
    named = {paper.id: paper.short for paper in papers.papers()}
    lines = []
    for row in rows:
        where = f"{html.escape(named[row.paper])}, <code>{row.experiment}</code>"
        link = f'<a href="{row_link(row.id)}">{html.escape(row.quantity)}</a>'
        lines.append(_cells(row, f'{link}<br><span class="note">{where}</span>', ""))
    chips = {
        "verdict": {name: name for name in counts(rows)},
        "paper": named,
        "group": {str(kind): words for kind, words in KINDS.items()},
    }
    return searchable(
        _COLUMNS,
        lines,
        _NUMERIC,
        "Filter by any word, such as MAE or MgB2",
        caption="Every published number beside ours",
        facets=[{"verdict": row.verdict, "paper": row.paper, "group": row.kind} for row in rows],
        chips=chips,
        stacked=True,
    )


def verdict_counts(rows: Sequence[Comparison]) -> HTML:
    """Return the number of rows with each verdict as badges, a line for each group of numbers."""
    lines = []
    for words, numbers in counts_by_kind(rows).items():
        badges = " ".join(f"<span>{badge(name)} {n}</span>" for name, n in numbers.items())
        lines.append(f'<p class="verdict-counts"><span>{numbers.total()} {words}:</span> {badges}</p>')
    return HTML("".join(lines))


def scoreboard_picture(rows: Sequence[Comparison]) -> HTML:
    """Return one panel per paper: each number trained for a mark at ours ÷ published, linked to its row."""
    trained = of_kind(rows, "trained")
    panels = (_panel(paper, [row for row in trained if row.paper == paper.id]) for paper in papers.papers())
    return HTML(f'<div class="scoreboard-picture">{"".join(panels)}</div>')


def _panel(paper: Paper, rows: Sequence[Comparison]) -> str:
    from replicate.report.svg import with_titles
    from replicate.report.verdict_picture import verdict_ratios

    links = [row_link(row.id) for row in rows]
    svg = with_titles(verdict_ratios(rows), [*map(_title, rows)], links)
    surname = " and ".join(name.rsplit(" ", 1)[-1] for name in paper.authors[:2])
    surname = surname if len(paper.authors) < 3 else f"{paper.authors[0].rsplit(' ', 1)[-1]} et al."
    marks = " ".join(
        f'<span class="mark verdict-mark-{name.replace(" ", "-")}" title="{name}">{n}</span>'
        for name, n in counts(rows).items()
    )
    return (
        f'<figure><figcaption><a href="{paper.id}/index.html">{html.escape(paper.short)}</a> '
        f'<span class="note">{html.escape(surname)} {paper.year}</span><span class="marks">{marks}</span>'
        f"</figcaption>{svg}</figure>"
    )


def _title(row: Comparison) -> str:
    ours = "" if row.full_mean is None else f", ours {row.ours}"
    return f"{row.quantity}: published {row.printed} {row.unit}".rstrip() + f"{ours}; {row.verdict}"
