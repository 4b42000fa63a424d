"""Settings of one training run, and the device it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from replicate.errors import ConfigError
from replicate.settings import DEVICES, check_choices, later
from replicate.wording import number_of

if TYPE_CHECKING:
    import torch

# Setting → how it is written in a sentence or a table.
OPTIMISERS = {"adadelta": "Adadelta", "adamw": "AdamW", "sgd": "SGD"}


@dataclass(frozen=True)
class FitConfig:
    """How a network is trained; the same values for every member of an ensemble.

    Args:
        epochs: most passes over the training rows.
        loss: ``mae``, ``mse``, ``rmse`` (root of a batch's mean square) or ``bce`` (logits).
        batch_size: rows per step; the last, smaller batch of an epoch is used too.
        optimizer: ``adadelta`` (the ATCNN authors: lr 1.0, rho 0.95, eps 1e-7), ``adamw`` or ``sgd``
            (momentum 0.9).
        learning_rate: the constant rate, or the peak of the schedule.
        schedule: ``constant``; ``one-cycle`` (rise over 30 % of the steps, cosine fall to zero); ``step``
            (a tenth of the rate for the last fifth of the epochs, as the CGCNN authors had it).
        weight_decay: decoupled for AdamW, L2 for the others.
        patience: epochs without a better validation score after which a member stops; None: never.
        standardise: train on targets scaled by the training rows' mean and standard deviation.
        precision: of the convolutions while training; ``bfloat16`` keeps weights, everything behind the
            convolutions, validation and prediction in float32.
    """

    epochs: int
    loss: Literal["mae", "mse", "rmse", "bce"] = "mae"
    batch_size: int = 128
    optimizer: Literal["adadelta", "adamw", "sgd"] = "adadelta"
    learning_rate: float = 1.0
    schedule: Literal["constant", "one-cycle", "step"] = "constant"
    weight_decay: float = 0.0
    patience: int | None = None
    standardise: bool = False
    precision: Literal["float32", "bfloat16"] = later("float32")

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1:
            raise ConfigError(f"epochs and batch_size must be at least 1, got {self.epochs}, {self.batch_size}")
        check_choices(self)
        if self.learning_rate <= 0 or self.weight_decay < 0:
            raise ConfigError(
                f"learning_rate must be above 0 and weight_decay not below it, "
                f"got {self.learning_rate}, {self.weight_decay}"
            )
        if self.patience is not None and self.patience < 1:
            raise ConfigError(f"patience must be at least 1 epoch or None, got {self.patience}")

    def learning_rate_at(self, step: int, steps: int) -> float:
        """Return the learning rate of ``step`` (from 0) out of ``steps``; a pure function, so runs resume."""
        if self.schedule == "constant":
            return self.learning_rate
        if self.schedule == "step":
            return self.learning_rate * (1.0 if step < 0.8 * steps else 0.1)
        rise = max(1, round(0.3 * steps))
        if step < rise:
            return self.learning_rate * (0.04 + 0.96 * (step + 1) / rise)
        import torch

        phase = torch.tensor(torch.pi * (step - rise + 1) / (steps - rise + 1))
        return self.learning_rate * 0.5 * (1 + float(torch.cos(phase)))

    def make_optimizer(self, parameters: list[torch.nn.Parameter], *, fused: bool = False) -> torch.optim.Optimizer:
        """Return the optimiser; all of them act element by element, so members stay independent.

        Args:
            parameters: of the network.
            fused: one kernel for a whole step of AdamW or SGD, which rounds in another order; the time of a step
                counts where networks are small and many parameters are smaller still.
        """
        import torch

        lr, decay = self.learning_rate, self.weight_decay
        if self.optimizer == "adadelta":
            return torch.optim.Adadelta(parameters, lr=lr, rho=0.95, eps=1e-7, weight_decay=decay)
        if self.optimizer == "adamw":
            return torch.optim.AdamW(parameters, lr=lr, weight_decay=decay, fused=fused or None)
        return torch.optim.SGD(parameters, lr=lr, momentum=0.9, weight_decay=decay, fused=fused or None)


def resolve_device(name: str = "auto") -> torch.device:
    """Return the device called ``auto`` (CUDA where there is one), ``cpu`` or ``cuda``.

    Raises:
        ConfigError: the name is unknown, or CUDA was asked for and is not there.
    """
    import torch

    if name not in DEVICES:
        raise ConfigError(f"device must be auto, cpu or cuda, not {name!r}")
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device cuda was asked for, but torch sees no CUDA device; set the device to cpu or auto")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def device_name(device: torch.device) -> str:
    """Return the processor's or the accelerator's model name for the record."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return f"{names[0] if names else 'CPU'} ({number_of(torch.get_num_threads(), 'thread')})"
