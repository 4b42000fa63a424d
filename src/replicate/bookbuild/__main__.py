"""``python -m replicate.bookbuild``: the steps of ``make book`` that are not a tool's own command."""

from __future__ import annotations

from typing import Annotated

import typer

from replicate import paths
from replicate.bookbuild import pages, runner, sources
from replicate.errors import ConfigError, told
from replicate.settings import DEVICES, PROFILES

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@app.command()
def execute(
    only: Annotated[list[str] | None, typer.Argument(help="Notebooks such as zeng2019/metals.")] = None,
    profile: Annotated[str, typer.Option(help=" | ".join(PROFILES))] = str(runner.DEFAULTS["profile"]),
    device: Annotated[str, typer.Option(help=" | ".join(DEVICES))] = str(runner.DEFAULTS["device"]),
    force: Annotated[bool, typer.Option(help="Execute also what is unchanged.")] = False,
) -> None:
    """Execute the notebooks whose pages are missing or out of date."""
    if profile not in PROFILES:
        raise typer.BadParameter(f"{profile!r} is none of {', '.join(PROFILES)}")
    try:
        chosen = sources.select(sources.discover(), only or [])
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error
    outcomes = runner.execute(chosen, {"profile": profile, "device": device}, force=force)
    failed = [outcome.source.name for outcome in outcomes if outcome.status == "failed"]
    if failed:
        typer.echo(f"{len(failed)} of {len(outcomes)} notebooks failed: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


@app.command()
def check_sources() -> None:
    """Check that every source is without outputs, tagged, and in step with its text pair."""
    found = [(source, problem) for source in sources.discover() for problem in sources.problems(source)]
    for source, problem in found:
        typer.echo(f"notebooks/{source.name}.ipynb {problem}", err=True)
    if found:
        raise typer.Exit(1)


@app.command()
def check_pages() -> None:
    """Check that no built page shows a traceback, and say where the book is."""
    html = paths.root() / "_build" / "html"
    if not (html / "index.html").is_file():
        typer.echo("no book in _build/html: run `make book`", err=True)
        raise typer.Exit(1)
    broken = pages.with_tracebacks(html)
    for page in broken:
        typer.echo(f"shows a traceback: {page.relative_to(paths.root())}", err=True)
    if broken:
        raise typer.Exit(1)
    typer.echo("The book is built. Open _build/html/index.html")


if __name__ == "__main__":
    with told("replicate.bookbuild"):
        app()
