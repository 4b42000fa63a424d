"""The digest of a table follows its content and nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from replicate.data.digest import table_digest

TABLE = pd.DataFrame(
    {
        "formula": ["NaCl", None, "é"],
        "band_gap": [8.5, np.nan, -0.0],
        "year": pd.array([1987, None, 2008], dtype="Int64"),
        "is_metal": [False, True, False],
    }
)
# A change of this value would make every stored record of a run look as if its data had changed.
PINNED = "3d0fab353e1bce92b2050dc328ae5bbaabdc9c55b349ef091c04809f8d79f1d5"


def test_the_digest_is_the_pinned_one() -> None:
    assert table_digest(TABLE) == PINNED


def test_it_survives_parquet_index_and_text_type(tmp_path: Path) -> None:
    TABLE.to_parquet(tmp_path / "t.parquet")
    assert table_digest(pd.read_parquet(tmp_path / "t.parquet")) == PINNED
    assert table_digest(TABLE.set_axis([5, 6, 7])) == PINNED
    assert table_digest(TABLE.astype({"formula": "string", "is_metal": "boolean"})) == PINNED
    assert table_digest(TABLE.assign(band_gap=[8.5, np.nan, 0.0])) == PINNED


@pytest.mark.parametrize(
    "changed",
    [
        TABLE.iloc[::-1], TABLE[TABLE.columns[::-1]], TABLE.rename(columns={"year": "when"}),
        TABLE.assign(band_gap=[np.nextafter(8.5, 9), np.nan, 0.0]), TABLE.assign(formula=["NaCl", "", "é"]),
        TABLE.assign(is_metal=[0.0, 1.0, 0.0]), TABLE.iloc[:2],
    ], ids=["rows", "columns", "name", "last bit", "gap", "kind", "length"],
)  # fmt: skip
def test_any_change_shows(changed: pd.DataFrame) -> None:
    assert table_digest(changed) != PINNED


def test_neighbouring_texts_do_not_run_into_each_other() -> None:
    assert table_digest(pd.DataFrame({"a": ["xy", "z"]})) != table_digest(pd.DataFrame({"a": ["x", "yz"]}))
