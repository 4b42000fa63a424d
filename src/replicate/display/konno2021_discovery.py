"""Tables of the pages on what the networks find: families of superconductors, and candidates for new ones."""

from __future__ import annotations

import html
import statistics

from IPython.display import HTML, Markdown

from replicate import data, papers
from replicate.display.html import literal, searchable, table
from replicate.display.words import counted, listed, percent
from replicate.experiments.konno2021.names import CANDIDATE, CANDIDATES, DEEP, NAMED, RELATIVE, SUPERCON
from replicate.features.composition import parse, reduced_keys
from replicate.figures.names import MODEL_NAMES, spread
from replicate.records import Metric, Record

_SHARES = ("found_share", "alike_share", "alike_bare_share", "metal_share")
FAMILIES = {"iron-based": "Iron-based superconductors", "cuprates": "Cuprates"}


def family_models(record: Record, family: str) -> list[str]:
    """Return the models that were asked about a family, in the record's order."""
    start = f"{family}/"
    return [
        key.split("/")[1] for key in record.metrics if key.startswith(start) and key.endswith("/found_share")
    ]


def above_base_rate(record: Record, family: str, model: str) -> tuple[int, int]:
    """Return how many models find a larger share of the family than of the like others, and of how many."""
    found, others = (record.metrics[f"{family}/{model}/{s}_share"].values for s in ("found", "alike"))
    return sum(a > b for a, b in zip(found, others, strict=True)), len(found)


def with_finds(metric: Metric) -> int:
    """Return how many of the models find anything."""
    return sum(value > 0 for value in metric.values)


def family_table(record: Record, family: str) -> HTML:
    """Return how many superconductors of a family are found and what else is called one, a column per model."""
    made = []
    for model in family_models(record, family):
        start = f"{family}/{model}"
        found = record.metrics[f"{start}/found"]
        auc, tc = (record.metrics.get(f"{start}/{score}") for score in ("auc", "mean_tc"))
        r2 = record.metrics.get(f"{family}-held/{model}/r2")
        more = "–" if auc is None else "{} of {}".format(*above_base_rate(record, family, model))
        all_shares = [record.metrics.get(f"{start}/{share}") for share in _SHARES]
        shares = ["–" if one is None else percent(one) for one in all_shares]
        made.append(
            [
                MODEL_NAMES.get(model, model),
                f"{with_finds(found)} of {len(found.values)}",
                f"{min(found.values):,.0f} / {statistics.median(found.values):,.0f} / {max(found.values):,.0f}",
                *shares,
                more,
                "–" if auc is None else spread(auc, 2),
                "–" if tc is None else spread(tc, 1),
                "–" if r2 is None else spread(r2, 2),
            ]
        )
    names = ("rows", "alike", "alike_bare", "metal", "relatives")
    sizes = {name: int(record.metrics[f"data/{family}/{name}"].mean) for name in names}
    names_of_rows = (
        "", "models that find any", "found: lowest / median / highest", f"found, of {sizes['rows']:,}",
        f"like compounds called superconducting, of {sizes['alike']:,}",
        f"of these, without O and H, of {sizes['alike_bare']:,}",
        f"others with the metal, of {sizes['metal']:,}", "models that find more than of the like", "AUC",
        "mean Tc predicted (K)", "R², known superconductors",
    )  # fmt: skip
    header, *rows = zip(names_of_rows, *made, strict=True)
    size = record.metrics.get(f"{family}/formula-size/auc")
    plain = (
        f" A rule without chemistry, small sums of coefficients first, has an AUC of {size.mean:.2f}."
        if size is not None
        else ""
    )
    note = (
        f"{record.profile} profile; mean ± sd over models. AUC: superconductors of the family against like compounds."
        f"{plain} Left out are {sizes['relatives']:,} like compounds within {100 * RELATIVE:.0f} % of the atoms of a "
        "known superconductor, which may well be one themselves. R²: on validation rows, superconductors only."
    )
    made_table = table(header, [list(row) for row in rows], numeric=range(1, len(header)))
    return HTML(f'{made_table.data}<p class="rule">{note}</p>')


def most_often(record: Record, family: str, shown: int = 10) -> HTML:
    """Return the superconductors of a family that most models find, a column per kind of model."""
    models = family_models(record, family)
    columns = [record.arrays[f"most-often/{family}/{model}"][:shown] for model in models]
    made = [
        [
            f"{html.escape(formula)} ({100 * share:.0f} %)" if share else "–"
            for formula, share in (column[place] for column in columns)
        ]
        for place in range(min(map(len, columns)))
    ]
    return table([MODEL_NAMES.get(model, model) for model in models], made)


def in_training(record: Record, family: str) -> Markdown:
    """Return which superconductors of a family's kind the models learnt from."""
    known = record.arrays[f"in-training/{family}"]
    rows = int(record.metrics[f"data/{family}/training"].mean)
    if not known:
        return Markdown(f"Of the {rows:,} training rows none is a superconductor of this kind.")
    ranked = sorted(known, key=lambda row: -row[1])
    shown = ", ".join(f"{literal(formula)} {tc:g} K" for formula, tc in ranked[:8])
    more = ", among them" if len(known) > 8 else ":"
    return Markdown(
        f"Of the {rows:,} training rows {len(known):,} {'is' if len(known) == 1 else 'are'} of this kind by the "
        f"authors' rule and in SuperCon before the family was found{more} {shown}."
    )


def authors_predictions() -> dict[str, tuple[str, float]]:
    """Return what the authors' list says of the compounds that the paper names: formula there, predicted Tc (K).

    Empty where the list is not here. A compound that the list does not hold is left out.
    """
    if not data.available(CANDIDATES):
        return {}
    candidates = data.load(CANDIDATES).table
    there = parse(candidates["formula"].tolist(), file=CANDIDATES, on_error="collect")
    keys = reduced_keys(there).tolist()
    found = {}
    for name, key in zip(NAMED, reduced_keys(parse(list(NAMED))).tolist(), strict=True):
        if key in keys:
            row = candidates.iloc[there.rows[keys.index(key)]]
            found[name] = (str(row["formula"]), float(row["predicted_critical_temperature"]))
    return found


def authors_boride() -> str:
    """Return what the authors' list holds of Be and B only, in a sentence; empty where the list is not here."""
    if not data.available(CANDIDATES):
        return ""
    candidates = data.load(CANDIDATES).table
    there = parse(candidates["formula"].tolist(), file=CANDIDATES, on_error="collect")
    rows = candidates.iloc[there.rows[there.only("Be", "B")]]
    if rows.empty:
        return "The authors' list holds no compound of Be and B only."
    shown = ", ".join(
        f"{formula} ({tc:.1f} K)"
        for formula, tc in zip(rows["formula"], rows["predicted_critical_temperature"], strict=True)
    )
    boron_rich = "BeB2" in authors_predictions()
    tail = "" if boron_rich else ", that is another ratio than the BeB₂ of the text"
    return f"Of Be and B only the authors' list holds {shown}{tail}."


def named_in_supercon() -> str:
    """Return which of the named compounds this copy of SuperCon lists, in a sentence; empty where it is not here."""
    if not data.available(SUPERCON):
        return ""
    table = data.load(SUPERCON).table
    there = parse(table["formula"].tolist(), file=SUPERCON, on_error="collect")
    keys = reduced_keys(there)
    found = []
    for name, key in zip(NAMED, reduced_keys(parse(list(NAMED))).tolist(), strict=True):
        for _, row in table.iloc[there.rows[keys == key]].iterrows():
            found.append(f"{name} ({row['critical_temperature']:g} K, published {row['year']})")
    if not found:
        return "This copy of SuperCon lists none of the three, as the paper says of its own."
    return (
        f"This copy of SuperCon lists {listed(found)}; the paper's did not. None of the three compounds is taught, nor "
        "any composition that is the same to within 0.001."
    )


def named_table(record: Record) -> HTML:
    """Return each named compound: known Tc, the authors' prediction, ours, and how many networks say yes."""
    known = {
        "CaBi2": f"{papers.stated('konno2021/cabi2-tc').printed} K",
        "Hf0.5Nb0.2V2Zr0.3": f"about {papers.stated('konno2021/hfnbv2zr-tc').printed} K",
        "BeB2": "none",
    }
    theirs = authors_predictions()
    made = []
    for name in NAMED:
        metric = record.metrics[f"candidates/{DEEP}/{name}"]
        above = [sum(v > t for v in metric.values) for t in (0, CANDIDATE)]
        n = len(metric.values)
        said = f"{theirs[name][1]:.2f}" if name in theirs else "not on the list"
        made.append([name, known[name], said, spread(metric, 1), *(f"{k} of {n}" for k in above)])
    header = (
        "compound", "measured Tc", "the authors' list (K)", "here (K)", "networks above 0 K",
        f"candidate, above {CANDIDATE:g} K",
    )  # fmt: skip
    return table(header, made, numeric=(2, 3, 4, 5))


def overlap_sentence(record: Record) -> str:
    """Return how many candidates each network has, how many are the authors' too, and how many by chance."""
    m = record.metrics
    own, shared, chance = (m[f"overlap/{DEEP}/{s}"] for s in ("candidates", "authors_too", "by_chance"))
    rows, other, pool = (m[f"candidates/authors/{s}"].mean for s in ("rows", "other", "in_pool"))
    text = (
        f"Of {own.n:,} compositions asked about, a network predicts **{counted(own)}** above 4 K. The authors' list "
        f"has {rows:,.0f} rows, {other:,.0f} distinct ones that are neither cuprates nor iron-based, and "
        f"**{pool:,.0f}** of those are in the pool searched here. A network's candidates hold "
        f"**{spread(shared, 1)}** of them; as many drawn at random would hold {spread(chance, 1)}."
    )
    both = m.get(f"overlap/{DEEP}/between_networks")
    if both is not None:
        text += (
            f" Two networks of this page share {percent(both)} of what either of them calls a candidate (those on both "
            "lists over those on any)."
        )
    return text


def candidate_table(record: Record) -> HTML:
    """Return our candidates with the spread over networks and the nearest known superconductor, searchable."""
    n = len(record.seeds)
    made = [
        [str(rank), html.escape(c["compound"]), f"{c['tc']:.1f}", f"{c['sd']:.1f}", f"{c['members']} of {n}",
         f"{html.escape(c['nearest'])}, {c['nearest_tc']:g} K", f"{100 * c['distance']:.1f}",
         "authors too" if c["authors"] else ""]
        for rank, c in enumerate(record.arrays["candidates"], start=1)
    ]  # fmt: skip
    header = (
        "rank", "compound", "predicted Tc (K)", "sd over networks (K)", "networks above 4 K",
        "nearest superconductor taught", "atoms to exchange (%)", "on the authors' list",
    )  # fmt: skip
    return searchable(header, made, (0, 2, 3, 6), "Filter: an element, authors too")
