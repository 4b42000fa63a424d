"""Seed groups: trained in processes of their own, gathered by the record's job without training."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from replicate import experiments
from replicate.errors import ConfigError
from replicate.experiments.groups import by_seed, group_count, parse_group, seeds_of_group, train_group
from replicate.training import fit

SEEDS = 3


def test_groups_in_other_processes_give_the_record_of_one_run(tmp_path: Path, monkeypatch) -> None:
    name = "xie2018-elastic"  # trains some of its networks with the first seeds only

    def work_in(folder: str) -> None:
        monkeypatch.setenv("REPLICATE_WORK", str(tmp_path / folder))

    work_in("groups")
    command = [str(Path(sys.executable).with_name("replicate")), "run", name, "--profile", "smoke"]
    command += ["--seeds", str(SEEDS), "--device", "cpu"]
    processes = [
        subprocess.run([*command, "--group", f"{i}/2"], capture_output=True, text=True, env=os.environ) for i in (1, 2)
    ]
    assert [process.returncode for process in processes] == [0, 0], processes
    assert "group 1/2: seeds 0, 1" in processes[0].stdout and "group 2/2: seeds 2" in processes[1].stdout
    with monkeypatch.context() as patch:
        patch.setattr(fit._Run, "one_epoch", lambda _: pytest.fail("the record's job trains"))
        gathered = experiments.run(name, "smoke", seeds=SEEDS, device="cpu")
    work_in("one")
    alone = experiments.run(name, "smoke", seeds=SEEDS, device="cpu")
    assert gathered.metrics == alone.metrics
    assert gathered.splits == alone.splits and gathered.key == alone.key
    # A group after the record has nothing left to do.
    work_in("groups")
    assert train_group(name, "smoke", 1, 2, seeds=SEEDS, device="cpu") == []


def test_only_networks_trained_seed_by_seed_are_dealt_out() -> None:
    crystals = experiments.get("xie2018-hyperparameters").config("full")
    stacked = experiments.get("zeng2019-gap").config("full")
    assert by_seed(crystals) and not by_seed(stacked)
    assert group_count(stacked, 4) == 1
    assert group_count(crystals) == crystals.seeds and group_count(crystals, 2) == 2
    assert group_count(crystals, 1000) == crystals.seeds
    with pytest.raises(ConfigError, match="trains all its seeds at once"):
        seeds_of_group("zeng2019-gap", stacked, [0, 1, 2], 1, 2)


def test_groups_hold_every_seed_once() -> None:
    config = experiments.get("xie2018-hyperparameters").config("full")
    seeds = list(range(7))
    for groups in (1, 2, 3, 7):
        dealt = [seeds_of_group("x", config, seeds, i, groups) for i in range(1, groups + 1)]
        assert [seed for group in dealt for seed in group] == seeds
        assert max(map(len, dealt)) - min(map(len, dealt)) <= 1
    for wrong in ((0, 3), (4, 3), (8, 8)):
        with pytest.raises(ConfigError, match="seed group"):
            seeds_of_group("x", config, seeds, *wrong)


@pytest.mark.parametrize("wrong", ["2", "2/", "two of five", "-1/2"])
def test_how_a_group_is_written(wrong: str) -> None:
    assert parse_group("2/5") == (2, 5)
    with pytest.raises(ConfigError, match="written i/n"):
        parse_group(wrong)


def test_experiments_that_share_networks_name_ones_that_exist_and_come_before() -> None:
    before: set[str] = set()
    for experiment in experiments.all_experiments():
        assert set(experiment.after) <= before
        before.add(experiment.id)
