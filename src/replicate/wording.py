"""Numbers in texts, written the same way on every page, in figures and on the command line.

A count has a thousands separator from 1,000 on. A mean over seeds has the decimals that show two significant digits
of its standard deviation, at most two more than asked for; beside a printed value it has one decimal more than that.
"""

from __future__ import annotations

import math

MISSING = "–"


def number_of(n: int, noun: str) -> str:
    """Return a count with its noun: ``1 seed``, ``2 seeds``."""
    return f"{count(n)} {noun}" if n == 1 else f"{count(n)} {noun}s"


def count(n: float) -> str:
    """Return a whole number with its thousands separated: ``13,598``."""
    return f"{n:z,.0f}"


def number(value: float | None, like: str = "") -> str:
    """Return a number with as many decimals as ``like`` was printed with, plus one; a dash for None.

    A whole number beside one printed without decimals is a count, and has none either. Without ``like`` it has four
    significant digits, and what is larger than that is rounded to a whole number.
    """
    if value is None:
        return MISSING
    if like:
        whole = "." not in like and float(value).is_integer()
        return count(value) if whole else f"{value:z,.{_decimals(like) + 1}f}"
    return count(value) if abs(value) >= 1000 else f"{value:.4g}"


def spread(mean: float | None, sd: float | None, digits: int = 3, like: str = "") -> str:
    """Return ``mean ± sd``, or the mean alone where there is no deviation, by the rule of this module.

    Args:
        mean: a dash is returned for None.
        sd: standard deviation over seeds; None for a single value.
        digits: decimals where no deviation decides them.
        like: a printed value to stand beside, in its place.
    """
    if mean is None:
        return MISSING
    if like:
        if sd is None:
            return number(mean, like)
        digits = _decimals(number(mean, like))
        if sd > 0:
            digits = min(decimals_for(sd, digits), _two_digits(sd))
    elif sd:
        digits = min(_two_digits(sd), digits + 2)
    text = f"{mean:z,.{digits}f}"
    return text if sd is None else f"{text} ± {sd:,.{digits}f}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share from 0 to 1 as ``46 %``."""
    return f"{100 * share:z,.{digits}f} %"


def decimals_for(sd: float, decimals: int) -> int:
    """Return decimals that show the first digit of a deviation: ``decimals``, or up to two more where it would be 0."""
    if round(sd, decimals) > 0 or round(sd, decimals + 2) == 0:
        return decimals
    return -math.floor(math.log10(sd))


def _decimals(text: str) -> int:
    """Return how many decimals a number in a text has."""
    return len(text.partition(".")[2])


def _two_digits(sd: float) -> int:
    """Return the decimals that show two significant digits of a deviation above 0; none from 10 on."""
    return max(0, 1 - int(f"{sd:.1e}".partition("e")[2]))
