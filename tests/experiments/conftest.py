"""Every experiment at smoke size, run when a test first asks for it, and runs to fill by hand."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import torch

from replicate import data, experiments
from replicate.experiments.core import Run, archives_of
from replicate.results.records import Record


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
def run_with() -> Callable[..., Run]:
    """Return a function to a run with settings and tables: name, ``_`` for ``-``, and columns."""

    def run(config: Any = None, seeds: tuple[int, ...] = (0,), **tables: Any) -> Run:
        new = Run("test", "smoke", config, list(seeds), torch.device("cpu"))
        for name, columns in tables.items():
            dataset: Any = SimpleNamespace(table=pd.DataFrame(columns), digest="digest")
            new.datasets[name.replace("_", "-")] = dataset
        return new

    return run


@pytest.fixture
def run(run_with: Callable[..., Run]) -> Run:
    """Return a run with two seeds that nothing was filed in."""
    return run_with(seeds=(0, 1))
