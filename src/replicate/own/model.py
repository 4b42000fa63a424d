"""A model on a user's data: its errors, its predictions, its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replicate.errors import ConfigError
from replicate.predict import Predictions, is_of_authors, model_names, predictions
from replicate.predict.models import network_of
from replicate.training import store

if TYPE_CHECKING:
    import pandas as pd

UNSAVED = "unsaved"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]*(?:-[A-Za-z0-9_.]+)*(?:/[A-Za-z0-9][A-Za-z0-9_.]*(?:-[A-Za-z0-9_.]+)*)+")


@dataclass(eq=False)
class Model:
    """An ensemble that is ready to predict.

    Args:
        ensemble: the networks; None for those of the papers' authors.
        tests: of a model that was just trained, each member's tests: split, seed, formula, target, predicted.
        name: as it was asked for.
    """

    ensemble: store.Ensemble | None
    tests: pd.DataFrame | None = None
    name: str = UNSAVED

    @property
    def card(self) -> store.EnsembleCard:
        """What the model was trained on, and how; ConfigError for a network of the papers' authors, which has none."""
        return self._stored.card

    @property
    def errors(self) -> pd.DataFrame:
        """Scores on test samples, mean and standard deviation over seeds, by split and model; MAE and RMSE in the unit.

        Empty for a model of an experiment: its page has them.
        """
        import pandas as pd

        frame = pd.DataFrame(self.card.errors)
        return frame.set_index(["split", "model"]) if len(frame) else frame

    @property
    def notes(self) -> list[str]:
        """What a user should know before looking at the errors, such as inputs that were left out."""
        return list(self.card.training.get("notes", ()))

    def predict(self, inputs: Any) -> Predictions:
        """Return a prediction or a reason for each input; inputs as for :func:`replicate.predict.predict`."""
        return predictions(network_of(self.name, self.ensemble), inputs)

    def save(self, name: str) -> Path:
        """Store the model and return its file; :func:`load_model` and ``replicate predict`` take the same name.

        Args:
            name: such as ``mine/gap``, or a path that ends in .safetensors.

        Raises:
            ConfigError: it is no such name, or that of a model of an experiment.
        """
        ensemble = self._stored
        if ensemble.card.profile != store.OWN:
            raise ConfigError(f"{self.name} is a model of an experiment and stored already")
        check_name(name)
        path = Path(name) if name.endswith(store.ENDING) else None
        card = replace(ensemble.card, name=path.stem if path else name)
        self.ensemble, self.name = replace(ensemble, card=card), name
        return store.save_ensemble(ensemble, card, ensemble.reference, path)

    @property
    def _stored(self) -> store.Ensemble:
        if self.ensemble is None:
            raise ConfigError(f"{self.name} is a network of the paper's authors: it can predict, and no more")
        return self.ensemble

    def __repr__(self) -> str:
        if self.ensemble is None:
            return f"Model({self.name!r})"
        training = self.card.training
        known = f", {training['samples']:,} samples" if training else ""
        return f"Model({self.name!r}, {self.card.quantity}, {self.card.unit or 'no unit'}{known})"


def load_model(name: str) -> Model:
    """Return a model by its name in ``replicate predict list``, or by the path of its file.

    ``atcnn/band-gap.smoke`` names what a smoke run left.

    Raises:
        ConfigError: there is none of that name.
        DataError: the file is no model, or one of a later version of this package.
    """
    if is_of_authors(name):
        network_of(name)  # whether it is here
        return Model(None, name=name)
    return Model(store.load_ensemble(store.find_ensemble(name)), name=name)


def check_name(name: str) -> None:
    """Raise ConfigError unless a model may be saved by a name or to a path."""
    if name.endswith(store.ENDING):
        return
    if _NAME.fullmatch(name) is None:
        raise ConfigError(
            f"a model is called like mine/gap, or saved to a file such as gap{store.ENDING}, not {name!r}"
        )
    of_experiment = name in model_names() and (
        is_of_authors(name) or store.read_card(store.find_ensemble(name)).profile != store.OWN
    )
    if of_experiment:
        raise ConfigError(f"{name!r} is a model of an experiment; choose another name")
