"""Variants: what may be changed, that a change is checked, and that nothing of the book's is touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from replicate import experiments, paths, report
from replicate.errors import ConfigError, MissingDataset
from replicate.experiments import runs
from replicate.experiments.changes import changed, differences, settings_of
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.models.configs import GAP, ElemNetConfig
from replicate.results import records
from replicate.training.config import FitConfig

TOY = SupervisedConfig(
    dataset="zhuo2018-gap",
    column="band_gap",
    unit="eV",
    task="regression",
    networks=(Network("atcnn", GAP, FitConfig(epochs=5)), Network("elemnet", ElemNetConfig(), FitConfig(epochs=7))),
    baselines=("forest",),
    seeds=2,
)  # fmt: skip
FITS = {"networks.atcnn.fit.epochs": (5, 9), "networks.elemnet.fit.epochs": (7, 9)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("fit.epochs=9", FITS),
        ("elemnet.fit.epochs = 9\nseeds=3", {"networks.elemnet.fit.epochs": (7, 9), "seeds": (2, 3)}),
        ("fit.epochs=7", {"networks.atcnn.fit.epochs": (5, 7)}),
        ("model.dropout=0.5", {"networks.atcnn.model.dropout": (0.0, 0.5)}),
        ("hidden=64,32", {"networks.atcnn.model.hidden": ((200, 100), (64, 32))}),
        ("hidden=64", {"networks.atcnn.model.hidden": ((200, 100), (64,))}),
        ("baselines=()", {"baselines": (("forest",), ())}),
        ("splits=random; test=0.1", {"splits": (("random", "composition", "system"), ("random",)), "test": (0.2, 0.1)}),
        ("max_rows=100", {"max_rows": (None, 100)}),
        ("release=atcnn, atcnn/gap", {"release": (None, ("atcnn", "atcnn/gap"))}),
        ("atcnn.fit.loss=mse", {"networks.atcnn.fit.loss": ("mae", "mse")}),
    ],
)  # fmt: skip
def test_a_change_means_every_setting_that_ends_so(change: str, expected: dict[str, object]) -> None:
    assert differences(TOY, changed(TOY, change)) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("fit.epoch=3", "did you mean 'fit.epochs'.* There are dataset, .*fit.epochs"),
        ("model.dropuot=0.5", "did you mean 'model.dropout'"),
        ("epochs", "written path=value"),
        ("fit.epochs=", "written path=value"),
        ("fit.epochs=2.5", "atcnn.fit.epochs takes a whole number, not 2.5"),
        ("fit.epochs=True", "takes a whole number"),
        ("fit.epochs=0", "at least 1"),
        ("fit.learning_rate=nan", "takes a number"),
        ("fit.learning_rate=-1", "above 0"),
        ("fit.loss=huber", "takes one of mae, mse, rmse, bce, not huber"),
        ("quick_baselines=1", "takes True or False"),
        ("model.dropout=1.5", "below 1"),
        ("hidden=a,b", "each a whole number"),
        ("kernels=()", "at least one kernel"),
        ("seeds=2", "changes nothing: that is the value of seeds"),
        ("fit.epochs=3; atcnn.fit.epochs=4", "networks.atcnn.fit.epochs is changed twice"),
        ("seeds=3; seeds=4", "seeds is changed twice"),
        ("name=other", "no setting 'name'"),
    ],
)
def test_what_cannot_be_changed_is_refused(change: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        changed(TOY, change)


@pytest.mark.parametrize("experiment", list(experiments.all_experiments()), ids=lambda one: one.id)
def test_every_setting_can_be_named_and_written(experiment: experiments.Experiment) -> None:
    """Its own value, written out, is read back by the type of its field, and so changes nothing."""
    config = experiment.config("quick")
    for path, setting in settings_of(config).items():
        with pytest.raises(ConfigError, match="changes nothing"):
            changed(config, f"{path}={setting.value!r}")


def test_settings_that_depend_on_each_other_change_together() -> None:
    config = experiments.get("konno2021-preliminary").config("smoke")
    with pytest.raises(ConfigError, match="a periodic edge needs blocks"):
        changed(config, "periodic-resnet.model.blocks=0; periodic-resnet.model.edge=periodic")
    both = changed(config, "shallow.model.blocks=1; shallow.model.edge=periodic")
    assert [n.model.edge for n in both.networks if n.name == "shallow"] == ["periodic"]


@pytest.fixture
def _without_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run files one number of each seed in place of its work, and the data need not be here."""

    def work(experiment: experiments.Experiment, run: runs.Run) -> None:
        run.file("random/atcnn/mae", 0.1 * np.arange(1, len(run.seeds) + 1), "eV")

    monkeypatch.setattr(runs, "work", work)
    monkeypatch.setattr(runs, "_digests", lambda config: [])


@pytest.mark.usefixtures("_without_training")
@pytest.mark.parametrize("name", ["zeng2019-gap", "zeng2019-metal", "xie2018-nacl-kcl"])
def test_a_full_variant_stands_beside_the_committed_record(name: str) -> None:
    book = {path: path.read_bytes() for path in paths.results_dir().glob("*.json")}
    change = "nacl=mp-1" if name == "xie2018-nacl-kcl" else "test=0.25"
    variant = experiments.run(name, "full", device="cpu", change=f"  {change} ;")
    committed = records.full_record(name)
    assert committed is not None and variant.key != committed.key
    assert (variant.change, committed.change) == (change, "")
    (path,) = (paths.work_dir() / "variants").iterdir()
    assert records.load(path) == variant == experiments.run(name, "full", device="cpu", change=change)
    assert not (paths.work_dir() / "records").exists()
    assert {path: path.read_bytes() for path in paths.results_dir().glob("*.json")} == book
    # On a processor its own settings are the base.
    known = experiments.get(name)
    assert experiments.base_settings(variant) is known.config("full", "cpu")
    assert experiments.base_record(variant) == committed
    assert bool(variant.budget) is (known.on_cpu is not None)


@pytest.mark.usefixtures("_without_training")
def test_the_same_settings_in_other_words_are_the_same_variant() -> None:
    first = experiments.run("zeng2019-gap", "smoke", device="cpu", change="fit.epochs=3")
    again = experiments.run("zeng2019-gap", "smoke", device="cpu", change="networks.atcnn.fit.epochs=3")
    assert again == replace(first, change="networks.atcnn.fit.epochs=3")
    assert records.latest_local("zeng2019-gap") is None  # no other page shows a variant as its run


@pytest.mark.usefixtures("_without_training")
def test_the_budget_of_the_paper_can_be_changed_too() -> None:
    variant = experiments.run("zeng2019-gap", "full", device="cpu", paper_budget=True, change="test=0.25")
    assert variant.budget == ""
    assert experiments.base_settings(variant) is experiments.get("zeng2019-gap").config("full")
    assert experiments.base_record(variant) is None  # a record of it would go to the book
    assert "no base to compare with" in report.variant(variant).data


def test_a_variant_is_never_answered_by_the_committed_record(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(config: object) -> None:
        raise MissingDataset("not here")

    monkeypatch.setattr(runs, "_digests", absent)
    with pytest.raises(MissingDataset):
        experiments.run("zeng2019-gap", "full", device="cpu", change="test=0.25")
    with pytest.raises(MissingDataset):
        experiments.run_or_full("zeng2019-gap", "full", device="cpu", change="test=0.25")


def test_a_variant_of_a_real_run(rows_of) -> None:
    change = "model.dropout=0.5; fit.epochs=3"
    variant = experiments.run("zeng2019-metal", "smoke", device="cpu", change=change)
    models = paths.work_dir() / "models"
    assert not models.exists()  # a variant is not what `predict` gives
    shown = report.variant(variant).data
    assert [path.name for path in models.iterdir()] == ["atcnn--metal.smoke.safetensors"]  # the base's
    base = experiments.run("zeng2019-metal", "smoke", device="cpu")
    assert base.splits == variant.splits and report.variant(base) is None
    assert "networks.atcnn.model.dropout</code>: 0.0 → 0.5" in shown and "fit.epochs</code>: 2 → 3" in shown
    rows = {row[0]: row[1:] for row in rows_of(report.variant(variant))}
    assert "random/forest/auc" not in rows and "random/atcnn/auc" in rows
    key = "random/atcnn/auc"
    apart = np.subtract(variant.metrics[key].values, base.metrics[key].values)
    assert float(rows[key][2].split(" ± ")[0]) == pytest.approx(apart.mean(), abs=1e-2)
    assert float(rows[key][2].split(" ± ")[1]) == pytest.approx(apart.std(ddof=1), abs=1e-2)


@pytest.mark.parametrize("change", ["max_rows=0", "column=formula", "seeds=0", "dataset=zhuo", "splits=rows"])
def test_settings_that_do_not_run_end_with_one_clear_error(change: str) -> None:
    with pytest.raises(ConfigError, match=change.split("=")[0].removesuffix("s")):
        experiments.run("zeng2019-metal", "smoke", device="cpu", change=change)
