"""A fifth paper takes five things: a file of its numbers, a page, a spec module, a line of contents and a reference."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import PARAMETERS, write_notebook

from replicate import paths

REPLICATE = Path(sys.executable).with_name("replicate")
NUMBERS = """paper:
  id: toy2024
  short: Toy
  chapter: 5
  authors: [Ada Toy]
  title: A toy predicts band gaps
  journal: Toys 1, 1
  year: 2024
  doi: 10.1000/toy
  headline: [toy2024-gap/mae]

experiments:
  toy2024-gap:
    title: Band gaps in one epoch
    page: gaps
    where: Table 1

targets:
  - id: toy2024-gap/mae
    where: Table 1
    quantity: MAE on the test set
    unit: eV
    published: "0.50"
    better: lower
    metric: random/atcnn/mae
"""
SPEC = '''"""The experiment of Toy 2024."""

from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.core import Experiment
from replicate.models.configs import GAP
from replicate.settings import PROFILES
from replicate.training.config import FitConfig

CONFIG = SupervisedConfig(
    dataset="zhuo2018-gap",
    column="band_gap",
    unit="eV",
    task="regression",
    networks=(Network("atcnn", GAP, FitConfig(epochs=1)),),
    baselines=(),
    seeds=2,
    splits=("random",),
    max_rows=100,
)
EXPERIMENTS = (
    Experiment(
        id="toy2024-gap",
        configs=dict.fromkeys(PROFILES, CONFIG),
        function="supervised:run_supervised",
        cost={"quick": "1 s", "full": "1 s"},
    ),
)
'''
PAGE = """from replicate import experiments, report
from replicate.notebook import guard

guard(globals())
record = experiments.run("toy2024-gap", profile, device=device)
report.say(record, "The error is {random/atcnn/mae}; the paper prints {=toy2024-gap/mae}.")

# %%
report.comparison(record)

# %%
report.provenance(record, "toy2024/gaps")
"""
CONTENTS = """  - caption: Toy (2024)
    chapters:
      - file: toy2024/gaps
"""
REFERENCE = "@article{toy2024, author = {Ada Toy}, title = {A toy}, journal = {Toys}, year = {2024}}\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a fifth paper; the files below are all that it adds or changes."""
    root = tmp_path_factory.mktemp("book")
    away = shutil.ignore_patterns("__pycache__", "weights", "*.ipynb_*")
    for folder in ("src", "notebooks", "workflow"):
        shutil.copytree(paths.root() / folder, root / folder, ignore=away)
    (root / "book" / "results").mkdir(parents=True)
    for name in ("_toc.yml", "references.bib"):
        shutil.copy(paths.root() / "book" / name, root / "book")
    package = root / "src" / "replicate"
    (numbers,) = package.rglob("zeng2019.yaml")
    numbers.with_name("toy2024.yaml").write_text(NUMBERS, encoding="utf-8")
    (package / "experiments" / "toy2024.py").write_text(SPEC, encoding="utf-8")
    write_notebook(root, "toy2024/gaps", PAGE, f'{PARAMETERS}\ndevice = "auto"')
    for name, text in (("_toc.yml", CONTENTS), ("references.bib", REFERENCE)):
        with (root / "book" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    return root


def call(root: Path, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": f"{root / 'src'}", "REPLICATE_ROOT": str(root)}
    env["REPLICATE_WORK"] = str(root / ".replicate")
    command = [sys.executable, "-m", *words] if words[0] == "workflow" else [str(REPLICATE), *words[1:]]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_experiment_is_listed_last_of_the_papers(book: Path) -> None:
    listed = json.loads(call(book, "replicate", "list", "--json"))
    assert [row["id"] for row in listed if row["paper"]][-1] == "toy2024-gap"


def test_its_page_and_the_scoreboard_run(book: Path) -> None:
    shown = {}
    for page in ("toy2024/gaps", "scoreboard"):
        call(book, "workflow", "page", page, "--profile", "smoke")
        shown[page] = (book / "book" / f"{page}.ipynb").read_text(encoding="utf-8")
    (record,) = (book / ".replicate" / "records").glob("toy2024-gap-smoke-*.json")
    assert "random/atcnn/mae" in json.loads(record.read_text(encoding="utf-8"))["metrics"]
    assert "the paper prints 0.50 eV" in shown["toy2024/gaps"]
    assert "toy2024/gaps.html#number-mae" in shown["scoreboard"]


def test_its_number_is_on_the_scoreboard(book: Path) -> None:
    (row,) = json.loads(call(book, "replicate", "report", "--paper", "toy2024", "--json"))
    assert (row["experiment"], row["published"], row["verdict"]) == ("toy2024-gap", 0.5, "not run")


def test_its_sources_are_in_order(book: Path) -> None:
    assert call(book, "workflow", "check-sources") == ""
