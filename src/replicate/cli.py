"""The ``replicate`` command: list, run, train, report, predict, data."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replicate import __version__, processes
from replicate.errors import DataError, FormulaError, ReplicateError, one_line, told

if TYPE_CHECKING:
    from rich.console import Console

    from replicate.experiments import Experiment
    from replicate.papers import PlannedExperiment

# What a command works with is imported by the command, so that help and lists come at once.
app = typer.Typer(
    help="Re-run four papers on machine-learned materials properties, number by number.",
    no_args_is_help=True,
    add_completion=False,
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


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def _console() -> Console:
    from rich.console import Console

    # Piped output has no width of its own; 80 columns would cut the tables.
    return Console(width=None if sys.stdout.isatty() else 160)


def _print(rows: list[dict[str, Any]], as_json: bool, columns: list[str], title: str) -> None:
    """Print rows as JSON (all keys) or as a table of some columns."""
    if as_json:
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        # As texts: file names and warnings are no markup.
        table.add_row(*(Text(one_line(_cell(row[name]))) for name in columns))
    _console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1e4 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List every experiment of the four papers: what it answers, what it needs, whether it has run."""
    from replicate import experiments, records

    built = {experiment.id: experiment for experiment in experiments.all_experiments()}
    rows = []
    for planned in experiments.planned():
        experiment = built.get(planned.id)
        full = records.full_record(planned.id) if experiment else None
        status = "planned" if experiment is None else "full record" if full else "ready to run"
        cost = "–" if experiment is None else "; ".join(f"{k} {v}" for k, v in experiment.cost.items())
        rows.append(
            {
                "id": planned.id,
                "paper": planned.paper,
                "title": planned.title,
                "where": planned.where,
                "data": _data(planned, experiment),
                "cost": cost,
                "status": status,
            }
        )
    columns = ["id", "where", "title", "cost", "status"]
    _print(rows, as_json, columns, "Experiments (cost: on two processor cores)")


def _data(planned: PlannedExperiment, experiment: Experiment | None) -> dict[str, list[str]]:
    """Return profile → datasets: what a built experiment's settings ask for, else what is planned."""
    if experiment is None:
        return {profile: list(names) for profile, names in planned.data.items()}
    return {
        profile: [*config.datasets, *getattr(config, "archives", ())]
        for profile, config in experiment.configs.items()
    }


@app.command()
def run(
    names: Annotated[list[str], typer.Argument(metavar="ID…", help="Experiment ids, or 'all'.")],
    profile: Annotated[str, typer.Option(help="smoke, quick or full.")] = "quick",
    seeds: Annotated[int, typer.Option(help="Number of seeds; 0: the profile's own.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    refresh: Annotated[bool, typer.Option(help="Train again even where a record exists.")] = False,
) -> None:
    """Run experiments; what was interrupted goes on, what is recorded is not run again."""
    from replicate import experiments

    chosen = [e.id for e in experiments.all_experiments()] if names == ["all"] else names
    for name in chosen:
        experiments.get(name).config(profile)
    failed = []
    for name in chosen:
        print(f"{name} ({profile})", flush=True)
        try:
            record = experiments.run(
                name,
                profile,
                seeds=seeds,
                device=device,
                refresh=refresh,
                say=lambda line: print(f"  {line}", flush=True),
            )
        except ReplicateError as error:
            if len(chosen) == 1:
                raise
            failed.append(name)
            print(f"  failed: {one_line(str(error))}", file=sys.stderr, flush=True)
            continue
        print(f"  {record.describe()}", flush=True)
    if failed:
        raise ReplicateError(f"failed: {', '.join(failed)}")


@app.command()
def train(
    name: Annotated[str, typer.Argument(metavar="ID", help="Experiment id.")],
    group: Annotated[str, typer.Option(help="Which seed group of how many, as 2/5.")],
    profile: Annotated[str, typer.Option(help="smoke, quick or full.")] = "quick",
    seeds: Annotated[int, typer.Option(help="Seeds of the experiment; 0: the profile's own.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Train one seed group and leave its checkpoints; a later `run` gathers all groups into the record."""
    from replicate.experiments.groups import parse_group, train_group

    number, groups = parse_group(group)
    trained = train_group(
        name,
        profile,
        number,
        groups,
        seeds=seeds,
        device=device,
        say=lambda line: print(f"  {line}", flush=True),
    )
    told = f"seeds {', '.join(map(str, trained))}" if trained else "nothing to do, the record is there"
    print(f"{name} ({profile}), group {group}: {told}")


@app.command()
def report(as_json: AsJson = False) -> None:
    """Print the scoreboard: one row per published number, numbers not yet run included."""
    from replicate.evaluation import compare

    rows = compare.scoreboard()
    columns = ["experiment", "quantity", "unit", "published", "full_mean", "full_sd", "this_run", "verdict"]
    found = [asdict(row) for row in rows]
    if not as_json:
        for shown, row in zip(found, rows, strict=True):
            why = row.caveats if row.verdict != compare.NOT_RUN else [row.note]
            shown["verdict"] += f" ({', '.join(why)})" if any(why) else ""
    _print(found, as_json, columns, "Scoreboard")
    if not as_json:
        print(", ".join(f"{n} {name}" for name, n in compare.counts(rows).items()))
        print(compare.RULE)


@app.command()
def predict(
    model: Annotated[str, typer.Argument(help="Model name; 'list' prints the names.")],
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="INPUT…", help="Chemical formulas or CIF files.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Predict a property of compounds with a trained ensemble; the spread is over its members."""
    from replicate import prediction
    from replicate.crystal_prediction import takes_crystals

    if model == "list":
        reads = {True: "CIF files", False: "formulas"}
        rows = [{"model": name, "reads": reads[takes_crystals(name)]} for name in prediction.model_names()]
        _print(rows, as_json, ["model", "reads"], "Models")
        return
    try:
        rows = [asdict(row) for row in prediction.predict(model, inputs or [])]
    except FormulaError as error:
        raise FormulaError(error.problem, file="command line", row=error.row, value=error.value) from error
    _print(rows, as_json, ["input", "value", "spread", "unit", "warnings"], model)
    if all(row["value"] is None for row in rows):
        raise ReplicateError(
            f"none of the inputs could be used; {rows[0]['input']}: {rows[0]['warnings'][0]}"
        )


@app.command()
def release(names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Model names.")]) -> None:
    """Ship full-profile ensembles with the package, so that `predict` works in a fresh clone."""
    from replicate.models import store

    for name in names:
        path = store.release(name)
        print(f"{name}: {path} ({path.stat().st_size / 1e6:.1f} MB)")


@data_app.command("list")
def data_list(as_json: AsJson = False) -> None:
    """List every dataset: what it is, its licence, and whether it is here."""
    from replicate import data

    rows = []
    for name in data.names():
        entry = data.entry(name)
        rows.append(
            {
                "name": name,
                "title": entry.title,
                "kind": entry.kind,
                "licence": entry.licence,
                "here": data.available(name),
            }
        )
    _print(rows, as_json, ["name", "title", "kind", "licence", "here"], "Datasets")


@data_app.command("fetch")
def data_fetch(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Dataset names, or 'all'.")],
) -> None:
    """Download datasets into the user cache, with checksum; one that cannot be had does not keep others out."""
    from replicate import data

    chosen = data.names() if names == ["all"] else names
    for name in chosen:
        data.entry(name)
    failed = []
    for name in chosen:
        try:
            print(f"{name}: {data.fetch(name)}", flush=True)
        except DataError as error:
            if len(chosen) == 1:
                raise
            failed.append(name)
            print(f"{name}: {one_line(str(error))}", file=sys.stderr, flush=True)
    if failed:
        raise ReplicateError(f"failed: {', '.join(failed)}")


@data_app.command("check")
def data_check(as_json: AsJson = False) -> None:
    """Check that every dataset that is here is the one that was registered."""
    from replicate import data

    rows = [asdict(row) for row in data.check()]
    _print(rows, as_json, ["name", "where", "ok", "problem"], "Data")
    if any(row["problem"] and not row["ok"] and row["where"] for row in rows):
        raise ReplicateError("some datasets differ from what was registered, see above")


def main() -> None:
    """Run the command; an error of this package ends with its message and exit status 1."""
    # Two spinning OpenMP threads slow small networks down a hundredfold on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault(processes.VARIABLE, str(processes.cores()))
    # A file's name may hold bytes that are no text.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    with told("replicate"):
        app()
