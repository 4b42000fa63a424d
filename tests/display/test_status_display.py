"""The status page: what the records say of where and with what they were made, whatever is installed now."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata

import pytest
from bs4 import BeautifulSoup
from IPython.display import HTML

from replicate import data, experiments, records
from replicate.display import status
from replicate.report import speeds

PACKAGES = ("torch", "replicate")


def rows(shown: HTML) -> Iterator[dict[str, str]]:
    """Yield the rows of a table, heading → text."""
    parsed = BeautifulSoup(shown.data, "html.parser")
    heads = [cell.get_text() for cell in parsed.select("thead th")]
    for line in parsed.select("tbody tr"):
        yield dict(zip(heads, (cell.get_text() for cell in line.select("td")), strict=True))


@pytest.fixture
def _other_versions_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "99.9")


@pytest.mark.usefixtures("_other_versions_installed")
def test_each_row_is_what_its_record_says() -> None:
    """With no local record in the work folder of a test, there is one row per experiment."""
    for row, question in zip(rows(status.run_status()), experiments.questions(), strict=True):
        assert row["experiment"] == question.id
        record = records.full_record(question.id)
        assert record is not None
        made = record.environment
        assert row["profile"] == record.profile == "full"
        assert row["seeds"] == str(len(record.seeds))
        assert row["device"] == made["device_name"]
        assert float(row["minutes"]) == pytest.approx(made["wall_time_s"] / 60, abs=0.06)
        assert made["finished"].startswith(row["finished (UTC)"].replace(" ", "T"))
        assert [row[package] for package in PACKAGES] == [made["versions"][package] for package in PACKAGES]
        assert made["git_commit"].startswith(row["commit"])


def test_a_local_record_has_a_row_of_its_own_below_the_full_one() -> None:
    full = records.full_record("zeng2019-gap")
    assert full is not None
    made = {**full.environment, "versions": {"torch": "1.2.3"}}
    records.save(
        replace(full, profile="quick", environment=made), records.record_path("zeng2019-gap", "quick", "a")
    )
    found = [row for row in rows(status.run_status()) if row["experiment"] == "zeng2019-gap"]
    assert [row["profile"] for row in found] == ["full", "quick"]
    assert [found[1][package] for package in PACKAGES] == ["1.2.3", "–"]
    assert found[0]["torch"] == full.environment["versions"]["torch"]


def test_an_experiment_without_a_record_has_dashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "full_record", lambda _: None)
    for row in rows(status.run_status()):
        assert set(list(row.values())[2:]) == {"–"}


@pytest.mark.usefixtures("_other_versions_installed")
def test_versions_of_this_build_are_those_installed() -> None:
    shown = {row["package"]: row["version"] for row in rows(status.version_table())}
    assert shown["Python"] == platform.python_version()
    assert {shown[package] for package in PACKAGES} == {"99.9"}
    assert "commit of this book" in shown


def test_every_dataset_says_whether_it_is_here() -> None:
    shown = {row["dataset"]: row for row in rows(status.data_status())}
    assert list(shown) == data.names()
    for name, row in shown.items():
        entry = data.entry(name)
        assert (row["what"], row["licence"]) == (entry.title, entry.licence)
        assert row["here"] == ("yes" if data.available(name) else "no")


def test_every_row_of_the_benchmarks_is_shown() -> None:
    kept = [row for one in speeds.committed() for row in one["rows"]]
    for shown, row in zip(rows(status.bench_table()), kept, strict=True):
        assert shown["what"] == row["what"]
        assert shown["per second"] == speeds.rate(row["per_second"]) and shown["unit"] == row["unit"]
        assert (shown["ratio"] == "") == (row["ratio"] is None)
        assert (shown["GFLOP/s"] == "") == (row["gflops"] is None)
