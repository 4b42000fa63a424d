"""Tables and sentences of the comparison beyond the papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from IPython.display import HTML, Markdown

from replicate import experiments
from replicate.display.html import table
from replicate.display.words import counted, listed, percent, shortfall
from replicate.evaluation.bootstrap import DRAWS
from replicate.experiments.beyond.configs import (
    FALSE_POSITIVES,
    HOT,
    LAST_YEAR,
    REFERENCE,
    RepresentationsConfig,
)
from replicate.experiments.quinn2022.configs import CLASSES, CUPRATE, IRON, LOW
from replicate.figures.beyond import KIND_NAMES, REPRESENTATIONS, kinds_of, models_of
from replicate.figures.names import spread
from replicate.records import Metric, Record

_CLASS_WORDS = {CUPRATE: "cuprates", IRON: "iron-based", LOW: "low-Tc"}


def _between(values: Sequence[float], digits: int = 1) -> str:
    mean, low, high = values
    return f"{mean:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _rows(record: Record) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (kind of split, model, first two cells); the split is named in its first row only."""
    for kind in kinds_of(record):
        for place, model in enumerate(models_of(record, kind)):
            named = "" if place else f"<b>{KIND_NAMES[kind]}</b>"
            yield kind, model, [named, REPRESENTATIONS[model]]


def beyond_data(record: Record) -> HTML:
    """Return the sizes of the splits, and what test superconductors share with the training rows."""
    made = []
    for kind in kinds_of(record):
        found = {name: record.metrics[f"{kind}/split/{name}"] for name in _SPLIT}
        cells = [percent(m) if name.startswith("shared") else counted(m) for name, m in found.items()]
        made.append([KIND_NAMES[kind], *cells])
    return table(("test set", *_SPLIT.values()), made, numeric=range(1, 1 + len(_SPLIT)))


_SPLIT = {
    "train_rows": "training rows",
    "test_superconductors": "test superconductors",
    "test_others": "other test compounds",
    "shared_system": "of these superconductors, chemical system known",
    "shared_parent": "parent compound known",
}


def beyond_errors(record: Record) -> HTML:
    """Return the errors of every model on the superconductors of every test set."""
    made = [
        [
            *named,
            spread(record.metrics[f"{kind}/{model}/mae"], 2),
            spread(record.metrics[f"{kind}/{model}/r2"], 2),
            _between(record.arrays[f"interval/{kind}/{model}"]),
            "–" if model == REFERENCE else _between(record.arrays[f"difference/{kind}/{model}"]),
        ]
        for kind, model, named in _rows(record)
    ]
    header = (
        "test set",
        "representation",
        "MAE (K), one model",
        "R², one model",
        "MAE (K), their mean (95 %)",
        f"difference from {REPRESENTATIONS[REFERENCE].lower()} (95 %)",
    )
    return table(header, made, numeric=(2, 3, 4, 5))


def beyond_finds(record: Record, label: str = "finding") -> HTML:
    """Return how well test compounds above 10 K are found; ``label`` is ``finding`` or ``finding-ordered``."""
    shares = ("recall", "false_positives", *(f"recall_{c}" for c in CLASSES))
    made = []
    for kind, model, named in _rows(record):
        precision = record.metrics.get(f"{kind}-{label}/{model}/average_precision")
        if precision is not None:
            found = (record.metrics.get(f"{kind}-{label}/{model}/{name}") for name in shares)
            made.append([*named, spread(precision, 2), *("–" if m is None else percent(m) for m in found)])
    counts = {c: [record.metrics[f"{k}-{label}/base/{c}"].mean for k in kinds_of(record)
                  if f"{k}-{label}/base/{c}" in record.metrics] for c in CLASSES}  # fmt: skip
    heads = [f"found of the {_CLASS_WORDS[c]} ({', '.join(f'{n:,.0f}' for n in counts[c])})" for c in CLASSES]
    header = ("test set", "representation", "average precision", "found", "false positives", *heads)
    return table(header, made, numeric=range(2, 5 + len(CLASSES)))


def beyond_spread(record: Record) -> HTML:
    """Return how well the spread of the members tells the error of their mean."""
    shown = {
        "rank_correlation": "{:.2f}",
        "within_2sd": "{:.0%}",
        "scale": "{:.1f}",
        "within_2sd_scaled": "{:.0%}",
    }
    made = [
        [
            *named,
            *(
                text.format(record.metrics[f"{kind}-spread/{model}/{name}"].mean).replace("%", " %")
                for name, text in shown.items()
            ),
        ]
        for kind, model, named in _rows(record)
        if f"{kind}-spread/{model}/scale" in record.metrics  # one member alone has no spread
    ]
    header = (
        "test set",
        "representation",
        "rank correlation of spread and error",
        "errors within 2 spreads",
        "factor from validation rows",
        "within 2 scaled spreads (95 % if normal)",
    )
    return table(header, made, numeric=(2, 3, 4, 5))


def _best_finder(
    record: Record, metric: str, value: Callable[[Metric], tuple[float, ...]] = lambda found: (found.mean,)
) -> tuple[str, Metric]:
    """Return the model that is best at finding later superconductors by a metric, and the metric.

    Args:
        record, metric: which, and of what.
        value: what of the metric makes the best.
    """
    keys = {model: f"temporal-finding/{model}/{metric}" for model in models_of(record, "temporal")}
    found = [(model, record.metrics[key]) for model, key in keys.items() if key in record.metrics]
    return max(found, key=lambda pair: value(pair[1]))


def beyond_conclusion(record: Record) -> Markdown:
    """Return what a reader may conclude, each sentence from the record."""
    lines = [_said_of_errors(record, kind) for kind in kinds_of(record)]
    if "temporal" in kinds_of(record):
        lines.append(_said_of_finds(record))
    lines.append(_said_of_spread(record))
    text = "\n".join(f"- {line}" for line in lines if line) + f"\n\n{shortfall(record).strip()}"
    if record.profile != "full":
        text = f"The {record.profile} profile trains too briefly to conclude anything. Of its run:\n\n{text}"
    return Markdown(text)


def _said_of_errors(record: Record, kind: str) -> str:
    """Return who errs least on a test set, and who errs as little within the 95 % intervals."""
    models = models_of(record, kind)
    by_error = sorted(models, key=lambda m: record.arrays[f"interval/{kind}/{m}"][0])
    best = by_error[0]
    differs = {m: record.arrays[f"difference/{kind}/{m}"] for m in models if m != REFERENCE}
    better = [REPRESENTATIONS[m] for m, (_, _, high) in differs.items() if high < 0]
    worse = [REPRESENTATIONS[m] for m, (_, low, _) in differs.items() if low > 0]
    plain = REPRESENTATIONS[REFERENCE]
    text = (
        f"**{KIND_NAMES[kind].capitalize()}**: the smallest mean absolute error is that of {REPRESENTATIONS[best]}, "
        f"{_between(record.arrays[f'interval/{kind}/{best}'])} K"
    )
    if best != REFERENCE:
        text += f"; that of {plain} is {_between(record.arrays[f'interval/{kind}/{REFERENCE}'])} K"
    ranks = [f"ahead of {plain}: {listed(better) or 'none'}", f"behind: {listed(worse) or 'none'}"]
    return f"{text}. By the 95 % intervals of the difference, {'; '.join(ranks)}."


def _said_of_finds(record: Record) -> str:
    """Return who ranks later superconductors first, and what becomes of the iron-based ones."""
    best, precision = _best_finder(record, "average_precision")
    base = record.metrics["temporal-finding/base/share"]
    text = (
        f"**New superconductors**: {REPRESENTATIONS[best]} ranks compounds above {HOT:g} K found after "
        f"{LAST_YEAR} best, with an average precision of {spread(precision, 2)} (chance {base.mean:.2f}). The ± is "
        "over its members and leaves out which compounds happened to be tested."
    )
    if f"temporal-finding/{best}/recall_{IRON}" in record.metrics:
        # The sentence speaks of single members, so the best is who has the best member.
        first, found = _best_finder(record, f"recall_{IRON}", lambda found: (max(found.values), found.mean))
        count = record.metrics[f"temporal-finding/base/{IRON}"].mean
        text += (
            f" Above a bar that {100 * FALSE_POSITIVES:.0f} % of the compounds at 0 K pass, no network or forest finds "
            f"more than {max(found.values) * count:,.0f} of the {count:,.0f} iron-based ones "
            f"({REPRESENTATIONS[first]})."
        )
    return text


def _said_of_spread(record: Record) -> str:
    """Return whether spreads tell errors, on the first and the last kind of split."""
    kinds = kinds_of(record)
    shares = {
        kind: [
            record.metrics[f"{kind}-spread/{m}/within_2sd"].mean
            for m in models_of(record, kind)
            if f"{kind}-spread/{m}/within_2sd" in record.metrics
        ]
        for kind in (kinds[0], kinds[-1])
    }
    if not all(shares.values()):
        return ""
    words = [
        f"{100 * min(s):.0f} to {100 * max(s):.0f} % of the errors on {KIND_NAMES[k]}"
        for k, s in shares.items()
    ]
    return (
        f"**Calibration**: twice the spread of an ensemble's members covers {listed(words)}, where 95 % would be right "
        "for normal errors: that members agree does not show that they are right."
    )


def beyond_choices() -> HTML:
    """Return what had to be chosen for the comparison, read from the settings that are run."""
    config: RepresentationsConfig = experiments.get("beyond-representations").config("full")
    fits = [
        *((n.name, n.fit) for n in config.networks),
        (config.crystal_network.name, config.crystal_network.fit),
    ]
    trained = "; ".join(f"{REPRESENTATIONS[name]} {fit.epochs} epochs" for name, fit in fits)
    rows = [
        [
            "Compounds",
            "superconductors of SuperCon that have a structure (see the chapter on structures), and "
            f"{config.compounds.others:,} compounds of the Materials Project outside SuperCon at 0 K",
            "every representation can read all of them",
        ],
        [
            "Splits",
            "one test set of each kind, the same for all; members of an ensemble differ in their initial weights",
            "the spread of members is then that of one model trained again, as a user would see it",
        ],
        [
            "Networks and schedules",
            f"those of their chapters, one-cycle: {trained}",
            "no setting was chosen on these test sets",
        ],
        [
            "Amounts",
            "atom table, Magpie and trees see fractions, the periodic table coefficients as written, "
            "the crystal graph the sites",
            "each representation as its authors use it",
        ],
        [
            "Intervals",
            f"{DRAWS:,} resamplings of the test set, whole chemical systems at a time; differences are paired",
            "dopings of one system err together",
        ],
    ]
    return table(("choice", "here", "why"), rows)
