"""The registry is complete, consistent and in step with the mirror's manifest."""

import csv
import os
import re
from pathlib import Path

import pytest

from replicate import data
from replicate.data.tables import FINISHERS
from replicate.errors import ConfigError

NAMES = data.names()


@pytest.mark.parametrize("name", NAMES)
def test_entry_says_what_a_data_card_needs(name: str) -> None:
    entry = data.entry(name)
    assert entry.title and entry.licence and entry.citation and entry.version
    assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    if entry.form == "table":
        assert entry.n_rows > 0 and re.fullmatch(r"[0-9a-f]{64}", entry.digest)
        assert all(column.means for column in entry.columns)
        assert len({column.name for column in entry.columns}) == len(entry.columns)
        derived = [column.name for column in entry.columns if column.kind == "derived"]
        assert not derived or entry.finish in FINISHERS
    if entry.kind == "bundled":
        assert (entry.url is None and "Permission is hereby granted" in entry.licence_text) or (
            "Redistribution and use" in entry.licence_text
        )
    else:
        assert entry.url is not None and re.fullmatch(r"[0-9a-f]{40}", entry.version)
        assert entry.url.startswith(("https://github.com/", "https://raw.githubusercontent.com/"))
        assert re.search(rf"/{entry.version}(/|\.tar\.gz)", entry.url)


def test_every_mirrored_file_is_registered_as_the_manifest_has_it() -> None:
    folder = os.environ.get("REPLICATE_MIRROR")
    if not folder:
        pytest.skip("REPLICATE_MIRROR is not set")
    with open(Path(folder) / "manifest.csv", newline="") as file:
        listed = {row["file"]: row for row in csv.DictReader(file)}
    registered = [data.entry(name) for name in NAMES if data.entry(name).kind == "download"]
    assert {entry.file for entry in registered} == set(listed)
    for entry in registered:
        row = listed[entry.file]
        assert (entry.sha256, entry.version) == (row["sha256"], row["commit"]), entry.name
        assert entry.url is not None and row["upstream"].split("/", 1)[1] in entry.url


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="zhuo2018-gap"):
        data.entry("zhou2018-gap")
