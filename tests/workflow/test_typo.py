"""A sentence that is mended on a page trains nothing again: its page is due, and nothing else."""

import os
import re
import shutil
from pathlib import Path

import nbformat
from checkout import ROOT
from running import snakemake

from replicate import experiments
from replicate.experiments.runs import _address
from replicate.package_digest import package_digest, page_digest
from workflow import flow
from workflow.plan import make_plan
from workflow.sources import Source, discover

PAGE = "zeng2019/band-gap"
SAID = r"(say\(\s*\w+,\s*\")"  # where a sentence with numbers begins


def write(path: Path, time: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    os.utime(path, (time, time))


def finished_book(root: Path) -> None:
    """Leave what a finished run of all rules leaves: first data and graphs, then records, then pages."""
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    work = root / ".replicate" / "flow"
    for path in (root / "notebooks").rglob("*.ipynb"):
        os.utime(path, (1000, 1000))
    for name, needs in make_plan("smoke", "cpu").needs.items():
        for folder, names in (("data", needs.data), ("graphs", needs.graphs)):
            for dataset in names:
                write(work / folder / f"{dataset}.json", 1001 + (folder == "graphs"))
        write(work / "smoke" / "records" / f"{name}.json", 1003)
    for source in discover():
        write(source.output, 1004)
        marker = root / flow.page_marker(source.name, "smoke")
        flow.mark(source.output, marker)
        os.utime(marker, (1005, 1005))


def pages_due(root: Path) -> list[str]:
    """Return the pages of a dry run, which has no other jobs."""
    told = snakemake("--cores", "1", "--config", "profile=smoke", "device=cpu", "--dry-run", "--", "pages", root=root)
    assert {*re.findall(r"rule (\w+):", told)} <= {"page", "pages"}, told
    return re.findall(r"output: \S*/pages/(\S+)\.json", told)


def state() -> list[object]:
    """Return the digests of the package, and the keys of an experiment's records."""
    gap = experiments.get("zeng2019-gap")
    keys = [_address(gap, profile, config, [0], "")[0] for profile, config in gap.configs.items()]
    return [package_digest.__wrapped__(), page_digest.__wrapped__(), *keys]


def test_a_typo_on_a_page_retrains_nothing(checkout: Path) -> None:
    finished_book(checkout)
    assert pages_due(checkout) == []
    before = state()
    page = Source(PAGE)
    notebook = nbformat.read(page.path, as_version=4)
    conclusion = next(cell for cell in notebook.cells if re.search(SAID, cell.source))
    conclusion.source = re.sub(SAID, r"\1In short: ", conclusion.source)
    limits = next(cell for cell in notebook.cells if "## Limits" in cell.source)
    limits.source += "\n\nOne more limit."
    nbformat.write(notebook, page.path)
    assert pages_due(checkout) == [PAGE]
    assert state() == before
