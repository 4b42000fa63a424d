"""Files that hold a program instead of numbers: refused by name, and the program never runs."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save

from replicate import experiments
from replicate.errors import ConfigError, DataError
from replicate.experiments.core import Run
from replicate.features.crystal_graph import load_graphs
from replicate.models.cgcnn_authors import load_authors
from replicate.models.configs import FORMATION
from replicate.settings import plain
from replicate.training import store
from replicate.training.checkpoint import load_checkpoint

CARD = {
    "name": "atcnn/test", "experiment": "zeng2019-formation", "profile": "full", "quantity": "q", "unit": "eV",
    "model": plain(FORMATION), "elements": [11], "seeds": [0], "key": "k",
}  # fmt: skip


class Program:
    """Touches a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._file),)


def test_a_checkpoint_with_a_program(tmp_path: Path) -> None:
    torch.save({"epoch": 1, "model": Program(tmp_path / "ran")}, tmp_path / "run.pt")
    with pytest.raises(DataError, match="not a readable checkpoint") as caught:
        load_checkpoint(tmp_path / "run.pt")
    assert not (tmp_path / "ran").exists()
    assert "run.pt" in str(caught.value) and "weights_only" not in str(caught.value)
    # The file is what it is said to be: without the check the program does run.
    torch.load(tmp_path / "run.pt", weights_only=False)
    assert (tmp_path / "ran").exists()
    torch.save([1, 2], tmp_path / "run.pt")
    with pytest.raises(DataError, match="not a checkpoint"):
        load_checkpoint(tmp_path / "run.pt")


def test_a_stage_with_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path))
    config = experiments.get("zeng2019-gap").config("smoke")
    run = Run("zeng2019-gap", "smoke", config, [0], torch.device("cpu"))
    run.stage("forest", [1], lambda: {"error": np.zeros(1)})
    (path,) = (tmp_path / "stages").glob("forest-*.npz")
    np.savez(path, error=np.array([Program(tmp_path / "ran")], dtype=object))
    with pytest.raises(DataError, match="not a readable stage"):
        run.stage("forest", [1], lambda: {})
    assert not (tmp_path / "ran").exists()


def test_graphs_with_a_program(tmp_path: Path) -> None:
    for name in ("kinds", "n_atoms", "node_start", "edge_start", "kind", "count", "degree", "neighbour"):
        np.save(tmp_path / f"{name}.npy", np.array([Program(tmp_path / "ran")], dtype=object))
    with pytest.raises(DataError, match="cannot be read"):
        load_graphs(tmp_path)
    assert not (tmp_path / "ran").exists()


def pickled(path: Path) -> None:
    torch.save({"weight": Program(path.parent / "ran")}, path)


def card(**changes: object) -> object:
    """Return a function that writes an ensemble without tensors, whose card has been changed."""

    def write(path: Path) -> None:
        metadata = {"card": json.dumps({**CARD, **changes})}
        path.write_bytes(save({"centre": torch.zeros(1)}, metadata=metadata))

    return write


@pytest.mark.parametrize(
    "write",
    [
        pickled,
        lambda path: path.write_bytes(save({"centre": torch.zeros(1)})),
        lambda path: path.write_bytes(save({"centre": torch.zeros(1)}, metadata={"card": "[]"})),
        lambda path: path.write_bytes(save({"centre": torch.zeros(1)}, metadata={"card": "{"})),
        card(),
        card(model={"class": "os.system"}),
        card(model={"class": "ATCNNConfig", "unknown": 1}),
        card(model="ATCNNConfig"),
        card(unknown=1),
        card(seeds=None),
    ],
    ids=["pickle", "no card", "a list", "half a card", "no weights", "foreign class", "unknown setting", "no settings",
         "unknown field", "no seeds"],
)  # fmt: skip
def test_a_model_that_is_none(write, tmp_path: Path) -> None:
    path = tmp_path / "atcnn--test.full.safetensors"
    write(path)
    with pytest.raises(DataError, match="not a stored ensemble") as caught:
        store.load_ensemble(path)
    assert str(path) in str(caught.value) and not (tmp_path / "ran").exists()


def test_a_model_cut_in_two(tmp_path: Path) -> None:
    shipped = next(store.SHIPPED.glob("atcnn--formation*.safetensors"))
    content = shipped.read_bytes()
    for share in (0.0, 0.001, 0.5, 0.999):
        (tmp_path / shipped.name).write_bytes(content[: int(len(content) * share)])
        with pytest.raises(DataError, match="not a stored ensemble"):
            store.load_ensemble(tmp_path / shipped.name)


@pytest.mark.parametrize("name", ["../atcnn--metal.full", "/etc/passwd", "band-gap\0", "x" * 5000, ""])
def test_a_published_network_is_one_of_the_list(name: str) -> None:
    with pytest.raises(ConfigError, match="no published network"):
        load_authors(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "atcnn/../metal", "metal\0", "x" * 5000, ""])
def test_an_ensemble_is_one_of_the_list(name: str) -> None:
    for find in (store.find_ensemble, store.release):
        with pytest.raises(ConfigError):
            find(name)
