"""Layer sizes of the networks, and the published ones by name; nothing here needs torch until a network is built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from replicate.errors import ConfigError
from replicate.features.atom_table import LAST_ELEMENT, atom_table
from replicate.features.elements import N_ELEMENTS
from replicate.features.periodic_table import COLUMNS, PERIODS, Amounts, PeriodicTables, periodic_tables
from replicate.settings import check_choices, check_share, later

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from replicate.features.composition import Compositions
    from replicate.models.atcnn import ATCNN, ElemNet
    from replicate.models.periodic_resnet import PeriodicResNet
    from replicate.models.stacked import StackedModule

SIDE = 10


class _AtomTables:
    """What networks that read atom tables have in common."""

    last_element: ClassVar[int] = LAST_ELEMENT  # no later one has a pixel

    def members_at_once(self, device: torch.device) -> int | None:
        """Return how many members train together on a device; None: all of them."""
        return None

    def inputs(self, compositions: Compositions) -> Tensor:
        """Return what the network reads of N compositions: atom tables (N, 10, 10)."""
        import torch

        return torch.from_numpy(atom_table(compositions))


@dataclass(frozen=True)
class ATCNNConfig(_AtomTables):
    """Layer sizes of one atom-table network; ConfigError for sizes no network can have.

    Args:
        kernels: (channels, size) of each convolution, all same-padded and followed by ReLU.
        hidden: widths of the fully connected hidden layers.
        batch_norm: normalise after every convolution, after the pooling and in the hidden layers.
        dropout: share dropped in the hidden layers.
        momentum: of the running averages that batch normalisation predicts with; 0.99 is Keras' default, and
            lags behind a training of a few hundred steps.
        output: ``linear``; ``relu`` for quantities that cannot be negative; ``logit`` for a classifier.
    """

    kernels: tuple[tuple[int, int], ...]
    hidden: tuple[int, ...]
    batch_norm: bool = False
    dropout: float = 0.0
    output: Literal["linear", "relu", "logit"] = "linear"
    momentum: float = later(0.99)

    def __post_init__(self) -> None:
        if not self.kernels or min(1, *self.hidden, *(n for kernel in self.kernels for n in kernel)) < 1:
            raise ConfigError("a network needs at least one kernel, and every layer at least one channel")
        check_choices(self)
        check_share("dropout", self.dropout)

    @property
    def n_flat(self) -> int:
        """Length of the vector behind the 2 × 2 pooling (Eq. 4)."""
        return self.kernels[-1][0] * (SIDE // 2) ** 2

    def build(self, seeds: Sequence[int]) -> ATCNN:
        """Return an ensemble with one member per seed, Glorot-uniform weights and zero biases."""
        from replicate.models.atcnn import ATCNN

        return ATCNN(self, seeds)


FORMATION = ATCNNConfig(kernels=((8, 3),), hidden=(50, 30))
"""Formation energy: ``ef_model.h5``, 11,691 parameters."""

GAP = ATCNNConfig(kernels=((64, 3), (32, 3)), hidden=(200, 100), output="relu")
"""Band gap: ``eg_model.h5``, 199,505 parameters."""

METAL = ATCNNConfig(kernels=((64, 3), (32, 3)), hidden=(200, 100), output="logit")
"""Metal or insulator: "the structure of the Eg prediction model" with a classifier's output."""

_TC_KERNELS = ((64, 5), (64, 3), (64, 3), (64, 3), (64, 2))

TC = ATCNNConfig(kernels=_TC_KERNELS, hidden=(200, 100), batch_norm=True, dropout=0.2, output="relu")
"""Critical temperature as the paper's text has it (Fig. 1, Methods)."""

TC_REPOSITORY = ATCNNConfig(kernels=_TC_KERNELS, hidden=(200, 100), batch_norm=True, dropout=0.2)
"""Critical temperature as the authors' repository has it: linear output."""


@dataclass(frozen=True)
class ElemNetConfig(_AtomTables):
    """Blocks of equal layers, each block closed by dropout: (layers, width, share dropped)."""

    blocks: tuple[tuple[int, int, float], ...] = (
        (4, 1024, 0.2),
        (3, 512, 0.1),
        (3, 256, 0.3),
        (3, 128, 0.2),
        (2, 64, 0.0),
        (1, 32, 0.0),
    )
    n_in: int = 100

    def __post_init__(self) -> None:
        if not self.blocks or min(min(layers, width) for layers, width, _ in self.blocks) < 1:
            raise ConfigError("a network needs at least one block, and every block one layer and one column")
        for _, _, share in self.blocks:
            check_share("dropout", share)

    def build(self, seeds: Sequence[int]) -> ElemNet:
        """Return an ensemble with one member per seed."""
        from replicate.models.atcnn import ElemNet

        return ElemNet(self, seeds)


Output = Literal["relu", "linear", "logit"]
STAGE_KERNEL = (2, 4)  # of the stages: each takes one period and three columns off the maps
STAGE_STRIDE, STAGE_PADDING = (1, 2), (0, 3)  # of the first stage


@dataclass(frozen=True)
class PeriodicResNetConfig:
    """Layer sizes of one periodic-table network; ConfigError for sizes no network can have.

    Args:
        blocks: residual blocks at the table's full size.
        channels: of these blocks.
        stages: channels behind each (2, 4) convolution; at most six, one per step from 7 periods to 1.
        residual_stages: put a residual block behind each stage's convolution.
        hidden: widths of the fully connected hidden layers.
        output: ``relu`` for critical temperatures; ``linear`` for their logarithm; ``logit`` for a classifier.
        amounts: what the tables hold, ``coefficients`` (the authors' choice) or atomic ``fractions``.
        edge: what the blocks' convolutions see beyond the table's left and right edge: ``zero``, or the other
            edge one period on (``periodic``, J. Phys. Soc. Jpn. 89, 124006 (2020)).
    """

    last_element: ClassVar[int] = N_ELEMENTS

    blocks: int = 20
    channels: int = 10
    stages: tuple[int, ...] = (20, 30, 40, 50, 60, 70)
    residual_stages: bool = True
    hidden: tuple[int, ...] = (100, 100)
    output: Output = "relu"
    amounts: Amounts = "coefficients"
    edge: Literal["zero", "periodic"] = "zero"

    def __post_init__(self) -> None:
        if self.blocks < 0 or min(self.channels, *self.stages, *self.hidden) < 1:
            raise ConfigError("blocks cannot be negative, and every layer needs at least one channel")
        if not 1 <= len(self.stages) < PERIODS:
            raise ConfigError(f"a table of {PERIODS} periods takes 1 to {PERIODS - 1} stages, not {len(self.stages)}")
        check_choices(self)
        if self.edge == "periodic" and not self.blocks:
            raise ConfigError("a periodic edge needs blocks: no other layer looks beyond the table's edge")

    @property
    def n_flat(self) -> int:
        """Length of the vector behind the last stage; 70 × 1 × 3 for the published network."""
        width = (COLUMNS + 2 * STAGE_PADDING[1] - STAGE_KERNEL[1]) // STAGE_STRIDE[1] + 1
        n = len(self.stages)
        return self.stages[-1] * (PERIODS - n) * (width - (STAGE_KERNEL[1] - 1) * (n - 1))

    def build(self, seeds: Sequence[int]) -> PeriodicResNet:
        """Return an ensemble with one member per seed, initial values drawn as torch does by default."""
        from replicate.models.periodic_resnet import PeriodicResNet

        return PeriodicResNet(self, seeds)

    def members_at_once(self, device: torch.device) -> int:
        """Return how many members train together: a processor is full with one, a GPU holds dozens."""
        return 1 if device.type == "cpu" else 26

    def inputs(self, compositions: Compositions) -> PeriodicTables:
        """Return what the network reads of N compositions: tables (N, 4, 7, 32)."""
        return periodic_tables(compositions, self.amounts)


DEEP = PeriodicResNetConfig()
"""The released network: 59 convolutions and 3 linear layers, 410,781 parameters."""

SHALLOW = PeriodicResNetConfig(blocks=0, residual_stages=False)
"""The paper's 10-layer network (Sec. VI), not released; here the deep one without its residual blocks."""


GAUSSIANS, GAUSSIAN_STEP = 41, 0.2  # Å; how far apart they stand, from 0 Å on, and how wide they are
FARTHEST = 9.0  # Å; every Gaussian is zero there, as for the released code's padding


@dataclass(frozen=True)
class CGCNNConfig:
    """Layer sizes of one crystal graph network.

    Args:
        convolution: ``eq5`` (gated, residual) or ``eq4`` (shared weights).
        atom_features: ``released`` (92 columns) or properties of Table II.
        bond: ``gaussian`` (the code: 41 of width 0.2 Å between 0 and 8 Å) or ``one-hot`` (Table III: 10
            equal intervals between 0.7 and 5.2 Å).
        width: F.
        convolutions: R.
        hidden: widths of the layers behind the pooling (L2), or before it for ``site`` pooling (L1).
        pooling: ``mean`` (Eq. S16), ``softmax`` over all convolutions (Eqs. S11-S13) or ``site``: a mean of
            one scalar per site (Eqs. S14-S15).
        batch_norm: as in the released code; the paper does not mention it.
        dropout: share dropped behind the first hidden layer.
        output: ``linear``, or ``logit`` for a classifier.
        resolution: Å; Gaussians are read from a table this fine. None: computed for every edge.
    """

    convolution: Literal["eq5", "eq4"] = "eq5"
    atom_features: str | tuple[str, ...] = "released"
    bond: Literal["gaussian", "one-hot"] = "gaussian"
    width: int = 64
    convolutions: int = 4
    hidden: tuple[int, ...] = (32,)
    pooling: Literal["mean", "softmax", "site"] = "mean"
    batch_norm: bool = True
    dropout: float = 0.0
    output: Literal["linear", "logit"] = "linear"
    resolution: float | None = 0.005

    def __post_init__(self) -> None:
        if self.convolutions < 1 or self.width < 1 or not self.hidden:
            raise ConfigError("a network needs at least one convolution, one feature and one hidden layer")
        check_choices(self)
        check_share("dropout", self.dropout)

    def build(self, seeds: Sequence[int]) -> StackedModule:
        """Return a network for one seed, or for more an ensemble of networks trained one after the other."""
        from replicate.models.cgcnn import CGCNN
        from replicate.models.stacked import SideBySide

        networks = [CGCNN(self, int(seed)) for seed in seeds]
        return networks[0] if len(networks) == 1 else SideBySide(networks)
