"""The cleaning of SuperCon: every rule of the three papers alone, all of them on real lists, the classes by hand."""

import numpy as np
import pandas as pd
import pytest

from replicate import data
from replicate.data import konno, quinn, supercon
from replicate.data.cards import Dataset
from replicate.data.clean import CleaningReport, CleaningStep, drop_rows
from replicate.data.supercon import clean_as_paper, related
from replicate.features.composition import parse, reduced_keys

LISTS = ["madml-superconductors", "mdr-supercon"]


def table(*rows: tuple[str, float, int | None], kinds: tuple[str | None, ...] = ()) -> pd.DataFrame:
    """Return rows of formula, critical temperature (K) and year, with structure types."""
    columns = pd.DataFrame(rows, columns=["formula", "critical_temperature", "year"])
    return columns.assign(
        year=columns["year"].astype("Int64"), structure_type=[*kinds, *[None] * (len(rows) - len(kinds))]
    )


@pytest.mark.parametrize(
    ("rule", "goes", "stays"),
    [
        (
            supercon.drop_open_amounts,
            ["La1.8Sr0.2Cu1O4-Y", "Hg2O10+z", "Yb16Ba1Cu2Oz", "H2-X1S1", "Y1Ba2Cu3OY", "Nd1.5Ba1.5Cu3OY"],
            ["Y1Ba2Cu3O7", "BaOY2", "Ba2O7Y1Cu3"],
        ),
        (supercon.drop_unreadable, ["La2Nd0Cu1O4", "Nd2O10=z"], ["Xe1F2"]),
        (supercon.drop_large_amounts, ["C60K3", "Hg1234O10"], ["C50K3", "Nb3Sn"]),
        (supercon.drop_hwo3, ["H1W1O3", "H0.1W1O3"], ["W1O3", "Na1W1O3"]),
        (supercon.drop_heavy_elements, ["U1Pt3", "La0.5Th0.5Sn3"], ["Pb", "Bi2Sr2Cu1O6"]),
        (
            supercon.drop_related,
            ["Hg", "Mg0.9B2", "Fe1.01Se1", "Y1Ba2Cu3O6.6"],
            ["HgBa2CuO4", "Mg0.9Al0.1B2"],
        ),
        # An element at the end whose symbol ends in y goes by the authors' rule.
        (
            konno.drop_open_ends,
            ["La1.8Sr0.2Cu1O4-Y", "Yb16Ba1Cu2Oz", "Nb3Sn.", "PdD", "Fe2Dy"],
            ["Y1Ba2Cu3O7", "Dy1Fe2"],
        ),
        (konno.drop_organic, ["Na4H4C60", "C1H4"], ["C60K3", "H3S"]),
        (quinn.drop_open, ["Bi4Sr3Ca3Cu4OY"], ["YBa2Cu3O7", "BaOY2"]),
    ],
)
def test_a_rule_drops_what_it_names_and_nothing_else(rule, goes, stays):
    cleaned, step = rule(table(*((formula, 10.0, 2000) for formula in [*goes, *stays])))
    assert cleaned["formula"].tolist() == stays
    assert step.dropped == len(goes) and step.examples[0] == (1, goes[0])


ROWS = table(("Nb", 9.2, 1930), ("Pb", 0.0, None), ("MgB2", 399.0, 2001), ("Sn", 400.0, 2000))


@pytest.mark.parametrize(
    ("rule", "stays"),
    [
        (supercon.drop_without_tc, ["Nb", "MgB2", "Sn"]),
        (konno.drop_hot, ["Nb", "Pb", "MgB2"]),
        (lambda rows: supercon.drop_after(rows, 2000), ["Nb", "Sn"]),  # never an entry without a year
    ],
)
def test_rules_on_temperatures_and_years(rule, stays):
    cleaned, step = rule(ROWS)
    assert cleaned["formula"].tolist() == stays and step.dropped == 4 - len(stays)


def test_conflicting_entries_go_in_every_spelling_and_twice_is_still_allowed():
    formulas = {"Mg1B2": 10.0, "B4Mg2": 20.1, "Nb3Sn1": 9.0, "Sn1Nb3": 18.0, "Nb": 9.2}
    cleaned, step = supercon.drop_conflicts(table(*((f, tc, 2000) for f, tc in formulas.items())))
    assert cleaned["formula"].tolist() == ["Nb3Sn1", "Sn1Nb3", "Nb"] and step.dropped == 2


@pytest.mark.parametrize(
    ("rule", "formulas", "temperatures", "years"),
    [
        (supercon.average_duplicates, ["Nb3Sn1", "MgB2"], [16.0, 39.0], [1980, 2001]),
        # Other spellings are other formulas, as published.
        (konno.median_of_repeats, ["Nb3Sn1", "Sn1Nb3", "MgB2"], [18.0, 10.0, 39.0], [1954, 1990, 2001]),
        (quinn.median_of_compositions, ["Nb3Sn1", "MgB2"], [17.5, 39.0], [1954, 2001]),
    ],
)
def test_repeats_share_one_row(rule, formulas, temperatures, years):
    rows = table(
        ("Nb3Sn1", 17.0, 1980),
        ("Nb3Sn1", 19.0, 1954),
        ("Nb3Sn1", 18.0, None),
        ("Sn1Nb3", 10.0, 1990),
        ("MgB2", 39.0, 2001),
        kinds=("A15", None, "W", "A15"),
    )
    before = rows.copy()
    cleaned, step = rule(rows)
    assert cleaned["formula"].tolist() == formulas
    assert cleaned["critical_temperature"].tolist() == temperatures and cleaned["year"].tolist() == years
    assert (step.dropped, step.changed) == (5 - len(formulas), 1)
    if rule is quinn.median_of_compositions:
        assert cleaned["structure_type"].tolist() == ["A15", ""]
    pd.testing.assert_frame_equal(rows, before)


def test_pure_elements_get_their_value_at_ambient_pressure():
    formulas = {"Ca1": 25.0, "C60": 52.0, "Nb1": 7.1, "Gd": 5.0, "CaC6": 11.5}
    cleaned, step = konno.correct_elements(table(*((f, tc, 2000) for f, tc in formulas.items())))
    assert cleaned["critical_temperature"].tolist() == [0.0, 0.0, 9.25, 0.0, 11.5]
    assert (step.dropped, step.changed) == (0, 4)
    tc = konno.element_tc()
    assert len(tc) == 118 and tc["Ga"] == 1.083 and tc["Gd"] == 0.0  # pymatgen copies gallium's


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


@pytest.mark.parametrize("name", LISTS)
def test_a_cleaned_list_obeys_every_rule(name):
    if not data.available(name):
        pytest.skip(f"{name} is not here; set REPLICATE_MIRROR or fetch it")
    cleaned = clean_as_paper(data.load(name))
    compositions = parse(cleaned.table["formula"].tolist())
    assert not related(compositions).any()
    assert compositions.amounts.max() <= 50 and not compositions.beyond(86).any()
    assert len(set(reduced_keys(compositions))) == len(compositions)
    assert (cleaned.table["critical_temperature"] > 0).all()
    frame = cleaned.cleaning.to_frame()
    assert frame["rows"].iloc[:-1].sum() == frame["rows"].iloc[-1] == len(cleaned.table)
    again = clean_as_paper(cleaned)
    assert np.array_equal(again.table["formula"], cleaned.table["formula"])


@pytest.mark.skipif(not data.available("mdr-supercon"), reason="mdr-supercon is not here")
@pytest.mark.parametrize("until", [1985, 2009])
def test_up_to_a_year_nothing_is_known_of_later_entries(until):
    dataset = data.load("mdr-supercon")
    cleaned = konno.superconductors(dataset, until)
    rows = cleaned.table
    assert rows["year"].notna().all() and rows["year"].max() <= until
    assert len(rows) == cleaned.cleaning.rows < dataset.cleaning.rows
    early = dataset.table[(dataset.table["year"] <= until).fillna(False)]
    median = early.groupby("formula")["critical_temperature"].median().reindex(rows["formula"]).to_numpy()
    mixed = (parse(rows["formula"].tolist()).amounts > 0).sum(axis=1) > 1
    assert rows["critical_temperature"].to_numpy()[mixed] == pytest.approx(median[mixed])
    moved = konno.moved_by_later_entries(dataset, until)
    assert len(moved) == len(rows) and 100 < (moved > 0).sum() < 0.1 * len(rows)


def test_what_later_entries_would_change_by_hand():
    rows = table(("Nb3Sn1", 17.0, 1980), ("Nb3Sn1", 19.0, 1999), ("Mg1B2", 39.0, 2001), ("V3Si1", 17.0, 1954))
    dataset = Dataset(rows, data.load("zhuo2018-gap").card, CleaningReport(len(rows)))
    assert konno.moved_by_later_entries(dataset, 1990).tolist() == [1.0, 0.0]


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
