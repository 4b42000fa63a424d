"""Two processes with the same work in the same folder: both end well, with equal numbers and nothing half."""

from __future__ import annotations

from pathlib import Path

import pytest
import tasks
from children import Child, Work, done
from test_killed_build import content
from test_killed_training import numbers


@pytest.mark.parametrize(
    ("work_of", "arguments"),
    [(tasks.train, ("zeng2019-metal",)), (tasks.build_graphs, ("dejong2015", 250))],
    ids=["experiment", "graphs"],
)
def test_both_end_well(
    work_of: Work, arguments: tuple[object, ...], tmp_path: Path, work: Path, env: dict[str, str]
) -> None:
    alone = tmp_path / "alone"
    done(work_of, *arguments, env=env | {"REPLICATE_WORK": str(alone)})
    both = [Child(work_of, *arguments, env=env) for _ in range(2)]
    for child in both:
        ended = child.ended()
        assert ended.status == 0, ended.err
    assert sorted(path.name for path in work.rglob("*")) == sorted(path.name for path in alone.rglob("*"))
    if work_of is tasks.train:
        assert numbers(work) == numbers(alone)
    else:
        assert content(work) == content(alone)
