"""The commands printed on a page: those for a start, and those that make a page, or its full record, again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from replicate import experiments, repository
from replicate.results import records
from replicate.results.records import Record
from replicate.settings import plain

if TYPE_CHECKING:
    from IPython.display import Markdown

CHANGED = "The settings have changed since this record was made: `--refresh` trains with the new ones."
ANEW = "`--refresh` trains from the start, with the settings of the record."
ACTIVATE = "source .venv/bin/activate"
READ = "without it the record is read and nothing is trained"


def rerun(record: Record, notebook: str, parameters: Mapping[str, Any]) -> str:
    """Return, as Markdown, the commands that make a page and the numbers of its full record again.

    Args:
        record: what the page shows as this run; the full record where the data of the run are not here.
        notebook: the page's name, such as ``zeng2019/band-gap``.
        parameters: those the page runs with; empty outside a page: those that the record answers.
    """
    full = records.full_record(record.experiment)
    papermill = f"papermill notebooks/{notebook}.ipynb out.ipynb \\\n "
    lines = [ACTIVATE, "# this page, as it ran here", f"{papermill} {_options(_own(record, parameters), '-p {} {}')}"]
    run = full_run(record.experiment, full)
    if full is None:
        return _block([*lines, "# a full run, which writes the record", run])
    changed = not records.made_with(full, plain(_config(full)))
    lines += ["# its full numbers, trained again", run]
    if not changed:  # otherwise it would find no record, and train
        lines.append("# this page from the full record; nothing is trained")
        lines.append(f"{papermill} {_options(_answered(full), '-p {} {}')}")
    written = f"It deletes the stored networks of earlier runs and overwrites `book/results/{record.experiment}.json`"
    said = f"{CHANGED} {written}." if changed else f"{ANEW} {written}; {READ}."
    return f"{_block(lines)}\n\n{said}"


def full_run(experiment: str, full: Record | None) -> str:
    """Return the command that makes the numbers of an experiment's full record again, or without one makes it."""
    run = f"replicate run {experiment} --profile full"
    if full is None:
        return run
    options = {name: value for name, value in _answered(full).items() if name != "profile"}
    return f"{run} {_options(options, '--{} {}')} --refresh"


def first_commands() -> Markdown:
    """Return the commands to begin with, from a clone of the repository or, where its address is known, with that."""
    from IPython.display import Markdown  # `replicate show` prints commands too, and needs none

    lines = [
        "make book   # environment, notebooks, pages",
        ACTIVATE,
        "papermill notebooks/zeng2019/band-gap.ipynb out.ipynb -p profile full",
        "replicate predict atcnn/critical-temperature MgB2",
    ]
    address = repository.address()
    if address:
        lines = [f"git clone {address}", f"cd {address.rsplit('/', 1)[1].removesuffix('.git')}", *lines]
    block = "\n".join(["```console", *(f"$ {line}" for line in lines), "```"])
    return Markdown(block if address else f"In a clone of this repository:\n\n{block}")


def _config(record: Record) -> Any:
    """Return the settings that a record's experiment has today; a full run on a processor has its own."""
    return experiments.get(record.experiment).config(record.profile, record.environment["device"])


def _answered(record: Record) -> dict[str, Any]:
    """Return the parameters that a record answers exactly."""
    answers: dict[str, Any] = {"profile": record.profile, "device": record.environment["device"]}
    if len(record.seeds) != _config(record).seeds:
        answers["seeds"] = len(record.seeds)
    return answers | ({"change": record.change} if record.change else {})


def _own(record: Record, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a page; ``auto`` becomes the device that was found."""
    own = {name: value for name, value in (parameters or _answered(record)).items() if value}
    if own["profile"] == record.profile:
        own["device"] = record.environment["device"]
    return own


def _options(values: Mapping[str, Any], form: str) -> str:
    return " ".join(form.format(name, shlex.quote(str(value))) for name, value in values.items())


def _block(lines: list[str]) -> str:
    return "\n".join(["```bash", *lines, "```"])
