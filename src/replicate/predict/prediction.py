"""What a prediction consists of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from replicate.features.reading import Read

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Prediction:
    """One predicted value.

    Args:
        input: formula or file as given; a member of an archive as ``archive::member``.
        value: None where the input could not be used; ``warnings`` then says why.
        spread: standard deviation over members, None for a single network.
        unit: of both.
        warnings: what a user should know before trusting the value.
        read: the compound that the value is of, None where there is no value.
        model: name of the model.
        nearest: the nearest composition that the model was trained with; None where none shares an element.
        distance: share of atoms to exchange to get there, 0 to 1; None where a model does not know its training data.
        expected_error: mean absolute error of test compounds about as far from their training data, in ``unit``.
        low, high: around the value, with an error that nine of ten of those test compounds stay below; None for
            probabilities, and where the distance is not known or fewer than nine compounds tell such an error.
    """

    input: str
    value: float | None
    spread: float | None
    unit: str
    warnings: tuple[str, ...]
    read: Read | None = None
    model: str = ""
    nearest: str | None = None
    distance: float | None = None
    expected_error: float | None = None
    low: float | None = None
    high: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the prediction as JSON values; ``read`` of a formula holds the formula, and what was assumed."""
        row = asdict(self) | {"warnings": list(self.warnings)}
        if self.read is not None:
            row["read"]["assumed"] = list(self.read.assumed)
            if self.read.sites is None:
                row["read"] = {key: row["read"][key] for key in ("formula", "assumed") if row["read"][key]}
        return row

    def to_row(self) -> dict[str, Any]:
        """Return the prediction as one row of a table; texts are joined by semicolons."""
        read = self.read or Read("")
        return {
            "input": self.input,
            "value": self.value,
            "spread": self.spread,
            "unit": self.unit,
            "nearest": self.nearest or "",
            "distance": self.distance,
            "expected_error": self.expected_error,
            "low": self.low,
            "high": self.high,
            "formula": read.formula,
            "sites": read.sites,
            "space_group": read.space_group or "",
            "assumed": "; ".join(read.assumed),
            "warnings": "; ".join(self.warnings),
            "model": self.model,
        }


def mean_and_spread(values: np.ndarray) -> list[tuple[float, float | None]]:
    """Return of (S, n) values of members each input's mean and standard deviation, None for a single network."""
    means = values.mean(axis=0).tolist()
    spreads = values.std(axis=0, ddof=1).tolist() if len(values) > 1 else [None] * len(means)
    return list(zip(means, spreads, strict=True))


COLUMNS = tuple(Prediction("", None, None, "", ()).to_row())


class Predictions(list[Prediction]):
    """Predictions in the order of the inputs."""

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row per prediction, and its parts as columns."""
        import pandas as pd

        frame = pd.DataFrame([one.to_row() for one in self], columns=list(COLUMNS))
        numbers = ("value", "spread", "distance", "expected_error", "low", "high")
        return frame.astype({**dict.fromkeys(numbers, float), "sites": "Int64"})
