"""Pieces of a book page; each function returns an object that a notebook shows."""

from replicate.display.html import badge, number, searchable, sentence, table
from replicate.display.pages import (
    claim_results,
    claims,
    comparison,
    data_card,
    dropped,
    full_scoreboard,
    printed,
    provenance,
    reduced_budgets,
    scores,
    verdict_counts,
)
from replicate.display.status import bench_table, data_status, run_status, version_table
from replicate.display.superconductors import (
    budget,
    candidates,
    cleaning_steps,
    impossible_pair,
    list_agreement,
    mixed_scores,
    negatives,
    table1,
    table1_average,
    table2,
)
from replicate.display.zeng2019 import element_scores, table3, verdict_sentences, zeng2019_verdict
from replicate.display.zeng2019_choices import zeng2019_choices

__all__ = [
    "badge",
    "bench_table",
    "budget",
    "candidates",
    "claim_results",
    "claims",
    "cleaning_steps",
    "comparison",
    "data_card",
    "data_status",
    "dropped",
    "element_scores",
    "full_scoreboard",
    "impossible_pair",
    "list_agreement",
    "mixed_scores",
    "negatives",
    "number",
    "printed",
    "provenance",
    "reduced_budgets",
    "run_status",
    "scores",
    "searchable",
    "sentence",
    "table",
    "table1",
    "table1_average",
    "table2",
    "table3",
    "verdict_counts",
    "verdict_sentences",
    "version_table",
    "zeng2019_choices",
    "zeng2019_verdict",
]
