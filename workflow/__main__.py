"""``python -m workflow``: the book through Snakemake, one page through papermill, and checks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replicate import paths
from replicate.errors import ReplicateError, exit_on_error
from replicate.settings import DEVICES, PROFILES
from workflow import flow, pages, sources

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Profile = Annotated[str, typer.Option(help=" | ".join(PROFILES))]
Device = Annotated[str, typer.Option(help=" | ".join(DEVICES))]
Cores = Annotated[int, typer.Option(help="Processor cores to use; most jobs take one.")]


def _settings(profile: str, device: str) -> dict[str, str]:
    for value, allowed in ((profile, PROFILES), (device, DEVICES)):
        if value not in allowed:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(allowed)}")
    return {"profile": profile, "device": device}


def _flow(targets: list[str], settings: dict[str, str], cores: int, *, force: bool = False) -> None:
    status = flow.run(targets, settings, cores=cores, force=force)
    if status < 0:
        raise ReplicateError(
            f"Snakemake was ended by signal {-status}: run the command again, what is finished is kept"
        )
    if status:
        config = " ".join(f"{name}={value}" for name, value in settings.items())
        again = f"snakemake --cores {cores} --config {config}"
        typer.echo(f"Not everything could be made. If no line above says why, `{again}` does.", err=True)
        raise typer.Exit(status)


@app.command()
def book(
    profile: Profile = flow.DEFAULTS["profile"], device: Device = flow.DEFAULTS["device"], cores: Cores = 2
) -> None:
    """Build the book: run what is missing or out of date, then the pages."""
    _flow([flow.BOOK], _settings(profile, device), cores)
    typer.echo("The book is built. Open _build/html/index.html")


@app.command()
def execute(
    only: Annotated[list[str] | None, typer.Argument(help="Notebooks such as zeng2019/metals.")] = None,
    profile: Profile = flow.DEFAULTS["profile"],
    device: Device = flow.DEFAULTS["device"],
    cores: Cores = 2,
    force: Annotated[bool, typer.Option(help="Execute also what is unchanged.")] = False,
) -> None:
    """Execute the notebooks whose pages are missing or out of date, and what they need before."""
    chosen = sources.select(sources.discover(), only or [])
    targets = [flow.page_marker(source.name, profile) for source in chosen]
    _flow(targets, _settings(profile, device), cores, force=force)


@app.command()
def page(
    name: Annotated[str, typer.Argument(help="A notebook such as zeng2019/metals.")],
    profile: Profile = flow.DEFAULTS["profile"],
    device: Device = flow.DEFAULTS["device"],
    written: Annotated[Path | None, typer.Option(help="File to note the page in.")] = None,
) -> None:
    """Execute one notebook now, whatever it needs; the job behind the other commands."""
    from workflow import execution

    try:
        (source,) = sources.select(sources.discover(), [name])
        seconds = execution.execute(source, _settings(profile, device))
    except ReplicateError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if written is not None:
        flow.mark(source.output, written)
    typer.echo(f"page {name} … {execution.spent(seconds)}")


@app.command()
def launch_notebooks(repository: Annotated[str, typer.Option(help="Address to install the package from.")]) -> None:
    """Give every notebook a first cell that installs the package where it is missing; for a branch of its own."""
    from workflow import launching

    typer.echo(f"{launching.add_install_cells(sources.discover(), repository)} notebooks")


@app.command()
def picture() -> None:
    """Photograph the built book's start page for the README."""
    from workflow import picture as pictures

    file = pictures.picture_file()
    with pictures.started() as browser:
        counts = pictures.take(browser, paths.root() / "_build" / "html" / "intro.html", file)
    typer.echo(f"{file}: {', '.join(f'{n} {name}' for name, n in counts.items())}")


@app.command()
def pdf() -> None:
    """Print the built book's pages into one PDF."""
    from workflow import pdf as printing
    from workflow import picture as pictures

    target = paths.root() / "_build" / "book.pdf"
    with pictures.started() as browser:
        count = printing.write(browser, paths.root() / "_build" / "html", sources.table_of_contents(), target)
    typer.echo(f"{target}: {count} pages, {target.stat().st_size / 1e6:.0f} MB")


@app.command()
def archive(
    folder: Annotated[Path | None, typer.Option(help="Where to; _build/archive if not given.")] = None,
) -> None:
    """Write the archive that can be deposited: RO-Crate, cards of data and models, CodeMeta."""
    from workflow import archive as archives

    typer.echo(archives.write(folder or paths.root() / "_build" / "archive"))


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
    """Check that no built page shows a traceback, and that every link within the book leads somewhere."""
    html = paths.root() / "_build" / "html"
    if not (html / "index.html").is_file():
        typer.echo("no book in _build/html: run `make book`", err=True)
        raise typer.Exit(1)
    wrong = [f"{page.relative_to(html)} shows a traceback" for page in pages.with_tracebacks(html)]
    links = pages.dead_links(html)
    wrong += [f"{link.page.relative_to(html.resolve())} links to {link.target}: {link.reason}" for link in links]
    for one in wrong:
        typer.echo(f"_build/html/{one}", err=True)
    if wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    with exit_on_error("replicate"):
        app()
