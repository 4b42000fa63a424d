"""Networks in the compiled form against the torch form: predictions, trainings, and when it is used."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from replicate import paths
from replicate.evaluation.splits import Split
from replicate.models import cgcnn as network_module
from replicate.models import fused_edges
from replicate.models.cgcnn import CGCNN
from replicate.models.configs import CGCNNConfig
from replicate.models.graph_batch import GraphSet
from replicate.models.stacked import SideBySide
from replicate.training import fit as fit_module
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

numba = pytest.importorskip("numba", reason="numba is not installed")

SMALL = CGCNNConfig(width=16, convolutions=2, hidden=(16,))


def pair(config: CGCNNConfig = SMALL) -> tuple[CGCNN, CGCNN]:
    """Return the same network in the compiled and in the torch form."""
    models = CGCNN(config, seed=0), CGCNN(config, seed=0)
    models[0].compiled = True
    return models


@pytest.mark.parametrize("convolution", ["eq5", "eq4"])
@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_network_says_the_same_in_both_forms(graphs, convolution, training, batch_norm, threads):
    torch.set_num_threads(threads)
    config = replace(SMALL, batch_norm=batch_norm, convolution=convolution)
    ours, theirs = (m.train(training) for m in pair(config))
    batch = graphs[torch.arange(len(graphs))]
    found, expected = ours(batch), theirs(batch)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    found.square().sum().backward()
    expected.square().sum().backward()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        # That of a bias in front of a normalisation is nothing but rounding.
        scale = max(float(other.grad.abs().max()), 1.0)
        torch.testing.assert_close(mine.grad, other.grad, rtol=0, atol=2e-5 * scale)
    for (name, mine), other in zip(ours.state_dict().items(), theirs.state_dict().values(), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-5, atol=1e-5, msg=name)


# Not Adam: the gradient of a bias in front of a normalisation is nothing but rounding, and it would follow that.
SCHEDULE = FitConfig(epochs=4, batch_size=8, optimizer="sgd", learning_rate=1e-2, standardise=True)


def train(graphs: GraphSet, schedule: FitConfig = SCHEDULE, **options: Any) -> Any:
    n = len(graphs)
    rows = np.arange(n)
    split = Split("random", 0, rows[: n - 10], rows[n - 10 : n - 2], rows[n - 2 :])
    config = replace(SMALL, dropout=0.2)
    return fit(config.build([0]), graphs, torch.linspace(-1, 2, n), [split], schedule, seeds=[0], **options)


def test_trainings_have_the_same_losses(graphs: GraphSet, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = train(graphs)
    assert not theirs.model.compiled, "too short to pay"
    monkeypatch.setattr(network_module, "WORTH", 1)
    ours = train(graphs)
    assert ours.model.compiled
    np.testing.assert_allclose(ours.train_loss, theirs.train_loss, rtol=1e-5)
    np.testing.assert_allclose(predict(ours, graphs), predict(theirs, graphs), atol=2e-5)


@pytest.mark.parametrize(
    ("threads", "optimizer", "worth"), [(1, "sgd", 1), (2, "sgd", 1), (1, "adamw", 1), (1, "adamw", 10_000)]
)
def test_same_seed_same_numbers_also_when_interrupted(graphs, threads, optimizer, worth, monkeypatch, tmp_path):
    """In the compiled form, and in torch's where a training is too short to pay."""
    torch.set_num_threads(threads)
    monkeypatch.setattr(network_module, "WORTH", worth)
    monkeypatch.setattr(fit_module, "CHECKPOINT_SECONDS", -1.0)
    monkeypatch.setattr(fit_module, "CHECKPOINT_REST", 0.0)
    schedule = replace(SCHEDULE, optimizer=optimizer)
    whole = train(graphs, schedule)

    def stop(epoch: int, *_: Any) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(graphs, schedule, checkpoint=tmp_path / "one", progress=stop)
    continued = train(graphs, schedule, checkpoint=tmp_path / "one")
    np.testing.assert_array_equal(continued.train_loss, whole.train_loss)
    np.testing.assert_array_equal(predict(continued, graphs), predict(whole, graphs))


def test_only_long_work_is_compiled_for() -> None:
    model, ensemble = CGCNN(SMALL, 0), SideBySide([CGCNN(SMALL, 0), CGCNN(SMALL, 1)])
    model.expect(fused_edges.WORTH - 1)
    assert not model.compiled
    model.expect(fused_edges.WORTH)
    model.expect(1)
    assert model.compiled, "once compiled, always: a training's validation and its test have one form"
    ensemble.expect(fused_edges.WORTH // 2)
    assert all(one.compiled for one in ensemble.networks)


def test_machine_code_lies_in_the_project_s_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from replicate.models import compiled

    monkeypatch.setenv("REPLICATE_CACHE", str(tmp_path))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    double = compiled.compiled(lambda x: 2 * x)
    assert double(4) == 8
    assert list((paths.cache_dir() / "compiled").rglob("*.nbc")) and numba.config.CACHE_DIR == ""


def test_neither_a_full_disk_nor_a_missing_folder_stops_a_training(monkeypatch, tmp_path) -> None:
    from numba.core import caching

    from replicate.models import compiled

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("REPLICATE_CACHE", str(tmp_path))
    monkeypatch.setattr(caching.Cache, "_save_overload", full)
    assert compiled.compiled(lambda x: 5 * x)(4) == 20
    assert not list(tmp_path.rglob("*.nbc"))
    njit = numba.njit

    def refusing(function: Any, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(function, **options)

    monkeypatch.setattr(numba, "njit", refusing)
    assert compiled.compiled(lambda x: 3 * x)(4) == 12
