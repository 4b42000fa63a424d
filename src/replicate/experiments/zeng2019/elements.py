"""Fig. 4 of Zeng et al. 2019: what the formation-energy network's first hidden layer knows of the elements.

Shape legend: S seeds, M main-group elements, 50 features.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances, silhouette_score
from sklearn.preprocessing import StandardScaler

from replicate import data
from replicate.experiments.core import Run
from replicate.experiments.samples import draw, load_rows
from replicate.experiments.train import train
from replicate.experiments.zeng2019.specs import ElementsConfig
from replicate.features.periodic_table import main_group_elements
from replicate.models.atcnn import ATCNN
from replicate.models.configs import FORMATION, SIDE
from replicate.models.keras_weights import load_keras_atcnn

AUTHORS = "atcnn-weights-formation"
# Alkali metals, alkaline earths, halogens and rare gases: what the paper says lies apart. Hydrogen is none of them.
NAMED_GROUPS = (1, 2, 17, 18)


def neighbour_agreement(features: np.ndarray, groups: np.ndarray) -> float:
    """Return the share of elements whose nearest neighbour is of their own group, (M, d), (M,)."""
    distance = pairwise_distances(features)
    np.fill_diagonal(distance, np.inf)
    return float((groups[distance.argmin(axis=1)] == groups).mean())


def group_scores(points: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    """Return neighbour agreement and silhouette of points (M, d) by periodic group (M,)."""
    silhouette = float(silhouette_score(points, groups))
    return {"neighbour_agreement": neighbour_agreement(points, groups), "silhouette": silhouette}


def feature_scores(features: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    """Return :func:`group_scores` of standardised features (M, d)."""
    return group_scores(StandardScaler().fit_transform(features), groups)


def plane(features: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Return the first two principal components of standardised features, (M, d) → (M, 2), and their shares."""
    pca = PCA(n_components=2, random_state=0)
    points = pca.fit_transform(StandardScaler().fit_transform(features))
    return points, pca.explained_variance_ratio_.tolist()


def statement_scores(features: np.ndarray) -> dict[str, float]:
    """Return how far two of the paper's statements hold: N, O, S near halogens, In near group 2; (M, d).

    An element is near the group, other than its own, whose mean lies nearest to it.
    """
    symbols, _, groups = map(np.array, zip(*main_group_elements(), strict=True))
    scaled = StandardScaler().fit_transform(features)

    def near(symbol: str) -> int:
        (element,) = np.flatnonzero(symbols == symbol)
        others = groups != groups[element]
        centres = pd.DataFrame(scaled[others]).groupby(groups[others]).mean()
        return int(centres.index[np.linalg.norm(centres - scaled[element], axis=1).argmin()])

    return {
        "nonmetals_near_halogens": float(np.mean([near(symbol) == 17 for symbol in ("N", "O", "S")])),
        "indium_near_alkaline_earths": float(near("In") == 2),
    }


@torch.no_grad()
def element_features(model: ATCNN) -> np.ndarray:
    """Return the first hidden layer's activations for the pure main-group elements, (S, M, 50)."""
    elements = main_group_elements()
    pure = torch.zeros(len(elements), SIDE * SIDE)
    pure[torch.arange(len(elements)), torch.tensor([z - 1 for _, z, _ in elements])] = 1
    device = next(model.parameters()).device
    shared = pure.reshape(1, -1, SIDE, SIDE).expand(model.members, -1, -1, -1)
    return model.eval().element_features(shared.to(device)).cpu().numpy()


def run_elements(run: Run) -> None:
    """Score trained, untrained and random element features, and keep the arrays of Fig. 4."""
    config: ElementsConfig = run.config
    rows = load_rows(run, config.formation)
    splits = draw(run, rows, config.formation)
    trained = train(run, rows, config.formation.networks[0], splits).result.model
    assert isinstance(trained, ATCNN)
    features = {"trained": element_features(trained), "untrained": element_features(FORMATION.build(run.seeds))}
    if AUTHORS in config.extra_datasets:
        features["authors"] = element_features(load_keras_atcnn(data.locate(AUTHORS), FORMATION))

    elements = pd.DataFrame(main_group_elements(), columns=["symbol", "number", "group"])
    groups = elements["group"].to_numpy()
    elements["rows"] = (rows.compositions.amounts[:, elements["number"] - 1] > 0).sum(axis=0)
    run.arrays["elements"] = elements[["symbol", "group", "rows"]].to_dict("records")
    for name, sets in features.items():
        run.add(f"features-all/{name}", [statement_scores(each) for each in sets], {}, len(elements))
        if name != "untrained":
            points, explained = plane(sets[0])
            run.arrays[f"features/{name}"] = np.round(sets[0], 4).tolist()
            run.arrays[f"pca/{name}"] = {"points": np.round(points, 4).tolist(), "explained": explained}
    draws = (config.random_draws, len(elements), FORMATION.hidden[0])
    features["random"] = np.random.default_rng(0).normal(size=draws)

    named = np.isin(groups, NAMED_GROUPS) & (elements["symbol"] != "H").to_numpy()
    views = {"all": np.ones(len(elements), bool), "seen": (elements["rows"] > 0).to_numpy(), "named": named}
    for name, sets in features.items():
        for view, chosen in views.items():
            scores = [feature_scores(each[chosen], groups[chosen]) for each in sets]
            _file_scores(run, f"features-{view}/{name}", scores, int(chosen.sum()))
        scores = [group_scores(plane(each)[0][named], groups[named]) for each in sets]
        _file_scores(run, f"plane-named/{name}", scores, int(named.sum()))


def _file_scores(run: Run, key: str, scores: list[dict[str, float]], elements: int) -> None:
    """File scores of several networks; those of random draws as their mean, with their spread in an array."""
    for metric in scores[0]:
        values = np.array([each[metric] for each in scores])
        if key.endswith("/random"):
            run.arrays[f"{key}/{metric}"] = {
                "mean": float(values.mean()),
                "sd": float(values.std(ddof=1)),
                "largest": float(values.max()),
                "draws": len(values),
            }
            values = values.mean()
        run.file(f"{key}/{metric}", values, n=elements)
