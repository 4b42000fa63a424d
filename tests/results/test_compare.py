"""The verdict rule and the scoreboard's rows."""

from dataclasses import replace

import pytest

from replicate.models import baselines
from replicate.results import compare, papers, records
from replicate.results.records import Metric
from replicate.results.verdict import NOT_REPRODUCED, NOT_RUN, OTHER_DATA, REPRODUCED, UNDECIDED


def test_percent_is_compared_in_the_printed_unit(make_record):
    target = next(t for t in papers.targets("zeng2019-metal") if t.metric == "random/atcnn/metal_recall")
    full = make_record("zeng2019-metal", {target.metric: Metric("", (0.91, 0.92))})
    row = compare.compare(target, full)
    assert (row.unit, row.published, row.seeds) == ("%", 91.2, 2)
    assert row.full_mean == pytest.approx(91.5)
    assert row.full_sd == pytest.approx(0.7071, rel=1e-3)
    assert row.verdict == REPRODUCED


def test_a_reduced_budget_marks_networks_and_not_baselines(make_record):
    """A forest trains to its end on any machine."""
    assert baselines.BASELINES.keys() == compare.BASELINES
    found = {}
    for name in ("mae", "xgboost-rmse"):
        target = papers.target(f"zeng2019-tc/{name}")
        full = make_record("zeng2019-tc", {target.metric: Metric("K", (5.0, 5.1))})
        full = replace(full, budget="fewer epochs")
        found[name] = compare.compare(target, full).budget
    assert found == {"mae": "fewer epochs", "xgboost-rmse": ""}


def test_a_quick_number_never_decides(make_record):
    target = papers.targets("zeng2019-gap")[0]
    quick = make_record("zeng2019-gap", {target.metric: Metric("eV", (target.published,))}, "quick")
    row = compare.compare(target, None, quick)
    assert row.this_run == target.published
    assert row.full_mean is row.full_sd is row.seeds is row.device is None
    assert row.verdict == NOT_RUN and "no full-profile record yet" in row.note


def test_the_scoreboard_has_a_row_for_every_published_number():
    rows = compare.scoreboard()
    assert len(rows) == len(papers.targets())
    assert {row.paper for row in rows} == {"zeng2019", "xie2018", "konno2021", "quinn2022"}
    groups = compare.counts_by_kind(rows)
    assert [*groups] == [*compare.KINDS.values()]
    assert sum(numbers.total() for numbers in groups.values()) == compare.counts(rows).total() == len(rows)
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
    ("target", "kind"),
    [
        ("zeng2019-architecture/convolutions", "trained"),  # one number, which eight trained networks decide
        ("quinn2022-thresholds/baseline-0k", "recomputed"),  # the larger class, one number per split
        ("xie2018-perovskites/search-found", "recomputed"),  # counted in the database
        ("zeng2019-gap/table3-gan", "recomputed"),  # the authors' weights
        ("zeng2019-gap/mae", "trained"),
    ],
)
def test_the_kind_says_where_a_number_comes_from_not_whether_it_varies(target, kind):
    found = papers.target(target)
    row = compare.compare(found, records.full_record(found.experiment))
    assert row.full_mean is not None
    assert row.kind == kind
    if kind == "recomputed":
        assert not row.budget


def test_a_miss_with_a_shorter_training_is_undecided(make_record):
    target = papers.target("zeng2019-tc/mae")
    full = make_record("zeng2019-tc", {target.metric: Metric("K", (8.0, 8.1))})
    assert compare.compare(target, full).verdict == NOT_REPRODUCED
    row = compare.compare(target, replace(full, budget="fewer epochs"))
    assert (row.verdict, row.caveats) == (UNDECIDED, ["reduced budget"])
    one = make_record("zeng2019-tc", {target.metric: Metric("K", (4.27,))})
    assert (compare.compare(target, one).verdict, compare.compare(target, one).caveats) == (REPRODUCED, ["one seed"])


def test_other_data_are_shown_and_never_judged(make_record):
    target = replace(papers.target("zeng2019-tc/mae"), other_data="another list")
    row = compare.compare(target, make_record("zeng2019-tc", {target.metric: Metric("K", (4.27, 4.27))}))
    assert (row.verdict, row.full_mean, row.other_data) == (OTHER_DATA, 4.27, "another list")
    assert compare.compare(target, None).verdict == NOT_RUN


def test_a_best_setting_is_judged_by_the_errors_of_all(make_record):
    target = replace(papers.target("zeng2019-architecture/convolutions"), argmin="validation/convolutions-*/mae")

    def judged(five: tuple[float, ...], budget: str = "") -> tuple[str, float | None, int | None]:
        metrics = {
            "validation/convolutions-4/mae": Metric("K", (5.0, 5.2, 5.4)),
            "validation/convolutions-5/mae": Metric("K", five),
            "validation/convolutions-best/mae": Metric("K", (0.0,)),
        }
        row = compare.compare(target, replace(make_record("zeng2019-architecture", metrics), budget=budget))
        return row.verdict, row.full_mean, row.seeds

    assert judged((5.1, 5.1, 5.1)) == (REPRODUCED, 5, 3)
    assert judged((5.3, 5.3, 5.3)) == (REPRODUCED, 4, 3)  # 0.1 above; the standard error is 0.115
    assert judged((5.4, 5.4, 5.4)) == (NOT_REPRODUCED, 4, 3)
    assert judged((5.4, 5.4, 5.4), budget="fewer epochs") == (UNDECIDED, 4, 3)
    nothing = compare.compare(target, make_record("zeng2019-architecture", {}))
    assert (nothing.verdict, nothing.full_mean) == (NOT_RUN, None)


def test_what_is_not_trained_names_no_network():
    networks = ("atcnn/mae", "cgcnn/", "cgcnn-eq", "periodic-resnet/", "combined/")
    for target in papers.targets():
        if target.kind != "trained" and not target.metric.startswith("table3/"):
            assert not any(name in target.metric for name in networks), target.id
