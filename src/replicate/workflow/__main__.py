"""``python -m replicate.workflow``: the jobs that the rules of the ``Snakefile`` call; each writes one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replicate.errors import told
from replicate.wording import number_of

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Output = Annotated[Path, typer.Argument(help="Written when the job is done.")]
Processes = Annotated[int, typer.Option(min=1, help="At most so many of them build graphs.")]


@app.command()
def data(name: str, output: Output) -> None:
    """Find or fetch a dataset and compare its checksum."""
    from replicate.workflow import jobs

    jobs.fetch_data(name, output)


@app.command()
def graphs(name: str, output: Output, processes: Processes = 1) -> None:
    """Build the crystal graphs of a table or archive."""
    from replicate.workflow import jobs

    jobs.build_graphs(name, output, processes)


@app.command()
def train(experiment: str, profile: str, device: str, group: int, groups: int, output: Output) -> None:
    """Train one seed group of an experiment."""
    from replicate.workflow import jobs

    jobs.train(experiment, profile, device, group, groups, output)


@app.command()
def record(experiment: str, profile: str, device: str, output: Output) -> None:
    """Make or find the record of an experiment."""
    from replicate.workflow import jobs

    jobs.make_record(experiment, profile, device, output)


@app.command()
def shard(model: str, source: Path, size: int, number: int, output: Output, processes: Processes = 1) -> None:
    """Ask a model about the structures of one shard."""
    from replicate import screening

    names = screening.deal(screening.list_structures(source), size)[number]
    valued = screening.screen(model, names, output, processes=processes)
    typer.echo(f"shard {number}: {valued:,} structures with a value")


@app.command()
def best(
    folder: Annotated[Path, typer.Argument(help="Holds shards/0.parquet and so on.")],
    output: Output,
    source: Annotated[
        Path | None, typer.Argument(help="Where the structures are from; tells what was passed over.")
    ] = None,
    shards: Annotated[int, typer.Option(help="How many.")] = 1,
    most: Annotated[int, typer.Option(help="Length of the list.")] = 1000,
    highest: Annotated[bool, typer.Option("--highest/--lowest", help="Which values are the best.")] = False,
) -> None:
    """Merge the shards' tables into a list of the best."""
    from replicate import screening

    tables = [folder / "shards" / f"{number}.parquet" for number in range(shards)]
    structures, valued = screening.best(tables, output, most, highest=highest)
    typer.echo(f"{structures:,} structures, {valued:,} with a value; the best are in {output}")
    if source is not None and (others := screening.passed_over(source)):
        names = ", ".join(Path(name).name for name in others[:3]) + (", …" if len(others) > 3 else "")
        typer.echo(f"{number_of(len(others), 'file')} passed over, no structure files by name: {names}")


def main() -> None:
    """Run a job; an error of this package ends with its message and exit status 1."""
    with told("replicate"):
        app()


if __name__ == "__main__":
    main()
