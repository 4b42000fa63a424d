"""The commands on a page: those of the page give the page, those of the full numbers give exactly their record."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from replicate import experiments, notebook, paths, records
from replicate.cli import app
from replicate.errors import MissingDataset
from replicate.experiments import runs, train
from replicate.notebook import guard
from replicate.records import Record
from replicate.report.commands import ACTIVATE, ANEW, CHANGED, first_commands, rerun
from replicate.report.pages import provenance
from replicate.settings import plain

RECORDED = sorted(path.stem for path in paths.results_dir().glob("*.json"))
TRAINED = "zeng2019-metal"  # two networks
GIVEN = {"profile": "quick", "seeds": 0, "device": "auto", "refresh": False}


def full_record(name: str) -> Record:
    record = records.full_record(name)
    assert record is not None
    return record


def commands(text: str) -> list[list[str]]:
    """Return the commands of a page as words, without their comments and below the one that finds them."""
    block = re.search(r"```bash\n(.*?)\n```", text, re.DOTALL)
    assert block is not None
    lines = [line for line in block[1].replace("\\\n", " ").splitlines() if line[0] != "#"]
    assert lines[0] == ACTIVATE and ACTIVATE not in lines[1:]
    return [shlex.split(line) for line in lines[1:]]


def papermill_parameters(words: list[str]) -> dict[str, str]:
    return (
        dict(zip(words[4::3], words[5::3], strict=True)) if words[3::3] == ["-p"] * len(words[3::3]) else {}
    )


@pytest.fixture
def _a_machine_with_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """There ``auto`` takes other settings than those of a record made on a processor."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.mark.usefixtures("_a_machine_with_cuda")
@pytest.mark.parametrize("name", RECORDED)
def test_the_printed_full_command_asks_for_the_record(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is parsed by the command line itself, and resolved to settings, seeds and device; nothing is trained."""
    asked: dict[str, Any] = {}

    def caught(experiment: str, profile: str, *, say: Any, **options: Any) -> Record:
        asked["wanted"] = runs.resolve(experiments.get(experiment), profile, **options)
        return record

    monkeypatch.setattr(experiments, "run", caught)
    record = full_record(name)
    text = rerun(record, "a/page", GIVEN)
    _, full, *shown = commands(text)
    assert full[0] == "replicate"
    result = CliRunner().invoke(app, full[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    config, seeds, device = asked["wanted"]
    same = records.made_with(record, plain(config)) and seeds == record.seeds
    assert device.type == record.environment["device"]
    # While a changed experiment waits for its new record, the page says so.
    assert (ANEW in text, CHANGED in text, bool(shown)) == (same, not same, same)


@pytest.mark.usefixtures("_a_machine_with_cuda")
@pytest.mark.parametrize("name", RECORDED)
def test_the_page_of_the_full_record_reads_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the data are not here, so nothing can be trained."""

    def absent(_: Any) -> Any:
        raise MissingDataset("not here")

    monkeypatch.setattr(runs, "_digests", absent)
    record = full_record(name)
    for words in commands(rerun(record, "a/page", GIVEN))[2:]:
        given = papermill_parameters(words)
        assert list(given) == ["profile", "device"] and given["profile"] == "full"
        assert experiments.run(name, given["profile"], device=given["device"]).key == record.key


def test_another_number_of_seeds_and_another_device_are_named() -> None:
    record = full_record("zeng2019-gap")
    del record.seeds[2:]
    own, *_ = commands(rerun(record, "a/page", {}))
    assert papermill_parameters(own) == {"profile": "full", "device": "cpu", "seeds": "2"}
    record.environment["device"] = "cuda"
    own, *_ = commands(rerun(record, "a/page", {}))
    assert papermill_parameters(own) == {"profile": "full", "device": "cuda", "seeds": "2"}


def test_a_page_that_shows_the_full_record_instead_names_its_own_parameters() -> None:
    """As ``run_or_full`` does where the data of a page are not here."""
    record = full_record("xie2018-perovskites")
    own, *_ = commands(rerun(record, "a/page", {**GIVEN, "seeds": 3}))
    assert papermill_parameters(own) == {"profile": "quick", "seeds": "3", "device": "auto"}
    own, *_ = commands(rerun(record, "a/page", {**GIVEN, "profile": "full", "refresh": True}))
    assert papermill_parameters(own) == {"profile": "full", "device": "cpu", "refresh": "True"}


def test_without_a_full_record_the_command_makes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    record = full_record("zeng2019-gap")
    monkeypatch.setattr(records, "full_record", lambda _: None)
    _, full = commands(rerun(record, "a/page", GIVEN))
    assert full == ["replicate", "run", "zeng2019-gap", "--profile", "full"]


@pytest.fixture
def _a_notebook() -> Iterator[None]:
    """A page whose guard has passed, as quick."""
    guard({"In": ["", "# parameters: some"], **GIVEN})
    yield
    guard({})
    assert notebook.parameters() == {}


@pytest.mark.usefixtures("_a_notebook")
def test_the_page_prints_what_its_guard_let_pass() -> None:
    text = str(provenance(full_record("xie2018-perovskites"), "xie2018/perovskites").data)
    assert "-p profile quick -p device auto\n" in text


@pytest.mark.parametrize("address", ["", "https://github.com/someone/some-book"])
def test_the_first_commands_begin_with_a_clone(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_REPOSITORY", address)
    text = str(first_commands().data)
    told = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert text.startswith("In a clone of this repository:\n") is not bool(address)
    if address:
        assert told[:2] == [f"git clone {address}", "cd some-book"]
    # The environment is there once `make` has made it.
    at = told.index(ACTIVATE)
    assert told[at - 1].startswith("make book") and all("make" not in line for line in told[at:])
    own, predict = (shlex.split(line) for line in told[at + 1 :])
    assert (paths.root() / own[1]).is_file() and papermill_parameters(own) == {"profile": "full"}
    asked = CliRunner().invoke(app, predict[1:], catch_exceptions=False)
    assert asked.exit_code == 0, asked.output


def test_refresh_trains_from_nothing_where_checkpoints_are(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    fit = train.fit

    def watched(*arguments: Any, **options: Any) -> Any:
        started.append(options["checkpoint"].is_file())
        return fit(*arguments, **options)

    monkeypatch.setattr(train, "fit", watched)
    first = experiments.run(TRAINED, "smoke", device="cpu")
    kept = list((paths.work_dir() / "checkpoints").iterdir())
    assert kept and started and not any(started)
    networks_trained = len(started)
    again = experiments.run(TRAINED, "smoke", device="cpu", refresh=True)
    assert len(started) == 2 * networks_trained and not any(started)
    assert again.metrics == first.metrics


def test_an_interrupted_refresh_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    experiments.run(TRAINED, "smoke", device="cpu")
    found: list[bool] = []
    fit = train.fit

    def ended_after_one(*arguments: Any, **options: Any) -> Any:
        found.append(options["checkpoint"].is_file())
        if len(found) == 2:
            raise KeyboardInterrupt
        return fit(*arguments, **options)

    monkeypatch.setattr(train, "fit", ended_after_one)
    with pytest.raises(KeyboardInterrupt):
        experiments.run(TRAINED, "smoke", device="cpu", refresh=True)
    experiments.run(TRAINED, "smoke", device="cpu", refresh=True)
    assert found == [False, False, True, False]
