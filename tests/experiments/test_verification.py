"""A number checked without training: data, splits, and scores from stored weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import replicate
from replicate import data, experiments, paths
from replicate.errors import ConfigError, MissingDataset
from replicate.experiments import verification
from replicate.experiments.verification import ABSENT, DIFFERS, EQUAL, verify
from replicate.results import papers
from replicate.results.records import Record
from replicate.training import fit


@pytest.fixture(autouse=True)
def _without_training(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "smoke" not in request.fixturenames:
        monkeypatch.setattr(fit._Run, "one_epoch", lambda _: pytest.fail("a check trains"))


@pytest.mark.parametrize(
    ("number", "splits"),
    [("zeng2019-metal/auc", {"random", "system"}), ("zeng2019-metal/metals", {"random", "system"})],
)
def test_a_shipped_ensemble_gives_the_number_of_the_record(number: str, splits: set[str]) -> None:
    """Up to the half precision that its weights are shipped at."""
    done = replicate.verify(number)
    assert done.holds and set(done.data.values()) == {EQUAL}
    assert done.splits == dict.fromkeys(splits, EQUAL)
    assert len(done.recomputed) == len(done.recorded) == 5 and "half precision" in done.note
    assert done.recomputed == pytest.approx(done.recorded, rel=1e-3)
    assert "against the record" in str(done)


@pytest.mark.parametrize("name", ["zeng2019-metal", "xie2018-formation", "zeng2019-tc-insulators"])
def test_weights_that_a_run_has_left_give_exactly_its_numbers(
    name: str, smoke: Callable[[str], Record], smoke_work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = smoke(name)
    monkeypatch.setenv("REPLICATE_WORK", str(smoke_work))
    monkeypatch.setattr(fit._Run, "one_epoch", lambda _: pytest.fail("a check trains"))
    checked = [verify(target.id, record) for target in papers.targets(name)]
    again = [done for done in checked if "as trained here" in done.note]
    assert again and all(done.equal and done.holds for done in again)
    kinds = set().union(*(done.splits for done in again))
    assert "random" in kinds and kinds <= record.splits.keys()


def test_the_points_of_a_parity_are_the_test_rows_and_give_its_error(full_record) -> None:
    record = full_record("zeng2019-gap")
    points = verification.points_of_tests("zeng2019-gap")
    error = (points["predicted"] - points["measured"]).abs().groupby(points["seed"]).mean()
    assert error.to_list() == pytest.approx(record.metrics["random/atcnn/mae"].values, rel=1e-3)
    assert len(points) == record.metrics["random/atcnn/mae"].n * len(record.seeds)
    for name, reason in {"zeng2019-formation": "terms of the data", "konno2021-gap": "no network"}.items():
        with pytest.raises((ConfigError, MissingDataset), match=f"{reason}|not here"):
            verification.points_of_tests(name)


def test_rows_are_counted_and_other_numbers_say_why_not() -> None:
    rows = verify("zeng2019-formation/rows")
    assert rows.equal or rows.data == {"atcnn-formation": ABSENT}
    assert "no network of xie2018-nacl-kcl is stored" in verify("xie2018-nacl-kcl/na-neighbours").note
    assert "takes more than the stored network" in verify("zeng2019-metal/svc-auc").note
    for target in papers.targets():
        if target.cannot_run:
            assert verify(target.id).note == target.cannot_run


def test_what_differs_is_named(full_record, monkeypatch: pytest.MonkeyPatch) -> None:
    record = full_record("zeng2019-metal")
    other = replace(record, splits={**record.splits, "random": ["0" * 16] * 5})
    done = verify("zeng2019-metal/auc", other)
    assert done.splits == {"random": DIFFERS, "system": EQUAL} and not done.holds
    monkeypatch.setattr(data, "content_digest", lambda name: "other")
    done = verify("zeng2019-metal/auc", record)
    assert done.data == {"zhuo2018-metal": DIFFERS} and not done.holds and "differs" in str(done)
    monkeypatch.setattr(verification, "_state", lambda *_: ABSENT)
    assert "zhuo2018-metal not here" in verify("zeng2019-metal/auc", record).note


def test_weights_of_another_network_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise verification.NotStored("lost")

    monkeypatch.setattr("replicate.experiments.supervised.stored", lost)
    done = verify("zeng2019-metal/auc")
    assert done.note == "lost" and done.splits["random"] == EQUAL and done.difference is None


def test_every_check_is_there() -> None:
    for experiment in experiments.all_experiments():
        if experiment.check:
            module, _, name = experiment.check.partition(":")
            file = Path(experiments.__file__).parent.joinpath(*module.split(".")).with_suffix(".py")
            assert f"def {name}(" in file.read_text(encoding="utf-8")
    shipped = (paths.root() / "src/replicate/models/weights").glob("*.safetensors")
    assert len(list(shipped)) <= sum(bool(one.check) for one in experiments.all_experiments())
