"""The command line as a user types it."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from replicate import cli, data, experiments
from replicate.cli import app
from replicate.errors import ConfigError, MissingDataset, ReplicateError
from replicate.results import papers

REPORT_KEYS = [
    "id", "paper", "experiment", "where", "quantity", "published", "printed", "better", "metric", "scale", "unit",
    "note", "kind", "cannot_run", "other_data", "about", "argmin", "measurements",
    "full_mean", "full_sd", "seeds", "device", "this_run", "verdict", "budget", "floor",
    "values", "test_rows", "interval", "near", "rule", "record", "key", "version", "commit", "finished",
    "data", "splits", "code", "elsewhere", "commands", "page", "citation",
]  # fmt: skip


def call(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_list_names_every_experiment():
    rows = json.loads(call("list", "--json"))
    assert [row["id"] for row in rows] == [question.id for question in experiments.questions()]
    for row in rows:
        assert set(row) == {"id", "paper", "title", "page", "where", "data", "cost", "status"}
        assert row["status"] == "full record" and row["data"]["quick"]
    assert "zeng2019-gap" in call("list")


def test_report_has_one_row_per_published_number():
    rows = json.loads(call("report", "--json"))
    assert len(rows) == len(papers.targets())
    assert all(list(row) == REPORT_KEYS for row in rows)
    gap = next(r for r in rows if r["experiment"] == "zeng2019-gap" and r["unit"] == "eV")
    assert gap["published"] == 0.307
    metals = next(r for r in rows if r["experiment"] == "zeng2019-metal" and r["unit"] == "%")
    assert metals["published"] == 91.2
    assert "reproduced" in call("report")


def test_settings_and_the_trace_of_a_number():
    settings = {row["setting"]: row for row in json.loads(call("settings", "zeng2019-gap", "--json"))}
    config = experiments.get("zeng2019-gap").config("quick")
    assert settings["networks.atcnn.fit.epochs"]["value"] == config.networks[0].fit.epochs
    assert "zeng2019/band-gap.html#number-mae" in call("show", "zeng2019-gap/mae")


def test_predict_with_the_authors_weights(weights):
    rows = json.loads(call("predict", "atcnn-authors/band-gap", "GaN", "PbTe", "--json"))
    assert [row["input"] for row in rows] == ["GaN", "PbTe"]
    keys = ["input", "value", "spread", "unit", "warnings", "read", "model"]
    # What these networks were trained on is not known.
    assert all(list(row) == [*keys, "nearest", "distance", "expected_error", "low", "high"] for row in rows)
    assert {row["distance"] for row in rows} == {None}
    assert rows[0]["value"] == pytest.approx(3.453, abs=1e-3)
    assert rows[0]["unit"] == "eV" and rows[0]["spread"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "zeng2019-gapp"], "did you mean 'zeng2019-gap'"),
        (["run", "zeng2019-gap", "--profile", "huge"], "profile must be one of"),
        (["run", "zeng2019-gap", "--profile", "smoke", "--device", "tpu"], "auto, cpu or cuda"),
        (["predict", "atcnn/band-gap"], "at least one formula"),
        (["predict", "atcnn/no-such-model", "NaCl"], "no trained model"),
        (["run", "zeng2019-gap", "--profile", "smoke", "--seeds", "9999999"], "own number) to 1,000"),
        (["data", "fetch", "no-such-data"], "no-such-data"),
        (["run", "zeng2019-gap", "--profile", "smoke", "--set", "fit.epoch=3"], "did you mean 'fit.epochs'"),
        (["run", "xie2018-metal", "--refresh", "--group", "1/2"], "--refresh starts anew"),
        (["show", "zeng2019-gap/mea"], "did you mean 'zeng2019-gap/mae'"),
    ],
)
def test_mistakes_end_with_one_clear_line(arguments, message, monkeypatch, capsys):
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")  # the command sets it where nothing does
    monkeypatch.setattr(sys, "argv", ["replicate", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    assert len(said) == 1 and said[0].startswith("replicate: ") and message in said[0]


def test_fetching_all_names_what_cannot_be_had_and_goes_on(monkeypatch, capsys):
    absent = {"atcnn-formation", "me228-elastic"}

    def fetch(name):
        if name in absent:
            raise MissingDataset(f"dataset {name!r} is not here")
        return Path("somewhere") / name

    monkeypatch.setattr(data, "fetch", fetch)
    with pytest.raises(ReplicateError, match=r"^failed: atcnn-formation, me228-elastic$"):
        cli.data_fetch(["all"])
    printed = capsys.readouterr()
    names = [line.split(":")[0] for line in printed.out.splitlines()]
    assert names == [name for name in data.names() if name not in absent]
    assert len(printed.err.splitlines()) == 2


def test_one_paper_and_the_data():
    for command, paper in (("list", "zeng2019"), ("report", "xie2018")):
        assert {row["paper"] for row in json.loads(call(command, "--paper", paper, "--json"))} == {paper}
    rows = {row["name"]: row for row in json.loads(call("data", "list", "--json"))}
    assert rows["zhuo2018-gap"]["here"] is True and set(rows) == set(data.names())
    (checked,) = json.loads(call("data", "check", "zhuo2018-gap", "--json"))
    assert (checked["name"], checked["ok"]) == ("zhuo2018-gap", True)
    for arguments in (["run", "zeng2019-gap", "--paper", "zeng2019"], ["run"], ["list", "--paper", "zeng"]):
        assert isinstance(CliRunner().invoke(app, arguments).exception, ConfigError)
