"""What the comparison up to rounding lets pass, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
from rounding import ROUNDING, assert_same_but_for_rounding


def test_numbers_may_be_off_by_the_rounding_of_the_largest() -> None:
    expected = np.array([3.0, -200.0, 1e-4])
    assert_same_but_for_rounding(expected + 0.9 * ROUNDING * 200, expected)
    for at in range(3):
        found = expected.copy()
        found[at] += 1.1 * ROUNDING * 200
        with pytest.raises(AssertionError):
            assert_same_but_for_rounding(found, expected)


@pytest.mark.parametrize("found", [[1.0], [[1.0, 2.0]], [1.0, np.nan], [1.0, np.inf], [2.0, 1.0]])
def test_another_shape_order_or_no_number_is_a_difference(found: list[float]) -> None:
    with pytest.raises(AssertionError):
        assert_same_but_for_rounding(found, [1.0, 2.0])


def test_zeros_must_be_zero() -> None:
    assert_same_but_for_rounding([0.0, 0.0], [0.0, 0.0])
    with pytest.raises(AssertionError):
        assert_same_but_for_rounding([0.0, 1e-30], [0.0, 0.0])
