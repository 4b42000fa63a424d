"""Tables and sentences of the search for superconductors: two readings, new candidates, and named compounds."""

from __future__ import annotations

import html

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import searchable, table
from replicate.display.superconductors import usual_formula
from replicate.display.words import comparison_of, counted, listed, percent
from replicate.experiments.quinn2022.configs import ALONE, BOTH, LISTED, NAMED, WARM, WARMER, WIDE_IRON
from replicate.figures.names import spread
from replicate.records import Record

WAYS = {ALONE: "regression alone", BOTH: "classifier and regression"}
GROUPS = {"nickelates": "nickelates", "ruthenates": "triple perovskites", "layered": "layered copper oxides"}


def search_readings(record: Record) -> HTML:
    """Return the printed shares beside those of the regression alone and of both models, each judged."""
    m = record.metrics
    printed = {t.metric.rpartition("/")[2]: t for t in papers.targets("quinn2022-search")}
    names = {
        "positive_share": "candidates, of all searched",
        "known_class_share": "cuprates and iron-based, of the candidates",
        "new_share": "neither, of all searched",
        "oxygen_share": "oxides, of those",
        "ni_pd_ru_ag_oxide_share": "oxides of Ni, Pd, Ru or Ag, of those",
        "ta_re_os_ir_oxide_share": "oxides of Ta, Re, Os or Ir, of those",
    }
    said = {"known_class_share": "around half"}
    made = []
    for name, label in names.items():
        target = printed.get(name)
        cells = [label, said.get(name, "–") if target is None else f"{target.printed} %"]
        for way in WAYS:
            metric = m[f"search/{way}/{name}"]
            cells.append(percent(metric, 1))
            cells.append("–" if target is None else comparison_of(record, target.id, metric).verdict)
        cells.append(percent(m[f"search-{WIDE_IRON}/{ALONE}/{name}"], 1))
        made.append(cells)
    for group, label in GROUPS.items():
        there = round(m[f"search/{BOTH}/{group}_searched"].mean)
        cells = [f"{label} found, of {there} that are there", "all"]
        for way in WAYS:
            cells += [spread(m[f"search/{way}/{group}_found"], 1), "–"]
        made.append([*cells, "–"])
    header = ["", "published"]
    for label in WAYS.values():
        header += [label, "verdict"]
    header.append("regression alone,<br>any iron is iron-based")
    note = f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds; candidates: above {WARM:g} K."
    return HTML(f'{table(header, made, numeric=(1, 2, 4, 6)).data}<p class="rule">{note}</p>')


def new_candidates(record: Record, way: str = ALONE) -> HTML:
    """Return the candidates outside the known classes and SuperCon that most seeds agree on, searchable.

    Args:
        record: of ``quinn2022-search``.
        way: ``regression``, or ``pipeline`` for both models.
    """
    rows = record.arrays[f"candidates/{way}"]
    n = len(record.seeds)
    new, known = (
        round(record.metrics[f"search/{way}-majority/{kind}_count"].mean) for kind in ("new", "listed")
    )
    measured = f"{known:,} more are left out because SuperCon has their composition"
    formulas = list(dict.fromkeys(usual_formula(row[0]) for row in record.arrays[f"known/{way}"]))
    if formulas:
        measured += (", such as " if len(formulas) > 5 else ": ") + listed(formulas[:5])
    if not rows:
        return HTML(
            f'<p class="rule">{record.profile} profile, {WAYS[way]}: no new candidate of most of the {n} seeds; '
            f"{measured}.</p>"
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
            f"{alone if way == ALONE else both}",
            _known(taught, known_too),
        ]
        for rank, (formula, system, name, tc, sd, chance, both, alone, taught, known_too) in enumerate(
            rows, start=1
        )
    ]
    header = (
        "rank", "compound", "crystal system", "Materials Project", "predicted Tc (K)", "sd over seeds (K)",
        "probability", "seeds", "known to the networks",
    )  # fmt: skip
    shown = f"the first {LISTED:,} of them" if new > len(rows) else "all of them"
    note = (
        f"{record.profile} profile, {WAYS[way]}: {new:,} structures are candidates of most of the {n} seeds, neither "
        f"cuprates nor iron-based, and not in SuperCon; {shown}, the highest mean Tc first. {measured}. Taught as 0 K: "
        "to at least one seed's classifier."
    )
    made_table = searchable(header, made, (0, 4, 5, 6, 7), "Filter: an element, cubic, taught")
    return HTML(f'{made_table.data}<p class="rule">{note}</p>')


def _known(taught: bool, known: bool) -> str:
    return ", ".join([*(["taught as 0 K"] if taught else []), *(["in SuperCon"] if known else [])])


def named_candidates(record: Record) -> HTML:
    """Return what the models say of the compounds that the paper names."""
    made = []
    n = len(record.seeds)
    for group, formulas in NAMED.items():
        there = record.arrays[group]
        first = f"<b>{GROUPS[group]}</b>"
        for formula in formulas:
            rows = [row for row in there if row[0] == formula]
            for _, name, tc, sd, chance, both, alone, taught, known in rows:
                cells = [
                    f"<code>{html.escape(name)}</code>", f"{chance:.2f}", f"{tc:.1f}", f"{sd:.1f}",
                    f"{alone} of {n}", f"{both} of {n}", _known(taught, known),
                ]  # fmt: skip
                made.append([first, html.escape(formula), *cells])
                first = ""
            if not rows:
                made.append([first, html.escape(formula), "not among those searched", *"–" * 6])
                first = ""
    header = (
        "", "compound", "Materials Project", "probability", "predicted Tc (K)", "sd over seeds (K)",
        "regression<br>alone", "both<br>models", "known to the networks",
    )  # fmt: skip
    note = (
        f"{record.profile} profile, means of {n} seeds; a compound may have several structures. Of how many seeds it "
        f"is a candidate: more than {WARM:g} K, with both models also a probability of 0.5 and more."
    )
    return HTML(f'{table(header, made, numeric=(3, 4, 5)).data}<p class="rule">{note}</p>')


def pipeline_sentence(record: Record) -> Markdown:
    """Return what each step of the search lets through, and how many of the new ones SuperCon has."""
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
    size, printed = m[f"{start}/crystals"].mean, papers.target("quinn2022-search/crystals").printed
    text = (
        f"Of {size:,.0f} structures (the paper: {printed}) the classifier calls {percent(said, 1)} superconductors, "
        f"the regression gives {percent(warm, 1)} more than {WARM:g} K, and {percent(both, 1)} pass both; "
        f"{percent(untaught, 1)} where the compositions that the classifier was taught as 0 K "
        f"({percent(m[f'{start}/taught_share'], 1)} of all) are left out."
    )
    for way, label in WAYS.items():
        new, hot = (m[f"search/{way}/{name}"] for name in ("new_count", "new_above_30K"))
        left, known = (m[f"search/{way}-majority/{kind}_count"].mean for kind in ("new", "listed"))
        text += (
            f"\n\nNeither cuprates nor iron-based, {label}: {counted(new)} structures per seed, of which "
            f"{counted(hot)} above {WARMER:g} K. Most seeds agree on {left + known:,.0f}; SuperCon has the composition "
            f"of {known:,.0f} of these, which were measured and are not new, and {left:,.0f} are left."
        )
    return Markdown(text)
