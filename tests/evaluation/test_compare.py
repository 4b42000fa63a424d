"""The verdict rule and the scoreboard's rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replicate import papers, records
from replicate.evaluation import compare
from replicate.evaluation.compare import CLOSE, NOT_REPRODUCED, NOT_RUN, REPRODUCED, verdict
from replicate.records import Metric, Record


@pytest.mark.parametrize(
    ("published", "mean", "sd", "better", "half_digit", "expected"),
    [
        (0.307, 0.320, 0.007, "lower", 0.0005, REPRODUCED),  # within 2 sd
        (0.307, 0.280, 0.001, "lower", 0.0005, REPRODUCED),  # better
        (0.307, 0.280, 0.001, "equal", 0.0005, CLOSE),  # better counts only where a direction is better
        (0.307, 0.330, 0.005, "lower", 0.0005, CLOSE),
        (0.307, 0.400, 0.005, "lower", 0.0005, NOT_REPRODUCED),
        (0.97, 0.99, 0.001, "higher", 0.005, REPRODUCED),
        (0.97, 0.90, 0.001, "higher", 0.005, CLOSE),
        (0.97, 0.80, 0.001, "higher", 0.005, NOT_REPRODUCED),
        (1.65, 1.654, None, "equal", 0.005, REPRODUCED),  # single value, rounding of the printed one
        (1.65, 1.656, None, "equal", 0.005, CLOSE),
        (-2.0, -2.1, None, "equal", 0.05, CLOSE),
        (0.0, 0.1, None, "equal", 0.05, NOT_REPRODUCED),
    ],
)
def test_verdicts(published, mean, sd, better, half_digit, expected):
    assert verdict(published, mean, sd, better=better, half_digit=half_digit) == expected


@pytest.mark.parametrize(
    ("published", "mean", "sd", "better", "expected"),
    [
        (0.30, 0.40, 0.06, "lower", True),  # 33 % worse, within 2 sd
        (0.30, 0.32, 0.06, "lower", False),  # close without the spread
        (0.30, 0.20, 0.06, "lower", False),  # better
        (0.30, 0.20, 0.06, "equal", True),
        (0.30, 0.50, 0.06, "lower", False),  # not even within 2 sd
        (0.30, 0.50, None, "lower", False),
    ],
)
def test_a_verdict_that_rests_on_a_wide_spread_says_so(published, mean, sd, better, expected):
    assert compare.rests_on_spread(published, mean, sd, better=better) == expected


def test_both_caveats_stand_beside_a_verdict():
    target = papers.target("zeng2019-tc/mae")
    full = record("zeng2019-tc", {target.metric: Metric("K", (4.0, 8.0))})
    full.config["budget"] = "fewer epochs"
    row = compare.compare(target, full)
    assert (row.verdict, row.caveats) == (REPRODUCED, ["reduced budget", "by its spread"])


def record(experiment: str, metrics: dict[str, Metric], profile: str = "full") -> Record:
    environment = {"device": "cpu", "device_name": "a processor", "wall_time_s": 1.0}
    return Record(experiment, profile, "0" * 16, {}, [], {}, [0, 1], metrics, environment=environment)


def test_percent_is_compared_in_the_printed_unit():
    target = next(t for t in papers.targets("zeng2019-metal") if t.metric == "random/atcnn/metal_recall")
    full = record("zeng2019-metal", {target.metric: Metric("", (0.91, 0.92))})
    row = compare.compare(target, full)
    assert (row.unit, row.published) == ("%", 91.2)
    assert row.full_mean == pytest.approx(91.5)
    assert row.full_sd == pytest.approx(0.7071, rel=1e-3)
    assert row.verdict == REPRODUCED


def test_a_reduced_budget_marks_networks_and_not_baselines():
    """A forest trains to its end on any machine."""
    found = {}
    for name in ("mae", "xgboost-rmse"):
        target = papers.target(f"zeng2019-tc/{name}")
        full = record("zeng2019-tc", {target.metric: Metric("K", (5.0, 5.1))})
        full.config["budget"] = "fewer epochs"
        found[name] = compare.compare(target, full).budget
    assert found == {"mae": "fewer epochs", "xgboost-rmse": ""}


def test_a_quick_number_never_decides():
    target = papers.targets("zeng2019-gap")[0]
    quick = record("zeng2019-gap", {target.metric: Metric("eV", (target.published,))}, "quick")
    row = compare.compare(target, None, quick)
    assert row.this_run == target.published
    assert row.full_mean is row.full_sd is row.seeds is row.device is None
    assert row.verdict == NOT_RUN and "no full-profile record yet" in row.note


def test_the_scoreboard_has_a_row_for_every_published_number():
    rows = compare.scoreboard()
    assert len(rows) == len(papers.targets())
    assert {row.paper for row in rows} == {"zeng2019", "xie2018", "konno2021", "quinn2022"}
    assert sum(compare.counts(rows).values()) == len(rows)
    for row in rows:
        assert (row.full_mean is None) == (row.verdict == NOT_RUN)


def test_the_full_record_does_not_pass_for_this_run():
    """As on a page whose own run could not be made."""
    full = records.full_record("zeng2019-gap")
    assert full is not None
    assert {row.this_run for row in compare.scoreboard("zeng2019-gap", full)} == {None}
    other = replace(full, key="another")
    assert all(row.this_run == row.full_mean for row in compare.scoreboard("zeng2019-gap", other))


@pytest.mark.parametrize(
    ("target", "trained"),
    [
        ("zeng2019-architecture/convolutions", True),  # one number, which eight trained networks decide
        ("quinn2022-thresholds/baseline-0k", False),  # the larger class, one number per split
        ("xie2018-perovskites/search-found", False),  # counted in the database
        ("zeng2019-gap/table3-gan", False),  # the authors' weights
        ("zeng2019-gap/mae", True),
    ],
)
def test_trained_says_where_a_number_comes_from_not_whether_it_varies(target, trained):
    found = papers.target(target)
    row = compare.compare(found, records.full_record(found.experiment))
    assert row.full_mean is not None
    assert row.trained == trained
    if not trained:
        assert not row.budget


def test_what_is_not_trained_names_no_network():
    networks = ("atcnn/mae", "cgcnn/", "cgcnn-eq", "periodic-resnet/", "combined/")
    for target in papers.targets():
        if target.kind != "trained" and not target.metric.startswith("table3/"):
            assert not any(name in target.metric for name in networks), target.id
