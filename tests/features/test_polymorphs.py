"""The polymorph is told by SuperCon's structure type where that decides, else by the age of the entry."""

import numpy as np
import pytest

from replicate.features.crystal import Crystal
from replicate.features.parents import choose
from replicate.features.parents.polymorphs import crystal_system, space_group

GROUPS = {"mp-30": 225, "mp-4": 62, "mp-500": 139}


@pytest.mark.parametrize(
    ("names", "kind", "expected"),
    [
        (GROUPS, "ThCr2Si2", ("mp-500", True)),
        (GROUPS, "NaCl", ("mp-30", True)),
        *((GROUPS, kind, ("mp-4", False)) for kind in ("", "unheard of", "A15")),
        (["mvc-1", "mp-900"], "", ("mp-900", False)),  # predicted compounds come after known ones
    ],
)
def test_the_structure_type_decides_else_the_age(names, kind, expected):
    assert choose(list(names), kind, GROUPS.get) == expected


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
