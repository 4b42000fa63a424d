"""No name becomes a command, a pattern or an option on its way through the rules."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import write_notebook
from running import snakemake

from replicate.errors import ConfigError
from workflow.sources import discover

NAMES = ["paper/a; touch INJECTED; echo b", "my notes", "-x", "it's", "$(touch INJECTED)", "paper/a|b (c+d)", "a.*"]


def planned(checkout: Path, *arguments: str) -> str:
    settings = ("profile=smoke", "device=cpu", *arguments)
    return snakemake("--dry-run", "--printshellcmds", "--cores", "2", "--config", *settings, root=checkout)


def test_odd_names_stay_names(checkout: Path) -> None:
    for name in NAMES:
        write_notebook(checkout, name, "1")
    lines = re.findall(r"\S+ -m workflow page .*", planned(checkout, "--", "pages"))
    assert sorted(shlex.split(line)[-1] for line in lines) == sorted(NAMES)
    assert {shlex.split(line)[-2] for line in lines} == {"--"}
    (checkout / "x.cif").touch()
    (checkout / "--all; touch INJECTED").write_text("x.cif", encoding="utf-8")
    plan = planned(checkout, "structures=--all; touch INJECTED", "--", "screen")
    (shard,) = re.findall(r"\S+ -m workflow.jobs shard .*", plan)
    words = shlex.split(shard)
    assert words[words.index("--") + 2] == "--all; touch INJECTED"


# A page in a folder shows its own records only, so this one needs none.
def test_a_page_with_an_odd_name_is_made(checkout: Path) -> None:
    write_notebook(checkout, NAMES[0], "1")
    command = [sys.executable, "-m", "workflow", "execute", "--profile", "smoke", "--device", "cpu"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checkout / "book" / f"{NAMES[0]}.ipynb").is_file()
    assert not list(checkout.rglob("INJECTED"))


@pytest.mark.parametrize("name", ["a{b}", "a\nb"])
def test_a_name_that_snakemake_cannot_carry_is_refused(name: str, checkout: Path) -> None:
    write_notebook(checkout, name, "1")
    with pytest.raises(ConfigError, match="has no braces and no control characters"):
        discover()
