"""Tables and sentences of the search for superconductors: new candidates, and the compounds the paper names."""

from __future__ import annotations

import html

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import searchable, table
from replicate.display.superconductors import usual_formula
from replicate.display.words import counted, percent
from replicate.experiments.quinn2022.names import ALONE, BOTH, LISTED, NICKELATES, RUTHENATES, WARM, WARMER
from replicate.records import Record

_NAMED = {"nickelates": NICKELATES, "ruthenates": RUTHENATES}


def new_candidates(record: Record) -> HTML:
    """Return the candidates outside the known classes that most seeds agree on, searchable."""
    rows = record.arrays["candidates"]
    n = len(record.seeds)
    found = round(record.metrics["search/ensemble/new_count"].mean)
    if not rows:
        return HTML(
            f'<p class="rule">{record.profile} profile: no new candidate of most of the {n} seeds.</p>'
        )
    made = [
        [
            str(rank),
            usual_formula(formula),
            html.escape(system),
            f"<code>{html.escape(name)}</code>",
            f"{tc:.1f}",
            f"{sd:.1f}",
            f"{chance:.2f}",
            f"{votes}",
            _known(taught, listed),
        ]
        for rank, (formula, system, name, tc, sd, chance, votes, taught, listed) in enumerate(rows, start=1)
    ]
    header = (
        "rank", "compound", "crystal system", "Materials Project", "predicted Tc (K)", "sd over seeds (K)",
        "probability", "seeds", "known to the networks",
    )  # fmt: skip
    shown = f"the first {LISTED:,} of them" if found > len(rows) else "all of them"
    note = (
        f"{record.profile} profile: {found:,} structures are candidates of most of the {n} seeds and neither cuprates "
        f"nor iron-based; {shown}, the highest mean Tc first. Taught as 0 K: to at least one seed's "
        "classifier; in SuperCon: an entry has this composition, superconducting or not."
    )
    made_table = searchable(header, made, (0, 4, 5, 6, 7), "Filter: an element, cubic, taught")
    return HTML(f'{made_table.data}<p class="rule">{note}</p>')


def _known(taught: bool, listed: bool) -> str:
    return ", ".join([*(["taught as 0 K"] if taught else []), *(["in SuperCon"] if listed else [])])


def named_candidates(record: Record) -> HTML:
    """Return what the pipelines say of the nickelates and ruthenates that the paper names."""
    made = []
    for group, formulas in _NAMED.items():
        there = record.arrays[group]
        first = f"<b>{group}</b>"
        for formula in formulas:
            rows = [row for row in there if row[0] == formula]
            for _, name, tc, sd, chance, votes, taught, listed in rows:
                cells = [
                    f"<code>{html.escape(name)}</code>", f"{chance:.2f}", f"{tc:.1f}", f"{sd:.1f}",
                    f"{votes} of {len(record.seeds)}", _known(taught, listed),
                ]  # fmt: skip
                made.append([first, html.escape(formula), *cells])
                first = ""
            if not rows:
                made.append([first, html.escape(formula), "not among those searched", *"–" * 5])
                first = ""
    header = (
        "", "compound", "Materials Project", "probability", "predicted Tc (K)", "sd over seeds (K)", "candidate",
        "known to the networks",
    )  # fmt: skip
    note = (
        f"{record.profile} profile, means of {len(record.seeds)} seeds; a compound may have several structures. "
        f"Candidate: a probability of 0.5 and more, and more than {WARM:g} K, seed by seed."
    )
    return HTML(f'{table(header, made, numeric=(3, 4, 5)).data}<p class="rule">{note}</p>')


def pipeline_sentence(record: Record) -> Markdown:
    """Return what each step of the pipeline lets through, and how far the seeds agree."""
    m = record.metrics
    start = f"search/{BOTH}"
    said, warm, both, untaught = (
        m[name]
        for name in (
            f"{start}/superconducting_share",
            f"search/{ALONE}/positive_share",
            f"{start}/positive_share",
            f"{start}/positive_share_untaught",
        )
    )
    new, hot = m[f"{start}/new_count"], m[f"{start}/new_above_30K"]
    total = round(m["search/ensemble/new_count"].mean)
    size, printed = m[f"{start}/crystals"].mean, papers.target("quinn2022-search/crystals").printed
    text = (
        f"Of {size:,.0f} structures (the paper: {printed}) the classifier calls {percent(said, 1)} superconductors, "
        f"the regression gives {percent(warm, 1)} more than {WARM:g} K, and {percent(both, 1)} pass both; "
        f"{percent(untaught, 1)} where the compositions that the classifier was taught as 0 K "
        f"({percent(m[f'{start}/taught_share'], 1)} of all) are left out.\n\n"
        f"New candidates, neither cuprates nor iron-based: {counted(new)} per pipeline, from {min(new.values):,.0f} to "
        f"{max(new.values):,.0f}, of which {counted(hot)} above {WARMER:g} K."
    )
    if len(record.seeds) > 1 and new.mean:
        text += f" More than half of the {len(record.seeds)} pipelines agree on {total:,}."
    rows = record.arrays["candidates"]
    if rows:
        taught = sum(bool(row[7]) for row in rows)
        text += (
            f" Of the {len(rows):,} listed below {taught:,} were taught as 0 K to at least one classifier; their mean "
            f"predicted Tc runs from {rows[-1][3]:.1f} to {rows[0][3]:.1f} K."
        )
    return Markdown(text)
