"""Tables of the chapter on superconductors with structure: data, rules of assignment, parents, agreement."""

from __future__ import annotations

import html

from IPython.display import HTML, Markdown

from replicate import data, experiments, papers
from replicate.data.quinn import superconductors
from replicate.display.html import literal, searchable, table
from replicate.display.pages import data_card
from replicate.display.words import percent
from replicate.experiments.quinn2022.configs import CLASSES, CUPRATE, HOT, IRON, LOW, SUPERCON, WIDE_IRON
from replicate.figures.names import CLASS_NAMES
from replicate.figures.quinn2022 import AGREEMENT
from replicate.parents import doping, polymorphs, search
from replicate.records import Record

_LARGEST_DENOMINATOR = 300  # of the fractions in a parent's formula; they are kept to four digits


def whole_formula(fractions: str) -> str:
    """Return a formula of rounded atomic fractions in whole numbers, as chemists write it; an id as it is."""
    if "-" in fractions:
        return html.escape(fractions)
    from pymatgen.core import Composition

    amounts = Composition(fractions).get_el_amt_dict()
    # The least amount is known to the fewest digits, so all are taken relative to a common number of atoms.
    for atoms in range(1, _LARGEST_DENOMINATOR + 1):
        if all(
            abs(atoms * v - round(atoms * v)) < 6e-5 * atoms and round(atoms * v) for v in amounts.values()
        ):
            whole = {symbol: round(atoms * v) for symbol, v in amounts.items()}
            return Composition(whole).reduced_formula
    return html.escape(fractions)


def compounds_card(experiment: str, profile: str) -> HTML:
    """Return the data card of an experiment's tables, SuperCon as this chapter prepares it.

    Args:
        experiment: its id.
        profile: shown beside ``full``.
    """
    one = experiments.get(experiment)
    needed = dict.fromkeys(name for kind in ("full", profile) for name in one.config(kind).datasets)
    loaded = [data.load(name) for name in needed if data.available(name)]
    return data_card(*(superconductors(d) if d.card.name == SUPERCON else d for d in loaded))


def assignment_rules() -> HTML:
    """Return the rules by which a formula gets a structure, with the constants they are run with."""
    made = [
        [
            "Parent",
            f"a known compound of the formula's elements, up to {search.MOST_DOPANTS} left out as dopants, that "
            f"differs in at most {100 * search.LARGEST_DISTANCE:.0f} % of the atoms",
            "“determined heuristically”",
        ],
        [
            "What a difference counts",
            f"an atom exchanged 1, an element of the parent on another's site {search.SWAPPED:g}; an empty site "
            f"{search.ANION_WEIGHTS[0]:g} (anion) or {search.METAL_WEIGHTS[0]:g} (metal), an atom without a site "
            f"{search.ANION_WEIGHTS[1]:g} or {search.METAL_WEIGHTS[1]:g}, a dopant without one "
            f"{search.DOPANT_BETWEEN:g}",
            "–",
        ],
        [
            "Size of the parent",
            f"each atom of its formula counts {search.PER_ATOM:g} more, so that La₂CuO₄ goes before La₁₂Cu₆O₂₅",
            "–",
        ],
        [
            "Open amount of oxygen",
            "does not count; the parent must hold oxygen",
            "YBa₂Cu₃O₇₋ₓ is named as a case where it matters",
        ],
        [
            "Polymorph",
            f"the space group of SuperCon's structure type, for {len(polymorphs.SPACE_GROUPS)} types; else the oldest "
            "entry of the database",
            "crystal system, space group and prototype of SuperCon",
        ],
        [
            "Dopants",
            "onto the free places of the nearest element in Pettifor's order, metals never onto an anion's; all sites "
            "of one element alike; what nobody takes stays empty",
            "“possible dopants and parent species at that site”",
        ],
        [
            "Left out",
            f"where over {100 * doping.LARGEST_LEFT_OVER:.0f} % of the atoms find no site",
            "–",
        ],
        ["Cell", "the parent's", "SuperCon's lattice parameters, where it has any (not public)"],
    ]
    shown = [[first, f'<div class="text">{here}</div>', paper] for first, here, paper in made]
    return table(("rule", "here", "in the paper"), shown)


def entry_counts(record: Record) -> HTML:
    """Return what becomes of the entries of SuperCon, and of its compositions."""
    names = {
        "entries": "entries",
        "unreadable": "formula cannot be read",
        "open": "amount of oxygen left open",
        "off_stoichiometric": "off-stoichiometric, open ones included",
        "with_structure": "with a structure",
        "as_it_is": "of these, as a known compound is",
        "several_polymorphs": "of these, several polymorphs",
        "told_by_type": "of these, told apart by the structure type",
        "with_structure_and_tc": "with a structure and a Tc",
    }
    printed = {t.metric: t.printed for t in papers.targets(record.experiment)}
    m = record.metrics
    made = [
        [label, printed.get(f"data/supercon/{key}", "–"), f"{m[f'data/supercon/{key}'].mean:,.0f}"]
        for key, label in names.items()
    ]
    labels = {**CLASS_NAMES, WIDE_IRON: f"holding iron, above {HOT:g} K"}
    for name in (CUPRATE, IRON, WIDE_IRON, LOW):
        key = f"data/{name}/rows"
        made.append(
            [f"entries with a structure, {labels[name]}", printed.get(key, "–"), f"{m[key].mean:,.0f}"]
        )
    some = record.config["compounds"]["superconductors"]
    note = f"{record.profile} profile" + (
        "" if some is None else f"; {m['data/supercon/entries'].mean:,.0f} entries, drawn at random"
    )
    header = ("entries", "published", "here")
    return HTML(f'{table(header, made, numeric=(1, 2)).data}<p class="rule">{note}</p>')


def composition_counts(record: Record) -> Markdown:
    """Return how many compositions are learnt from, why the others are not, and how many are disordered."""
    m = record.metrics
    rows = m["data/compositions/rows"].mean
    left = record.arrays["left-out"]
    why = "; ".join(f"{literal(reason)} ({n:,})" for reason, n in left.items())
    classes = ", ".join(f"{m[f'data/compositions/{name}'].mean:,.0f} {CLASS_NAMES[name]}" for name in CLASSES)
    shared = m["data/compositions/disordered_share"]
    return Markdown(
        f"Of {rows + sum(left.values()):,.0f} compositions with stated amounts **{rows:,.0f}** get a structure, from "
        f"{m['data/compositions/parents'].mean:,.0f} parent compounds: {classes}, the others in no class of the "
        f"paper's. Left out: {why}. In **{percent(shared)}** of the structures a site is shared or partly empty "
        f"({record.profile} profile)."
    )


def commonest_parents(record: Record) -> HTML:
    """Return the parents that most compositions were given."""
    total = record.metrics["data/compositions/rows"].mean
    made = [
        [whole_formula(formula), f"{n:,}", f"{100 * n / total:.1f}"]
        for formula, n in record.arrays["parents/commonest"]
    ]
    return table(("parent", "compositions", "share (%)"), made, numeric=(1, 2))


def agreement_sentence(record: Record) -> Markdown:
    """Return how often the 3DSC has the same parent, and what sets the others apart."""
    m = record.metrics
    n = m["parents/3dsc/same"].n or 0
    shares = ", ".join(
        f"{percent(m[f'parents/3dsc/{key}'], 1)} {label}" for key, (label, _) in AGREEMENT.items()
    )
    kinds = record.arrays["parents/kinds"]
    apart = "; ".join(
        f"{literal(kind)} ({count:,})" for kind, count in sorted(kinds.items(), key=lambda one: -one[1])
    )
    text = f"Of {n:,} formulas of the 3DSC that chose no setting of the search: {shares}."
    if apart:
        text += f" Other parents, among all formulas compared: {apart}."
    if record.config["compounds"]["parents"] == 0:
        text += (
            " **In this profile the search has nothing but the 3DSC's own parents to choose from**, which makes "
            "agreement easier than among all structures."
        )
    return Markdown(text)


def disagreements(record: Record) -> HTML:
    """Return formulas for which the 3DSC has another parent, searchable."""
    made = [
        [
            html.escape(formula),
            ", ".join(whole_formula(one) for one in theirs.split(", ")),
            whole_formula(ours),
            f"{100 * distance:.1f}",
        ]
        for formula, theirs, ours, distance in record.arrays["parents/disagreements"]
    ]
    header = ("formula", "parent in the 3DSC", "parent here", "distance to it (%)")
    return searchable(header, made, (3,), "Filter: an element")
