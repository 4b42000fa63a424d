"""The fit loop: what it promises about members, resuming, selection and bad numbers."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from rounding import ROUNDING

from replicate.errors import ConfigError, DataError, TrainingError
from replicate.evaluation.splits import Split, make_split
from replicate.models.configs import FORMATION, TC, ATCNNConfig, ElemNetConfig
from replicate.training import fit as fit_module
from replicate.training.checkpoint import load_checkpoint
from replicate.training.config import FitConfig, resolve_device
from replicate.training.fit import FitResult, fit, predict

SMALL_TC = replace(TC, kernels=((4, 5), (4, 2)), hidden=(8,))
MODELS = {
    "plain": FORMATION,
    "batch norm and dropout": SMALL_TC,
    "elemnet": ElemNetConfig(blocks=((2, 16, 0.2),)),
}
ONE_CYCLE = FitConfig(epochs=4, optimizer="adamw", learning_rate=3e-3, schedule="one-cycle")

# Adam turns the rounding of a gradient that is zero (a bias in front of batch norm) into full steps.
SGD = FitConfig(epochs=3, optimizer="sgd", learning_rate=0.01)


@pytest.fixture(scope="module")
def toy() -> tuple[torch.Tensor, torch.Tensor]:
    """Return 120 sparse tables and a target that depends on two pixels."""
    generator = torch.Generator().manual_seed(3)
    x = torch.rand(120, 10, 10, generator=generator) * (torch.rand(120, 10, 10, generator=generator) < 0.05)
    return x, 1 + 3 * x[:, 2, 3] - 2 * x[:, 5, 5] + x.sum((1, 2)) / 4


def splits(n: int, seeds: list[int]) -> list[Split]:
    return [make_split(np.arange(n), kind="random", seed=s, validation=0.2) for s in seeds]


def train(
    model: ATCNNConfig | ElemNetConfig,
    toy: tuple[torch.Tensor, torch.Tensor],
    config: FitConfig,
    seeds: list[int],
    **options: object,
) -> FitResult:
    x, y = toy
    return fit(model.build(seeds), x, y, splits(len(y), seeds), config, seeds=seeds, **options)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("config", [FitConfig(epochs=3), SGD], ids=["adadelta", "sgd"])
def test_members_do_not_depend_on_their_company(model, config, toy):
    together = train(model, toy, config, [4, 7, 9])
    alone = train(model, toy, config, [7])
    np.testing.assert_allclose(predict(together, toy[0])[1], predict(alone, toy[0])[0], rtol=2e-4, atol=2e-5)


class Interrupted(Exception):
    """Stands for a killed process."""


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(
    "config",
    [FitConfig(epochs=7, patience=2), replace(ONE_CYCLE, epochs=7), replace(SGD, epochs=7, schedule="step")],
    ids=["adadelta", "one-cycle", "step"],
)
def test_an_interrupted_run_ends_with_the_same_numbers(model, config, toy, tmp_path, monkeypatch):
    monkeypatch.setattr(fit_module, "CHECKPOINT_SECONDS", -1.0)
    monkeypatch.setattr(fit_module, "CHECKPOINT_REST", 0.0)
    uninterrupted = train(model, toy, config, [0, 5])

    def stop(epoch: int, epochs: int, score: float) -> None:
        if epoch == 4:
            raise Interrupted

    file = tmp_path / "run.pt"
    with pytest.raises(Interrupted):
        train(model, toy, config, [0, 5], checkpoint=file, progress=stop)
    assert load_checkpoint(file)["epoch"] == 3
    resumed = train(model, toy, config, [0, 5], checkpoint=file)
    np.testing.assert_array_equal(predict(resumed, toy[0]), predict(uninterrupted, toy[0]))
    np.testing.assert_array_equal(resumed.validation_score, uninterrupted.validation_score)
    np.testing.assert_array_equal(resumed.best_epoch, uninterrupted.best_epoch)


def test_a_finished_checkpoint_is_not_trained_again_nor_by_other_seeds(toy, tmp_path):
    file, called = tmp_path / "run.pt", []
    first = train(FORMATION, toy, ONE_CYCLE, [0], checkpoint=file)
    again = train(FORMATION, toy, ONE_CYCLE, [0], checkpoint=file, progress=lambda *a: called.append(a))
    assert not called
    np.testing.assert_array_equal(predict(first, toy[0]), predict(again, toy[0]))
    with pytest.raises(ConfigError, match=r"seeds \[0\], this run has \[1\]"):
        train(FORMATION, toy, ONE_CYCLE, [1], checkpoint=file)
    file.write_bytes(b"not a checkpoint")
    with pytest.raises(DataError, match="run.pt"):
        train(FORMATION, toy, ONE_CYCLE, [0], checkpoint=file)


def test_weights_are_those_of_the_best_validation_epoch(toy):
    result = train(FORMATION, toy, FitConfig(epochs=12, learning_rate=3.0), [0, 1, 2])
    x, y = toy
    for member, split in enumerate(splits(len(y), [0, 1, 2])):
        error = np.abs(predict(result, x)[member, split.validation] - y.numpy()[split.validation]).mean()
        assert error == pytest.approx(result.validation_score[:, member].min(), rel=1e-4)
        assert result.best_epoch[member] == 1 + result.validation_score[:, member].argmin()


def test_patience_ends_the_run_early_and_keeps_the_weights_of_who_has_stopped(toy):
    config = FitConfig(epochs=60, patience=2, learning_rate=3.0)
    together = train(FORMATION, toy, config, [0, 1, 2, 3])
    assert len(together.train_loss) == together.best_epoch.max() + 2 < 60
    for member, seed in enumerate([0, 1, 2, 3]):
        assert train(FORMATION, toy, config, [seed]).best_epoch[0] == together.best_epoch[member]


def test_test_rows_and_their_targets_are_never_used(toy):
    x, y = toy
    split = splits(len(y), [0])
    poisoned_x, poisoned_y = x.clone(), y.clone()
    poisoned_x[split[0].test], poisoned_y[split[0].test] = torch.nan, torch.nan
    clean = fit(FORMATION.build([0]), x, y, split, ONE_CYCLE, seeds=[0])
    poisoned = fit(FORMATION.build([0]), poisoned_x, poisoned_y, split, ONE_CYCLE, seeds=[0])
    np.testing.assert_array_equal(predict(clean, x), predict(poisoned, x))


def test_targets_are_standardised_on_training_rows_only(toy):
    x, y = toy
    split = splits(len(y), [0])
    result = fit(FORMATION.build([0]), x, y, split, replace(ONE_CYCLE, standardise=True), seeds=[0])
    assert result.centre.item() == pytest.approx(y[split[0].train].mean().item(), rel=ROUNDING)
    assert result.scale.item() == pytest.approx(y[split[0].train].std().item(), rel=ROUNDING)


def test_a_loss_that_is_not_a_number_names_epoch_batch_and_seed(toy):
    x, y = toy
    split = splits(len(y), [0, 1])
    bad = y.clone()
    only_second = np.setdiff1d(split[1].train, np.concatenate([split[0].train, split[0].validation]))
    bad[only_second[0]] = torch.nan
    with pytest.raises(TrainingError, match=r"nan in epoch 1, batch \d+ of \d+, seed 1"):
        fit(FORMATION.build([0, 1]), x, bad, split, replace(ONE_CYCLE, batch_size=16), seeds=[0, 1])


def test_members_with_sets_of_different_size_are_refused(toy):
    x, y = toy
    uneven = [*splits(100, [0]), *splits(120, [1])]
    with pytest.raises(ConfigError, match="equal size"):
        fit(FORMATION.build([0, 1]), x, y, uneven, ONE_CYCLE, seeds=[0, 1])


@pytest.mark.parametrize("loss", ["mae", "mse", "rmse"])
def test_ten_samples_can_be_learned_by_heart(loss):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(12, 10, 10, generator=generator)
    y = torch.rand(12, generator=generator) * 4 + 1
    rows = np.arange(10)
    split = Split("random", 0, rows, rows, np.array([10, 11]))
    config = FitConfig(epochs=400, loss=loss, batch_size=10, optimizer="adamw", learning_rate=3e-3)
    result = fit(FORMATION.build([0]), x, y, [split], config, seeds=[0])
    assert result.validation_score.min() < 0.05


def test_a_classifier_learns_a_separable_label():
    generator = torch.Generator().manual_seed(0)
    x = torch.zeros(200, 10, 10)
    x[:, [0, 9], [0, 9]] = torch.rand(200, 2, generator=generator)
    y = (x[:, 0, 0] > x[:, 9, 9]).float()
    model = replace(FORMATION, output="logit")
    config = FitConfig(epochs=60, loss="bce", batch_size=32, optimizer="adamw", learning_rate=1e-2)
    result = fit(model.build([0]), x, y, splits(200, [0]), config, seeds=[0])
    correct = (predict(result, x)[0] > 0) == y.bool().numpy()
    assert correct.mean() > 0.9


@pytest.mark.parametrize("steps", [7, 100])
def test_one_cycle_rises_and_falls(steps):
    rates = [ONE_CYCLE.learning_rate_at(step, steps) for step in range(steps)]
    peak = int(np.argmax(rates))
    assert rates[peak] == pytest.approx(ONE_CYCLE.learning_rate, rel=0.05)
    assert all(np.diff(rates[: peak + 1]) > 0) and all(np.diff(rates[peak:]) < 0)
    assert 0 < rates[-1] < 0.1 * max(rates)


def test_the_fit_loop_follows_the_step_schedule(toy, monkeypatch):
    used = []
    step = torch.optim.SGD.step
    monkeypatch.setattr(torch.optim.SGD, "step", lambda self: (used.append(self.param_groups[0]["lr"]), step(self))[1])
    config = FitConfig(epochs=5, batch_size=38, optimizer="sgd", learning_rate=0.01, schedule="step")
    train(FORMATION, toy, config, [0])
    batches = -(-len(splits(120, [0])[0].train) // 38)
    assert used == pytest.approx([0.01] * 4 * batches + [0.001] * batches)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"epochs": 0}, "at least 1"),
        ({"patience": 0}, "patience"),
        *(({name: "other"}, f"{name} must be one of") for name in ("loss", "optimizer", "schedule", "precision")),
    ],
)
def test_settings_that_make_no_sense_are_refused(options, problem):
    with pytest.raises(ConfigError, match=problem):
        FitConfig(**{"epochs": 1} | options)


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match="auto, cpu or cuda"):
        resolve_device("gpu")
    if not torch.cuda.is_available():
        with pytest.raises(ConfigError, match="no CUDA device"):
            resolve_device("cuda")


def test_half_precision_trains_to_the_same_quality_and_predicts_in_full(toy):
    config = FitConfig(epochs=12, optimizer="adamw", learning_rate=3e-3, schedule="one-cycle")
    whole = train(SMALL_TC, toy, config, [1, 2])
    half = train(SMALL_TC, toy, replace(config, precision="bfloat16"), [1, 2])
    assert all(p.dtype == torch.float32 for p in half.model.parameters())
    assert half.validation_score[-1] == pytest.approx(whole.validation_score[-1], rel=0.25)
    assert not np.array_equal(half.train_loss, whole.train_loss), "the convolutions did run in half precision"
    fine = predict(half, toy[0])
    assert len(np.unique(fine)) > len(np.unique(torch.from_numpy(fine).bfloat16().float().numpy()))


@pytest.mark.parametrize("model", ["plain", "elemnet"])
@pytest.mark.parametrize("standardise", [True, False])
def test_a_start_that_nothing_improves_comes_back_as_it_was(model, standardise, toy):
    x, y = toy
    first = train(MODELS[model], toy, replace(ONE_CYCLE, standardise=standardise), [0, 1])
    expected = predict(first, x)
    still = FitConfig(epochs=2, optimizer="sgd", learning_rate=1e-30, standardise=True)
    # Targets far from those it was trained with: neither scaling nor output bias may follow them.
    again = fit(first.model, x, y + 50, splits(len(y), [5, 6]), still, seeds=[5, 6], start=(first.centre, first.scale))
    np.testing.assert_array_equal(predict(again, x), expected)
    assert again.best_epoch.tolist() == [0, 0]


def test_a_start_is_improved_on_other_targets(toy):
    x, y = toy
    first = train(FORMATION, toy, ONE_CYCLE, [0, 1])
    scaling = (first.centre, first.scale)
    before = np.abs(predict(first, x) - (y + 1).numpy()).mean()
    again = fit(first.model, x, y + 1, splits(len(y), [0, 1]), ONE_CYCLE, seeds=[0, 1], start=scaling)
    assert np.abs(predict(again, x) - (y + 1).numpy()).mean() < before
    assert again.best_epoch.min() >= 1
