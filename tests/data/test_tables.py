"""The shared reader: every format gives the same table, every bad cell an error with file, row and value."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from replicate.data.registry import Column, Reading
from replicate.data.tables import journal_year, read_parquet, read_table, space_group, voigt_reuss_hill
from replicate.errors import DataError

COLUMNS = (Column("formula", source="mat", kind="text"), Column("critical_temperature", source="Tc"))
ROWS = [("Nb", 9.2), ("NaN", 0.3), ("MgB2", 39.0)]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def pickled() -> bytes:
    content = io.BytesIO()
    np.save(content, np.array([["Nb", 9.2]], dtype=object), allow_pickle=True)
    return content.getvalue()


def expected() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=["formula", "critical_temperature"])


@pytest.mark.parametrize(("suffix", "separator"), [(".csv", ", "), (".tsv", "\t"), (".txt", "   "), (".dat", "\t")])
def test_text_formats(tmp_path: Path, suffix: str, separator: str) -> None:
    lines = [separator.join(("mat", "Tc")), *(f"{formula}{separator}{tc!r} " for formula, tc in ROWS)]
    path = written(tmp_path / f"t{suffix}", "\n".join(lines))
    pd.testing.assert_frame_equal(read_table(path, COLUMNS, Reading()), expected(), check_exact=True)


def test_spreadsheet_array_and_zip_member(tmp_path: Path) -> None:
    expected().set_axis(["mat", "Tc"], axis=1).to_excel(tmp_path / "t.xlsx", index=False)
    np.save(tmp_path / "t.npy", np.array([(formula, repr(tc)) for formula, tc in ROWS]))
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.write(tmp_path / "t.npy", "inner.npy")
    by_position = (Column("formula", source="0", kind="text"), Column("critical_temperature", source="1"))
    tables = [
        read_table(tmp_path / "t.xlsx", COLUMNS, Reading()),
        read_table(tmp_path / "t.npy", by_position, Reading(header=False)),
        read_table(tmp_path / "t.zip", by_position, Reading(member="inner.npy", header=False)),
    ]
    for table in tables:
        pd.testing.assert_frame_equal(table, expected(), check_exact=True)


def test_numbers_are_read_to_the_last_bit(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=1000) * 10.0 ** np.arange(-500, 500).clip(-300, 300)
    path = written(tmp_path / "t.csv", "Tc\n" + "\n".join(repr(float(value)) for value in values))
    found = read_table(path, [Column("Tc")], Reading())["Tc"].to_numpy()
    assert (found == values).all()


def test_missing_column_lists_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "mat,T_c\nNb,9.2\n")
    with pytest.raises(DataError, match="'Tc' is missing; there are: mat, T_c") as caught:
        read_table(path, COLUMNS, Reading())
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("cell", ["9,2K", "", "nan", "inf", "n/a", None])
def test_no_number_names_file_row_and_value(tmp_path: Path, cell: str | None) -> None:
    end = "Pb" if cell is None else f"Pb\t{cell}"  # a short row
    path = written(tmp_path / "t.tsv", f"mat\tTc\nNb\t9.2\n{end}\n")
    with pytest.raises(DataError) as caught:
        read_table(path, COLUMNS, Reading())
    assert (caught.value.file, caught.value.row, caught.value.value) == (str(path), 2, cell or "")


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        (Column("name", kind="text", missing=("",)), "\nlead", [None, "lead"]),
        (Column("name", missing=("na",)), "na\n1.5", [None, 1.5]),
        (Column("name", kind="flag"), "1\nFALSE\n0.0", [True, False, False]),
        (Column("is_metal", source="name", kind="flag", negated=True), "1\nFALSE", [False, True]),
        (Column("name", kind="text"), "lead\n", "'name' is empty"),
        (Column("name", kind="flag"), "1\n2", "neither true nor false"),
    ],
)
def test_gaps_and_flags(tmp_path: Path, column: Column, text: str, expected: list | str) -> None:
    lines = "".join(f"x,{line}\n" for line in text.split("\n"))
    path = written(tmp_path / "t.csv", f"mat,name\n{lines}")
    if isinstance(expected, str):
        with pytest.raises(DataError, match=expected) as caught:
            read_table(path, [column], Reading())
        assert caught.value.row == 2
    else:
        values = read_table(path, [column], Reading())[column.name]
        assert [None if pd.isna(value) else value for value in values] == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("long.csv", b"mat,Tc\nNb,9.2,1\n"), ("empty.csv", b""),
        ("latin.csv", "mat,Tc\nNb\u00e9,1\n".encode("latin-1")), ("no.xlsx", b"not a spreadsheet"),
        ("no.npy", b"not an array"), ("pickled.npy", pickled()), ("no.h5", b"no reader"),
    ],
)  # fmt: skip
def test_a_broken_file_is_a_data_error_that_names_it(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=name):
        read_table(tmp_path / name, COLUMNS, Reading())


def test_broken_zip_and_missing_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.csv", "mat,Tc\nNb,9.2\n" * 100)
    with pytest.raises(DataError, match="lacks this member"):
        read_table(tmp_path / "t.zip", COLUMNS, Reading(member="b.csv"))
    (tmp_path / "t.zip").write_bytes((tmp_path / "t.zip").read_bytes()[:60])
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path / "t.zip", COLUMNS, Reading(member="a.csv"))


def test_parquet_lacking_a_column(tmp_path: Path) -> None:
    expected().to_parquet(tmp_path / "t.parquet")
    assert read_parquet(tmp_path / "t.parquet", [Column("formula")]).columns.tolist() == ["formula"]
    with pytest.raises(DataError, match="'band_gap' is missing"):
        read_parquet(tmp_path / "t.parquet", [Column("band_gap")])
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="parquet"):
        read_parquet(tmp_path / "t.parquet", [Column("formula")])


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
