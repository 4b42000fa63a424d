"""One table for every grid of numbers."""

from __future__ import annotations

from bs4 import BeautifulSoup

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


def test_blocks_hold_every_row_of_the_record_and_numbers_printed_for_its_metrics() -> None:
    more = {"system/atcnn/mae": Metric("eV", (0.5,), 70), "system/nearest/mae": Metric("eV", (0.8,), 70)}
    record = Record("zeng2019-gap", "full", "0" * 16, {}, [], {}, [0, 1, 2], METRICS | more)
    shown = pivot(
        record,
        "{group}/{row}/{column}",
        None,
        ("mae",),
        groups=("random", "composition", "system"),
        printed="zeng2019-gap",
        sample="compounds",
    ).data
    lines = BeautifulSoup(shown, "html.parser").select("tbody tr")
    assert [[cell.get_text() for cell in line.select("td")] for line in lines] == [
        ["random rows", "ATCNN", "0.330 ± 0.020printed 0.307"],
        ["", "XGBoost", "0.290 ± 0.044"],
        ["by chemical system", "ATCNN", "0.500"],
        ["", "Nearest neighbour", "0.800"],
    ]
    assert "70, 80 compounds per seed" in shown


def test_a_column_may_be_a_key_with_the_row_in_it() -> None:
    record = Record("zeng2019-gap", "full", "0" * 16, {}, [], {}, [0, 1, 2], METRICS)
    columns = {"random/{row}/r": "r", "data/all/rows": "rows"}
    shown = pivot(record, "{column}", ["atcnn"], columns, form={"data/all/rows": ","}, sample="").data
    assert "0.920 ± 0.020" in shown and "13,598" in shown and "per seed" not in shown
