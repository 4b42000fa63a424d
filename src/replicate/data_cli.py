"""``replicate data``: list, fetch, check."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from replicate.console import AsJson, print_rows
from replicate.errors import DataError, ReplicateError, one_line

data_app = typer.Typer(help="Where the data are, and fetching what is missing.", no_args_is_help=True)


def _datasets(incomplete: str) -> list[str]:
    from replicate import data

    return [name for name in data.names() if name.startswith(incomplete)]


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
    print_rows(rows, as_json, ["name", "title", "kind", "licence", "here"], "Datasets")


@data_app.command("fetch")
def data_fetch(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME…", help="Dataset names, or 'all'.", autocompletion=_datasets),
    ],
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
def data_check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME…", help="Dataset names; none: all.", autocompletion=_datasets),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that the datasets that are here are the ones that were registered."""
    from replicate import data

    rows = [asdict(row) for row in data.check(names or None)]
    print_rows(rows, as_json, ["name", "where", "ok", "problem"], "Data")
    if any(row["problem"] and not row["ok"] and row["where"] for row in rows):
        raise ReplicateError("some datasets differ from what was registered, see above")
