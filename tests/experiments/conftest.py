"""Every experiment at smoke size, run when a test first asks for it, and runs to fill by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch

from replicate import data, experiments
from replicate.experiments.core import Run, archives_of
from replicate.records import Record


@pytest.fixture(scope="session")
def needs() -> Callable[..., None]:
    """Return a function that skips a test where data sets or archives are not here."""

    def available(*names: str) -> None:
        absent = sorted({name for name in names if not data.available(name)})
        if absent:
            pytest.skip(f"{', '.join(absent)}: not here; set REPLICATE_MIRROR or fetch")

    return available


@pytest.fixture(scope="session")
def smoke(smoke_work: Path, needs: Callable[..., None]) -> Callable[[str], Record]:
    """Return a function from an experiment's id to its record; it skips where the data are not here."""

    @cache
    def record(name: str) -> Record:
        config = experiments.get(name).config("smoke")
        needs(*config.datasets, *archives_of(config))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REPLICATE_WORK", str(smoke_work))
            return experiments.run(name, "smoke", device="cpu")

    return record


@pytest.fixture
def run() -> Run:
    """Return a run with two seeds that nothing was filed in."""
    return Run("zeng2019-test", "smoke", None, [0, 1], torch.device("cpu"))
