"""The ATCNN experiments at smoke size: repeatable, resumed, honest about their data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from replicate import experiments, papers, records
from replicate.errors import ConfigError
from replicate.evaluation.splits import shared_with_training
from replicate.experiments.core import Run
from replicate.experiments.samples import draw, load_rows, make_rows
from replicate.experiments.zeng2019.elements import feature_scores, main_group_elements, neighbour_agreement
from replicate.experiments.zeng2019.metal import count_classes
from replicate.experiments.zeng2019.tc import count_contradictions
from replicate.features.composition import parse
from replicate.training import fit


def test_a_second_call_returns_the_record_without_training(smoke, monkeypatch, tmp_path):
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    said: list[str] = []
    first = experiments.run("zeng2019-metal", "smoke", device="cpu", say=said.append)
    assert said
    said.clear()
    again = experiments.run("zeng2019-metal", "smoke", device="cpu", say=said.append)
    assert not said and again == records.load(records.record_path("zeng2019-metal", "smoke", first.key))


def test_refresh_trains_again_and_gives_the_same_numbers(smoke, monkeypatch, tmp_path):
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    experiments.run("zeng2019-formation", "smoke", device="cpu")
    epochs = []
    one_epoch = fit._Run.one_epoch
    monkeypatch.setattr(fit._Run, "one_epoch", lambda run: (epochs.append(1), one_epoch(run)))
    again = experiments.run("zeng2019-formation", "smoke", device="cpu", refresh=True)
    assert len(epochs) == 2 * len(again.training), "every network is trained again, both epochs"
    first = smoke("zeng2019-formation").metrics
    assert again.metrics.keys() == first.keys()
    for key, metric in again.metrics.items():
        assert metric.values == pytest.approx(first[key].values, rel=1e-4, abs=1e-4), key


def test_honest_splits_share_nothing(smoke):
    record = smoke("zeng2019-gap")
    assert record.metrics["composition/split/shared_composition"].mean == 0
    assert record.metrics["system/split/shared_composition"].mean == 0


def test_leakage_of_the_random_split_is_what_the_data_say():
    """About 44 % of the random test rows of the gaps have their composition in training."""
    config = replace(experiments.get("zeng2019-gap").config("quick"), max_rows=None)
    run = Run("zeng2019-gap", "quick", config, range(5), torch.device("cpu"))
    rows = load_rows(run, config)
    shared = [shared_with_training(split, rows.groups("composition")) for split in draw(run, rows, config)]
    assert np.mean(shared) == pytest.approx(0.44, abs=0.03)


def test_table3_compounds_are_kept_out(smoke):
    record = smoke("zeng2019-gap")
    assert "table3/held-out/mae" in record.metrics
    assert set(record.arrays["table3/rows_in_data"]) == set(papers.table("zeng2019", "table3")["formula"])


def test_main_group_elements():
    symbols = {symbol: group for symbol, _, group in main_group_elements()}
    assert len(symbols) == 42
    assert (symbols["Na"], symbols["Ca"], symbols["I"], symbols["He"]) == (1, 2, 17, 18)
    assert "Fe" not in symbols and "La" not in symbols


def test_neighbour_agreement_of_clear_and_of_mixed_groups():
    groups = np.repeat([1, 2], 4)
    apart = np.array([[g * 100.0 + i] for i, g in enumerate(groups)])
    assert neighbour_agreement(apart, groups) == 1
    mixed = np.array([[0.0], [10], [20], [30], [1], [11], [21], [31]])
    assert neighbour_agreement(mixed, groups) == 0
    assert feature_scores(apart, groups)["silhouette"] > 0.9


def test_wrong_names_are_answered_with_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'zeng2019-gap'"):
        experiments.get("zeng2019-gaps")
    with pytest.raises(ConfigError, match="profile must be one of"):
        experiments.run("zeng2019-gap", "fast")
    with pytest.raises(ConfigError, match="seeds"):
        experiments.run("zeng2019-gap", "smoke", seeds=-1)


def test_contradictions_are_counted_by_composition_not_by_name():
    """Two Tc of H2S and one of D2S, two of Nb3Sn that agree, one compound at 0 K, one formula that cannot be read."""
    listed = {
        "H2S": (60.0, 185.0),
        "D2S": (30.0,),
        "Nb3Sn": (17.9,),
        "Nb6Sn2": (18.1,),
        "Pb": (7.2,),
        "Au": (0.0,),
    }
    rows = [(formula, tc) for formula, found in listed.items() for tc in found] + [("La2Oz", 30.0)]
    run = Run("zeng2019-tc", "smoke", None, [0], torch.device("cpu"))
    count_contradictions(run, "mdr-supercon", pd.DataFrame(rows, columns=["formula", "critical_temperature"]))
    found = {key.rpartition("/")[2]: metric.mean for key, metric in run.metrics.items()}
    assert (found["compositions"], found["repeated"], found["contradictory"]) == (3, 2, 1)
    assert (found["h2s_entries"], found["h2s_lowest"], found["h2s_highest"]) == (3, 30, 185)
    assert found["least_mae"] == pytest.approx((30 + 125 + 0 + 0.1 + 0.1) / 5)
    assert run.arrays == {"listed/mdr-supercon/h2s": [30.0, 60.0, 185.0]}


def test_each_class_of_the_metals_is_counted_by_rows_and_compositions():
    compositions = parse(["PbCoO3", "CoPbO3", "NaCl", "PbCoO3", "Cu"])
    run = Run("zeng2019-metal", "smoke", None, [0], torch.device("cpu"))
    count_classes(run, make_rows("some", "a", compositions, np.array([0.0, 0.0, 0.0, 1.0, 1.0])))
    assert {key: metric.mean for key, metric in run.metrics.items()} == {
        "data/semiconductors/rows": 3,
        "data/semiconductors/compositions": 2,
        "data/metals/rows": 2,
        "data/metals/compositions": 2,
        "data/both/compositions": 1,
    }


def test_the_full_gap_run_is_the_authors_schedule_with_both_losses():
    experiment = experiments.get("zeng2019-gap")
    whole = {network.name: network.fit for network in experiment.config("full").networks}
    (epochs,) = papers.stated("zeng2019/script-epochs").values
    (batch,) = papers.stated("zeng2019/script-batch").values
    assert [whole[name].loss for name in ("atcnn", "atcnn-mse")] == ["mae", "mse"]
    for name in ("atcnn", "atcnn-mse"):
        fit_config = whole[name]
        assert (fit_config.epochs, fit_config.batch_size, fit_config.patience) == (epochs, batch, None)
    assert f"{epochs:,.0f}" in experiment.budget
