"""The ATCNN chapter's verdict, in sentences whose numbers and comparisons come from the full records."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from IPython.display import Markdown

from replicate import papers
from replicate.display.words import chapter_verdict, judged, percent, standing
from replicate.display.zeng2019 import squared_sentence
from replicate.experiments.zeng2019.configs import TOP
from replicate.figures.names import spread
from replicate.records import Metric, Record

_SVR = "zeng2019-gap/svr-r2"


def zeng2019_verdict() -> Markdown:
    """Return the chapter's verdict, one paragraph per experiment with a full record."""
    return Markdown(chapter_verdict(_WRITTEN, _LEADS))


def _printed(name: str) -> str:
    return papers.target(f"zeng2019-{name}").printed


def _gap(record: Record) -> str:
    m = record.metrics
    return (
        f"The band-gap error is {spread(m['random/atcnn/mae'])} eV on random rows (published {_printed('gap/mae')}) "
        f"and {spread(m['composition/atcnn/mae'])} eV once no composition stands on both sides; gradient boosting on "
        f"tabulated element statistics reaches {spread(m['random/xgboost/mae'])} and "
        f"{spread(m['composition/xgboost/mae'])} eV on the same splits. {squared_sentence('zeng2019-gap/r', _SVR)} "
        f"On the same rows here ATCNN has an R² of {spread(m['random/atcnn/r2'])}, the SVR "
        f"{spread(m['random/svr/r2'])} and gradient boosting {spread(m['random/xgboost/r2'])}."
    )


def _formation(record: Record) -> str:
    m = record.metrics
    shared = 100 * m["random/split/shared_composition"].mean
    return (
        f"The formation-energy error is {spread(m['random/atcnn/mae'])} eV/atom on random rows (published "
        f"{_printed('formation/mae')}), where {shared:.0f} % of the test rows have their composition in training or "
        f"validation, and {spread(m['composition/atcnn/mae'])} eV/atom without them."
    )


def _metal(record: Record) -> str:
    net, forest = (record.metrics[f"random/{name}/auc"] for name in ("atcnn", "forest"))
    return (
        f"As a classifier of metals the network has an AUC of {spread(net)} on random rows "
        f"({judged(record, 'zeng2019-metal/auc')}), {standing(net, forest)} a random forest on element statistics "
        f"({spread(forest)})."
    )


def _elements(record: Record) -> str:
    trained, untrained = (
        record.metrics[f"features-seen/{name}/neighbour_agreement"] for name in ("trained", "untrained")
    )
    draws = record.arrays["features-seen/random/neighbour_agreement"]
    named = [record.metrics[f"plane-named/{name}/neighbour_agreement"] for name in ("trained", "untrained")]
    chance = record.arrays["plane-named/random/neighbour_agreement"]
    return (
        "Of the elements in the data the nearest neighbour in the trained features is of the same group in "
        f"{percent(trained)} of the cases, before training in {percent(untrained)}: {_beside(trained, draws)}. "
        "Of the four groups that the paper names, in the plane of its figure, it is "
        f"{percent(named[0])} after and {percent(named[1])} before training: {_beside(named[0], chance)}."
    )


def _beside(metric: Metric, draws: Mapping[str, float]) -> str:
    """Return on which side of the largest score of random features the seeds lie."""
    largest = draws["largest"]
    side = "not for every seed above"
    if min(metric.values) > largest or max(metric.values) <= largest:
        side = "above" if min(metric.values) > largest else "not above"
    return f"{side} the largest of {draws['draws']:,} draws of random features, {100 * largest:.0f} %"


def _tc(record: Record) -> str:
    m, trees = record.metrics, "extra-trees-fractions"
    near = 100 * m["random/split/neighbour_within_1_percent"].mean
    return (
        f"The error of the critical temperature is {spread(m['random/atcnn/mae'], 2)} K on random rows (published "
        f"{_printed('tc/mae')}) and {spread(m['system/atcnn/mae'], 2)} K by chemical system; extra trees on the same "
        f"plain fractions reach {spread(m[f'random/{trees}/mae'], 2)} and {spread(m[f'system/{trees}/mae'], 2)} K. "
        f"{squared_sentence('zeng2019-tc/r', 'zeng2019-tc/xgboost-r2')} On the same rows here the network has an R² of "
        f"{spread(m['random/atcnn/r2'])} and XGBoost {spread(m['random/xgboost/r2'])}. "
        f"{near:.0f} % of the random test rows have a training composition within 1 % of theirs."
    )


def _insulators(record: Record) -> str:
    wrong, zero = (
        record.metrics[f"{rows}/atcnn-ii/misclassified"] for rows in ("insulators", "listed-at-zero")
    )
    return (
        f"With insulators at 0 K in the training data the network gives {100 * wrong.mean:.1f} % of the test "
        f"insulators a Tc above zero (published {_printed('tc-insulators/ii-insulators-missed')} %), but "
        f"{100 * zero.mean:.0f} % of {zero.n:,} compositions that a list of superconductors gives 0 K and none a Tc "
        "above."
    )


def _held_out(record: Record) -> str:
    m = record.metrics
    table = papers.table("zeng2019", "table2")
    theirs = (table["atcnn_ii"] - table["experiment"]).abs().mean()
    strict = m.get("held-out/atcnn-strict/mae")
    text = (
        f"For the {len(table)} superconductors held out with their relatives the mean error of ATCNN-II is "
        f"{spread(m['held-out/atcnn-ii/mae'], 1)} K (of the printed predictions: {theirs:.1f} K)"
    )
    if strict is not None:
        text += f", that of ATCNN-I {spread(m['held-out/atcnn-i/mae'], 1)} K, and {spread(strict, 1)} K when whatever "
        text += "else holds all of their elements is taken out too"
    return f"{text}."


def _screening(record: Record) -> str:
    m, pool = record.metrics, record.arrays["pool"]
    text = (
        f"Of {pool['screened']:,} stable compounds a network gives {percent(m['new/atcnn-ii/above_40_K'], 2)} of those "
        "that are not in the data a Tc above 40 K; none was measured here"
    )
    overlap = m.get("pool/atcnn-ii/top20_overlap")
    if overlap is not None:
        text += f", and the first {TOP} of two networks share {percent(overlap)}"
    return f"{text}."


def _architecture(record: Record) -> str:
    best = int(record.metrics["validation/atcnn/best_convolutions"].mean)
    return (
        f"The validation error is lowest with {best} convolutions "
        f"({judged(record, 'zeng2019-architecture/convolutions')})."
    )


_WRITTEN: dict[str, Callable[[Record], str]] = {
    "zeng2019-gap": _gap,
    "zeng2019-formation": _formation,
    "zeng2019-metal": _metal,
    "zeng2019-elements": _elements,
    "zeng2019-tc": _tc,
    "zeng2019-tc-insulators": _insulators,
    "zeng2019-held-out": _held_out,
    "zeng2019-screening": _screening,
    "zeng2019-architecture": _architecture,
}
_LEADS = {
    "zeng2019-gap": "Band gaps",
    "zeng2019-formation": "Formation energies",
    "zeng2019-metal": "Metals",
    "zeng2019-elements": "Elements",
    "zeng2019-tc": "Critical temperatures",
    "zeng2019-tc-insulators": "Non-superconductors",
    "zeng2019-held-out": "Held-out families",
    "zeng2019-screening": "Screening",
    "zeng2019-architecture": "Depth",
}
