"""``python -m workflow.jobs``: the jobs that the rules of the ``Snakefile`` call.

Each writes its output whole, so that a killed one leaves nothing to mistake for it. Every job is a process, so each
imports only what it needs: torch alone takes seconds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from replicate import paths
from replicate.errors import MissingDataset, exit_on_error
from replicate.wording import number_of
from workflow.plan import MISSING

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Output = Annotated[Path, typer.Argument(help="Written when the job is done.")]
Processes = Annotated[int, typer.Option(min=1, help="At most so many of them build graphs.")]


def _write(output: Path, content: dict[str, Any]) -> None:
    with paths.written_whole(output) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    print(line, flush=True)


@app.command()
def data(name: str, output: Output) -> None:
    """Find or fetch a dataset and compare its checksum; one that is not to be had is written down as missing.

    An experiment without its data says so on its page, and the others go on.
    """
    from replicate import data as datasets

    sha256 = datasets.entry(name).sha256
    try:
        datasets.locate(name, download=True)
    except MissingDataset as error:
        _say(f"data {name}: not here")
        _write(output, {MISSING: str(error), "sha256": sha256})
        return
    _write(output, {"sha256": sha256})


@app.command()
def graphs(name: str, output: Output, processes: Processes = 1) -> None:
    """Build the crystal graphs of a table, or of every part of an archive."""
    from replicate import data as datasets
    from replicate.experiments.graph_store import archive_graphs, table_graphs

    entry = datasets.entry(name)
    try:
        if entry.archive is None:
            stored = [table_graphs(name)]
        else:
            # The first part has no name of its own in a store's key.
            parts = [None, *list(entry.archive.parts)[1:]]
            stored = [archive_graphs(name, part=part, processes=processes) for part in parts]
    except MissingDataset as error:
        _write(output, {MISSING: str(error)})
        return
    stores = [{"digest": s.digest, "crystals": len(s.graphs), "dropped": len(s.dropped)} for s in stored]
    _say(f"graphs {name}: {sum(len(s.graphs) for s in stored):,} crystals")
    _write(output, {"stores": stores})


@app.command()
def train(experiment: str, profile: str, device: str, group: int, groups: int, output: Output) -> None:
    """Train one seed group of an experiment; its checkpoints stay in the work folder."""
    from replicate.experiments.groups import train_group

    label = f"train {experiment} {group}/{groups}"
    seeds = train_group(experiment, profile, group, groups, device=device, say=lambda line: _say(f"{label}: {line}"))
    _write(output, {"seeds": seeds})


@app.command()
def record(experiment: str, profile: str, device: str, output: Output) -> None:
    """Make or find the record of an experiment, and write down which one it is.

    Missing data fail the full profile only; a smaller one leaves it to the page to say so.
    """
    from replicate import experiments

    try:
        result = experiments.run(
            experiment, profile, device=device, say=lambda line: _say(f"record {experiment}: {line}")
        )
    except MissingDataset as error:
        if profile == "full":
            raise
        _say(f"record {experiment}: not run, its data are not here")
        _write(output, {MISSING: str(error)})
        return
    _say(f"record {result.describe()}")
    _write(output, {"key": result.key})


@app.command()
def shard(model: str, source: Path, size: int, number: int, output: Output, processes: Processes = 1) -> None:
    """Ask a model about the structures of one shard."""
    from replicate.predict.screening import screen
    from replicate.predict.structure_files import deal, list_structures

    names = deal(list_structures(source), size)[number]
    valued = screen(model, names, output, processes=processes)
    typer.echo(f"shard {number}: {valued:,} structures with a value")


@app.command()
def best(
    folder: Annotated[Path, typer.Argument(help="Holds shards/0.parquet and so on.")],
    output: Output,
    source: Annotated[Path, typer.Argument(help="Where the structures are from; tells what was passed over.")],
    shards: Annotated[int, typer.Option(help="How many.")] = 1,
    most: Annotated[int, typer.Option(help="Length of the list.")] = 1000,
    highest: Annotated[bool, typer.Option("--highest/--lowest", help="Which values are the best.")] = False,
) -> None:
    """Merge the shards' tables into a list of the best."""
    from replicate.predict import screening
    from replicate.predict.structure_files import passed_over

    tables = [folder / "shards" / f"{number}.parquet" for number in range(shards)]
    structures, valued = screening.best(tables, output, most, highest=highest)
    typer.echo(f"{structures:,} structures, {valued:,} with a value; the best are in {output}")
    if others := passed_over(source):
        names = ", ".join(Path(name).name for name in others[:3]) + (", …" if len(others) > 3 else "")
        typer.echo(f"{number_of(len(others), 'file')} passed over, no structure files by name: {names}")


if __name__ == "__main__":
    with exit_on_error("replicate"):
        app()
