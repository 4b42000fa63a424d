"""A chapter's first page: the verdict names the numbers the paper is known for, as the records have them."""

from __future__ import annotations

import pytest

from replicate import papers, report
from replicate.evaluation.compare import KINDS, counts, of_kind, scoreboard
from replicate.report.html import mean_and_sd

PAPERS = [paper.id for paper in papers.papers()]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_verdict_names_what_the_paper_is_known_for(paper):
    _, second, *rest = report.verdict_sentences(paper).data.split("\n\n")
    assert second.startswith("What the paper is known for")
    named = [line for line in rest[0].splitlines() if line]
    headline = papers.paper(paper).headline
    assert len(named) == len(headline) >= 4
    board = dict(zip((target.id for target in papers.targets()), scoreboard(), strict=True))
    for line, target in zip(named, map(papers.target, headline), strict=True):
        row = board[target.id]
        ours = mean_and_sd(row.full_mean, row.full_sd, target.printed)
        assert f": {target.printed} → **{ours}**" in line
        assert f">{row.verdict}</span>" in line
        assert all(caveat in line for caveat in row.caveats)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_verdict_counts_every_number_of_the_paper(paper):
    rows = [row for row in scoreboard() if row.paper == paper]
    text = report.verdict_sentences(paper).data.partition("\n\n")[0]
    assert text.startswith(f"Of the {len(rows)} numbers")
    parts = dict(part.split(": ", 1) for part in text.partition("tests, ")[2].removesuffix(".").split("; "))
    for kind, words in KINDS.items():
        group = of_kind(rows, kind)
        if group:
            judged = ", ".join(f"**{n}** {name}" for name, n in counts(group).items() if n)
            assert parts.pop(f"{len(group)} {words}") == judged
    assert parts == {}
