"""The ``replicate`` command: list, settings, run, report, show, train, predict, data."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from replicate import __version__, processes
from replicate.console import AsJson, print_rows
from replicate.errors import ConfigError, ReplicateError, exit_on_error, one_line
from replicate.own import cli as own_cli
from replicate.predict import cli as predict_cli
from replicate.report import cli as report_cli
from replicate.report.cli import Device, Paper, Profile

# What a command works with is imported by the command, so that help and lists come at once.
app = typer.Typer(
    help="Re-run four papers on machine-learned materials properties, number by number.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="Where the data are, and fetching what is missing.", no_args_is_help=True)
app.add_typer(data_app, name="data")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"replicate {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


Seeds = Annotated[int, typer.Option(help="Number of seeds; 0: the profile's own.")]


def _for_each(names: Sequence[str], work: Callable[[str], None]) -> None:
    """Do some work for each of several names; one that fails keeps no other out, and is named at the end."""
    failed = []
    for name in names:
        try:
            work(name)
        except ReplicateError as error:
            if len(names) == 1:
                raise
            failed.append(name)
            print(f"{name}: {one_line(str(error))}", file=sys.stderr, flush=True)
    if failed:
        raise ReplicateError(f"failed: {', '.join(failed)}")


@app.command("list")
def list_(paper: Paper = None, as_json: AsJson = False) -> None:
    """List every experiment of the four papers: what it answers, what it needs, whether it has run."""
    from replicate import experiments
    from replicate.results import records

    rows = []
    for question in report_cli.questions_of(paper):
        experiment = experiments.get(question.id)
        data = {
            profile: [*config.datasets, *getattr(config, "archives", ())]
            for profile, config in experiment.configs.items()
        }
        cost = "; ".join(f"{profile} {words}" for profile, words in experiment.cost.items())
        status = "full record" if records.full_record(question.id) else "ready to run"
        rows.append({**asdict(question), "data": data, "cost": cost, "status": status})
    columns = ["id", "where", "title", "cost", "status"]
    print_rows(rows, as_json, columns, "Experiments (cost: on two processor cores)")


@app.command()
def run(
    names: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Experiment ids, or 'all'.")] = None,
    paper: Paper = None,
    profile: Profile = "quick",
    seeds: Seeds = 0,
    device: Device = "auto",
    refresh: Annotated[bool, typer.Option(help="Train again even where a record exists.")] = False,
    paper_budget: Annotated[
        bool, typer.Option("--paper-budget", help="Train full for as long as the paper, also without a GPU.")
    ] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a setting; `replicate settings ID` lists them."),
    ] = None,
    group: Annotated[
        str, typer.Option(metavar="I/N", help="Only train seed group I of N and leave its checkpoints to a later run.")
    ] = "",
) -> None:
    """Run experiments; what was interrupted goes on, what is recorded is not run again.

    A run with a changed setting is a variant: its record is kept apart from the book's, and shown beside its base.
    """
    from replicate import experiments
    from replicate.experiments.groups import parse_group, train_group
    from replicate.progress import shown

    if paper is not None and names:
        raise ConfigError("name experiments or --paper, not both")
    all_of_paper = [one.id for one in report_cli.questions_of(paper)]
    chosen = all_of_paper if paper is not None or names == ["all"] else names or []
    if not chosen:
        raise ConfigError("name an experiment, 'all', or a paper: replicate run --paper zeng2019")
    if group and refresh:
        raise ConfigError("--refresh starts anew; a seed group leaves checkpoints to go on from")
    part = parse_group(group) if group else None
    for name in chosen:
        experiments.get(name).config(profile)

    options: dict[str, Any] = {"seeds": seeds, "device": device, "paper_budget": paper_budget}
    options["change"] = "; ".join(changes or ())

    def work(name: str) -> None:
        print(f"{name} ({profile})", flush=True)
        with shown(name) as say:
            if part is None:
                record = experiments.run(name, profile, refresh=refresh, say=say, **options)
                done = record.describe()
            else:
                trained = ", ".join(map(str, train_group(name, profile, *part, say=say, **options)))
                done = f"group {group}: {f'seeds {trained}' if trained else 'nothing to do, the record is there'}"
        print(f"  {done}", flush=True)
        if part is None and record.change:
            report_cli.print_variant(record)

    _for_each(chosen, work)


app.command()(report_cli.settings)
app.command()(report_cli.report)
app.command()(report_cli.show)
app.command()(own_cli.train)
app.command()(predict_cli.predict)
app.command()(report_cli.figure)
app.command()(report_cli.score)


@app.command()
def release(names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Model names.")]) -> None:
    """Ship full-profile ensembles with the package, so that `predict` works in a fresh clone."""
    from replicate.training import store

    for name in names:
        path = store.release(name)
        print(f"{name}: {path} ({path.stat().st_size / 1e6:.1f} MB)")


@data_app.command("list")
def data_list(as_json: AsJson = False) -> None:
    """List every dataset: what it is, its licence, and whether it is here."""
    from replicate import data

    columns = ["name", "title", "kind", "licence"]
    rows = [{column: getattr(data.entry(name), column) for column in columns} for name in data.names()]
    for row in rows:
        row["here"] = data.available(row["name"])
    print_rows(rows, as_json, [*columns, "here"], "Datasets")


@data_app.command("fetch")
def data_fetch(names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Dataset names, or 'all'.")]) -> None:
    """Download datasets into the user cache, with checksum; one that cannot be had does not keep others out."""
    from replicate import data

    chosen = data.names() if names == ["all"] else names
    for name in chosen:
        data.entry(name)
    _for_each(chosen, lambda name: print(f"{name}: {data.fetch(name)}", flush=True))


@data_app.command("check")
def data_check(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME…", help="Dataset names; none: all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check that the datasets that are here are the ones that were registered."""
    from replicate import data

    rows = [asdict(row) for row in data.check(names or None)]
    print_rows(rows, as_json, ["name", "where", "ok", "problem"], "Data")
    if any(row["problem"] and not row["ok"] and row["where"] for row in rows):
        raise ReplicateError("some datasets differ from what was registered, see above")


def _open_what_is_closed() -> None:
    """Give a process that was started without output, as by a daemon, a place to write to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def main() -> None:
    """Run the command; an error of this package ends with its message and exit status 1."""
    # Two spinning OpenMP threads slow small networks down a hundredfold on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault(processes.VARIABLE, str(processes.cores()))
    _open_what_is_closed()
    # A file's name may hold bytes that are no text.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    with exit_on_error("replicate"):
        app()
