"""Shared fixtures: few threads, a work folder of its own, the mirror where there is one."""

import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import torch
from bs4 import BeautifulSoup
from pymatgen.core import Structure

from replicate import data
from replicate.data.structures import to_structure
from replicate.results import records
from replicate.results.records import Metric, Record
from replicate.settings import plain
from replicate.training.store import EnsembleCard

# Why a test may be skipped in CI, which has no mirror of data; for any other reason a skip is a failure there.
MAY_SKIP = re.compile(
    r"(is|are|:) not here\b|REPLICATE_MIRROR is not set"
    r"|this machine lets a test mount no disk of its own|packages are neither cached nor to be reached"
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report: pytest.TestReport = yield
    if os.environ.get("CI") and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if MAY_SKIP.search(reason) is None:
            report.outcome, report.longrepr = "failed", f"not to be skipped in CI: {reason}"
    return report


@pytest.fixture(autouse=True, scope="session")
def _few_threads() -> None:
    """One thread, or as many as OMP_NUM_THREADS asks for: the tests hold for any number."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or 1))


@pytest.fixture(scope="session")
def _work_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders; pytest's own numbers look at all that are there already."""
    folder = tmp_path_factory.mktemp("work")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_work_folder(_work_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep records, checkpoints and stages of a test away from the user's."""
    folder = next(_work_folders)
    folder.mkdir()
    monkeypatch.setenv("REPLICATE_WORK", str(folder))
    monkeypatch.delenv("COLUMNS", raising=False)  # xdist tells its workers a width that nobody has


@pytest.fixture(scope="session")
def smoke_work(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of all smoke records, one for all workers: the built book and the experiments share it."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "smoke-work"


@pytest.fixture
def weights() -> dict[str, Path]:
    """Return the authors' released Keras files, or skip."""
    names = {"gap": "atcnn-weights-gap", "formation": "atcnn-weights-formation"}
    if not all(data.available(name) for name in names.values()):
        pytest.skip("the authors' weights are not here; set REPLICATE_MIRROR or fetch them")
    return {short: data.locate(name) for short, name in names.items()}


@pytest.fixture(scope="session")
def structures() -> list[tuple[str, Structure]]:
    """Return every hundredth bundled crystal of Faber 2015, by its id."""
    table = data.load("faber2015").table.iloc[::100]
    return [(str(i), to_structure(s)) for i, s in zip(table["material_id"], table["structure"], strict=True)]


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """Return a function from an experiment and its metrics, key → metric or values, to a record of three seeds."""

    def record(experiment: str, metrics: dict[str, Any], profile: str = "full", **parts: Any) -> Record:
        scores = {k: v if isinstance(v, Metric) else Metric("eV/atom", tuple(v), 10) for k, v in metrics.items()}
        environment = {"device": "cpu", "device_name": "a processor", "wall_time_s": 1.0}
        parts = {
            "config": {},
            "data": [],
            "splits": {},
            "seeds": [0, 1, 2],
            "environment": environment,
            **parts,
        }
        return Record(experiment, profile, key="0" * 16, metrics=scores, **parts)

    return record


@pytest.fixture(scope="session")
def make_card() -> Callable[..., EnsembleCard]:
    """Return a function from a network's settings, and what differs, to the card of an ensemble of two."""
    usual = {"name": "atcnn/test", "experiment": "zeng2019-formation", "profile": "full", "key": "k"}
    usual |= {"quantity": "formation_energy_per_atom", "unit": "eV/atom"}
    return lambda model, **changes: EnsembleCard(
        **usual | {"model": plain(model), "elements": (11, 17), "seeds": (0, 1)} | changes
    )


@pytest.fixture(scope="session")
def full_record() -> Callable[[str], Record]:
    """Return a function from an experiment to its committed record, which a test may change."""

    def record(experiment: str) -> Record:
        committed = records.full_record(experiment)
        assert committed is not None, f"no committed record of {experiment}"
        return committed

    return record


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Any], list[list[str]]]:
    """Return a function from the HTML of a table to the texts of its body, row by row."""

    def texts(table: Any) -> list[list[str]]:
        lines = BeautifulSoup(str(table.data), "html.parser").select("tbody tr")
        return [[cell.get_text().strip() for cell in line.select("td")] for line in lines]

    return texts
