"""Tables and sentences of the CGCNN chapter: computed words follow the numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from replicate import display as show
from replicate import records
from replicate.records import Metric, Record


def record(experiment, metrics, config=None, training=None):
    """Return a full record of an experiment with some metrics, key → values."""
    found = {key: Metric("eV/atom", tuple(values), 10) for key, values in metrics.items()}
    return Record(experiment, "full", "k", config or {}, [], {}, [0, 1, 2], found, {}, training or {}, {})


def cells(made, row):
    """Return the texts of one row of a table whose first cell holds ``row``."""
    lines = re.findall(r"<tr>(.*?)</tr>", made.data)
    found = [re.sub(r"<[^>]+>", "", c) for line in lines for c in [line.replace("</td>", "|")] if row in line]
    assert len(found) == 1
    return [text.strip() for text in found[0].split("|")]


def test_errors_of_dft_are_those_the_paper_cites():
    assert show.dft_errors("formation energy") == [0.081, 0.136]
    assert show.dft_errors("bulk moduli") == [0.05]


def test_every_checkpoint_stands_beside_its_error_here():
    here = record("xie2018-properties", {"authors/band-gap/mae": [0.401], "bulk_modulus/authors/mae": [0.5]})
    made = show.authors_table(here)
    assert made.data.count("<tr>") == 1 + 8
    assert cells(made, "band-gap")[1:6] == [
        "16,458 / 5,485 / 5,486",
        "457 of 1,000",
        "0.369 eV",
        "0.401 eV",
        "10",
    ]
    # Where the crystals of a property are not the bundled ones, its error belongs to another table.
    assert cells(made, "bulk-moduli")[4] == "–"
    bundled = replace(here, config={"bundled": True})
    assert cells(show.authors_table(bundled), "bulk-moduli")[4:6] == ["0.500 log(GPa)", "10"]


@pytest.mark.parametrize(("eq5", "eq4", "better"), [(0.1, 0.2, "Eq. 5"), (0.3, 0.2, "Eq. 4")])
def test_the_better_convolution_is_named_by_its_error(eq5, eq4, better):
    metrics = {
        "nearest-12/cgcnn-eq5/mae": [eq5],
        "nearest-12/cgcnn-eq4/mae": [eq4],
        "validation/cgcnn-eq5/mae_range": [0.01],
        "validation/cgcnn-eq4/mae_range": [0.02],
    }
    text = show.hyperparameter_sentence(record("xie2018-hyperparameters", metrics))
    assert "**0.100 eV/atom**" in text and f"({better} is the better one)" in text
    assert "Voronoi" not in text


@pytest.mark.parametrize("label", ["random", "longer"])
def test_verdict_names_what_longer_training_brought(monkeypatch, label):
    metrics = {
        "random/split/train_rows": [28_046],
        "random/cgcnn-eq5/mae": [0.05],
        "random/cgcnn-eq4/mae": [0.1],
        "random/extra-trees-fractions/mae": [0.2],
        "random/cgcnn-eq5-longer/mae": [0.044],
    }
    made = record(
        "xie2018-formation",
        metrics,
        {"budget": "cut short"},
        {"random/cgcnn-eq5": {"epochs": 40}, f"{label}/cgcnn-eq5-longer": {"epochs": 120}},
    )
    monkeypatch.setattr(records, "full_record", lambda name: made if name == made.experiment else None)
    text = show.xie2018_verdict().data
    assert "28,046 training crystals" in text and "0.050 eV/atom (published 0.039)" in text
    assert "120 epochs bring one seed to 0.044" in text and text.endswith("full budget: cut short.")


def test_verdict_without_records(monkeypatch):
    monkeypatch.setattr(records, "full_record", lambda _: None)
    assert "No full-profile record" in show.xie2018_verdict().data


def test_settings_come_from_the_record():
    network = {
        "name": "cgcnn-eq5",
        "model": {"convolutions": 3, "width": 48, "pooling": "mean", "hidden": [32, 16]},
        "fit": {
            "optimizer": "sgd", "schedule": "step", "learning_rate": 0.02, "loss": "mse", "batch_size": 256,
            "epochs": 1000,
        },
    }  # fmt: skip
    made = show.networks(record("xie2018-formation", {}, {"networks": [network]}))
    assert cells(made, "CGCNN, Eq. 5")[:9] == [
        "CGCNN, Eq. 5", "3 of 48", "mean", "32, 16", "SGD, step", "0.02", "squared", "256", "1,000",
    ]  # fmt: skip


def test_a_dropped_share_stands_beside_the_hidden_layers():
    network = {
        "name": "cgcnn-eq5",
        "model": {"convolutions": 4, "width": 64, "pooling": "mean", "hidden": [32], "dropout": 0.5},
        "fit": {
            "optimizer": "adadelta", "schedule": "constant", "learning_rate": 1, "loss": "bce", "batch_size": 8,
            "epochs": 2,
        },
    }  # fmt: skip
    made = show.networks(record("xie2018-metal", {}, {"networks": [network]}))
    assert cells(made, "CGCNN, Eq. 5")[3:7] == ["32; dropout 0.5", "Adadelta, constant", "1", "cross-entropy"]


def test_statements_are_measured_in_words_and_units():
    metrics = {"random/cgcnn-eq5/mae": [0.05, 0.06], "random/cgcnn-eq4/mae": [0.1]}
    made = show.claim_results(record("xie2018-formation", metrics))
    assert "<code>" not in made.data and "cgcnn-eq" not in made.data
    assert cells(made, "significant improvement")[2:4] == ["Test MAE, Eq. 5", "0.0550 ± 0.0071 eV/atom"]
    # What it is compared with has a row of its own, without the statement.
    assert cells(made, "Test MAE, Eq. 4")[:4] == ["", "", "Test MAE, Eq. 4", "0.1 eV/atom"]
    assert cells(made, "falls systematically")[3] == "–"


def test_a_count_has_no_decimals():
    counted = record("xie2018-properties", {})
    counted.metrics["properties/cgcnn-eq5/improved"] = Metric("", (3,), 3)
    assert cells(show.claim_results(counted), "each of the other six")[3] == "3"


def test_a_statement_without_words_names_its_metric():
    assert "<code>random/atcnn/metal_recall</code>" in show.claim_results(record("zeng2019-metal", {})).data


def test_settings_in_the_table_of_choices_are_written_as_words():
    made = show.xie2018_choices()
    assert "AdamW" in made.data and "adamw" not in made.data
    assert cells(made, "Atom vectors")[1:3] == ["9 properties, 93 columns", "92 columns"]
    assert cells(made, "Distances")[1:3] == ["10 intervals between 0.7 and 5.2 Å", "41 Gaussians up to 8 Å"]
    assert "12 nearest within 8 Å" in cells(made, "Neighbours")[2] and "1 Å beyond" in made.data


def test_how_closely_the_authors_networks_agree_is_said():
    text = show.authors_sentence().data
    assert "8 checkpoints" in text and "within 0.0001" in text
