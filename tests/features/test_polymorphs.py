"""The polymorph is told by SuperCon's structure type where that decides, else by the age of the entry."""

import numpy as np
import pytest

from replicate.features.crystal import Crystal
from replicate.features.parents import choose
from replicate.features.parents.polymorphs import crystal_system, space_group

GROUPS = {"mp-30": 225, "mp-4": 62, "mp-500": 139}


def test_the_structure_type_decides():
    assert choose(list(GROUPS), "ThCr2Si2", GROUPS.get) == ("mp-500", True)
    assert choose(list(GROUPS), "NaCl", GROUPS.get) == ("mp-30", True)


@pytest.mark.parametrize("kind", ["", "unheard of", "A15"])
def test_without_a_type_that_fits_the_oldest_entry_is_taken(kind):
    assert choose(list(GROUPS), kind, GROUPS.get) == ("mp-4", False)


def test_predicted_compounds_come_after_known_ones():
    assert choose(["mvc-1", "mp-900"], "", GROUPS.get)[0] == "mp-900"


def test_space_groups_are_not_asked_for_when_there_is_no_choice():
    def refuse(name):
        raise AssertionError(f"asked for {name}")

    assert choose(["mp-1"], "NaCl", refuse) == ("mp-1", False)
    assert choose(["mp-1", "mp-2"], "", refuse) == ("mp-1", False)


def test_the_symmetry_of_rock_salt(recwarn):
    places = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    positions = np.concatenate([places, places + np.array([0.5, 0, 0])])
    elements = np.repeat([11, 17], 4)
    crystal = Crystal("NaCl", 5.64 * np.eye(3), positions, np.arange(8), elements, np.ones(8))
    assert space_group(crystal) == 225
    assert crystal_system(crystal) == "cubic"
    assert not recwarn.list
