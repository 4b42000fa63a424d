"""The data handling of Konno et al. 2021: every rule alone, the classes by hand, and years on the real list."""

from __future__ import annotations

import pandas as pd
import pytest

from replicate import data
from replicate.data import konno
from replicate.data.cards import Dataset
from replicate.data.clean import CleaningReport
from replicate.features.composition import parse


def table(*rows: tuple[str, float, int | None]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["formula", "critical_temperature", "year"])
    return made.assign(year=made["year"].astype("Int64"))


@pytest.mark.parametrize(
    ("rule", "goes", "stays"),
    [
        (konno.drop_open_ends, ["La1.8Sr0.2Cu1O4-Y", "Yb16Ba1Cu2Oz", "Nb3Sn.", "PdD"], ["Y1Ba2Cu3O7", "Dy"]),
        (konno.drop_organic, ["Na4H4C60", "C1H4"], ["C60K3", "H3S"]),
    ],
)
def test_a_rule_drops_what_it_names_and_nothing_else(rule, goes, stays):
    # "Dy" ends in y: the authors' rule takes the element for an open amount.
    stays = [one for one in stays if one != "Dy"]
    kept, step = rule(table(*((formula, 10.0, 2000) for formula in [*goes, *stays])))
    assert kept["formula"].tolist() == stays
    assert step.dropped == len(goes) and step.examples[0] == (1, goes[0])


def test_dysprosium_at_the_end_goes_by_the_authors_rule():
    kept, step = konno.drop_open_ends(table(("Fe2Dy", 1.0, 2000), ("Dy1Fe2", 1.0, 2000)))
    assert kept["formula"].tolist() == ["Dy1Fe2"] and step.dropped == 1


def test_entries_without_a_year_are_never_before_a_year():
    rows = table(("Nb", 9.2, 1930), ("Pb", 7.2, None), ("MgB2", 39.0, 2001), ("Sn", 3.7, 2000))
    kept, step = konno.drop_after(rows, 2000)
    assert kept["formula"].tolist() == ["Nb", "Sn"] and step.dropped == 2


def test_pure_elements_get_their_value_at_ambient_pressure():
    rows = table(
        ("Ca1", 25.0, 2000), ("C60", 52.0, 2000), ("Nb1", 7.1, 2000), ("Gd", 5.0, 2000), ("CaC6", 11.5, 2005)
    )
    kept, step = konno.correct_elements(rows)
    assert kept["critical_temperature"].tolist() == [0.0, 0.0, 9.25, 0.0, 11.5]
    assert (step.dropped, step.changed) == (0, 4)


def test_repeats_of_a_spelling_keep_their_median_and_their_first_year():
    rows = table(
        ("Nb3Sn1", 17.0, 1980), ("Nb3Sn1", 18.5, 1954), ("Nb3Sn1", 18.0, None), ("Sn1Nb3", 1.0, 1990)
    )
    kept, step = konno.median_of_repeats(rows)
    assert kept["formula"].tolist() == [
        "Nb3Sn1",
        "Sn1Nb3",
    ]  # other spellings are other formulas, as published
    assert kept["critical_temperature"].tolist() == [18.0, 1.0]
    assert kept["year"].tolist() == [1954, 1990]
    assert (step.dropped, step.changed) == (2, 1)


def test_impossible_temperatures_go():
    kept, step = konno.drop_hot(table(("Nb", 9.2, 1930), ("Xx", 400.0, 2000)))
    assert kept["formula"].tolist() == ["Nb"] and step.dropped == 1


@pytest.mark.parametrize(
    ("which", "yes", "no"),
    [
        (konno.is_cuprate, ["YBa2Cu3O7", "La2CuO4"], ["CuO", "Nd2CuO4", "BaPbO3"]),
        (konno.is_iron_based, ["FeSe", "LaFeAsO", "LaFe4P12", "FeS2"], ["Fe", "FeSi2", "SeO2"]),
        (konno.is_precursor, ["LaFePO", "La1Fe1P1F0.06O0.94"], ["LaFeAsO", "LaFe4P12"]),
        (konno.is_organic, ["CH4", "Na4H4C60"], ["C60K3", "H3S"]),
    ],
)
def test_classes_by_hand(which, yes, no):
    assert which(parse([*yes, *no])).tolist() == [True] * len(yes) + [False] * len(no)


def test_the_table_of_elements_is_pymatgens_without_its_copying_error():
    tc = konno.element_tc()
    assert len(tc) == 118 and tc["Nb"] == 9.25 and tc["Fe"] == 0.0
    assert tc["Ga"] == 1.083 and tc["Gd"] == 0.0


@pytest.mark.skipif(not data.available("mdr-supercon"), reason="mdr-supercon is not here")
@pytest.mark.parametrize("until", [1985, 2007, 2009])
def test_no_entry_of_the_real_list_is_later_than_its_year(until):
    dataset = data.load("mdr-supercon")
    kept = konno.superconductors(dataset, until)
    assert kept.table["year"].notna().all() and kept.table["year"].max() <= until
    assert len(kept.table) == kept.cleaning.kept < dataset.cleaning.kept
    known = set(dataset.table.loc[(dataset.table["year"] <= until).fillna(False), "formula"])
    assert set(kept.table["formula"]) <= known


@pytest.mark.skipif(not data.available("mdr-supercon"), reason="mdr-supercon is not here")
@pytest.mark.parametrize("until", [1985, 2007, 2009])
def test_a_temperature_up_to_a_year_is_the_median_of_the_entries_up_to_that_year(until):
    dataset = data.load("mdr-supercon")
    kept = konno.superconductors(dataset, until).table
    early = dataset.table[(dataset.table["year"] <= until).fillna(False)]
    median = early.groupby("formula")["critical_temperature"].median().reindex(kept["formula"]).to_numpy()
    pure = (parse(kept["formula"].tolist()).amounts > 0).sum(axis=1) == 1
    assert kept["critical_temperature"].to_numpy()[~pure] == pytest.approx(median[~pure])
    moved = konno.moved_by_later_entries(dataset, until)
    assert len(moved) == len(kept) and 100 < (moved > 0).sum() < 0.1 * len(kept)


def test_what_later_entries_would_change_by_hand():
    rows = table(("Nb3Sn1", 17.0, 1980), ("Nb3Sn1", 19.0, 1999), ("Mg1B2", 39.0, 2001), ("V3Si1", 17.0, 1954))
    dataset = Dataset(rows, data.load("zhuo2018-gap").card, CleaningReport(len(rows), (), len(rows)))
    assert konno.moved_by_later_entries(dataset, 1990).tolist() == [1.0, 0.0]
