"""Progress of several imports at once: lines on a terminal, lines in a log, events."""

from __future__ import annotations

import json
import os
from typing import Any

import pyte
import pytest

from talkvalue_cli.output.progress.bar import BarDisplay
from talkvalue_cli.output.progress.log import JsonDisplay
from talkvalue_cli.output.progress.snapshot import Snapshot, compose_sum
from tests.unit.output.screen import Log, Screen, at

COLUMNS, ROWS = 60, 8


class Window(Screen):
    """A terminal of eight lines of 60 columns that shows the progress of some imports."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, job_count: int, **environ: str) -> None:
        super().__init__(environ={"NO_COLOR": "1", **environ})
        self.rows = ROWS
        monkeypatch.setattr(self.stderr, "fileno", lambda: -7)
        monkeypatch.setattr(os, "get_terminal_size", self._size)
        self.bar = BarDisplay(self.output, job_count)

    def _size(self, fd: int) -> os.terminal_size:
        assert fd == -7
        return os.terminal_size((COLUMNS, self.rows))

    @property
    def shown(self) -> list[str]:
        """What is on the screen; a terminal's driver puts CR before each LF."""
        screen = pyte.Screen(COLUMNS, 40)
        pyte.Stream(screen).feed(self.stderr.text.replace("\n", "\r\n"))
        lines = [line.rstrip() for line in screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def look(self, elapsed_s: float, *statuses: str) -> None:
        """Show what a look has brought of imports 1, 2 and so on, and let it be drawn."""
        for job_id, status in enumerate(statuses, 1):
            self.bar.show(at(elapsed_s, status, 250, job_id))
        self.bar.tick(lambda job_id: at(elapsed_s, statuses[job_id - 1], 250, job_id))


def test_each_live_import_has_a_line_and_all_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window(monkeypatch, 3)
    window.look(1, "RUNNING", "PENDING", "COMPLETED")
    assert window.shown == [
        "import 1  RUNNING  [===>            ]   25 %  250/1,000  1s",
        "import 2  PENDING  for 1s",
        "1 of 3 done: 1 COMPLETED, 1 PENDING, 1 RUNNING",
    ]


def test_the_lines_are_redrawn_in_place_and_those_of_ended_imports_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = Window(monkeypatch, 3)
    window.look(1, "PENDING", "PENDING", "PENDING")
    window.look(2, "FAILED", "RUNNING", "PENDING")
    assert window.shown == [
        "import 2  RUNNING  [===>            ]   25 %  250/1,000  2s",
        "import 3  PENDING  for 2s",
        "1 of 3 done: 1 FAILED, 1 PENDING, 1 RUNNING",
    ]
    window.look(3, "FAILED", "COMPLETED", "COMPLETED")
    assert window.shown == ["3 of 3 done: 2 COMPLETED, 1 FAILED"]
    window.bar.close()
    assert window.shown == []
    assert window.stderr.text.count("\x1b[?25l") == window.stderr.text.count("\x1b[?25h") == 1


def test_there_are_never_more_lines_than_the_screen_has(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window(monkeypatch, 100)
    window.look(1, *["RUNNING"] * 100)
    assert len(window.shown) == 7 < ROWS
    assert [line.split()[:2] for line in window.shown[:-1]] == [
        *(["import", "1"], ["import", "2"], ["import", "3"]),
        *(["import", "4"], ["import", "5"], ["import", "6"]),
    ]
    assert window.shown[-1] == "0 of 100 done: 100 RUNNING"


def test_a_window_that_becomes_smaller_has_fewer_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window(monkeypatch, 100)
    window.look(1, *["PENDING"] * 100)
    window.rows = 4
    window.look(2, *["PENDING"] * 100)
    assert window.shown == [
        "import 1  PENDING  for 2s",
        "import 2  PENDING  for 2s",
        "0 of 100 done: 100 PENDING",
    ]


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_even_a_tiny_window_has_one_import_and_the_sum(
    monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    window = Window(monkeypatch, 9)
    window.rows = rows
    window.look(1, *["PENDING"] * 9)
    assert window.shown == ["import 1  PENDING  for 1s", "0 of 9 done: 9 PENDING"]


def test_a_look_at_many_imports_draws_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window(monkeypatch, 100)
    for job_id in range(1, 101):
        window.bar.show(at(1, "PENDING", job_id=job_id))
    assert window.stderr.text.count("import 1 ") == 1
    assert "import 2 " not in window.stderr.text


def test_a_sentence_goes_above_the_lines_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window(monkeypatch, 2)
    window.look(1, "PENDING", "PENDING")
    window.bar.say("import 2: no progress for 10m00s")
    window.look(2, "PENDING", "PENDING")
    assert window.shown == [
        "Warning: import 2: no progress for 10m00s",
        "import 1  PENDING  for 2s",
        "import 2  PENDING  for 2s",
        "0 of 2 done: 2 PENDING",
    ]


def test_a_terminal_that_cannot_move_its_cursor_has_the_sum_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = Window(monkeypatch, 3, TERM="dumb")
    window.look(1, "PENDING", "PENDING", "PENDING")
    window.look(2, "COMPLETED", "PENDING", "PENDING")
    assert window.shown == ["1 of 3 done: 1 COMPLETED, 2 PENDING"]
    assert "\x1b" not in window.stderr.text
    assert "\n" not in window.stderr.text
    window.bar.close()
    assert window.shown == []


def test_the_sum_names_the_states_in_a_fixed_order() -> None:
    seen = [at(0, status) for status in ("RUNNING", "FAILED", "COMPLETED", "RUNNING", "PENDING")]
    text = "2 of 7 done: 1 COMPLETED, 1 FAILED, 1 PENDING, 2 RUNNING"
    assert compose_sum([*seen, Snapshot(9, "")], 7) == text
    assert compose_sum([], 7) == "0 of 7 done"


def test_a_log_has_one_line_for_each_import_that_ends() -> None:
    log = Log(3)
    log.look(0, "PENDING", "PENDING", "PENDING")
    log.look(5, "RUNNING", "RUNNING", "PENDING")
    log.look(10, "RUNNING", "FAILED", "RUNNING")
    log.look(15, "COMPLETED", "FAILED", "RUNNING")
    log.look(20, "COMPLETED", "FAILED", "PARTIAL_SUCCESS")
    for job_id, status in enumerate(("COMPLETED", "FAILED", "PARTIAL_SUCCESS"), 1):
        log.plain.finish(at(20, status, 250, job_id), "whatever")
    assert log.said == [
        "import 2 FAILED 25 % (250/1000 rows)",
        "import 1 COMPLETED 25 % (250/1000 rows)",
        "import 3 PARTIAL_SUCCESS 25 % (250/1000 rows)",
    ]


def test_a_status_that_this_version_does_not_know_has_one_line_and_not_one_a_look() -> None:
    log = Log(3)
    for elapsed_s in range(20):
        log.look(elapsed_s, "PAUSED", "RUNNING", "RUNNING")
    assert log.said == ["import 1 PAUSED 25 % (250/1000 rows)"]


def test_a_silent_log_sums_up_after_a_minute() -> None:
    log = Log(3)
    log.look(0, "PENDING", "RUNNING", "RUNNING")
    for elapsed_s in range(5, 200, 5):
        log.tick(elapsed_s)
    assert log.said == ["0 of 3 done: 1 PENDING, 2 RUNNING"] * 2


def test_lost_contact_with_many_is_one_line_and_its_return_another() -> None:
    log = Log(3)
    log.look(0, "RUNNING", "RUNNING", "RUNNING")
    for elapsed_s in (5, 10):
        log.plain.lost(at(elapsed_s, job_id=1, contact="connection refused"))
    log.look(15, "RUNNING", "COMPLETED", "RUNNING")
    assert log.said == [
        "import 1: connection refused",
        "import 1 RUNNING 25 % (250/1000 rows), contact is back",
        "import 2 COMPLETED 25 % (250/1000 rows)",
    ]


def test_events_are_those_of_each_import() -> None:
    screen = Screen(is_terminal=False)
    display = JsonDisplay(screen.output, screen.wall_clock)
    for elapsed_s, status in ((0, "RUNNING"), (5, "RUNNING"), (9, "COMPLETED")):
        display.show(at(elapsed_s, status, elapsed_s, job_id=1))
        display.show(at(elapsed_s, "PENDING", job_id=2))
    display.tick(lambda job_id: at(69, job_id=job_id))
    display.finish(at(70, "COMPLETED", job_id=1), "completed")
    display.finish(at(70, "PENDING", job_id=2), "timeout")
    found: list[dict[str, Any]] = [json.loads(line) for line in screen.lines]
    assert [(event["event"], event["id"], event["status"]) for event in found] == [
        ("status", 1, "RUNNING"),
        ("status", 2, "PENDING"),
        ("progress", 1, "RUNNING"),
        ("status", 1, "COMPLETED"),
        ("heartbeat", 2, "PENDING"),
        ("done", 1, "COMPLETED"),
        ("done", 2, "PENDING"),
    ]
    assert [event.get("outcome") for event in found[-2:]] == ["completed", "timeout"]
