"""Write costs, scoreboard, a prediction and speeds into the README, so that no number there is typed by hand."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from replicate import cli, data, experiments, paths
from replicate.errors import DataError
from replicate.report import speeds
from replicate.results import papers
from replicate.results.compare import counts_by_kind, scoreboard

HEADLINES = 3  # numbers of a paper in the README; its chapter's first page has the others that it is known for


def scoreboard_lines() -> list[str]:
    """Return the counts of each group of numbers and a Markdown table of what each paper is best known for."""
    rows = {row.id: row for row in scoreboard()}
    lines = [f"Of {len(rows)} published numbers, in groups that are never summed:", ""]
    for words, numbers in counts_by_kind([*rows.values()]).items():
        lines.append(f"- {numbers.total()} {words}: {', '.join(f'{n} {name}' for name, n in numbers.items())}")
    lines += ["", "| experiment | quantity | printed | ours | verdict |", "| --- | --- | ---: | ---: | --- |"]
    for row in (rows[id] for paper in papers.papers() for id in paper.headline[:HEADLINES]):
        cells = (
            f"`{row.experiment}`",
            row.quantity,
            f"{row.printed} {row.unit}".strip(),
            row.ours,
            row.verdict + (f" ({', '.join(row.caveats)})" if row.caveats else ""),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


PREDICTION = ("predict", "atcnn/band-gap", "GaN", "BaZrS3")
COLUMNS = 128  # of the terminal that the README shows


def prediction_lines() -> list[str]:
    """Return a command that predicts, and what it prints."""
    output = CliRunner(env={"COLUMNS": str(COLUMNS)}).invoke(cli.app, PREDICTION).stdout
    return ["```console", f"$ replicate {' '.join(PREDICTION)}", *map(str.rstrip, output.splitlines()), "```"]


# What a user waits for; the status page has the rest, peers and limits among them.
SPEEDS = re.compile(
    r"parse .* formulas|Magpie statistics of 500 formulas|crystal graphs, processes: 1"
    r"|(train|predict with) CGCNN Eq\. 5, \d+ threads?"
)


def speed_lines() -> list[str]:
    """Return the committed benchmarks of what a user waits for, a Markdown table per device."""
    lines = []
    for kept in speeds.committed():
        lines += [
            f"{speeds.place(kept['machine'])}:",
            "",
            "| what | per second | compared with, in the same run |",
            "| --- | ---: | --- |",
        ]
        for row in kept["rows"]:
            if not SPEEDS.fullmatch(row["what"]):
                continue
            compared = row["ratio"] is not None
            speed = f"{speeds.rate(row['per_second'])} {row['unit'].split('/')[0]}"
            peer = f"{row['ratio']:.1f} × {row['against']}" if compared else "–"
            lines.append(f"| {row['what']} | {speed} | {peer} |")
        lines.append("")
    return lines[:-1] or ["No benchmark has been committed."]


# GB of `.venv`, torch without CUDA; a test compares it with an environment that is there.
ENVIRONMENT_GB = 2.6
_MINUTES = {"s": 1 / 60, "min": 1, "h": 60}


def minutes(cost: str) -> float:
    """Return the minutes of a cost such as ``20 s`` or ``3 min, 1 min with stored graphs``: of its first number."""
    value, unit = cost.split(",")[0].split()
    return float(value) * _MINUTES[unit]


def cost_lines() -> list[str]:
    """Return what the first ``make book`` takes: time by the experiments' costs, downloads, disk."""
    known = tuple(experiments.all_experiments())
    spent = sum(minutes(experiment.cost["quick"]) for experiment in known)
    configs = [experiment.configs["quick"] for experiment in known]
    needed = {name for config in configs for name in (*config.datasets, *getattr(config, "archives", ()))}
    fetched = [entry for entry in map(data.entry, needed) if entry.kind == "download"]
    archives = sum(entry.form == "archive" for entry in fetched)
    return [
        f"The experiments of the first `make book` take {round(spent)} minutes of one processor core by the times that "
        f"`replicate list` names, and it uses two; the pages come on top. It downloads {len(fetched)} datasets, "
        f"{archives} of them archives of structures. `.venv` takes {ENVIRONMENT_GB:g} GB without CUDA and some GB "
        "more with it."
    ]


BLOCKS = {"cost": cost_lines, "scoreboard": scoreboard_lines, "prediction": prediction_lines, "speed": speed_lines}


def written(text: str) -> str:
    """Return the README's text with its blocks replaced.

    Raises:
        DataError: the two marks around a block are not there, once each and in order.
    """
    for name, lines in BLOCKS.items():
        begin, end = (f"<!-- {name}: written by `make scoreboard`, checked by the tests -->", f"<!-- /{name} -->")
        before, mark, rest = text.partition(begin)
        _, closing, after = rest.partition(end)
        if not mark or not closing:
            raise DataError(f"the marks around the {name} are missing", file="README.md", value=begin)
        text = "\n".join([before + begin, "", *lines(), "", end + after])
    return text


def main() -> None:
    """Rewrite README.md in the checkout."""
    path: Path = paths.root() / "README.md"
    text = written(path.read_text(encoding="utf-8"))
    with paths.written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
