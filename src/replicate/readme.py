"""Write the scoreboard of the full records into the README, so that no number there is typed by hand."""

from __future__ import annotations

from pathlib import Path

from replicate import papers, paths
from replicate.display.html import number
from replicate.errors import DataError
from replicate.evaluation.compare import NOT_RUN, VERDICTS, counts, scoreboard, trained

BEGIN = "<!-- scoreboard: written by `make scoreboard`, checked by the tests -->"
END = "<!-- /scoreboard -->"


def scoreboard_lines() -> list[str]:
    """Return the count of each verdict and a Markdown table of the numbers that were trained for.

    Numbers recomputed from printed values or released weights have no seeds; the book's scoreboard has them.
    """
    rows, targets = scoreboard(), papers.targets()
    here, total = counts(trained(rows)), counts(rows)
    judged = [name for name in VERDICTS if name != NOT_RUN]
    again = ", ".join(f"{total[name] - here[name]} {name}" for name in judged)
    lines = [
        f"Of {len(rows)} published numbers, {total[NOT_RUN]} are not run yet. Trained here: "
        + ", ".join(f"{here[name]} {name}" for name in judged)
        + f". Counted, or recomputed from printed values or the authors' weights: {again}.",
        "",
    ]
    lines += [
        "| experiment | quantity | published | ours, full | verdict |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for row, target in zip(rows, targets, strict=True):
        if not row.trained:
            continue
        ours = f"{number(row.full_mean, target.printed)} ± {number(row.full_sd, target.printed)}"
        cells = (
            f"`{row.experiment}`",
            row.quantity,
            f"{target.printed} {row.unit}".strip(),
            ours,
            row.verdict + (" (reduced budget)" if row.budget else ""),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def with_scoreboard(text: str) -> str:
    """Return the README's text with its scoreboard replaced.

    Raises:
        DataError: the two marks are not there, once each and in order.
    """
    before, mark, rest = text.partition(BEGIN)
    _, closing, after = rest.partition(END)
    if not mark or not closing:
        raise DataError("the marks around the scoreboard are missing", file="README.md", value=BEGIN)
    return "\n".join([before + BEGIN, "", *scoreboard_lines(), "", END + after])


def main() -> None:
    """Rewrite README.md in the checkout."""
    path: Path = paths.root() / "README.md"
    text = with_scoreboard(path.read_text(encoding="utf-8"))
    with paths.written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
