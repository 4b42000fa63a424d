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


def sets(task: str, scale: float = 1.0) -> tuple[np.ndarray, ...]:
    """Return training, validation and test features and targets of a smooth function of 3 numbers."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (400, 3))
    y = np.sin(3 * x[:, 0]) + x[:, 1] + 0.5 * x[:, 2]
    y = (y > 0).astype(float) if task == "classification" else scale * y + 5
    return x[:250], y[:250], x[250:320], y[250:320], x[320:], y[320:]


@pytest.mark.parametrize(
    ("name", "task"), [(name, task) for name, one in BASELINES.items() for task in one.tasks if name != "mean"]
)
def test_a_learner_beats_the_mean(name: str, task) -> None:
    *given, y_test = sets(task)
    found, plain = (fit_predict_baseline(one, task, *given, settings=SMALL.get(one)) for one in (name, "mean"))
    assert found.shape == y_test.shape and found.dtype == np.float64 and np.ptp(plain) == 0
    if task == "regression":
        assert np.abs(found - y_test).mean() < 0.6 * np.abs(plain - y_test).mean()
    else:
        assert found.min() >= 0 and found.max() <= 1 and ((found > 0.5) == y_test).mean() > 0.8


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


def test_shapes_values_and_labels_that_do_not_fit_are_named() -> None:
    *arrays, _ = sets("classification")
    given = dict(zip(("x_train", "y_train", "x_val", "y_val", "x_test"), arrays, strict=True))
    hole, infinity = given["x_train"].copy(), given["y_train"].copy()
    hole[4, 2], infinity[4] = np.nan, np.inf
    for name, task, change, problem in [
        ("mean", "regression", {"x_train": hole}, r"training features, column 3, are not finite \(row 5\)"),
        ("mean", "regression", {"y_train": infinity}, r"training target is not finite \(row 5"),
        ("mean", "regression", {"x_test": given["x_test"][:, :2]}, "3, 3 and 2 columns"),
        ("mean", "regression", {"y_train": infinity[:9]}, r"training targets must have shape \(250,\)"),
        ("mean", "classification", {"y_val": given["y_val"] + 2}, r"validation target is not 0 or 1 \(row 1, value"),
        ("svc", "classification", {"y_val": given["y_val"] * 0}, "one class only"),
    ]:
        with pytest.raises(DataError, match=problem):
            fit_predict_baseline(name, task, **given | change, settings=SMALL.get(name))
