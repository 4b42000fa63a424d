"""``replicate predict``: inputs from arguments, files, tables and standard input; values as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from replicate.console import AsJson, print_json, print_rows
from replicate.errors import ConfigError, ReplicateError
from replicate.predict import model_names, predictions, takes_crystals
from replicate.predict.prediction import COLUMNS, Prediction

SOME_REFUSED = 3  # exit status where some of the inputs could be used and some not
_TABLES = (".csv", ".tsv")
_SHOWN = ["input", "value", "spread", "unit"]


def predict(
    model: Annotated[str, typer.Argument(help="Model name, or several with commas; 'list' prints the names.")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT…",
            help="Formulas; for models of crystals CIF, POSCAR or JSON files, archives, folders. "
            "'-' reads standard input and @FILE a list, one per line.",
        ),
    ] = None,
    column: Annotated[str | None, typer.Option(help="Column with the inputs, where an INPUT is a CSV table.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a CSV table, or JSON if it ends so.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
    as_json: AsJson = False,
) -> None:
    """Predict a property of compounds with trained ensembles; the spread is over an ensemble's members.

    Ends with status 3 where some inputs could not be used, with 1 where none could.
    """
    if model == "list":
        reads = {True: "structure files: CIF, POSCAR, JSON", False: "formulas"}
        names = [{"model": name, "reads": reads[takes_crystals(name)]} for name in model_names()]
        print_rows(names, as_json, ["model", "reads"], "Models")
        return
    if as_csv and as_json:
        raise ConfigError("--csv and --json: only one of them")
    models = [name.strip() for name in model.split(",") if name.strip()] or [model]
    given = gathered(inputs or [], column)
    from replicate.progress import counted

    rows: list[Prediction] = []
    for name in models:
        items = _files(given) if takes_crystals(name) else given
        with counted(len(items), "inputs") as progress:
            rows += predictions(name, items, progress)
    _show(rows, ", ".join(models), output, as_csv, as_json)
    unused = [row for row in rows if row.value is None]
    if len(unused) == len(rows):
        raise ReplicateError(f"none of the inputs could be used; {unused[0].input}: {unused[0].warnings[0]}")
    if unused:
        raise typer.Exit(SOME_REFUSED)


def _show(found: list[Prediction], title: str, output: Path | None, as_csv: bool, as_json: bool) -> None:
    """Print predictions, or write them to a file and say so."""
    if output is not None:
        from replicate import paths

        with paths.written_whole(output) as temporary:
            if as_json or output.suffix.lower() == ".json":
                import json

                text = json.dumps([one.to_dict() for one in found], indent=1) + "\n"
            else:
                text = csv_of(found)
            temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        used = sum(one.value is not None for one in found)
        print(f"{output}: {len(found):,} predictions, {used:,} with a value", file=sys.stderr)
    elif as_csv:
        sys.stdout.write(csv_of(found))
    elif as_json:
        print_json([one.to_dict() for one in found])
    else:
        several = len({one.model for one in found}) > 1
        rows = [one.to_row() | _place(one) | {"read": _read(one), "warnings": list(one.warnings)} for one in found]
        placed = [name for name in _place(found[0]) if any(row[name] is not None for row in rows)]
        columns = [*_SHOWN, *placed, "read", "warnings", *(["model"] if several else [])]
        print_rows(rows, False, columns, title)


def _place(one: Prediction) -> dict[str, str | None]:
    """Return where an input stands among the training data, and what error that means, for cells."""
    within = None if one.low is None else f"{one.low:.3g} to {one.high:.3g}"
    error = None if within or one.expected_error is None else f"{one.expected_error:.2g}"
    distance = None if one.distance is None else f"{one.distance:.2f}"
    return {"nearest": one.nearest, "distance": distance, "90 % interval": within, "expected_error": error}


def _read(one: Prediction) -> str | None:
    """Return what was read, for a cell: ``Na4Cl4, 8 sites, F m -3 m``; what was assumed is among the warnings."""
    if one.read is None:
        return None
    sites = None if one.read.sites is None else f"{one.read.sites} sites"
    return ", ".join(part for part in (one.read.formula, sites, one.read.space_group) if part)


def csv_of(found: list[Prediction]) -> str:
    """Return predictions as CSV with a header, numbers to six digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in found:
        row = one.to_row()
        writer.writerow({key: f"{v:.6g}" if isinstance(v, float) else v for key, v in row.items()})
    return text.getvalue()


def gathered(arguments: list[str], column: str | None) -> list[str]:
    """Return the inputs that arguments stand for: themselves, the lines of ``-`` and ``@file``, a table's column.

    Raises:
        ConfigError: a list or table is not there or no text, or has no such column; there is no table.
    """
    found: list[str] = []
    tables = 0
    for argument in arguments:
        listed = argument.startswith("@") and len(argument) > 1
        name = argument[1:] if listed else argument
        is_table = name.lower().endswith(_TABLES) and os.path.isfile(name)
        if column is not None and (argument == "-" or is_table or listed):
            tables += 1
            found += column_of(content_of(name), name, column)
        elif argument == "-" or listed:
            from replicate.predict.structure_files import lines_of

            found += lines_of(content_of(name), "standard input" if name == "-" else name)
        elif is_table:
            raise ConfigError(f"{name} is a table; name the column with the inputs: --column {_header(name)}")
        else:
            found.append(argument)
    if column is not None and not tables:
        raise ConfigError(f"--column {column}: there is no CSV table among the inputs")
    return found


def content_of(name: str) -> bytes:
    """Return what a file holds, or standard input for ``-``; ConfigError where it cannot be read."""
    if name == "-":
        if sys.stdin is None:
            raise ConfigError("there is no standard input")
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _rows(content: bytes, name: str) -> csv.DictReader[str]:
    from replicate.predict.structure_files import text_of

    text = text_of(content, name)
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)


def _header(name: str) -> str:
    return " or ".join((_rows(content_of(name), name).fieldnames or ["NAME"])[:6])


def column_of(content: bytes, name: str, column: str) -> list[str]:
    """Return a column of a table; an empty cell stays, so that rows and predictions keep their places."""
    rows = _rows(content, name)
    names = [field.strip() for field in rows.fieldnames or []]
    rows.fieldnames = names
    if column not in names:
        raise ConfigError(f"{name} has no column {column!r}; there are {', '.join(names) or 'none'}")
    try:
        cells = [(row[column] or "").strip() for row in rows]
    except csv.Error as error:
        raise ConfigError(f"{name} is no CSV table: {error}") from error
    if not cells:
        raise ConfigError(f"{name} has no row below its header")
    return cells


def _files(names: list[str]) -> list[str]:
    """Return the files that folders and patterns stand for; what stands for none stays, to be refused by name."""
    from replicate.predict.structure_files import expanded

    files: list[str] = []
    for name in names:
        try:
            files += expanded(name)
        except ConfigError:
            files.append(name)
    return files
