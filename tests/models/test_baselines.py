import numpy as np
import pytest

from replicate.errors import ConfigError, DataError
from replicate.models.baselines import BASELINES, fit_predict_baseline

SMALL = {
    "forest": {"n_estimators": 20},
    "extra-trees": {"n_estimators": 20},
    "xgboost": {"n_estimators": 60, "learning_rate": 0.2},
    "svr": {"C": [1.0, 10.0], "gamma": ["scale"]},
    "svc": {"C": [1.0, 10.0], "gamma": ["scale"]},
}
REGRESSORS = [name for name, baseline in BASELINES.items() if "regression" in baseline.tasks]
CLASSIFIERS = [name for name, baseline in BASELINES.items() if "classification" in baseline.tasks]


def sets(task: str, scale: float = 1.0) -> tuple[np.ndarray, ...]:
    """Return training, validation and test features and targets of a smooth function of 3 numbers."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (400, 3))
    y = np.sin(3 * x[:, 0]) + x[:, 1] + 0.5 * x[:, 2]
    y = (y > 0).astype(float) if task == "classification" else scale * y + 5
    return x[:250], y[:250], x[250:320], y[250:320], x[320:], y[320:]


@pytest.mark.parametrize("name", [name for name in REGRESSORS if name != "mean"])
def test_regression_beats_the_mean(name: str) -> None:
    *given, y_test = sets("regression")
    found = fit_predict_baseline(name, "regression", *given, settings=SMALL.get(name))
    plain = fit_predict_baseline("mean", "regression", *given)
    assert found.shape == y_test.shape
    assert found.dtype == np.float64
    assert np.ptp(plain) == 0
    assert np.abs(found - y_test).mean() < 0.6 * np.abs(plain - y_test).mean()


@pytest.mark.parametrize("name", [name for name in CLASSIFIERS if name != "mean"])
def test_classification_gives_probabilities_of_class_one(name: str) -> None:
    *given, y_test = sets("classification")
    found = fit_predict_baseline(name, "classification", *given, settings=SMALL.get(name))
    assert found.min() >= 0
    assert found.max() <= 1
    assert ((found > 0.5) == y_test).mean() > 0.8


def test_nearest_takes_the_row_at_the_smallest_sum_of_differences() -> None:
    train = np.array([[0.0, 0.0], [0.6, 0.6], [1.0, 0.0]])
    found = fit_predict_baseline(
        "nearest", "regression", train, np.array([1.0, 2.0, 3.0]), train, np.ones(3), np.array([[0.0, 0.65]])
    )
    # Euclidean distance would pick the second row.
    assert found.tolist() == [1.0]


@pytest.mark.parametrize("name", list(BASELINES))
def test_same_seed_same_numbers(name: str) -> None:
    task = BASELINES[name].tasks[0]
    *given, _ = sets(task)
    first, again = (fit_predict_baseline(name, task, *given, seed=3, settings=SMALL.get(name)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_validation_rows_choose_from_the_grid() -> None:
    *given, y_test = sets("regression")
    weak, strong, chosen = (
        fit_predict_baseline("svr", "regression", *given, settings={"C": c, "gamma": "scale"})
        for c in (1e-4, 10, [1e-4, 10])
    )
    assert np.abs(strong - y_test).mean() < np.abs(weak - y_test).mean()
    np.testing.assert_array_equal(chosen, strong)


def test_boosting_stops_early() -> None:
    *given, _ = sets("regression")
    early, patient, whole = (
        fit_predict_baseline("xgboost", "regression", *given, settings={"early_stopping_rounds": rounds})
        for rounds in (5, 2000, 2001)
    )
    np.testing.assert_array_equal(patient, whole)
    assert not np.array_equal(early, whole)


def test_support_vectors_do_not_depend_on_the_unit_of_the_target() -> None:
    *given, _ = sets("regression")
    *scaled, _ = sets("regression", scale=1000)
    one = fit_predict_baseline("svr", "regression", *given, settings=SMALL["svr"])
    thousand = fit_predict_baseline("svr", "regression", *scaled, settings=SMALL["svr"])
    np.testing.assert_allclose((thousand - 5) / 1000, one - 5, atol=1e-2)


@pytest.mark.parametrize(
    ("name", "task", "settings", "problem"),
    [
        ("oracle", "regression", None, "no baseline 'oracle'; there are mean"),
        ("svr", "classification", None, "'svr' does regression, not classification"),
        ("forest", "ranking", None, "task must be one of"),
        ("forest", "regression", {"trees": 3}, "no setting trees; it has n_estimators"),
        ("svr", "regression", {"C": []}, "empty"),
    ],
)
def test_unknown_names_are_errors(name: str, task, settings, problem: str) -> None:
    *given, _ = sets("regression")
    with pytest.raises(ConfigError, match=problem):
        fit_predict_baseline(name, task, *given, settings=settings)


@pytest.mark.parametrize("name", ["forest", "xgboost", "svr"])
def test_values_that_are_not_finite_are_named(name: str) -> None:
    x_train, y_train, *rest, _ = sets("regression")
    holed = x_train.copy()
    holed[4, 2] = np.nan
    with pytest.raises(DataError, match=r"training features, column 3, are not finite \(row 5\)"):
        fit_predict_baseline(name, "regression", holed, y_train, *rest)
    holed = y_train.copy()
    holed[4] = np.inf
    with pytest.raises(DataError, match=r"training target is not finite \(row 5"):
        fit_predict_baseline(name, "regression", x_train, holed, *rest)


def test_shapes_and_labels_are_checked() -> None:
    x_train, y_train, x_val, y_val, x_test, _ = sets("classification")
    with pytest.raises(DataError, match="3, 3 and 2 columns"):
        fit_predict_baseline("mean", "classification", x_train, y_train, x_val, y_val, x_test[:, :2])
    with pytest.raises(DataError, match=r"training targets must have shape \(250,\)"):
        fit_predict_baseline("mean", "classification", x_train, y_train[:9], x_val, y_val, x_test)
    with pytest.raises(DataError, match=r"validation target is not 0 or 1 \(row 1, value"):
        fit_predict_baseline("mean", "classification", x_train, y_train, x_val, y_val + 2, x_test)
    with pytest.raises(DataError, match="one class only"):
        fit_predict_baseline("svc", "classification", x_train, y_train, x_val, y_val * 0, x_test, settings=SMALL["svc"])
