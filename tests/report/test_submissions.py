"""What others file is scored on the published splits, or refused with file, row and reason; it stands beside ours."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from checkout import ROOT
from typer.testing import CliRunner

from replicate import data, paths
from replicate.cli import app
from replicate.data.digest import file_sha256
from replicate.errors import ConfigError, DataError, ReplicateError
from replicate.report.submissions import (
    COLUMNS,
    compared,
    load_submission,
    published_splits,
    score_submission,
    stored_scores,
    submission_names,
    submitted,
)

EXPERIMENT = "zeng2019-metal"


@pytest.fixture
def filed(tmp_path, monkeypatch: pytest.MonkeyPatch, full_record) -> Callable[..., str]:
    """Return a function that files the right answers, changed, in a checkout of its own, and gives their name."""
    rows, splits = published_splits(EXPERIMENT)
    parts = [("random", s.seed, s.test, 0.1 + 0.8 * rows.target[s.test]) for s in splits]
    right = pd.concat([pd.DataFrame(dict(zip(COLUMNS, part, strict=True))) for part in parts], ignore_index=True)
    digests = full_record(EXPERIMENT).splits["random"]
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    folder = tmp_path / "book" / "submissions"
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "book" / "results", tmp_path / "book" / "results")
    template = yaml.safe_load((ROOT / "book/submissions/_template.yaml").read_text(encoding="utf-8"))

    def file(change: Callable[[pd.DataFrame], pd.DataFrame] = lambda table: table, **fields: Any) -> str:
        path = folder / "mine.parquet"
        change(right.copy()).to_parquet(path, index=False)
        said = {"experiment": EXPERIMENT, "splits": {"random": digests}, "sha256": file_sha256(path)}
        said |= {"predictions": path.name} | fields
        path.with_suffix(".yaml").write_text(yaml.safe_dump(template | said), encoding="utf-8")
        return "mine"

    return file


def test_right_answers_score_best_and_stand_beside_ours(filed, full_record, rows_of) -> None:
    submission, record = load_submission(filed()), full_record(EXPERIMENT)
    scores = score_submission(submission)
    ours = record.metrics["random/atcnn/auc"]
    assert scores["random/mine/auc"].values == (1.0,) * len(ours.values)
    assert scores["random/mine/auc"].n == ours.n
    assert {key.replace("mine", "atcnn") for key in scores} <= {*record.metrics}, "named as the record's"
    (auc,) = [row for row in compared(submission, scores) if row["score"] == "auc"]
    assert auc["network"] == ours and auc["best"] in ("forest", "xgboost") and auc["printed"]
    assert auc["best_here"].mean == max(
        m.mean for k, m in record.metrics.items() if k.startswith("random/") and k.endswith("/auc")
    )
    (recall,) = [row for row in compared(submission, scores) if row["score"] == "metal_recall"]
    assert recall["unit"] == "%" and recall["submitted"].mean == 100 and 80 < recall["network"].mean < 100
    assert "not scored" in submitted(EXPERIMENT)
    printed = CliRunner().invoke(app, ["score", "mine"]).output
    assert "1.000 ± 0.000" in printed and auc["best"] in printed
    shown = submitted(EXPERIMENT)
    assert submission.who in shown and "1.000" in shown and submitted("zeng2019-gap") == ""
    filed(lambda table: table.assign(prediction=0.5))
    assert "not scored" in submitted(EXPERIMENT), "the scores are of other predictions"


def changed(column: str, value: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what sets a column's value in the third row."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[2, column] = value
        return table

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed("prediction", np.nan), "seed 0: the prediction is no probability .*row 3"),
        (changed("prediction", 1.5), "the prediction is no probability .*1.5"),
        (changed("row", 4915), "the row (stands twice|is no test row) .*4915"),
        (changed("row", 5000), "the row is no test row .*5000.*row 3"),
        (lambda t: pd.concat([t, t.tail(1)]), "seed 4: the row stands twice"),
        (lambda t: t.drop(index=7), "seed 0: no prediction for 1 test row, such as row"),
        (lambda t: t[t["seed"] != 3], "seed 3: no prediction for 983 test rows"),
        (lambda t: pd.concat([t, t.tail(1).assign(seed=7)]), "split random, seed 7: no digest is filed for it"),
        (lambda t: pd.concat([t, t.tail(1).assign(split="system")]), "split system, seed 4: no digest is filed for it"),
        (lambda t: t.drop(columns="seed"), "no parquet table with split, seed, row, prediction"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(change, said: str, filed) -> None:
    with pytest.raises(DataError, match=said):
        score_submission(load_submission(filed(change)))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"experiment": "zeng2019-metals"}, "did you mean 'zeng2019-metal'"),
        ({"experiment": "xie2018-elastic"}, "takes no submissions"),
        ({"splits": {"random": ["0" * 16] * 5}}, "seed 0: the digest filed is 0000000000000000, the published one"),
        ({"splits": {"random": ["0" * 16]}}, "1 digest filed, published 5"),
        ({"splits": {"temporal": ["0" * 16] * 5}}, "no split 'temporal'; it has random, system"),
        ({"sha256": "0" * 64}, "its sha256 is [0-9a-f]{64}, .*mine.parquet"),
        ({"predictions": "others.parquet"}, "no such file .*others.parquet"),
        ({"predictions": "../others.parquet"}, "predictions: .*does not match"),
        ({"source": "javascript:alert(1)"}, "source: .*does not match"),
        ({"sauce": "typo"}, "'sauce' was unexpected"),
        ({"who": ""}, "who: "),
    ],
)
def test_a_file_that_names_something_else_is_refused(fields: dict[str, Any], said: str, filed) -> None:
    with pytest.raises(ReplicateError, match=said):
        score_submission(load_submission(filed(**fields)))


def test_critical_temperatures_take_submissions_too(full_record) -> None:
    if not data.available("atcnn-superconductors"):
        pytest.skip("the superconductors are not here")
    rows, splits = published_splits("zeng2019-tc", "system")
    assert [split.digest for split in splits] == full_record("zeng2019-tc").splits["system"]
    assert len(rows.target) > 13_000


def test_what_is_not_there_or_no_yaml_is_an_error(filed) -> None:
    filed()
    with pytest.raises(ConfigError, match="no submission 'yours' in book/submissions: mine"):
        load_submission("yours")
    (paths.root() / "book/submissions/mine.yaml").write_text("who: [", encoding="utf-8")
    with pytest.raises(DataError, match="not readable as YAML"):
        load_submission("mine")


def test_texts_of_others_stay_texts(filed) -> None:
    filed(who="<b>me</b>", about="<script>")
    assert "<b>" not in submitted() and "&lt;script&gt;" in submitted()


@pytest.mark.parametrize("name", submission_names())
def test_what_is_filed_in_the_book_is_scored(name: str) -> None:
    submission = load_submission(name)
    scores = score_submission(submission)
    assert scores == stored_scores(submission), f"run `replicate score {name}`"
    assert list(compared(submission, scores))
    assert (ROOT / "book/submissions" / submission.predictions).stat().st_size < 200_000
    if submission.source.endswith(".py"):
        assert (ROOT / submission.source).is_file()
