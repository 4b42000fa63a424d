"""A work folder of its own for the children of a test."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give one worker all of these tests: their children are forked from one server."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("failure"))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


@pytest.fixture
def env(work: Path) -> dict[str, str]:
    """The environment of a child: its work folder, one thread."""
    return {"REPLICATE_WORK": str(work), "OMP_NUM_THREADS": "1"}
