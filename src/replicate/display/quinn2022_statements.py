"""Tables and sentences on statements of the regression that need rows of their own: iron, families, Stanev's forest."""

from __future__ import annotations

import math

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import table
from replicate.display.words import comparison_of, judged, percent
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.quinn2022.configs import (
    BISMUTHATES,
    COMBINED,
    CUPRATE,
    DIBORIDES,
    HOT,
    IRON,
    LOW,
    WIDE_IRON,
)
from replicate.figures.names import spread
from replicate.records import Record

FAMILIES = {DIBORIDES: "Mg<sub>1−x</sub>M<sub>x</sub>B<sub>2</sub>",
            BISMUTHATES: "Ba<sub>1−x</sub>K<sub>x</sub>BiO<sub>3</sub>"}  # fmt: skip
READ_AS = {
    WIDE_IRON: f"holds iron, above {HOT:g} K",
    IRON: f"iron with As, Se, S or P, above {HOT:g} K",
}


def least_spread(mae: float, r2: float) -> float:
    """Return the least standard deviation of test values that allows an MAE and an R², MAE / √(1 − R²)."""
    return mae / math.sqrt(1 - r2)


def spread_table(record: Record) -> HTML:
    """Return, for each printed pair of MAE and R², the least spread of Tc that it needs, and the spread there is."""
    m = record.metrics
    rows = (
        ("combined", "random", "all classes"),
        ("cuprate", CUPRATE, "cuprates"),
        ("iron", WIDE_IRON, f"iron-based: {READ_AS[WIDE_IRON]}"),
        ("iron", IRON, f"iron-based: {READ_AS[IRON]}"),
        ("low-tc", LOW, "low-Tc"),
    )
    made = []
    for name, label, title in rows:
        mae, r2 = (papers.target(f"quinn2022-regression/{name}-{score}") for score in ("mae", "r2"))
        here = m.get(f"{label}/test/tc_sd")
        if here is None:
            continue
        needed = least_spread(mae.published, r2.published)
        made.append(
            [title, mae.printed, r2.printed, f"{needed:.1f}", spread(here, 1),
             "yes" if here.mean >= needed else "no"]
        )  # fmt: skip
    header = (
        "test compounds", "MAE (K),<br>published", "R²,<br>published", "spread of Tc<br>they need (K)",
        "spread of Tc<br>here (K)", "enough",
    )  # fmt: skip
    note = f"{record.profile} profile; spread: standard deviation of the measured Tc of a test set."
    return HTML(f'{table(header, made, numeric=(1, 2, 3, 4)).data}<p class="rule">{note}</p>')


def iron_readings(record: Record) -> HTML:
    """Return the scores of both readings of "Fe-based", each judged against the printed ones."""
    m = record.metrics
    printed = {
        score: papers.target(f"quinn2022-regression/{score}")
        for score in ("iron-mae", "iron-r2", "combined-iron-r2")
    }
    made = [["published", "–", *(t.printed for t in printed.values()), "–", "–"]]
    for name, label in READ_AS.items():
        rows = m.get(f"data/{name}/rows")
        metrics = [m.get(key) for key in (f"{name}/{name}/mae", f"{name}/{name}/r2", f"{name}/{COMBINED}/r2")]
        trees = [m.get(f"{name}/{COMPOSITION}/{score}") for score in ("mae", "r2")]
        cells = [label, "–" if rows is None else f"{rows.mean:,.0f}"]
        for target, metric, digits in zip(printed.values(), metrics, (1, 2, 2), strict=True):
            said = "–" if metric is None else spread(metric, digits)
            if metric is not None:
                said += f"<br>{comparison_of(record, target.id, metric).verdict}"
            cells.append(said)
        cells += [
            "–" if one is None else spread(one, digits) for one, digits in zip(trees, (1, 2), strict=True)
        ]
        made.append(cells)
    header = (
        "iron-based read as", "compounds", "MAE (K),<br>own model", "R²,<br>own model", "R²,<br>combined model",
        "MAE (K),<br>trees", "R²,<br>trees",
    )  # fmt: skip
    note = (
        f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds; trees see the composition only."
    )
    return HTML(f'{table(header, made, numeric=range(1, 7)).data}<p class="rule">{note}</p>')


def families_sentence(record: Record) -> Markdown:
    """Return how the low-Tc model does on the diborides and bismuthates, beside always naming the class's mean."""
    lines = []
    for name, formula in FAMILIES.items():
        found = record.metrics.get(f"{name}/{LOW}/mae")
        if found is None:
            continue
        mean, tc, off = (
            record.metrics[f"{name}/{LOW}/{score}"] for score in ("class_mean_mae", "tc", "mean_error")
        )
        lines.append(
            f"- {formula}, {found.n or 0} test compounds with a mean Tc of {spread(tc, 1)} K: the low-Tc model is "
            f"wrong by **{spread(found, 1)} K** (mean error {spread(off, 1)} K); always naming the mean of the class "
            f"is wrong by {spread(mean, 1)} K."
        )
    if not lines:
        return Markdown("Neither family has enough test compounds in this profile, or they were not scored.")
    return Markdown(
        "\n".join(lines) + f"\n\n{record.profile} profile, {len(record.seeds)} seeds, random rows."
    )


def stanev_sentence(record: Record) -> Markdown:
    """Return what a random forest reaches on Stanev's list, beside the number that the paper cites."""
    targets = {
        "quinn2022-thresholds": "quinn2022-thresholds/stanev-accuracy",
        "quinn2022-regression": "quinn2022-regression/stanev-r2",
    }
    target = papers.target(targets[record.experiment])
    metric = record.metrics.get(target.metric)
    if metric is None:
        return Markdown("The forest on Stanev's list was not trained in this profile.")
    value = percent(metric, 1) if target.unit == "%" else spread(metric)
    return Markdown(
        f"A forest of Magpie statistics on Stanev's list, split as here, reaches {value} ({judged(record, target.id)}) "
        f"on {metric.n or 0:,} test compounds."
    )
