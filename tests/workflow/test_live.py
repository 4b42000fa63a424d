"""What a run of the rules shows: live lines on a terminal, plain ones elsewhere, and at the end what was not made."""

import io
import time

import pytest
from rich.console import Console

from replicate import progress
from replicate.progress import shown
from workflow.live import Watch, unmade

RECORD = ["workflow.jobs", "record", "--", "zeng2019-gap", "quick", "cpu", "out.json"]
PAGE = ["workflow", "page", "--profile", "quick", "--written", "x.json", "--", "zeng2019/gap"]
KERNEL = ["ipykernel_launcher", "-f", "kernel.json"]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_has_a_line_per_running_job(terminal: bool) -> None:
    told = io.StringIO()
    with Watch(Console(file=told, force_terminal=terminal, width=120)) as watch:
        for job in (RECORD, PAGE, KERNEL):
            watch.hear(job, {"begun": True})
        watch.line("record zeng2019-gap: forest on random splits")
        watch.refresh()
        watch.hear(RECORD, {"text": "atcnn [random]", "step": 20, "steps": 80})
        time.sleep(0.6)  # rich draws a share twice a second
        watch.refresh()
        before = told.getvalue()
        watch.line("page zeng2019/metals … 3 s")
        for job in (RECORD, PAGE, KERNEL):
            watch.hear(job, {"ended": 0, "error": ""})
        told.truncate(0)
        watch.refresh()
        assert "record" not in told.getvalue()
    assert watch.failures == {}
    if terminal:
        assert "forest on random splits" in before and "atcnn [random]" in before and "25%" in before
        assert "page zeng2019/gap" in before and "ipykernel" not in before
        assert "record zeng2019-gap: forest" not in before
    else:
        assert before == "record zeng2019-gap: forest on random splits\n"


def test_every_page_that_was_not_made_is_named_with_the_reason() -> None:
    failures = {"page a/own": "a/own FAILED after 3 s: In [3]", "record r": "no space is left on the disk"}
    needs = {"a/own": ["record r"], "a/waits": ["data d", "record r"], "a/late": []}
    assert [unmade(page, failures, jobs) for page, jobs in needs.items()] == [
        "page a/own was not made: after 3 s: In [3]",
        "page a/waits was not made: record r failed: no space is left on the disk",
        "page a/late was not made: it was not begun",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_work_in_this_process_has_a_live_line_too(terminal: bool, capsys: pytest.CaptureFixture[str]) -> None:
    told = io.StringIO()
    with shown("zeng2019-gap", Console(file=told, force_terminal=terminal, width=120)) as say:
        say("forest on random splits")
        progress.report("atcnn, random", 20, 80)
    progress.report("nobody listens any more", 1, 2)
    lines = told.getvalue()
    if terminal:
        assert "forest on random splits" in lines and "atcnn, random" in lines and "nobody" not in lines
    else:
        assert (lines, capsys.readouterr().out) == ("", "  forest on random splits\n")
