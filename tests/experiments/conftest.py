"""Every experiment at smoke size, run when a test first asks for it."""

from __future__ import annotations

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
from replicate.records import Record


@pytest.fixture(scope="session")
def smoke(smoke_work: Path) -> Callable[[str], Record]:
    """Return a function from an experiment's id to its record; it skips where the data are not here."""

    @cache
    def record(name: str) -> Record:
        config = experiments.get(name).config("smoke")
        needed = {*config.datasets, *archives_of(config)}
        absent = sorted(one for one in needed if not data.available(one))
        if absent:
            pytest.skip(f"{', '.join(absent)}: not here; set REPLICATE_MIRROR or fetch")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REPLICATE_WORK", str(smoke_work))
            return experiments.run(name, "smoke", device="cpu")

    return record


@pytest.fixture
def run_with() -> Callable[..., Run]:
    """Return a function to a run with settings and tables: name, ``_`` for ``-``, and columns."""

    def run(config: Any = None, seeds: tuple[int, ...] = (0,), **tables: Any) -> Run:
        made = Run("test", "smoke", config, list(seeds), torch.device("cpu"))
        for name, columns in tables.items():
            dataset: Any = SimpleNamespace(table=pd.DataFrame(columns), digest="digest")
            made.datasets[name.replace("_", "-")] = dataset
        return made

    return run
