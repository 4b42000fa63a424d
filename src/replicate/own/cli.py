"""``replicate train``: a table with formulas or crystals and a target in; errors and a stored model out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from replicate.console import print_rows
from replicate.predict.cli import column_of, content_of

_HEADINGS = {"mae": "MAE", "rmse": "RMSE", "r2": "R²", "auc": "AUC", "accuracy": "accuracy"}


def train(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="CSV table; '-' reads standard input.")],
    target: Annotated[str, typer.Option(help="Column with the values to learn.")],
    save: Annotated[str, typer.Option(help="Name of the model, such as mine/gap, or a .safetensors file.")],
    column: Annotated[
        str, typer.Option("--input", help="Column with formulas; for crystals CIF texts or files, beside the table.")
    ] = "formula",
    model: Annotated[str, typer.Option(help="atcnn, periodic-table, elemnet, cgcnn, or a stored model.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of the target.")] = "",
    seeds: Annotated[int, typer.Option(help="Members of the ensemble.")] = 3,
    epochs: Annotated[int, typer.Option(help="Passes over the data; 0: as many as suit their number.")] = 0,
    profile: Annotated[str, typer.Option(help="Train as the model's experiment does in this profile.")] = "",
    start: Annotated[str, typer.Option(help="Stored model to begin from.")] = "",
    cifs: Annotated[Path | None, typer.Option(help="Folder with the crystals' files, if not the table's.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Train a model on your own table; what was interrupted goes on when the command is given again."""
    content = content_of(table)
    inputs, values = column_of(content, table, column), column_of(content, table, target)
    from replicate.own import training
    from replicate.own.model import check_name
    from replicate.progress import shown
    from replicate.wording import spread

    check_name(save)
    folder = cifs or Path("." if table == "-" else table).parent
    with shown(save) as say:
        trained = training.train(
            [_file(text, folder) for text in inputs],
            values,
            model or None,
            unit=unit,
            target=target,
            seeds=seeds,
            epochs=epochs or None,
            profile=profile,
            start=start,
            device=device,
            say=say,
            file=table,
        )
    path = trained.save(save)
    units = dict.fromkeys(("mae", "rmse"), f" ({unit})") if unit else {}
    rows = [
        {"split": row["split"], "model": row["model"], "test rows": row["rows"]}
        | {f"{_HEADINGS[n]}{units.get(n, '')}": spread(row[n], row[f"{n}_sd"]) for n in _HEADINGS if n in row}
        for row in trained.card.errors
    ]
    print_rows(rows, False, list(rows[0]), f"Errors on test rows, mean ± sd of {seeds} seeds")
    print(f"{path}\npredict with: replicate predict {save} …")


def _file(text: str, folder: Path) -> str:
    """Return the file beside the table that a cell names, with or without .cif; another text as it is."""
    names = (os.path.join(folder, name) for name in (text, f"{text}.cif") if text and "\n" not in text)
    return next(filter(os.path.isfile, names), text)
