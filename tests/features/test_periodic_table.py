import numpy as np
import pytest
import torch
from rounding import ROUNDING

from replicate.errors import ConfigError, DataError
from replicate.features.composition import parse
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS
from replicate.features.periodic_table import (
    LARGEST,
    PLACES,
    PeriodicTables,
    block,
    periodic_tables,
    place,
)

# Read off a printed table: block, period from 1, column from 0.
BY_HAND = {
    "H": ("s", 1, 0), "He": ("s", 1, 31), "Li": ("s", 2, 0), "Be": ("s", 2, 1), "Ra": ("s", 7, 1),
    "B": ("p", 2, 26), "Ne": ("p", 2, 31), "Al": ("p", 3, 26), "Ga": ("p", 4, 26), "Tl": ("p", 6, 26),
    "Og": ("p", 7, 31),
    "Sc": ("d", 4, 2), "Ti": ("d", 4, 17), "Fe": ("d", 4, 21), "Cu": ("d", 4, 24), "Zn": ("d", 4, 25),
    "Y": ("d", 5, 2), "Cd": ("d", 5, 25), "La": ("d", 6, 2), "Ac": ("d", 7, 2), "Hf": ("d", 6, 17),
    "Hg": ("d", 6, 25), "Cn": ("d", 7, 25),
    "Ce": ("f", 6, 3), "Yb": ("f", 6, 15), "Lu": ("f", 6, 16), "U": ("f", 7, 5), "Lr": ("f", 7, 16),
}  # fmt: skip


@pytest.mark.parametrize("symbol", BY_HAND)
def test_elements_stand_where_a_printed_table_has_them(symbol: str) -> None:
    plane, period, column = BY_HAND[symbol]
    z = ATOMIC_NUMBER[symbol]
    assert block(z) == plane
    assert place(z) == ("spdf".index(plane), period - 1, column)


def test_every_element_has_a_place_of_its_own_and_every_block_its_size() -> None:
    assert len(set(PLACES.tolist())) == 118
    blocks = [block(z) for z in range(1, 119)]
    assert {name: blocks.count(name) for name in "spdf"} == {"s": 14, "p": 36, "d": 40, "f": 28}


def test_tables_hold_coefficients_or_fractions() -> None:
    found = parse(["YBa2Cu3O7", "H2O"])
    tables = periodic_tables(found)[torch.arange(2)]
    assert tables.shape == (2, 4, 7, 32)
    assert tables.dtype == torch.float32
    assert [tables[0, *place(ATOMIC_NUMBER[s])].item() for s in ("Y", "Ba", "Cu", "O")] == [1, 2, 3, 7]
    assert tables[0].count_nonzero() == 4
    np.testing.assert_allclose(tables.flatten(1)[:, PLACES], found.amounts)
    shares = periodic_tables(found, "fractions")[torch.arange(2)]
    assert shares[1, 0, 0, 0] == np.float32(2 / 3)
    torch.testing.assert_close(shares.sum((1, 2, 3)), torch.ones(2))
    with pytest.raises(ConfigError, match="'percent'"):
        periodic_tables(found, "percent")
    with pytest.raises(DataError, match=r"\(N, 118\)"):
        PeriodicTables(torch.zeros(3, 100))


def test_an_index_of_any_shape_cuts_out_a_batch_of_that_shape() -> None:
    tables = periodic_tables(parse(list(SYMBOLS))).to(torch.device("cpu"))
    assert len(tables) == 118
    rows = torch.tensor([[0, 25, 117], [91, 91, 1]])
    batch = tables[rows]
    assert batch.shape == (2, 3, 4, 7, 32)
    for i, j in np.ndindex(2, 3):
        torch.testing.assert_close(batch[i, j], tables[rows[i, j]])
        assert batch[i, j].argmax() == PLACES[rows[i, j]]


def test_a_slipped_decimal_point_is_cut_and_fractions_are_not():
    slip = parse(["Y1Ba2Cu3O6050"])
    assert periodic_tables(slip)[torch.tensor([0])].max() == LARGEST
    assert periodic_tables(slip, "fractions")[torch.tensor([0])].sum() == pytest.approx(1, rel=ROUNDING)
