"""Tables of pages: statements in words and units, networks as a record's settings have them."""

from __future__ import annotations

import re
from typing import Any

from IPython.display import HTML

from replicate import report
from replicate.records import Metric, Record


def record(experiment: str, metrics: dict[str, list[float]], config: dict[str, Any] | None = None) -> Record:
    """Return a full record of an experiment with some metrics, key → values."""
    scores = {key: Metric("eV/atom", tuple(values), 10) for key, values in metrics.items()}
    return Record(experiment, "full", "k", config or {}, [], {}, [0, 1, 2], scores, {}, {}, {})


def cells(table: HTML, row: str) -> list[str]:
    """Return the texts of the one row of a table that holds ``row``."""
    lines = [line for line in re.findall(r"<tr>(.*?)</tr>", str(table.data)) if row in line]
    assert len(lines) == 1
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in lines[0].split("</td>")]


def test_networks_come_from_the_settings_of_the_record() -> None:
    model = {"convolutions": 3, "width": 48, "pooling": "mean", "hidden": [32, 16], "dropout": 0.5}
    fit = {
        "optimizer": "sgd", "schedule": "step", "learning_rate": 0.02, "loss": "bce", "batch_size": 256, "epochs": 1000,
    }  # fmt: skip
    network = {"name": "cgcnn-eq5", "model": model, "fit": fit}
    other = {"name": "cgcnn-eq4", "model": {**model, "dropout": 0.0}, "fit": {**fit, "loss": "mse"}}
    atcnn = {"name": "atcnn", "model": {"kernels": []}, "fit": fit}
    config = {"seeds": 3, "networks": [network, atcnn], "curve_network": other}
    shown = report.networks(record("xie2018-formation", {}, config))
    assert cells(shown, "CGCNN, Eq. 5")[:9] == [
        "CGCNN, Eq. 5", "3 of 48", "mean", "32, 16; dropout 0.5", "SGD, step", "0.02", "cross-entropy", "256", "1,000",
    ]  # fmt: skip
    assert cells(shown, "CGCNN, Eq. 4")[0].endswith("curve network")
    assert cells(shown, "CGCNN, Eq. 4")[3] == "32, 16" and cells(shown, "CGCNN, Eq. 4")[6] == "squared"
    assert "ATCNN" not in shown.data


def test_statements_are_measured_in_words_and_units() -> None:
    metrics = {"random/cgcnn-eq5/mae": [0.05, 0.06], "random/cgcnn-eq4/mae": [0.1]}
    shown = report.claim_results(record("xie2018-formation", metrics))
    assert "<code>" not in shown.data and "cgcnn-eq" not in shown.data
    assert cells(shown, "significant improvement")[2:4] == ["Test MAE, Eq. 5", "0.0550 ± 0.0071 eV/atom"]
    # What it is compared with has a row of its own, without the statement.
    assert cells(shown, "Test MAE, Eq. 4")[:4] == ["", "", "Test MAE, Eq. 4", "0.1 eV/atom"]
    assert cells(shown, "falls systematically")[3] == "–"


def test_a_count_has_no_decimals() -> None:
    counted = record("xie2018-properties", {})
    counted.metrics["properties/cgcnn-eq5/improved"] = Metric("", (3,), 3)
    assert cells(report.claim_results(counted), "each of the other six")[3] == "3"


def test_a_statement_without_words_names_its_metric() -> None:
    assert "<code>random/atcnn/metal_recall</code>" in report.claim_results(record("zeng2019-metal", {})).data
