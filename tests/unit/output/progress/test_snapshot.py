"""What there is to show of a wait, whatever shows it."""

from __future__ import annotations

import re
import unicodedata

import pytest

from talkvalue_cli.output.progress import snapshot
from talkvalue_cli.output.progress.bar import BarDisplay
from talkvalue_cli.output.progress.log import JsonDisplay, PlainDisplay
from talkvalue_cli.output.progress.snapshot import Display, Snapshot
from tests.unit.output.screen import RUNNING, Screen, at


@pytest.mark.parametrize(
    ("status", "processed", "total", "percent"),
    [
        ("RUNNING", 0, 0, None),
        ("RUNNING", 5, -1, None),
        ("RUNNING", 999, 1000, 99),
        ("RUNNING", 1000, 1000, 99),
        ("RUNNING", 2000, 1000, 99),
        ("PENDING", 1000, 1000, 99),
        ("COMPLETED", 1000, 1000, 100),
        ("COMPLETED", 2000, 1000, 100),
        ("FAILED", 1, 1000, 0),
    ],
)
def test_percents_stay_below_100_until_the_end(
    status: str, processed: int, total: int, percent: int | None
) -> None:
    assert Snapshot(7, status, processed, total).percent == percent


def test_a_silent_display_passes_warnings_on_and_nothing_else() -> None:
    screen = Screen(is_terminal=False)
    display = Display(screen.output)
    assert display.tick_s is None
    display.show(RUNNING)
    display.tick(lambda job_id: RUNNING)
    display.lost(RUNNING)
    display.finish(RUNNING, "completed")
    display.close()
    assert screen.lines == []
    display.say("careful")
    assert screen.lines == ["Warning: careful"]


@pytest.mark.parametrize(
    ("is_tty", "environ", "text"),
    [
        (True, {}, "\a\x1b]9;import 7: completed\x07"),
        (False, {}, ""),
        (True, {"TERM": "dumb"}, ""),
    ],
)
def test_only_a_terminal_is_rung(is_tty: bool, environ: dict[str, str], text: str) -> None:
    screen = Screen(environ=environ, is_terminal=is_tty)
    snapshot.ring(screen.output, "import 7: completed")
    assert screen.stderr.text == text


HOSTILE = "\x1b]0;t\x07\x9b31m\u202e"


@pytest.mark.parametrize("job_count", [1, 2])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_no_display_shows_what_a_terminal_would_obey(is_terminal: bool, job_count: int) -> None:
    screen = Screen(is_terminal=is_terminal)
    displays: list[Display] = [
        PlainDisplay(screen.output, screen.wall_clock, job_count),
        JsonDisplay(screen.output, screen.wall_clock),
    ]
    if is_terminal:
        displays.append(BarDisplay(screen.output, job_count))
    for display in displays:
        for status, contact in ((HOSTILE, HOSTILE), ("RUNNING", HOSTILE), ("COMPLETED", "")):
            display.show(at(1.0, status, contact=contact))
            display.lost(at(90.0, status, contact=contact))
            display.tick(lambda job_id: at(500.0, HOSTILE, job_id=job_id))
        display.say(HOSTILE)
        display.finish(at(999.0, HOSTILE), HOSTILE)
        display.close()
    # the bar moves the cursor itself
    text = re.sub("\x1b\\[[?0-9;]*[A-Za-z]", "", screen.stderr.text)
    strange = {each for each in text if unicodedata.category(each) in ("Cc", "Cf")}
    assert strange <= {"\n", "\r"}


def test_a_notification_is_cleaned() -> None:
    screen = Screen()
    snapshot.ring(screen.output, HOSTILE)
    assert screen.stderr.text == "\a\x1b]9;\\x1b]0;t\\x07\\x9b31m\\u202e\x07"
