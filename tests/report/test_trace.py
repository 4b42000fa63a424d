"""Every printed number can be traced to its record, rule, code, page and citation."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from statistics import fmean

import pytest

import replicate
from replicate import paths
from replicate.errors import ConfigError
from replicate.report.links import row_link
from replicate.report.trace import Trace, traces
from replicate.results import papers, records
from replicate.results.verdict import NOT_RUN


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


def test_a_verdict_follows_from_the_rule_that_is_shown(traced: list[Trace]) -> None:
    """The distances in the rule's sentence decide as the verdict says."""
    shown = re.compile(r"the mean is (\S+) from .*near is up to (\S+) .*inside is up to (\S+) ")
    judged = [(one, shown.match(one.rule)) for one in traced]
    assert sum(match is not None for _, match in judged) > 100
    for one, match in judged:
        if match is None:
            continue
        away, near, inside = map(float, match.groups())
        if not (0.99 < away / max(near, 1e-12) < 1.01 or 0.99 < away / max(inside, 1e-12) < 1.01):
            expected = {(True, True): {"reproduced"}, (False, True): {"too noisy"}, (True, False): {"close", "better"},
                        (False, False): {"not reproduced", "undecided", "better"}}  # fmt: skip
            assert one.verdict in expected[away <= near, away <= inside], one.id


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
