"""The paper's cleaning of SuperCon: every rule alone, and all of them on real lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from replicate import data
from replicate.data import supercon
from replicate.data.supercon import clean_as_paper, related
from replicate.features.composition import parse, reduced_keys


def table(*rows: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["formula", "critical_temperature"])


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
    ],
)
def test_a_rule_drops_what_it_names_and_nothing_else(rule, goes, stays):
    kept, step = rule(table(*((formula, 10.0) for formula in [*goes, *stays])))
    assert kept["formula"].tolist() == stays
    assert step.dropped == len(goes)
    assert step.examples[0] == (1, goes[0])


def test_entries_at_zero_kelvin_go():
    kept, step = supercon.drop_without_tc(table(("Nb", 9.2), ("Cu", 0.0)))
    assert kept["formula"].tolist() == ["Nb"] and step.dropped == 1


def test_conflicting_entries_go_in_every_spelling_and_twice_is_still_allowed():
    rows = [("Mg1B2", 10.0), ("B4Mg2", 20.1), ("Nb3Sn1", 9.0), ("Sn1Nb3", 18.0), ("Nb", 9.2)]
    kept, step = supercon.drop_conflicts(table(*rows))
    assert kept["formula"].tolist() == ["Nb3Sn1", "Sn1Nb3", "Nb"] and step.dropped == 2


def test_duplicates_are_averaged_into_the_first():
    kept, step = supercon.average_duplicates(table(("Nb3Sn1", 17.0), ("Nb", 9.2), ("Nb6Sn2", 18.0)))
    assert kept["formula"].tolist() == ["Nb3Sn1", "Nb"]
    assert kept["critical_temperature"].tolist() == [17.5, 9.2]
    assert (step.dropped, step.changed) == (1, 1)


LISTS = ["madml-superconductors", "mdr-supercon", "stanev2018-supercon", "atcnn-superconductors"]


@pytest.mark.parametrize("name", LISTS)
def test_a_cleaned_list_obeys_every_rule(name):
    if not data.available(name):
        pytest.skip(f"{name} is not here; set REPLICATE_MIRROR or fetch it")
    raw = data.load(name)
    cleaned = clean_as_paper(raw)
    compositions = parse(cleaned.table["formula"].tolist())
    assert not related(compositions).any()
    assert compositions.amounts.max() <= 50 and not compositions.beyond(86).any()
    assert len(set(reduced_keys(compositions))) == len(compositions)
    assert (cleaned.table["critical_temperature"] > 0).all()
    frame = cleaned.cleaning.to_frame()
    assert frame["rows"].iloc[:-1].sum() == frame["rows"].iloc[-1] == len(cleaned.table)
    again = clean_as_paper(cleaned)
    assert np.array_equal(again.table["formula"], cleaned.table["formula"])
