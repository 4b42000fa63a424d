"""Fig. 4 of Zeng et al. 2019: what the formation-energy network's first hidden layer knows of the elements.

Shape legend: S seeds, M main-group elements, 50 features.
"""

from __future__ import annotations

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances, silhouette_score
from sklearn.preprocessing import StandardScaler

from replicate import data
from replicate.experiments.base import Run
from replicate.experiments.configs import Network
from replicate.experiments.networks import train_network
from replicate.experiments.rows import load_rows
from replicate.experiments.zeng2019.configs import ElementsConfig
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
    return {
        "neighbour_agreement": neighbour_agreement(points, groups),
        "silhouette": float(silhouette_score(points, groups)),
    }


def feature_scores(features: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    """Return :func:`group_scores` of standardised features (M, d)."""
    return group_scores(StandardScaler().fit_transform(features), groups)


def plane(features: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Return the first two principal components of standardised features, (M, d) → (M, 2), and their shares."""
    pca = PCA(n_components=2, random_state=0)
    points = pca.fit_transform(StandardScaler().fit_transform(features))
    return points, pca.explained_variance_ratio_.tolist()


def nearest_other_group(features: np.ndarray, groups: np.ndarray, element: int) -> int:
    """Return the group, other than the element's own, whose mean lies nearest to it, (M, d), (M,)."""
    others = [g for g in np.unique(groups) if g != groups[element]]
    centres = np.stack([features[groups == g].mean(axis=0) for g in others])
    return int(others[np.linalg.norm(centres - features[element], axis=1).argmin()])


def statement_scores(features: np.ndarray) -> dict[str, float]:
    """Return how far two of the paper's statements hold: N, O, S near halogens, In near group 2; (M, d)."""
    symbols = [symbol for symbol, _, _ in main_group_elements()]
    groups = np.array([group for _, _, group in main_group_elements()])
    scaled = StandardScaler().fit_transform(features)
    nonmetals = [nearest_other_group(scaled, groups, symbols.index(s)) == 17 for s in ("N", "O", "S")]
    indium = nearest_other_group(scaled, groups, symbols.index("In")) == 2
    return {
        "nonmetals_near_halogens": float(np.mean(nonmetals)),
        "indium_near_alkaline_earths": float(indium),
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
    network: Network = config.formation.networks[0]
    trained = train_network(run, config.formation, rows, network, "random").model
    assert isinstance(trained, ATCNN)

    elements = main_group_elements()
    groups = np.array([group for _, _, group in elements])
    uses = (rows.compositions.amounts[:, [z - 1 for _, z, _ in elements]] > 0).sum(axis=0)
    features = {"trained": element_features(trained)}
    features["untrained"] = element_features(FORMATION.build(run.seeds))
    if AUTHORS in config.extra_datasets:
        features["authors"] = element_features(load_keras_atcnn(data.locate(AUTHORS), FORMATION))
    draws = np.random.default_rng(0).normal(size=(config.random_draws, len(elements), FORMATION.hidden[0]))
    features["random"] = draws

    for name, sets in features.items():
        if name != "random":
            run.add(f"features-all/{name}", [statement_scores(one) for one in sets], {}, len(elements))
    everyone = np.ones(len(elements), bool)
    named = np.isin(groups, NAMED_GROUPS) & np.array([symbol != "H" for symbol, _, _ in elements])
    for view, chosen in {"all": everyone, "seen": uses > 0, "named": named}.items():
        for name, sets in features.items():
            scores = [feature_scores(one[chosen], groups[chosen]) for one in sets]
            _add(run, f"features-{view}/{name}", scores, int(chosen.sum()))
    for name, sets in features.items():
        scores = [group_scores(plane(one)[0][named], groups[named]) for one in sets]
        _add(run, f"plane-named/{name}", scores, int(named.sum()))

    run.arrays["elements"] = [
        {"symbol": symbol, "group": group, "rows": int(n)}
        for (symbol, _, group), n in zip(elements, uses, strict=True)
    ]
    for name in ("trained", "authors"):
        if name in features:
            run.arrays[f"features/{name}"] = np.round(features[name][0], 4).tolist()
            points, explained = plane(features[name][0])
            run.arrays[f"pca/{name}"] = {"points": np.round(points, 4).tolist(), "explained": explained}


def _add(run: Run, key: str, scores: list[dict[str, float]], elements: int) -> None:
    """Add scores of several networks; those of random draws as their mean, with their spread beside it."""
    if key.endswith("/random"):
        means = {}
        for metric in scores[0]:
            drawn = np.array([one[metric] for one in scores])
            means[metric] = float(drawn.mean())
            run.arrays[f"{key}/{metric}"] = {
                "mean": means[metric],
                "sd": float(drawn.std(ddof=1)),
                "largest": float(drawn.max()),
                "draws": len(drawn),
            }
        scores = [means]
    run.add(key, scores, {}, elements)
