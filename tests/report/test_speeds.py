"""The speeds of the status page are those of the committed benchmarks."""

from __future__ import annotations

from bs4 import BeautifulSoup

from replicate.report import speeds


def test_every_row_of_the_benchmarks_is_shown() -> None:
    kept = [row for one in speeds.committed() for row in one["rows"]]
    shown = BeautifulSoup(speeds.bench_table().data, "html.parser").select("tbody tr")
    for line, row in zip(shown, kept, strict=True):
        what, per_second, unit, ratio, gflops = (cell.get_text() for cell in line.select("td"))
        assert (what, per_second, unit) == (row["what"], speeds.rate(row["per_second"]), row["unit"])
        assert (ratio == "") == (row["ratio"] is None) and (gflops == "") == (row["gflops"] is None)
