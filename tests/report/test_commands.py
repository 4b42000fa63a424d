"""The commands on a page: those of the page give the page, those of the full numbers give exactly their record."""

import re
import shlex
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from replicate import experiments, notebook, paths
from replicate.cli import app
from replicate.errors import MissingDataset
from replicate.experiments import runs, train
from replicate.notebook import guard
from replicate.report.commands import ACTIVATE, ANEW, CHANGED, first_commands, rerun
from replicate.report.pages import provenance
from replicate.results import records
from replicate.results.records import Record
from replicate.settings import plain

RECORDED = sorted(path.stem for path in paths.results_dir().glob("*.json"))
TRAINED = "zeng2019-metal"  # two networks
DEFAULTS = {"profile": "quick", "seeds": 0, "device": "auto", "refresh": False}


def commands(text: str) -> list[list[str]]:
    """Return the commands of a page as words, without their comments and below the one that finds them."""
    block = re.search(r"```bash\n(.*?)\n```", text, re.DOTALL)
    assert block is not None
    lines = [line for line in block[1].replace("\\\n", " ").splitlines() if line[0] != "#"]
    assert lines[0] == ACTIVATE and ACTIVATE not in lines[1:]
    return [shlex.split(line) for line in lines[1:]]


def parameters(words: list[str]) -> dict[str, str]:
    """Return the parameters of a papermill command."""
    assert set(words[3::3]) <= {"-p"}
    return dict(zip(words[4::3], words[5::3], strict=True))


@pytest.fixture
def _a_machine_with_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """There ``auto`` takes other settings than those of a record made on a processor."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.mark.usefixtures("_a_machine_with_cuda")
@pytest.mark.parametrize("name", RECORDED)
def test_the_commands_of_a_full_record_make_it_and_show_it(name, monkeypatch, full_record):
    """The first is resolved to settings, seeds and device; the page reads the record where no data are."""
    record = full_record(name)
    text = rerun(record, "a/page", DEFAULTS)
    _, full, *pages = commands(text)
    run = experiments.run
    resolved: list[Any] = []

    def resolve(experiment: str, profile: str, *, say: Any, **options: Any) -> Record:
        resolved.extend(runs.resolve(experiments.get(experiment), profile, **options))
        return record

    def absent(_: Any) -> Any:
        raise MissingDataset("not here")

    monkeypatch.setattr(experiments, "run", resolve)
    assert full[0] == "replicate"
    result = CliRunner().invoke(app, full[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    config, seeds, device = resolved
    same = records.made_with(record, plain(config)) and seeds == record.seeds
    assert device.type == record.environment["device"]
    # While a changed experiment waits for its new record, the page says so.
    assert (ANEW in text, CHANGED in text, bool(pages)) == (same, not same, same)
    monkeypatch.setattr(runs, "_digests", absent)
    for words in pages:
        given = parameters(words)
        assert list(given) == ["profile", "device"] and given["profile"] == "full"
        assert run(name, given["profile"], device=given["device"]).key == record.key


@pytest.mark.parametrize(
    ("page", "own"),
    [
        ({}, {"profile": "full", "device": "cpu", "seeds": "2"}),
        # As ``run_or_full`` shows the full record where the data of a page are not here.
        ({**DEFAULTS, "seeds": 3}, {"profile": "quick", "seeds": "3", "device": "auto"}),
        ({**DEFAULTS, "profile": "full", "refresh": True}, {"profile": "full", "device": "cpu", "refresh": "True"}),
    ],
)
def test_a_page_names_its_own_parameters_and_without_them_those_of_its_record(page, own, full_record) -> None:
    record = full_record("zeng2019-gap")
    del record.seeds[2:]
    command, *_ = commands(rerun(record, "a/page", page))
    assert parameters(command) == own


def test_without_a_full_record_the_command_makes_one(monkeypatch: pytest.MonkeyPatch, full_record) -> None:
    record = full_record("zeng2019-gap")
    monkeypatch.setattr(records, "full_record", lambda _: None)
    _, full = commands(rerun(record, "a/page", DEFAULTS))
    assert full == ["replicate", "run", "zeng2019-gap", "--profile", "full"]


def test_the_page_prints_what_its_guard_let_pass(full_record) -> None:
    guard({"In": ["", "# parameters: some"], **DEFAULTS})
    text = str(provenance(full_record("xie2018-perovskites"), "xie2018/perovskites").data)
    assert "-p profile quick -p device auto\n" in text
    guard({})
    assert notebook.parameters() == {}


@pytest.mark.parametrize("address", ["", "https://github.com/someone/some-book"])
def test_the_first_commands_begin_with_a_clone(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_REPOSITORY", address)
    text = str(first_commands().data)
    lines = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert lines[: 2 * bool(address)] == ([f"git clone {address}", "cd some-book"] if address else [])
    # The environment is there once `make` has made it.
    at = lines.index(ACTIVATE)
    assert lines[at - 1].startswith("make book") and all("make" not in line for line in lines[at:])
    own, predict = (shlex.split(line) for line in lines[at + 1 :])
    assert (paths.root() / own[1]).is_file() and parameters(own) == {"profile": "full"}
    result = CliRunner().invoke(app, predict[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_refresh_trains_from_nothing_and_goes_on_where_it_was_interrupted(monkeypatch):
    first = experiments.run(TRAINED, "smoke", device="cpu")
    assert list((paths.work_dir() / "checkpoints").iterdir())
    resumed: list[bool] = []
    fit = train.fit

    def interrupted(*arguments: Any, **options: Any) -> Any:
        resumed.append(options["checkpoint"].is_file())
        if len(resumed) == 2:
            raise KeyboardInterrupt
        return fit(*arguments, **options)

    monkeypatch.setattr(train, "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        experiments.run(TRAINED, "smoke", device="cpu", refresh=True)
    assert experiments.run(TRAINED, "smoke", device="cpu", refresh=True).metrics == first.metrics
    assert resumed == [False, False, True, False]
