"""The bundled tables are what the packages hold: rebuilt from them, every digest is the registered one."""

from __future__ import annotations

import importlib.util
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from replicate import data, paths
from replicate.errors import DataError, ReplicateError

SCRIPT = paths.root() / "scripts" / "build_bundled.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_bundled", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_bundled_dataset_has_a_builder(script: ModuleType) -> None:
    bundled = [name for name in data.names() if data.entry(name).kind == "bundled"]
    assert list(script.BUILDERS) == bundled


def test_rebuilt_tables_are_identical(script: ModuleType) -> None:
    try:
        packages = script.obtain(paths.cache_dir() / "packages", timeout_s=120)
    except DataError:
        raise
    except ReplicateError as error:
        pytest.skip(str(error))
    for name in script.BUILDERS:
        assert script.table_digest(script.build(name, packages)) == data.entry(name).digest, name


def test_writing_the_same_table_changes_nothing(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = data.load("zhuo2018-gap").table
    script.write("zhuo2018-gap", table, tmp_path)
    assert data.entry("zhuo2018-gap").digest in capsys.readouterr().out
    first = (tmp_path / "zhuo2018-gap.parquet").stat().st_mtime_ns
    script.write("zhuo2018-gap", table, tmp_path)
    assert "unchanged" in capsys.readouterr().out
    assert (tmp_path / "zhuo2018-gap.parquet").stat().st_mtime_ns == first


def test_an_exchanged_package_is_refused(script: ModuleType, tmp_path: Path) -> None:
    for about in script.sources().values():
        with tarfile.open(tmp_path / about["archive"], "w"):
            pass
    with pytest.raises(DataError, match="expected sha256"):
        script.obtain(tmp_path)
