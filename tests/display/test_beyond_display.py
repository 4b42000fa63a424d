"""Tables and sentences beyond the papers: computed words follow the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replicate import display as show
from replicate import figures as fig
from replicate.records import Metric, Record

MODELS = ("atcnn", "cgcnn", "extra-trees-fractions")


def record(errors, found=(0.5, 0.1, 0.2), inside=(0.3, 0.4, 0.5)):
    """Return a record with an (MAE, low, high) and the difference from the reference for each model."""
    metrics, arrays = {}, {}
    for kind in ("random", "temporal"):
        for name in ("train_rows", "test_superconductors", "test_others"):
            metrics[f"{kind}/split/{name}"] = Metric("", (100.0,), 100)
        for name in ("shared_system", "shared_parent"):
            metrics[f"{kind}/split/{name}"] = Metric("", (0.5,), 100)
        metrics[f"{kind}-finding/base/share"] = Metric("", (0.1,), 100)
        for family in ("cuprate", "iron-based", "low-tc"):
            metrics[f"{kind}-finding/base/{family}"] = Metric("", (12.0,), 100)
        for model, (mean, shift), share, part in zip(MODELS, errors, found, inside, strict=True):
            arrays[f"interval/{kind}/{model}"] = [mean, mean - 1, mean + 1]
            arrays[f"difference/{kind}/{model}"] = [shift, shift - 0.5, shift + 0.5]
            arrays[f"reliability/{kind}/{model}"] = [[1.0, 2.0, 5], [3.0, 4.0, 5]]
            for name in ("mae", "r2"):
                metrics[f"{kind}/{model}/{name}"] = Metric("K", (mean, mean), 100)
            scores = {
                "average_precision": share,
                "recall": share,
                "false_positives": 0.01,
                "recall_iron-based": share,
            }
            for name, value in scores.items():
                metrics[f"{kind}-finding/{model}/{name}"] = Metric("", (value, value), 100)
            for name in ("rank_correlation", "within_2sd", "scale", "within_2sd_scaled"):
                metrics[f"{kind}-spread/{model}/{name}"] = Metric("", (part,), 100)
    return Record("beyond-representations", "full", "k", {}, [], {}, [0, 1], metrics, arrays)


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        (
            ((5, -1), (8, 2), (6, 0)),
            "ahead of Plain fractions (extra trees): Atom table (ATCNN); behind: Crystal graph (CGCNN).",
        ),
        (((6.1, 0.1), (5.9, -0.1), (6, 0)), "ahead of Plain fractions (extra trees): none; behind: none."),
    ],
)
def test_a_model_is_ahead_only_where_the_interval_says_so(errors, told):
    assert told in show.beyond_conclusion(record(errors)).data


def test_the_best_finder_is_named_with_its_share():
    said = show.beyond_conclusion(record(((5, -1), (8, 2), (6, 0)))).data
    assert "Atom table (ATCNN) ranks compounds" in said and "more than 6 of the 12 iron-based ones" in said
    said = show.beyond_conclusion(record(((5, -1), (8, 2), (6, 0)), found=(0.1, 0.7, 0.2))).data
    assert "Crystal graph (CGCNN) ranks compounds" in said and "more than 8 of the 12" in said


def test_calibration_is_told_from_the_smallest_to_the_largest_share():
    said = show.beyond_conclusion(record(((5, -1), (8, 2), (6, 0)))).data
    assert (
        "covers 30 to 50 % of the errors on random rows and 30 to 50 % of the errors on later superconductors"
        in said
    )


def test_a_short_profile_does_not_conclude():
    short = replace(record(((5, -1), (8, 2), (6, 0))), profile="quick")
    assert show.beyond_conclusion(short).data.startswith("The quick profile trains too briefly to conclude")


def test_tables_have_a_row_per_model_and_split():
    one = record(((5, -1), (8, 2), (6, 0)))
    for made in (show.beyond_errors(one), show.beyond_finds(one), show.beyond_spread(one)):
        assert made.data.count("<tr>") == 1 + 2 * len(MODELS)
    assert show.beyond_data(one).data.count("<tr>") == 3
    assert "60 epochs" in show.beyond_choices().data


def test_figures_are_drawn():
    one = record(((5, -1), (8, 2), (6, 0)))
    for figure in (fig.representation_errors(one), fig.finds(one), fig.reliability(one)):
        assert len(figure.axes) == 2
