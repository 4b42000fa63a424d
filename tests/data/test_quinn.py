"""SuperCon composition by composition: open amounts go, repeated compositions get their median."""

import pandas as pd
import pytest

from replicate.data.quinn import RULES, drop_open, median_of_compositions


def table(*rows):
    return pd.DataFrame(
        [(f, tc, kind, year) for f, tc, kind, year in rows],
        columns=["formula", "critical_temperature", "structure_type", "year"],
    ).astype({"year": "Int64"})


def test_oxygen_and_y_at_the_end_is_an_open_amount_not_yttrium():
    found, step = drop_open(
        table(("Bi4Sr3Ca3Cu4OY", 80, "", 1990), ("YBa2Cu3O7", 90, "Y123", 1987), ("BaOY2", 1, "", 1))
    )
    assert found["formula"].tolist() == ["YBa2Cu3O7", "BaOY2"]
    assert step.dropped == 1


def test_equal_compositions_become_one_row():
    rows = table(
        ("Nb3Sn", 18.0, "A15", 1990),
        ("Nb0.75Sn0.25", 17.0, None, 1985),
        ("Nb6Sn2", 10.0, "A15", None),
        ("MgB2", 39.0, "AlB2", 2001),
    )
    found, step = median_of_compositions(rows)
    assert found["formula"].tolist() == ["Nb3Sn", "MgB2"]
    assert found["critical_temperature"].tolist() == [17.0, 39.0]
    assert found["structure_type"].tolist() == ["A15", "AlB2"]
    assert found["year"].tolist() == [1985, 2001]
    assert (step.dropped, step.changed) == (2, 1)


def test_a_composition_without_a_type_has_none():
    found, _ = median_of_compositions(table(("Nb3Sn", 18.0, None, 1990)))
    assert found["structure_type"].tolist() == [""]


@pytest.mark.parametrize("rule", RULES)
def test_rules_do_not_touch_the_table_they_are_given(rule):
    rows = table(("Nb3Sn", 18.0, "A15", 1990), ("Nb3Sn", 17.0, None, 1985))
    before = rows.copy()
    rule(rows)
    pd.testing.assert_frame_equal(rows, before)
