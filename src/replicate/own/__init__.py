"""A user's own data: train on them, see the errors, save the model, predict with it."""

from replicate.own.model import Model, load_model
from replicate.own.training import train

__all__ = ["Model", "load_model", "train"]
