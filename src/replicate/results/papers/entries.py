"""What a paper's file holds: the paper, its experiments, its printed numbers, its statements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

# What a bounded score is called in a metric's last part; closeness is then measured on what it lacks to 1.
SCORES = frozenset(
    ["r", "r2", "auc", "accuracy", "precision", "recall", "f1", "metal_recall", "semiconductor_recall", "lowest_score"]
)

Better = Literal["lower", "higher", "equal"]
Kind = Literal["trained", "recomputed", "cited"]


@dataclass(frozen=True)
class Paper:
    """A paper, the ``short`` name of its method, its ``chapter`` and ``headline`` numbers, the best known first."""

    id: str
    short: str
    chapter: int
    authors: tuple[str, ...]
    title: str
    journal: str
    year: int
    doi: str
    headline: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What an experiment answers, on which page; ``where`` names tables, figures and sections of the paper."""

    id: str
    paper: str
    title: str
    page: str  # its notebook, as in the table of contents
    where: str


@dataclass(frozen=True)
class Target:
    """One number a paper prints.

    Args:
        where: table, figure or section of the paper.
        published: the number, in ``unit`` ("%" where the paper prints percent, "" for none).
        printed: the number as the paper prints it, which is how its decimals are known.
        better: which direction is an improvement; ``equal``: neither, for counts and reported values.
        metric: key in our record, ``<split or group>/<model>/<metric>``, or ``data/<dataset>/rows``.
        scale: our metric times ``scale`` is in ``unit``.
        note: what a reader must know to judge it, such as a contradiction in the paper.
        kind: ``trained``: ours comes from models trained here; ``recomputed``: from counting, from printed values
            or from the authors' weights; ``cited``: the paper quotes it from others.
        cannot_run: why nobody can measure it from public data; empty: it can be.
        other_data: how the data or the definition behind ours differ from the paper's; empty: they do not.
        about: the paper says "about", so that an integer's last zeros are not significant.
        argmin: the number is the best of several settings: the metric that holds the validation error of each, with
            ``*`` in the setting's place; empty: it is not.
        measurements: list and group of repeated measurements, as in the record ``beyond-floor``, whose disagreement
            no model of compositions can go below; empty: computed values, or none repeated.
    """

    id: str
    paper: str
    experiment: str
    where: str
    quantity: str
    published: float
    printed: str
    better: Better
    metric: str
    scale: float
    unit: str = ""
    note: str = ""
    kind: Kind = "trained"
    cannot_run: str = ""
    other_data: str = ""
    about: bool = False
    argmin: str = ""
    measurements: str = ""

    @property
    def ends_at(self) -> float | None:
        """Best value of a score that ends at 1, in the printed unit; None for any other number."""
        return (100.0 if self.unit == "%" else 1.0) if self.metric.rpartition("/")[2] in SCORES else None

    @property
    def half_digit(self) -> float:
        """Half of the last significant digit, the rounding of the value: 0.307 → 0.0005, about 13 000 → 500."""
        number = printed_number(self.printed)
        zeros_count = not self.about or "." in self.printed
        exponent = (number if zeros_count or not number else number.normalize()).as_tuple().exponent
        assert isinstance(exponent, int)  # the pattern of the schema admits no infinities
        return float(Decimal(5).scaleb(exponent - 1))


@dataclass(frozen=True)
class Claim:
    """One statement of a paper without a number of its own; ``metric`` in our record, in words ``quantity``, tests it.

    ``others``: (quantity, metric) of what it is to be compared with.
    """

    id: str
    paper: str
    experiment: str
    where: str
    statement: str
    metric: str
    quantity: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Stated:
    """A number, or a range such as ``25–50``, that a paper, its code or a source states, and that no run can answer."""

    id: str
    paper: str
    where: str
    quantity: str
    printed: str

    @property
    def values(self) -> tuple[float, ...]:
        """The number, or the two ends of the range."""
        return tuple(float(printed_number(part)) for part in self.printed.split("–"))


def printed_number(text: str) -> Decimal:
    """Return a printed number, such as ``13,598`` or ``0.30``, with its decimals."""
    return Decimal(text.replace(",", "").replace(" ", ""))
