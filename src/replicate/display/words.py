"""How numbers are put into sentences, whichever way they fall."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from replicate import records
from replicate.records import Record


def shortfall(record: Record) -> str:
    """Return the sentence that says what a record falls short of the full budget by, empty where by nothing."""
    return f" This record was made with less than the full budget: {record.budget}." if record.budget else ""


def chapter_verdict(
    written: Mapping[str, Callable[[Record], str]], leads: Mapping[str, str] | None = None
) -> str:
    """Return a chapter's verdict, one paragraph per experiment with a full record.

    Args:
        written: experiment → what a reader may conclude from its record.
        leads: experiment → the words its paragraph begins with; None: its text has them.
    """
    found = ((name, write, records.full_record(name)) for name, write in written.items())
    lines, told = [], set()
    for name, write, record in found:
        if record is None:
            continue
        short = shortfall(record)
        # A chapter's experiments often fall short in the same way: said in full once.
        lines.append(
            (f"**{leads[name]}.** " if leads else "")
            + write(record)
            + (" This record was made with the same smaller budget as one above." if short in told else short)
        )
        told |= {short} - {""}
    return "\n\n".join(lines) or "No full-profile record of this chapter yet."
