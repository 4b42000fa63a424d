"""The scoreboard, its picture and the chapters' verdicts: every number with a link, as the records have it."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from replicate import report
from replicate.report import verdict_ratios
from replicate.report.links import row_link
from replicate.report.style import VERDICT_COLOURS, VERDICT_MARKS
from replicate.report.verdict_picture import FARTHEST, NEAREST, ratio
from replicate.results import papers
from replicate.results.compare import counts_by_kind, scoreboard
from replicate.results.records import Metric
from replicate.results.verdict import VERDICTS, half_width

PAPERS = [paper.id for paper in papers.papers()]


@pytest.fixture(scope="module")
def board() -> dict[str, Any]:
    """Return number → its row, for all papers."""
    return {row.id: row for row in scoreboard()}


def test_the_picture_links_every_number_that_was_trained_for(board: dict[str, Any]) -> None:
    picture = BeautifulSoup(report.scoreboard_picture([*board.values()]).data, "html.parser")
    # A half-filled mark is two shapes, and two links.
    links = {str(a["href"]) for a in picture.select("svg a")}
    assert links == {row_link(t.id) for t in papers.targets() if t.kind == "trained"}


def test_rows_of_the_scoreboard_lead_to_rows_of_the_pages_the_best_known_first(board: dict[str, Any]) -> None:
    table = BeautifulSoup(report.full_scoreboard().data, "html.parser")
    ids = {row_link(id): id for id in board}
    rows = [board[ids[str(row.a["href"])]] for row in table.select("tbody tr")]
    assert len(rows) == len(board) == len({row.id for row in rows})
    headline = [id for paper in papers.papers() for id in paper.headline]
    assert [row.id for row in rows[: len(headline)]] == headline
    kinds = [row.kind for row in rows[len(headline) :]]
    assert list(dict.fromkeys(kinds)) == ["trained", "recomputed", "cited"]
    for kind in dict.fromkeys(kinds):
        others = [id for id, row in board.items() if row.kind == kind and id not in headline]
        assert [row.id for row in rows[len(headline) :] if row.kind == kind] == others
    # What the buttons choose by.
    told = [(row["data-paper"], row["data-group"], row["data-verdict"]) for row in table.select("tbody tr")]
    assert told == [(row.paper, row.kind, row.verdict) for row in rows]


def test_a_table_names_itself_and_its_columns(make_record) -> None:
    record = make_record("zeng2019-gap", {"random/atcnn/mae": Metric("eV", (0.31, 0.33), 80)})
    pieces = [report.full_scoreboard(), report.comparison(record), report.chapter_data("zeng2019")]
    pieces += [report.pivot(record, "random/{row}/{column}", None, ("mae",)), report.metric_dictionary()]
    for piece in pieces:
        (table,) = BeautifulSoup(piece.data, "html.parser").select("table")
        assert table.caption is not None and table.caption.get_text()
        assert {str(head.get("scope")) for head in table.select("th")} == {"col"}


@pytest.mark.parametrize("paper", PAPERS)
def test_a_chapter_begins_with_every_count_and_what_the_paper_is_known_for(paper, board):
    all_counts, _, known, *_ = report.verdict_sentences(paper).data.split("\n\n")
    rows = [row for row in board.values() if row.paper == paper]
    assert all_counts.startswith(f"Of the {len(rows)} numbers")
    for words, numbers in counts_by_kind(rows).items():
        assert f"{numbers.total()} {words}: {', '.join(f'**{n}** {name}' for name, n in numbers.items())}" in all_counts
    lines = known.strip().splitlines()
    assert len(lines) >= 4
    for line, target in zip(lines, map(papers.target, papers.paper(paper).headline), strict=True):
        row = board[target.id]
        assert f": {target.printed} → **{row.ours}**" in line and f">{row.verdict}</span>" in line
        assert all(caveat in line for caveat in row.caveats)


def row(published: float, mean: float | None, verdict: str, sd: float | None = None) -> Any:
    return SimpleNamespace(
        published=published, full_mean=mean, full_sd=sd, seeds=5, verdict=verdict, quantity="Score (about)"
    )


ROWS = [
    row(1.0, 1.02, "reproduced", 0.1),
    row(2.0, None, "not run"),
    row(-1.0, -0.8, "not reproduced", 0.05),
    row(0.5, 5.0, "not reproduced", 0.2),
    row(0.5, 0.0, "not reproduced"),
    row(3.0, 3.2, "close"),
    row(1.0, 0.7, "close", 0.5),
]


def marks(figure: Figure) -> dict[int, Any]:
    lines = [line for axis in figure.axes for line in axis.lines if line.get_url() is not None]
    assert len(lines) == len({line.get_url() for line in lines})
    return {int(line.get_url()): line for line in lines}


def test_every_number_is_drawn_once_at_its_ratio_with_the_interval_of_one_more_training() -> None:
    figure = verdict_ratios(ROWS)
    shapes = marks(figure)
    assert sorted(shapes) == list(range(len(ROWS)))
    at = {place: line.get_xdata()[0] for place, line in shapes.items() if place != 1}
    assert at == pytest.approx({0: 1.02, 2: 0.8, 3: FARTHEST, 4: NEAREST, 5: 3.2 / 3, 6: 0.7})
    places = {line.get_ydata()[0]: place for place, line in shapes.items() if place != 1}
    assert [places[height] for height in sorted(places)] == [4, 6, 2, 0, 5, 3]
    bars = {}
    for drawn in (collection for axis in figure.axes for collection in axis.collections):
        (((left, height), (right, _)),) = drawn.get_segments()
        bars[places[height]] = (left, right)
        assert to_hex(drawn.get_color()[0]) == VERDICT_COLOURS[ROWS[places[height]].verdict]
    wide = half_width(0.1, 5)
    assert bars.keys() == {0, 2, 6}  # not where the mark is an arrow at the edge, nor of one seed
    assert bars[0] == pytest.approx((1.02 - wide, 1.02 + wide))
    assert bars[2] == pytest.approx((0.8 - wide / 2, 0.8 + wide / 2))
    assert bars[6] == pytest.approx((NEAREST, 0.7 + 5 * wide))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert sorted(texts) == ["Score: 0×", "Score: 10×"]  # what lies beyond the axis is named
    assert "7 published numbers: 1 reproduced, 2 close, 3 not reproduced, 1 not run" in figure.get_label()


def test_shape_and_colour_show_the_verdict() -> None:
    shapes = marks(verdict_ratios(ROWS))
    for place in (0, 1, 2, 5):
        line, verdict = shapes[place], ROWS[place].verdict
        assert (line.get_marker(), line.get_fillstyle()) == VERDICT_MARKS[verdict]
        assert line.get_color() == VERDICT_COLOURS[verdict]
    assert (shapes[3].get_marker(), shapes[4].get_marker()) == (">", "<")
    assert set(VERDICT_MARKS) == set(VERDICT_COLOURS) == set(VERDICTS)
    assert len(set(VERDICT_MARKS.values())) == len(VERDICTS)


@pytest.mark.parametrize(("mean", "expected"), [(0.0, 1.0), (2.0, float("inf"))])
def test_a_published_zero_has_a_place(mean: float, expected: float) -> None:
    zero = row(0.0, mean, "not reproduced", 0.1)
    assert ratio(zero) == expected and sorted(marks(verdict_ratios([zero]))) == [0]
