"""Every registered dataset loads, with the columns, rows and content that the registry states."""

import os

import pandas as pd
import pytest

from replicate import data
from replicate.data import registry
from replicate.data.archives import verify
from replicate.errors import ConfigError

TABLES = [name for name in data.names() if data.entry(name).form == "table"]
ARCHIVES = [name for name in data.names() if data.entry(name).form == "archive"]
KINDS = {"text": "object", "number": "float64", "flag": "bool"}


def here(name: str) -> None:
    if data.entry(name).kind == "download" and not os.environ.get("REPLICATE_MIRROR"):
        pytest.skip("REPLICATE_MIRROR is not set")


@pytest.mark.parametrize("name", TABLES)
def test_table_is_the_registered_one(name: str) -> None:
    here(name)
    entry, dataset = data.entry(name), data.load(name, download=False)
    assert list(dataset.table.columns) == [column.name for column in entry.columns]
    assert len(dataset.table) == entry.n_rows == dataset.cleaning.rows
    assert dataset.digest == entry.digest
    for column in entry.columns:
        if column.kind in KINDS and not column.missing:
            assert str(dataset.table[column.name].dtype) == KINDS[column.kind], column.name
            assert dataset.table[column.name].notna().all(), column.name


@pytest.mark.parametrize("name", ["atcnn-weights-gap", "atcnn-weights-formation"])
def test_weights_take_part_through_their_checksum(name: str) -> None:
    here(name)
    assert data.load(name, download=False).table["sha256"].tolist() == [data.entry(name).sha256]
    assert data.locate(name).suffix == ".h5"


@pytest.mark.parametrize("name", ARCHIVES)
def test_archive_yields_structures_by_name_and_has_a_digest(name: str) -> None:
    archive = data.entry(name).archive
    assert archive is not None and len(archive.digest) == 64
    if archive.listed:
        listed = pd.read_parquet(registry.bundled_dir() / archive.listed)["file"]
        assert len(listed) == listed.nunique() == data.entry(name).n_files
    here(name)
    first, text = next(data.cifs(name, download=False))
    assert not first.endswith(".cif") and "_cell_length_a" in text


@pytest.mark.parametrize("name", ["3dsc-cifs", "cmr-cifs"])
def test_the_mirrored_archive_has_the_registered_content(name: str) -> None:
    here(name)
    archive = data.entry(name).archive
    assert archive is not None
    verify(data.locate(name), archive)


def test_parts_and_forms_are_not_mistaken() -> None:
    with pytest.raises(ConfigError, match="data.load"):
        data.cifs("zhuo2018-gap")
    with pytest.raises(ConfigError, match="data.cifs"):
        data.load("cmr-cifs")
    with pytest.raises(ConfigError, match="superconductors, parents"):
        data.cifs("3dsc-cifs", "children", download=False)
    here("3dsc-cifs")
    assert next(data.cifs("3dsc-cifs", "parents", download=False))[0].startswith("mp-")


def test_card_of_a_bundled_table() -> None:
    card = data.load("zhuo2018-gap").card
    assert card.kind == "bundled" and {c.name: c.means for c in card.columns}["band_gap"] == "eV, measured"
    assert "Krasnov" in card.licence and "MIT License" in card.licence_text
    assert card.version == "0.4.2" and "Zhuo" in card.citation
