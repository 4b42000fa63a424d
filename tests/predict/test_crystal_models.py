"""`replicate predict` on CIF files: a value or a reason for every file."""

from pathlib import Path

import pytest
from cells import rock_salt
from pymatgen.core import Lattice, Structure

from replicate.predict import predict
from replicate.predict.models import UNPLACED

MODEL = "cgcnn-authors/formation-energy-per-atom"


@pytest.fixture
def salt(tmp_path: Path) -> str:
    path = tmp_path / "NaCl.cif"
    rock_salt(5.7).to(filename=str(path))
    return str(path)


def test_the_published_network_predicts_the_formation_energy_of_salt(salt):
    (found,) = predict(MODEL, [salt])
    assert found.unit == "eV/atom" and found.spread is None and found.warnings == (UNPLACED,)
    assert found.value == pytest.approx(-2.1, abs=0.15)  # measured: -411 kJ/mol, -2.13 eV/atom


def test_files_that_cannot_be_used_get_a_reason_and_the_others_a_value(salt, tmp_path):
    (tmp_path / "empty.cif").write_text("data_nothing\n")
    (tmp_path / "broken.cif").write_text("no CIF at all {")
    files = [str(tmp_path / "empty.cif"), salt, str(tmp_path / "broken.cif"), str(tmp_path / "absent.cif")]
    found = predict(MODEL, files)
    assert [one.input for one in found] == files
    assert [one.value is None for one in found] == [True, False, True, True]
    for one, reason in zip(found, ("no atom sites", UNPLACED, "not a readable CIF", "no such file"), strict=True):
        assert reason in one.warnings[0]


@pytest.mark.parametrize("element", ["Lr", "Ra"])
def test_an_element_beyond_the_vectors_or_the_list_is_warned_of(tmp_path, element):
    structure = Structure(Lattice.cubic(5), [element, "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    path = tmp_path / "salt.cif"
    structure.to(filename=str(path))
    (found,) = predict(MODEL, [str(path)])
    assert f"elements the model never saw: {element}" in found.warnings
