"""One table for every grid of numbers."""

from __future__ import annotations

from replicate.records import Metric, Record
from replicate.report import pivot

METRICS = {
    "random/atcnn/mae": Metric("eV", (0.31, 0.33, 0.35), 80),
    "random/atcnn/r": Metric("", (0.9, 0.92, 0.94), 80),
    "random/xgboost/mae": Metric("eV", (0.26, 0.27, 0.34), 80),
    "data/all/rows": Metric("", (13598.0,)),
}


def test_numbers_stand_in_rows_and_columns_with_their_unit_and_the_printed_value() -> None:
    record = Record("zeng2019-gap", "full", "0" * 16, {}, [], {}, [0, 1, 2], METRICS)
    shown = pivot(
        record,
        "random/{row}/{column}",
        ["atcnn", "xgboost", "forest"],
        {"mae": "error", "r": "r"},
        form={"r": "%"},
        printed="zeng2019-gap/{column}",
    ).data
    assert "error (eV)" in shown and "ATCNN" in shown and "XGBoost" in shown
    assert "0.330 ± 0.020" in shown and "92.0 ± 2.0 %" in shown
    assert "printed 0.307" in shown and "80 test rows per seed" in shown and "3 seeds" in shown
    assert "Random forest" not in shown  # no number at all: no row
