"""The card at the head of a page: a printed number, ours, the plainest baseline, the honest split, the verdict."""

from __future__ import annotations

import html

from IPython.display import HTML

from replicate import wording
from replicate.report.html import verdict_link
from replicate.report.links import anchor
from replicate.report.names import MODEL_NAMES, SPLIT_NAMES
from replicate.results import papers, records
from replicate.results.compare import REDUCED, compare, measured
from replicate.results.papers import Claim, Target
from replicate.results.records import Record

Score = str | tuple[str, str]


def answer_card(number: str, *, baseline: Score = "", honest: Score = "") -> HTML:
    """Return a page's answer, from the committed full record, with links to its row, record, data and commands.

    Args:
        number: id of the published number, or of the statement where the paper prints no number.
        baseline, honest: metric of the plainest model on the same rows, and of the network on the split that says
            most; where their names do not say what they are, (metric, words).

    Raises:
        ConfigError: no such number or statement.
    """
    asked: Target | Claim = next((c for c in papers.claims() if c.id == number), None) or papers.target(number)
    record = records.full_record(asked.experiment)
    if isinstance(asked, Claim):
        head, row = asked.statement, "#every-published-number"
        cells = [("measured here", *_score(record, asked, (asked.metric, asked.quantity)))]
        notes: list[str] = []
    else:
        judged = compare(asked, record)
        seeds = wording.number_of(judged.seeds, "seed") if judged.seeds else ""
        short = ", shorter training" if REDUCED in judged.caveats else ""
        unit, row = html.escape(asked.unit), f"#{anchor(asked.id)}"
        cells = [
            ("printed", f'<a href="{row}">{asked.printed} {unit}</a>', html.escape(asked.where)),
            ("here", f"{judged.ours} {unit}", f"{seeds}{short}"),
        ]
        notes = [judged.budget and f"Shorter training: {judged.budget}.", judged.other_data]
        head = f"{verdict_link(judged)} {html.escape(asked.quantity)}"
    cells += [
        (label, *_score(record, asked, score))
        for label, score in (("simplest baseline", baseline), ("honest test", honest))
        if score
    ]
    body = "".join(
        f'<div><dt>{label}</dt><dd>{value}<span class="note">{words}</span></dd></div>' for label, value, words in cells
    )
    # From a page in a chapter's folder.
    links = {"this number": row, "record": f"../results/{asked.experiment}.json", "data": "#data"}
    links |= {"commands": "#run-it-yourself"}
    foot = " · ".join(f'<a href="{address}">{words}</a>' for words, address in links.items())
    said = " ".join(html.escape(note) for note in notes if note)
    return HTML(
        f'<div class="answer"><p>{head}</p><dl>{body}</dl><p class="note">{foot}{said and f"<br>{said}"}</p></div>'
    )


def _score(record: Record | None, asked: Target | Claim, score: Score) -> tuple[str, str]:
    """Return a metric, in the unit of the printed number where it is the same score, and what it is, both as HTML."""
    key, words = (score, "") if isinstance(score, str) else score
    kind, model, name = key.split("/")
    words = words or ", ".join((MODEL_NAMES.get(model, model), SPLIT_NAMES.get(kind, kind)))
    metric = measured(record, key)
    if metric is None:
        return wording.MISSING, html.escape(words)
    if isinstance(asked, Target) and name == asked.metric.rsplit("/", 1)[1]:
        sd = None if metric.sd is None else metric.sd * asked.scale
        said = f"{wording.spread(metric.mean * asked.scale, sd, like=asked.printed)} {asked.unit}"
    else:
        said = f"{wording.spread(metric.mean, metric.sd, 2)} {metric.unit}"
    return html.escape(said.rstrip()), html.escape(words)
