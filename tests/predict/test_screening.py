"""Screening in shards: every structure gets a value or a reason, and the list does not depend on the shards."""

import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pymatgen.core import Structure
from rounding import assert_same_but_for_rounding

from replicate.errors import ConfigError, DataError
from replicate.predict import predict
from replicate.predict.screening import best, screen
from replicate.predict.structure_files import deal, list_structures, state_of

MODEL = "cgcnn-authors/formation-energy-per-atom"


@pytest.fixture(scope="module")
def cifs(tmp_path_factory: pytest.TempPathFactory, structures: list[tuple[str, Structure]]) -> list[Path]:
    """Every hundredth bundled crystal as a file, and one that is no CIF."""
    folder = tmp_path_factory.mktemp("cifs")
    paths = []
    for name, structure in structures:
        paths.append(folder / f"{name}.cif")
        structure.to(filename=str(paths[-1]))
    (folder / "broken.cif").write_text("no CIF at all {")
    return [*paths, folder / "broken.cif"]


def test_shards_give_what_predict_gives_and_one_list(cifs: list[Path], tmp_path: Path) -> None:
    names = list_structures(cifs[0].parent)
    assert names == sorted(map(str, cifs))
    size = -(-len(names) // 3)
    tables = []
    for number, shard in enumerate(deal(names, size)):
        tables.append(tmp_path / f"{number}.parquet")
        screen(MODEL, shard, tables[-1], processes=1)
    found = pd.concat(map(pd.read_parquet, tables), ignore_index=True)
    assert found["id"].tolist() == names
    wanted = predict(MODEL, names)
    assert [one.input for one in wanted] == names
    usable = np.array([one.value is not None for one in wanted])
    assert found["value"].notna().tolist() == usable.tolist()
    assert found["note"][~usable].str.contains("not a readable CIF").all()
    assert_same_but_for_rounding(found["value"][usable], [one.value for one in wanted if one.value is not None])
    structures, valued = best(tables, tmp_path / "best.csv", 5)
    assert (structures, valued) == (len(names), len(names) - 1)
    kept = pd.read_csv(tmp_path / "best.csv")
    lowest = found.dropna(subset="value").sort_values("value")
    assert kept["id"].tolist() == lowest["id"].head(5).tolist()
    assert set(kept["unit"]) == {"eV/atom"}
    best(tables[::-1], tmp_path / "highest.csv", 5, highest=True)
    assert pd.read_csv(tmp_path / "highest.csv")["id"].tolist() == lowest["id"].iloc[::-1].head(5).tolist()


def test_an_archive_is_a_shard_and_its_members_have_names(cifs: list[Path], tmp_path: Path) -> None:
    archive = tmp_path / "some.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        for path in cifs[:3]:
            file.add(path, arcname=f"inside/{path.name}")
    (tmp_path / "list.txt").write_text(f"{archive}\n\n{cifs[3]}\n{cifs[4]}\n", encoding="utf-8")
    shards = deal(list_structures(tmp_path / "list.txt"), 10)
    assert shards == [[str(archive)], [str(cifs[3]), str(cifs[4])]]
    assert screen(MODEL, shards[0], tmp_path / "0.parquet", processes=1) == 3
    found = pd.read_parquet(tmp_path / "0.parquet")
    assert found["id"].tolist() == [f"{archive}::inside/{path.name}" for path in cifs[:3]]


def test_the_state_of_a_shard_changes_with_its_files(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.cif", "b.cif")]
    states = {state_of(names)}
    for content in ("one", "two", "three"):
        Path(names[0]).write_text(content)
        states.add(state_of(names))
    Path(names[0]).rename(names[1])
    states |= {state_of(names), state_of(names[1:]), state_of([])}
    assert len(states) == 7
    assert state_of(names) == state_of(names)


def test_what_cannot_be_screened_is_told(cifs: list[Path], tmp_path: Path) -> None:
    archive = tmp_path / "cut.tar"
    with tarfile.open(archive, "w") as file:
        for path in cifs[:5]:
            file.add(path, arcname=path.name)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="broken or truncated"):
        screen(MODEL, [str(archive)], tmp_path / "out.parquet")
    with pytest.raises(DataError, match="stands twice"):
        screen(MODEL, [str(cifs[0]), str(cifs[0])], tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()
    with pytest.raises(ConfigError, match="holds no CIF file"):
        list_structures(tmp_path / "absent.cif")
    with pytest.raises(ConfigError, match="no folder and no list"):
        list_structures(tmp_path / "absent")
    with pytest.raises(ConfigError, match="1 structure or more"):
        deal(["a.cif"], 0)


def test_tables_of_different_models_are_not_merged(cifs: list[Path], tmp_path: Path) -> None:
    tables = [tmp_path / "0.parquet", tmp_path / "1.parquet"]
    for model, table in zip((MODEL, "cgcnn-authors/band-gap"), tables, strict=True):
        screen(model, [str(cifs[0])], table)
    with pytest.raises(DataError, match="the others are of cgcnn-authors/formation"):
        best(tables, tmp_path / "best.csv", 5)
    with pytest.raises(ConfigError, match="above 0, not 0"):
        best(tables[:1], tmp_path / "best.csv", 0)
    with pytest.raises(ConfigError, match="no tables"):
        best([], tmp_path / "best.csv", 5)
