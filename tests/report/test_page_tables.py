"""Tables of pages: grids of a record's numbers, statements, networks, speeds."""

from replicate import report
from replicate.report import pivot, speeds
from replicate.results.records import Metric

METRICS = {
    "random/atcnn/mae": Metric("eV", (0.31, 0.33, 0.35), 80),
    "random/atcnn/r": Metric("", (0.9, 0.92, 0.94), 80),
    "random/xgboost/mae": Metric("eV", (0.26, 0.27, 0.34), 80),
    "system/atcnn/mae": Metric("eV", (0.5,), 70),
    "system/nearest/mae": Metric("eV", (0.8,), 70),
    "data/all/rows": Metric("", (13598.0,)),
}


def test_a_grid_has_rows_columns_units_and_printed_values(make_record, rows_of) -> None:
    shown = pivot(
        make_record("zeng2019-gap", METRICS),
        "random/{row}/{column}",
        ["atcnn", "xgboost", "forest"],
        {"mae": "error", "r": "r"},
        form={"r": "%"},
        printed="zeng2019-gap/{column}",
    )
    assert rows_of(shown) == [  # a forest has no number at all: no row
        ["ATCNN", "0.330 ± 0.020printed 0.307", "92.0 ± 2.0 %printed 0.94"],
        ["XGBoost", "0.290 ± 0.044printed 0.307", "–printed 0.94"],
    ]
    assert "error (eV)" in shown.data and "80 test rows per seed; 3 seeds" in shown.data


def test_blocks_hold_every_row_of_the_record_and_numbers_printed_for_its_metrics(make_record, rows_of):
    shown = pivot(
        make_record("zeng2019-gap", METRICS),
        "{group}/{row}/{column}",
        None,
        ("mae",),
        groups=("random", "composition", "system"),
        printed="zeng2019-gap",
        sample="compounds",
    )
    assert rows_of(shown) == [
        ["random rows", "ATCNN", "0.330 ± 0.020printed 0.307"],
        ["", "XGBoost", "0.290 ± 0.044"],
        ["by chemical system", "ATCNN", "0.500"],
        ["", "Nearest neighbour", "0.800"],
    ]
    assert "70, 80 compounds per seed" in shown.data


def test_a_column_may_be_a_key_with_the_row_in_it(make_record, rows_of) -> None:
    columns = {"random/{row}/r": "r", "data/all/rows": "rows"}
    record = make_record("zeng2019-gap", METRICS)
    shown = pivot(record, "{column}", ["atcnn"], columns, form={"data/all/rows": ","}, sample="")
    assert rows_of(shown) == [["ATCNN", "0.920 ± 0.020", "13,598"]] and "per seed" not in shown.data


def test_networks_come_from_the_settings_of_the_record(make_record, rows_of) -> None:
    model = {"convolutions": 3, "width": 48, "pooling": "mean", "hidden": [32, 16], "dropout": 0.5}
    fit = {
        "optimizer": "sgd", "schedule": "step", "learning_rate": 0.02, "loss": "bce", "batch_size": 256, "epochs": 1000,
    }  # fmt: skip
    network = {"name": "cgcnn-eq5", "model": model, "fit": fit}
    other = {"name": "cgcnn-eq4", "model": {**model, "dropout": 0.0}, "fit": {**fit, "loss": "mse"}}
    atcnn = {"name": "atcnn", "model": {"kernels": []}, "fit": fit}
    config = {"seeds": 3, "networks": [network, atcnn], "curve_network": other}
    first, second = rows_of(report.networks(make_record("xie2018-formation", {}, config=config)))
    assert first[:9] == [
        "CGCNN, Eq. 5", "3 of 48", "mean", "32, 16; dropout 0.5", "SGD, step", "0.02", "cross-entropy", "256", "1,000",
    ]  # fmt: skip
    assert second[0].startswith("CGCNN, Eq. 4") and second[0].endswith("curve network")
    assert (second[3], second[6]) == ("32, 16", "squared")


def test_statements_are_measured_in_words_and_units(make_record, rows_of) -> None:
    metrics = {"random/cgcnn-eq5/mae": [0.05, 0.06], "random/cgcnn-eq4/mae": [0.1]}
    shown = rows_of(report.claim_results(make_record("xie2018-formation", metrics)))
    measured = {row[2]: row[3] for row in shown}
    assert measured["Test MAE, Eq. 5"] == "0.0550 ± 0.0071 eV/atom"
    assert measured["Test MAE, Eq. 4"] == "0.1 eV/atom"
    assert "–" in measured.values()  # a statement whose number the record lacks
    counted = make_record("xie2018-properties", {"properties/cgcnn-eq5/improved": Metric("", (3,), 3)})
    assert "3" in [row[3] for row in rows_of(report.claim_results(counted))]


def test_every_row_of_the_benchmarks_is_shown(rows_of) -> None:
    committed = [row for machine in speeds.committed() for row in machine["rows"]]
    for line, row in zip(rows_of(speeds.bench_table()), committed, strict=True):
        assert line[:3] == [row["what"], speeds.rate(row["per_second"]), row["unit"]]
        assert (line[3] == "", line[4] == "") == (row["ratio"] is None, row["gflops"] is None)
