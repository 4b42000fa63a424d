"""The three sources that need more than plain columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from replicate.data.tables import journal_year, space_group, voigt_reuss_hill
from replicate.errors import DataError


def test_years_come_from_brackets_and_impossible_ones_are_reported() -> None:
    journals = [
        "Jpn.J.Appl.Phys., 26(1987)L223",
        "J.Phys.Soc.Jpn, 64(2995)1471",
        "ZH.EKSP.TEOR.FIZ.,61(1971)2357, Soviet Physics JETP, 34(1972)1263",
        "Supercond. Sci. Technol., 14 ( 2001 )504-510",
        "Plenum Press, 1976, p137",
        "Phys.Lett.A,38()323",
    ]
    table, (step,) = journal_year(pd.DataFrame({"journal": journals}), "t")
    assert table["year"].fillna(0).tolist() == [1987, 0, 1971, 2001, 0, 0]
    assert (step.changed, step.dropped, step.examples) == (1, 0, ((2, journals[1]),))


def test_space_group_behind_the_comma() -> None:
    table, steps = space_group(pd.DataFrame({"formula": ["AgCNO,65", "Al13Ru4"]}), "t")
    assert table["formula"].tolist() == ["AgCNO", "Al13Ru4"] and steps == ()
    assert table["space_group"][0] == 65 and pd.isna(table["space_group"][1])
    with pytest.raises(DataError, match="space group") as caught:
        space_group(pd.DataFrame({"formula": ["Al", "Al,x"]}), "t")
    assert (caught.value.row, caught.value.value) == (2, "Al,x")


def test_moduli_are_the_vrh_average() -> None:
    cells = ["{'voigt': 2.0, 'reuss': 1.0, 'vrh': 1.5}", None]
    table, _ = voigt_reuss_hill(pd.DataFrame({"K_VRH": cells, "G_VRH": cells}), "t")
    assert table["K_VRH"][0] == 1.5 and np.isnan(table["G_VRH"][1])
    for bad in ("{'voigt': 2.0}", "12", "{"):
        with pytest.raises(DataError) as caught:
            voigt_reuss_hill(pd.DataFrame({"K_VRH": [bad], "G_VRH": [None]}), "t")
        assert (caught.value.row, caught.value.value) == (1, bad)
