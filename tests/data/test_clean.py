"""Dropped rows are counted, exemplified and add up."""

from __future__ import annotations

import pandas as pd
import pytest

from replicate.data.clean import CleaningReport, CleaningStep, drop_rows

TABLE = pd.DataFrame({"formula": list("ABCDEF"), "band_gap": range(6)}, index=range(10, 16))


def test_drop_rows_counts_and_shows_three() -> None:
    kept, step = drop_rows(TABLE, TABLE["band_gap"] > 1, "gap above 1 eV")
    assert kept["formula"].tolist() == ["A", "B"] and kept.index.tolist() == [0, 1]
    assert step == CleaningStep("gap above 1 eV", 4, ((3, "C"), (4, "D"), (5, "E")))


@pytest.mark.parametrize("mask", [[True], [1, 0, 0, 0, 0, 0]])
def test_a_mask_that_does_not_fit_is_refused(mask: list) -> None:
    with pytest.raises(ValueError, match="6 booleans"):
        drop_rows(TABLE, mask, "some")


def test_a_report_accounts_for_every_row() -> None:
    report = CleaningReport(6).after(CleaningStep("one", 1, ((2, "B"),)), CleaningStep("none", 0))
    assert report.rows == 5
    frame = report.to_frame()
    assert frame["step"].tolist() == ["read", "one", "none", "kept"]
    assert frame["rows"].tolist() == [6, -1, 0, 5]
    assert frame["examples"][1] == "row 2: B"
