"""Pages whose data are not bundled: the committed full record stands in, and without one the reason stands."""

import pytest

from replicate import data, experiments
from replicate.errors import MissingDataset
from replicate.experiments.core import archives_of
from replicate.report.links import pages
from replicate.results import records
from workflow.sources import discover

PAGES = pages()

NAME = "xie2018-perovskites"


@pytest.fixture(autouse=True)
def _no_data(monkeypatch, tmp_path):
    monkeypatch.delenv("REPLICATE_MIRROR", raising=False)
    monkeypatch.setenv("REPLICATE_CACHE", str(tmp_path))
    monkeypatch.setenv("REPLICATE_OFFLINE", "1")


def test_the_full_record_stands_in_and_says_so_once():
    full = records.full_record(NAME)
    if full is None:
        pytest.skip(f"no full record of {NAME} yet")
    notes: list[str] = []
    record = experiments.run_or_full(NAME, "smoke", device="cpu", note=notes.append)
    assert record.key == full.key and record.profile == "full"
    assert len(notes) == 1 and "smoke profile did not run" in notes[0] and "cmr-" in notes[0]


def test_every_page_whose_data_are_not_bundled_falls_back():
    texts = {source.name: source.pair.read_text(encoding="utf-8") for source in discover()}
    wanting = {}
    for experiment in experiments.all_experiments():
        configs = [experiment.config(profile) for profile in ("smoke", "quick")]
        needed = {name for config in configs for name in (*config.datasets, *archives_of(config))}
        if not all(data.available(name) for name in needed):
            wanting[experiment.id] = "experiments.run_or_full(" in texts[PAGES[experiment.id]]
    assert wanting and [name for name, falls_back in wanting.items() if not falls_back] == []


def test_without_a_full_record_the_missing_data_are_named(monkeypatch):
    monkeypatch.setattr(records, "full_record", lambda _: None)
    with pytest.raises(MissingDataset, match="cmr-"):
        experiments.run_or_full(NAME, "smoke", device="cpu")


def test_what_is_here_runs_and_nothing_is_said():
    notes: list[str] = []
    assert experiments.run_or_full("xie2018-nacl-kcl", "smoke", note=notes.append).profile == "smoke"
    assert notes == []
