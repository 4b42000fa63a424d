"""Settings and records stay what they are: the keys of every profile, and of every committed record, are frozen.

A key that changes makes a committed record unreachable; whoever changes one on purpose migrates the record with it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replicate import experiments, paths
from replicate.errors import ConfigError
from replicate.experiments.configs import Network, profiles
from replicate.settings import content_key
from replicate.training.config import FitConfig

FROZEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
TEST_SHARE = 2720 / 13598


def exact(value):
    """Return settings from a record's JSON at the precision they were hashed with; JSON keeps seven digits."""
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    return TEST_SHARE if value == float(f"{TEST_SHARE:.7g}") else value


@pytest.mark.parametrize("path", sorted(paths.results_dir().glob("*.json")), ids=lambda path: path.stem)
def test_a_committed_records_key_follows_from_what_it_says(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    digests = [[data["name"], data["digest"]] for data in record["data"]]
    key = content_key(record["experiment"], exact(record["config"]), record["seeds"], digests, "")
    assert record["key"] == key


def test_a_list_holds_the_values_of_full_and_short_runs():
    inner = profiles(FitConfig, epochs=[4, 3, 2, 1])
    outer = profiles(Network, name="a", model=None, fit=inner, splits=[("random",), ("system",), ()])
    assert [network.fit.epochs for network in outer] == [4, 3, 2, 1]
    assert [network.splits for network in outer] == [("random",), ("random",), ("system",), ()]
    assert [config.epochs for config in inner.replace(epochs=[9, 8])] == [9, 9, 8, 8]
    with pytest.raises(ConfigError, match="epochs"):
        profiles(FitConfig, epochs=[1, 2, 3, 4, 5])


def test_the_keys_of_all_settings_are_frozen():
    keys = {
        experiment.id: {
            profile: content_key(config)
            for profile, config in {**experiment.configs, "on_cpu": experiment.on_cpu}.items()
            if config is not None
        }
        for experiment in experiments.all_experiments()
    }
    assert keys == FROZEN
