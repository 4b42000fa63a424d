"""Notebooks through papermill and Snakemake: what is skipped, what is repeated, what a failure leaves behind."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from replicate.errors import ReplicateError
from workflow import execution, flow
from workflow.sources import Source

BROKEN = "from replicate.errors import DataError\nraise DataError('no gap', row=3)"


def told_by(page: Path) -> str:
    notebook = nbformat.read(page, as_version=4)
    return "".join(output.text for cell in notebook.cells for output in cell.get("outputs", []))


def test_a_notebook_is_given_the_parameters_it_declares(project) -> None:
    project.write("paper/gap", "print(profile)")
    source = Source("paper/gap")
    assert execution.execute(source, {"profile": "smoke", "seeds": 3}) > 0
    assert told_by(source.output) == "smoke\n"
    assert "Executing Cell 1" in (project.root / ".replicate/logs/paper/gap.log").read_text("utf-8")


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_kernel_whose_port_was_taken_is_started_once_more(project, monkeypatch, deaths: int) -> None:
    project.write("paper/gap", "print(profile)")
    source, commands = Source("paper/gap"), []

    class Unlucky(execution._Kernels):
        def format_kernel_cmd(self, extra_arguments=None):
            commands.append(super().format_kernel_cmd(extra_arguments))
            taken = [sys.executable, "-c", "raise OSError('Address already in use')"]
            return taken if len(commands) <= deaths else commands[-1]

    monkeypatch.setattr(execution, "_Kernels", Unlucky)
    if deaths == 1:
        execution.execute(source, {"profile": "smoke"})
        assert told_by(source.output) == "smoke\n"
    else:
        with pytest.raises(execution.PageError, match="Kernel died"):
            execution.execute(source, {"profile": "smoke"})
    assert len(commands) == 2


def test_a_failure_is_told_in_a_line_and_kept_aside(project) -> None:
    project.write("paper/gap", BROKEN)
    source = Source("paper/gap")
    source.output.parent.mkdir(parents=True)
    source.output.write_text("the last good page", encoding="utf-8")
    with pytest.raises(execution.PageError) as told:
        execution.execute(source, {"profile": "smoke"})
    assert "paper/gap FAILED" in str(told.value)
    assert "In [3]" in str(told.value) and "DataError: no gap (row 3)" in str(told.value)
    assert source.output.read_text(encoding="utf-8") == "the last good page"
    assert [path.name for path in source.output.parent.iterdir()] == ["gap.ipynb"]
    half_run = nbformat.read(project.root / ".replicate/failed/paper/gap.ipynb", as_version=4)
    assert any(output.output_type == "error" for cell in half_run.cells for output in cell.get("outputs", []))
    assert "half-run copy: .replicate/failed/paper/gap.ipynb, log: " in str(told.value)


@pytest.fixture
def built(project):
    """A project whose pages Snakemake makes; gives exit status, output, and the pages executed."""

    def build(*names: str, profile: str = "smoke", force: bool = False) -> tuple[int, str, list[str]]:
        command = [sys.executable, "-m", "workflow", "execute", *names, "--device", "cpu"]
        command += ["--profile", profile, *(["--force"] if force else [])]
        done = subprocess.run(command, cwd=project.root, capture_output=True, text=True)
        ran = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("page ")]
        return done.returncode, done.stdout + done.stderr, sorted(ran)

    project.build = build
    return project


def test_pages_are_executed_then_left_then_repeated_on_a_change(built) -> None:
    run = "from replicate import experiments\nfrom replicate.results import records\n"
    run += "print(experiments.run('xie2018-nacl-kcl', profile).describe())\n"
    built.write("xie2018/nacl-kcl", run)
    built.write("paper/gap", "print(profile)")
    status, told, ran = built.build()
    assert (status, ran) == (0, ["paper/gap", "xie2018/nacl-kcl"]), told
    assert told_by(built.root / "book/paper/gap.ipynb") == "smoke\n"
    # The record is made first, by a job of its own, and the page finds it.
    assert told.index("record xie2018-nacl-kcl, smoke profile") < told.index("page xie2018/nacl-kcl")
    (marker,) = (built.root / ".replicate/flow/smoke/records").iterdir()
    (record,) = (built.root / ".replicate/records").iterdir()
    assert json.loads(marker.read_text("utf-8"))["key"] in record.name
    assert built.build()[2] == []

    # A word on a page is no reason to run its experiment again.
    built.write("xie2018/nacl-kcl", f"{run}print('In short')\n")
    _, told, ran = built.build()
    assert ran == ["xie2018/nacl-kcl"] and "record" not in told
    built.write("paper/gap", "print(profile, 2)")
    assert built.build()[2] == ["paper/gap"]
    # A page that someone else wrote is not what its notebook gives, and a new record may be shown anywhere.
    (built.root / "book/paper/gap.ipynb").write_text("{}", encoding="utf-8")
    assert built.build()[2] == ["paper/gap"]
    results = built.root / "book" / "results"
    results.mkdir()
    (results / "paper-gap.json").write_text("{}", encoding="utf-8")
    assert built.build()[2] == ["paper/gap", "xie2018/nacl-kcl"]
    assert built.build("paper/gap", profile="quick")[2] == ["paper/gap"]
    assert built.build("xie2018/nacl-kcl", force=True)[2] == ["xie2018/nacl-kcl"]


def test_a_failure_does_not_stop_the_others_and_is_tried_again(built) -> None:
    built.write("paper/gap", "print('good')")
    assert built.build()[0] == 0
    built.write("paper/gap", BROKEN)
    built.write("paper/metals", "print('metals')")
    for others in (["paper/metals"], []):
        status, told, ran = built.build()
        assert status != 0
        assert ran == others
        assert "paper/gap FAILED" in told and "In [3]" in told and "DataError: no gap (row 3)" in told
        (last,) = [line for line in told.splitlines() if line.startswith("page paper/gap was not made: after")]
        assert "DataError: no gap (row 3)" in last
        assert told_by(built.root / "book/paper/gap.ipynb") == "good\n"
    built.write("paper/gap", "print('mended')")
    assert built.build()[2] == ["paper/gap"]


def test_one_build_at_a_time(project) -> None:
    with flow._alone(), pytest.raises(ReplicateError, match="another build is going on"):
        flow.run([flow.BOOK])
