"""How far two numbers may lie apart that differ in rounding only."""

from typing import Any

import numpy as np

# What single precision gives: parts of the largest number. Sums round by their largest terms, not by what is left.
ROUNDING = 1e-5


def assert_same_but_for_rounding(found: Any, expected: Any, err_msg: str = "") -> None:
    """Compare what another batch size, another place in a batch, threads or a processor may change by rounding.

    Only the same work with the same shapes on the same machine gives equal numbers; a training that goes on
    after a kill is such a case, and is compared with ``assert_array_equal``.
    """
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    assert found.shape == expected.shape, err_msg
    largest = np.abs(expected).max(initial=0.0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING * largest, err_msg=err_msg)
