"""Every printed number can be traced to its record, rule, code, page and citation, in a terminal and on a page."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

import replicate
from replicate import paths
from replicate.errors import ConfigError
from replicate.report.links import row_link
from replicate.report.trace import Trace, traces
from replicate.results import papers, records
from replicate.results.papers.entries import printed_number
from replicate.results.verdict import NOT_RUN, OTHER_DATA
from workflow.browser import PARTS, write_numbers


@pytest.fixture(scope="module")
def traced() -> list[Trace]:
    return traces()


def test_every_printed_number_is_traced(traced: list[Trace]) -> None:
    assert [one.id for one in traced] == [target.id for target in papers.targets()]
    assert len({one.page for one in traced}) == len(traced)
    for one in traced:
        assert one.rule and one.code and one.page == row_link(one.id), one.id
        assert one.printed in str(one) and one.where in re.sub(r"\s+", " ", str(one)), one.id
        assert all(one.citation[part].startswith("@") for part in ("paper", "book", "number")), one.id
        if one.verdict == NOT_RUN:
            assert one.values == ()
            continue
        assert (paths.root() / one.record).is_file() and one.key and one.finished, one.id
        assert all({"name", "digest", "rows"} <= set(row) for row in one.data), one.id
        if one.full_mean is not None and one.values and not papers.target(one.id).argmin:
            assert fmean(one.values) == pytest.approx(one.full_mean)


def test_the_code_that_is_named_is_there(traced: list[Trace]) -> None:
    """At the line that is named stands what is named; the first is a function, the last a class of settings."""
    for one in {one.experiment: one for one in traced}.values():
        for place in one.code:
            at, name = place.split(" ")
            file, line = at.split(":")
            text = (paths.root() / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert re.match(rf"(def |class )?{name}\b", text), place
        assert one.code[-1].endswith("Config") and ".py:" in one.code[0]


def test_a_verdict_follows_from_the_sentence_that_is_shown(traced: list[Trace]) -> None:
    """What the sentence says, with its own numbers, decides as the verdict says; none is left without one."""
    spread = re.compile(r"(.+?) over (\d+) seeds; .* is (\S+) to (\S+); the printed (.+) lies (inside|outside); (.*)")
    single = re.compile(r"(.+?), a single value, (not )?within half of the last digit of the printed ([^:;]+)(.*)")
    expected = {(True, True): {"reproduced"}, (False, True): {"too noisy"}, (True, False): {"close", "better"},
                (False, False): {"not reproduced", "undecided", "better"}}  # fmt: skip
    counted = {"seeds": 0, "single": 0}
    for one in traced:
        if one.verdict == NOT_RUN or one.argmin:
            assert one.note in one.rule or "validation error" in one.rule, one.id
            continue
        if several := spread.fullmatch(one.rule):
            ours, seeds, low, high, printed, side, rest = several.groups()
            inside = side == "inside"
            assert (float(low.replace(",", "")) <= one.published <= float(high.replace(",", ""))) == inside, one.id
            assert int(seeds) == len(one.values)
            counted["seeds"] += 1
        else:
            match = single.fullmatch(one.rule)
            assert match is not None, one.rule
            ours, beside, printed, rest = match.groups()
            inside = beside is None
            assert (abs(one.values[0] - one.published) <= one.half_digit * (1 + 1e-9)) == inside, one.id
            counted["single"] += 1
        assert ours == f"{one.ours} {one.unit}".strip() and printed == one.printed
        # Where near is no more than the half digit, a single value is told it once.
        near = "ours is within" in rest if "ours is" in rest else inside
        if one.verdict == OTHER_DATA:
            assert "not judged" in rest, one.id
        else:
            assert one.verdict in expected[near, inside] and f": {one.verdict}" in rest, one.id
    assert min(counted.values()) > 50


@pytest.fixture(scope="module")
def drawers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return number → what a page loads of it, as its script reads it."""
    folder, found = tmp_path_factory.mktemp("numbers"), {}
    write_numbers(folder)
    for file in folder.iterdir():
        content = json.loads(file.read_text(encoding="utf-8").removeprefix("drawer.numbers(").removesuffix(");\n"))
        assert {id.split("/")[0] for id in content["own"]} == {file.stem}
        found |= {id: content["shared"] | own for id, own in content["own"].items()}
    return found


def test_every_number_has_its_drawer(drawers: dict[str, dict[str, Any]], traced: list[Trace]) -> None:
    """From its record, which is read here on its own: seeds' values, data, commit; and what it takes to check it."""
    assert set(drawers) == {target.id for target in papers.targets()}
    for one in traced:
        told, target = drawers[one.id], papers.target(one.id)
        said = str(one)
        assert (told["quantity"], told["verdict"], told["rule"]) == (one.quantity, one.verdict, one.rule)
        for label in PARTS:
            for text in told.get(f"part {label}", ()):
                assert re.sub(r"\s", "", text) in re.sub(r"\s", "", said), (one.id, "one source for both")
        record = json.loads((paths.root() / one.record).read_text(encoding="utf-8"))
        words = {label: " ".join(told[f"part {label}"]) for label in ("data", "record")}
        assert record["environment"]["git_commit"] in words["record"] and record["key"] in words["record"]
        for read in record["data"]:
            assert read["name"] in words["data"] and read["digest"][:16] in words["data"], one.id
        assert sum(address.startswith("https://doi.org/10.") for address in told["links"].values()) >= 1
        assert all(word in words["data"] + words["record"] for word in told["links"]), one.id
        assert told["links"][one.record] == f"results/{one.experiment}.json"
        assert f"replicate show {one.id} --verify" in told["commands"].values()
        assert told["cite"]["the number"].startswith("@misc") and target.printed in told["cite"]["the number"]
        assert papers.paper(one.paper).doi in told["cite"]["the paper"]
        metric = record["metrics"].get(target.metric)
        if one.verdict == NOT_RUN:
            assert told["values"] == [] and told["interval"] is None, one.id
        elif metric and not target.argmin:
            assert told["values"] == pytest.approx([value * target.scale for value in metric["values"]], rel=1e-6)
            low, high = told["interval"]
            assert low < fmean(told["values"]) < high and len(told["ends"]) == 2
            near = told["near"]
            assert near[0] < float(printed_number(target.printed)) < near[1]


def test_a_number_that_was_run_says_what_makes_it_again(drawers: dict[str, dict[str, Any]]) -> None:
    for id, told in drawers.items():
        again = [command for command in told["commands"].values() if command.startswith("replicate run ")]
        assert len(again) == (told["verdict"] != NOT_RUN), id
        assert all(command.split()[2] == id.split("/")[0] for command in again), id


def test_a_commit_is_a_link_where_the_repository_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = replicate.show("zeng2019-metal/auc")
    assert trace.commit is not None and trace.commit not in trace.links
    monkeypatch.setenv("REPLICATE_REPOSITORY", "https://github.com/owner/name")
    monkeypatch.setattr("replicate.report.trace.commit_note", lambda _: "")
    assert trace.links[trace.commit] == f"https://github.com/owner/name/commit/{trace.commit}"
    monkeypatch.setattr("replicate.report.trace.commit_note", lambda _: "commit not in this history")
    assert trace.commit not in trace.links


def test_an_unknown_number_names_the_nearest() -> None:
    assert replicate.show("zeng2019-metal/auc").metric == "random/atcnn/auc"
    with pytest.raises(ConfigError, match="did you mean 'zeng2019-metal/auc'"):
        replicate.show("zeng2019-metal/acu")
    with pytest.raises(ConfigError, match="'zeng2019-metal/metals'"):
        replicate.show("zeng2019-metal")


def test_a_commit_that_the_history_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    commit = records.git_commit()
    if commit is None:
        pytest.skip("the history of this checkout is not here")
    invented = "0123456789abcdef0123456789abcdef01234567"
    assert records.commit_note(commit) == ""
    assert "commit not in this" in records.commit_note(invented)
    assert records.commit_note("--all") == "no commit"
    trace = replicate.show("zeng2019-metal/auc")
    object.__setattr__(trace, "commit", invented)
    assert "commit not in this" in str(trace)


def test_a_version_names_its_commit_unless_it_is_tagged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()

    monkeypatch.setattr(records, "_PACKAGE", tmp_path)
    monkeypatch.setattr(records, "git_commit", records.git_commit.__wrapped__)
    version, released = records.version.__wrapped__, replicate.__version__
    assert version() == released  # no repository
    git("init", "-q")
    (tmp_path / "__init__.py").touch()
    assert version() == released  # another project's repository
    git("add", ".")
    git("commit", "-qm", "first")
    commit = f"{released}+g{git('rev-parse', 'HEAD')[:7]}"
    assert version() == commit
    (tmp_path / "__init__.py").write_text("edited", encoding="utf-8")
    assert version() == f"{commit}.dirty"
    git("commit", "-qam", "second")
    git("tag", f"v{released}")
    assert version() == released
