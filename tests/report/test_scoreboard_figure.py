"""The picture of the scoreboard: every number once, in the shape of its verdict, nothing off the panel unsaid."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from replicate.evaluation.verdict import VERDICTS, half_width
from replicate.report import verdict_ratios
from replicate.report.style import VERDICT_COLOURS, VERDICT_MARKS, finished, use_house_style
from replicate.report.verdict_picture import FARTHEST, NEAREST, ratio


def row(published: float, mean: float | None, verdict: str, sd: float | None = None) -> Any:
    return SimpleNamespace(
        published=published, full_mean=mean, full_sd=sd, seeds=5, verdict=verdict, quantity="Score (about)"
    )


ROWS = [
    row(1.0, 1.02, "reproduced", 0.1),
    row(2.0, None, "not run"),
    row(-1.0, -0.8, "not reproduced"),
    row(0.5, 5.0, "not reproduced", 0.2),
    row(0.5, 0.0, "not reproduced"),
    row(3.0, 3.2, "close"),
]


def marks(figure: Figure) -> dict[int, Any]:
    lines = [line for axis in figure.axes for line in axis.lines if line.get_url() is not None]
    assert len(lines) == len({line.get_url() for line in lines})
    return {int(line.get_url()): line for line in lines}


def test_every_number_is_drawn_once_at_its_ratio() -> None:
    found = marks(verdict_ratios(ROWS))
    assert sorted(found) == list(range(len(ROWS)))
    at = {place: line.get_xdata()[0] for place, line in found.items() if place != 1}
    assert at == pytest.approx({0: 1.02, 2: 0.8, 3: FARTHEST, 4: NEAREST, 5: 3.2 / 3})
    heights = {place: line.get_ydata()[0] for place, line in found.items() if place != 1}
    assert sorted(heights, key=heights.__getitem__) == [4, 2, 0, 5, 3]


def test_a_bar_spans_the_interval_of_one_more_training() -> None:
    rows = [
        row(1.0, 1.02, "reproduced", 0.1),
        row(-2.0, -1.6, "not reproduced", 0.05),  # as wide as the published value's size asks for
        row(1.0, 0.7, "close", 0.5),  # cut at the edge
        row(3.0, 3.2, "close"),  # of one seed
        row(3.0, 3.1, "close", 0.0),
        row(2.0, None, "not run"),
        row(0.5, 5.0, "not reproduced", 0.2),  # an arrow at the edge
        row(0.0, 0.0, "reproduced", 0.1),  # nothing to be measured in
    ]
    figure = verdict_ratios(rows)
    found = marks(figure)
    places = {line.get_ydata()[0]: place for place, line in found.items() if place != 5}
    bars = {}
    for drawn in (one for axis in figure.axes for one in axis.collections):
        assert isinstance(drawn, LineCollection)
        (((left, height), (right, level)),) = drawn.get_segments()
        assert height == level and places[height] not in bars
        bars[places[height]] = (left, right)
        assert to_hex(drawn.get_color()[0]) == VERDICT_COLOURS[rows[places[height]].verdict]
    assert bars.keys() == {0, 1, 2}
    wide = half_width(0.1, 5)
    expected = {
        0: (1.02 - wide, 1.02 + wide),
        1: (0.8 - wide / 4, 0.8 + wide / 4),
        2: (NEAREST, 0.7 + 5 * wide),
    }
    for place, bar in expected.items():
        assert bars[place] == pytest.approx(bar)


def test_shape_and_colour_tell_the_verdict() -> None:
    found = marks(verdict_ratios(ROWS))
    for place in (0, 1, 2, 5):
        line, verdict = found[place], ROWS[place].verdict
        assert (line.get_marker(), line.get_fillstyle()) == VERDICT_MARKS[verdict]
        assert line.get_color() == VERDICT_COLOURS[verdict]
    assert (found[3].get_marker(), found[4].get_marker()) == (">", "<")
    assert set(VERDICT_MARKS) == set(VERDICT_COLOURS) == set(VERDICTS)
    assert len(set(VERDICT_MARKS.values())) == len(VERDICTS)


def test_what_lies_beyond_the_axis_is_named_with_its_ratio() -> None:
    texts = [text.get_text() for text in verdict_ratios(ROWS).axes[0].texts]
    assert sorted(texts) == ["Score: 0×", "Score: 10×"]


@pytest.mark.parametrize(("published", "mean", "expected"), [(0.0, 0.0, 1.0), (0.0, 2.0, float("inf"))])
def test_a_published_zero_has_a_place(published: float, mean: float, expected: float) -> None:
    one = row(published, mean, "not reproduced", 0.1)
    assert ratio(one) == expected
    assert sorted(marks(verdict_ratios([one]))) == [0]


def test_a_paper_without_a_run_is_all_open_marks() -> None:
    found = marks(verdict_ratios([row(1.0, None, "not run")] * 30))
    assert len(found) == 30 and {line.get_fillstyle() for line in found.values()} == {"none"}


def test_the_sentence_counts() -> None:
    said = verdict_ratios(ROWS).get_label()
    assert "6 published numbers: 1 reproduced, 1 close, 3 not reproduced, 1 not run" in str(said)
    assert "5 that were run, 2 lie within 10 %" in str(said)


def test_a_notebook_keeps_the_sentence_of_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = InteractiveShell()
    monkeypatch.setattr("replicate.report.style.get_ipython", lambda: shell)
    use_house_style()
    _, metadata = shell.display_formatter.format(finished(Figure(), "A line that rises."))
    assert metadata["image/png"]["alt"] == "A line that rises."
