"""The data behind figures: what was drawn is read back with its units, for every figure of a record."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import seaborn as sns
from typer.testing import CliRunner

from replicate import experiments
from replicate.cli import app
from replicate.errors import ConfigError
from replicate.report.figure_data import as_csv, drawn_data
from replicate.report.page_figures import Page
from replicate.report.style import data_of

DRAWS = re.compile(
    r"\b(finished|parity|learning_curves|roc|confusion|scores_by_split|element_tables|found_histogram)\("
)


def rows(data, **where) -> list[list]:
    """Return the rows of a table that a series or mark names, without what is empty in them."""
    for column, value in where.items():
        data = data[data[column] == value]
    return data.dropna(axis=1, how="all").drop(columns=["panel", "series", "mark"]).to_numpy().tolist()


def test_points_lines_bands_and_error_bars_are_read_back() -> None:
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    left.errorbar([1, 2], [3.0, 5.0], yerr=[0.5, 1.0], fmt="o-", color="red", label="net")
    left.plot([7, 8], [9, 9], "s", color="blue", label="_printed")
    left.axhline(4, color="black", label="published")
    left.axline((0, 0), slope=1)
    left.text(0.1, 0.9, "no data", transform=left.transAxes)
    left.set(xlabel="epoch", ylabel="error (eV)", title="short")
    right.fill_between([1, 2, 4], [0.0, 1.0, 2.0], [2.0, 3.0, 5.0], color="green")
    right.plot([1, 2, 4], [1, 2, 3], color="green", label="sd")
    right.axvspan(2, 3, label="paper")
    right.set(xlabel="crystals")
    data = drawn_data(figure)
    assert [*data.columns[3:]] == [
        "epoch", "error (eV)", "error (eV), low", "error (eV), high", "crystals", "crystals, low", "crystals, high",
    ]  # fmt: skip
    assert rows(data, series="net") == [[1, 3.0, 2.5, 3.5], [2, 5.0, 4.0, 6.0]]
    assert rows(data, series="printed") == [[7, 9], [8, 9]]
    assert rows(data, series="published") == [[4]]
    band = [[0.0, 2.0, 1.0], [1.0, 3.0, 2.0], [2.0, 5.0, 4.0]]
    assert rows(data, mark="band", series="sd") == band, "a band is of the line of its colour"
    assert rows(data, mark="span") == [[2.0, 3.0]]
    assert {*data["panel"]} == {"short", "panel 2"}


def test_bars_bins_steps_and_cells_are_read_back() -> None:
    figure, axes = plt.subplots(2, 2)
    axes[0, 0].bar([0, 1], [2, 3], yerr=[0.5, 0.5])
    axes[0, 0].bar([0, 1], [1, 1], bottom=[2, 3], label="above")
    axes[0, 0].set_xticks([0, 1], ["Cu", "Fe"])
    axes[0, 1].hist([1, 1, 2.5], bins=[0, 2, 4])
    axes[1, 0].stairs([5, 6], [0, 1, 3])
    sns.heatmap([[1.5, np.nan]], ax=axes[1, 1], xticklabels=["a", "b"], yticklabels=[7], annot=[["one", ""]],
                fmt="", cbar_kws={"label": "energy (eV)"})  # fmt: skip
    for axis, name in zip(axes.flat, ("metal", "gap (eV)", "Tc (K)", "site"), strict=True):
        axis.set(title=name, xlabel=name, ylabel=f"{name} rows")
    data = drawn_data(figure)
    assert rows(data, panel="metal", series="") == [["Cu", 2, 1.5, 2.5], ["Fe", 3, 2.5, 3.5]]
    assert rows(data, series="above") == [["Cu", 1, 2, 3], ["Fe", 1, 3, 4]]
    assert rows(data, panel="gap (eV)") == [[0, 2, 2], [2, 4, 1]]
    assert rows(data, panel="Tc (K)") == [[0, 1, 5], [1, 3, 6]]
    assert rows(data, panel="site") == [["a", 7, 1.5, "one"]]
    assert {"gap (eV), low", "gap (eV), high", "energy (eV)"} <= {*data.columns}


def test_every_point_of_fig_2b_is_there(full_record) -> None:
    """The last one lies under another key of the record than those before it."""
    record, page = full_record("xie2018-formation"), Page("xie2018-formation")
    data = data_of(page.draw(page.figure("fig-2b")))
    curve = [key for key in record.metrics if re.fullmatch(r"learning-curve/\d+/cgcnn-eq5/mae", key)]
    expected = {int(key.split("/")[1]): record.metrics[key].mean for key in curve}
    expected[int(record.metrics["random/split/train_rows"].mean)] = record.metrics["random/cgcnn-eq5-short/mae"].mean
    ours = data[data["series"] == "CGCNN, Eq. 5"]
    assert len(expected) > 5
    assert dict(zip(ours["training crystals"], ours["test MAE (eV/atom)"], strict=True)) == expected


def test_cells_of_a_parity_figure_hold_every_test_row_and_the_largest_errors_their_names(full_record) -> None:
    record, page = full_record("zeng2019-gap"), Page("zeng2019-gap")
    data = data_of(page.draw(page.figure("fig-3a")))
    assert data["test rows, all seeds"].sum() == record.metrics["random/atcnn/mae"].n * len(record.seeds)
    width = data["measured band gap (eV), high"] - data["measured band gap (eV), low"]
    low, high = record.arrays["parity/random/atcnn"]["limits"]
    assert np.allclose(width.dropna(), (high - low) / record.arrays["parity/random/atcnn"]["bins"][0])
    named = data[data["series"] == "largest errors"]
    columns = ["text", "measured band gap (eV)", "predicted band gap (eV)"]
    assert named[columns].to_numpy().tolist() == record.arrays["parity/random/atcnn"]["farthest"]


@pytest.mark.parametrize("experiment", [question.id for question in experiments.questions()])
def test_every_figure_of_a_record_has_data_with_names(experiment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is trained for it, and no figure is left out."""
    monkeypatch.setattr(experiments, "run", None)
    monkeypatch.setattr(experiments, "run_or_full", None)
    page = Page(experiment)
    text = [source for _, source in page.cells]
    start = next(i for i, source in enumerate(text) if source.startswith("# parameters:"))
    assert len({figure.name for figure in page.figures}) == len(page.figures)
    drawn = [figure for figure in page.figures if figure.cell > start]
    cells = [source for kind, source in page.cells[start:] if kind == "code"]
    assert len(drawn) == sum(bool(DRAWS.search(source)) for source in cells)
    for figure in drawn:
        data = data_of(page.draw(figure))
        assert len(data) and not {"x", "y", "value"} & {*data.columns}, (figure.name, [*data.columns])
        assert as_csv(data).count("\n") == len(data) + 1


def test_a_figure_sees_the_names_as_they_were_above_it(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And cells that it does not ask for do not run."""
    cells = [
        "import matplotlib.pyplot as plt\nfrom replicate.report.style import finished",
        "heights = [1]\nheights.append(2)\nnames = {}\nnames['x'] = 'metals'\n1 / 0",
        "figure, axis = plt.subplots()\naxis.bar(range(len(heights)), heights)\naxis.set(xlabel=names['x'])\n"
        "finished(figure, 'Two bars.')",
        "heights = None",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    (tmp_path / "notebooks" / "zeng2019").mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "notebooks/zeng2019/metals.ipynb")
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    page = Page("zeng2019-metal")
    assert [(one.number, one.name, one.caption) for one in page.figures] == [(1, "figure-1", "")]
    assert rows(drawn_data(page.draw(page.figures[0]))) == [[0, 1], [1, 2]]


def test_the_command_lists_prints_and_writes(tmp_path) -> None:
    run = CliRunner().invoke
    listed = run(app, ["figure", "zeng2019-metal"])
    assert "fig-3d" in listed.output and "Confusion matrix" in listed.output
    printed = run(app, ["figure", "zeng2019-metal", "fig-3d", "--csv"]).output
    assert printed.splitlines()[0] == "panel,series,mark,predicted,true,share of the true class (%),text"
    assert "semiconductor" in run(app, ["figure", "zeng2019-metal", "3"]).output
    run(app, ["figure", "zeng2019-metal", "3", "-o", str(tmp_path / "d.csv")])
    assert (tmp_path / "d.csv").read_text(encoding="utf-8") == printed
    for arguments, said in (
        (["nope"], "no experiment 'nope'"),
        (["zeng2019-metal", "fig-9"], "it has .*fig-3c"),
        (["zeng2019-metal", "--csv"], "which figure"),
    ):
        with pytest.raises(ConfigError, match=said):
            run(app, ["figure", *arguments], catch_exceptions=False)


def test_pages_away_from_a_checkout_are_missed_by_name(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    with pytest.raises(ConfigError, match="checkout"):
        Page("zeng2019-metal")
