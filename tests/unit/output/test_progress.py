"""How a wait shows that it goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from wcwidth import wcswidth

from talkvalue_cli.output import Output, progress
from talkvalue_cli.output.progress import (
    BarDisplay,
    JsonDisplay,
    PlainDisplay,
    SilentDisplay,
    Snapshot,
)
from tests.fakes import FakeStream

#: 2026-11-23T08:00:00Z
NOW = 1795420800.0
RUNNING = Snapshot(7, "RUNNING", 420, 1000, failed=3, rate=51.6, eta_s=11.2, elapsed_s=75.0)


class Screen:
    """An output whose standard error is looked at, and a clock for its timestamps."""

    def __init__(self, *, environ: dict[str, str] | None = None, is_terminal: bool = True) -> None:
        self.stderr = FakeStream(is_terminal=is_terminal)
        self.stdout = FakeStream()
        self.output = Output(self.stdout, self.stderr, environ or {}, format="json")
        self.now = NOW

    def wall_clock(self) -> float:
        return self.now

    @property
    def lines(self) -> list[str]:
        assert self.stdout.text == ""
        return self.stderr.text.splitlines()


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (
            200,
            "import 7  RUNNING  [===========>                  ]   42 %  420/1,000  52 rows/s  "
            "3 failed  ETA 11s  1m15s",
        ),
        (
            90,
            "import 7  RUNNING  [====>         ]   42 %  420/1,000  52 rows/s  3 failed  "
            "ETA 11s  1m15s",
        ),
        (79, "import 7  RUNNING   42 %  420/1,000  52 rows/s  3 failed  ETA 11s  1m15s"),
        (70, "import 7  RUNNING   42 %  420/1,000  52 rows/s  3 failed  ETA 11s"),
        (60, "import 7  RUNNING   42 %  420/1,000  3 failed  ETA 11s"),
        (46, "import 7  RUNNING   42 %  420/1,000  ETA 11s"),
        (40, "import 7  RUNNING   42 %  ETA 11s"),
        (30, "import 7  RUNNING   42 %"),
        (20, "import 7  RUNNING"),
        (12, "import 7  R…"),
        (1, "…"),
        (0, ""),
    ],
)
def test_what_matters_least_goes_first_on_a_narrow_terminal(width: int, line: str) -> None:
    assert progress.compose_bar(RUNNING, width) == line


SNAPSHOTS = [
    RUNNING,
    Snapshot(7, ""),
    Snapshot(7, "PENDING", elapsed_s=12.0),
    Snapshot(7, "PENDING", elapsed_s=12.0, contact="lost contact with http://h: reset"),
    Snapshot(9223372036854775807, "RUNNING", 10**12, 10**12 + 1, 10**9, 1e7, 1e6, 1e6),
    RUNNING._replace(contact="lost contact with https://api.example.com/x: no answer in time"),
    RUNNING._replace(contact="서비스를 사용할 수 없습니다 (HTTP 503); looking again in 3s"),
    RUNNING._replace(status="보류중"),
]


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_the_line_is_never_wider_than_the_terminal(snapshot: Snapshot) -> None:
    for width in range(121):
        assert wcswidth(progress.compose_bar(snapshot, width)) <= width


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (
            100,
            "import 7  RUNNING   42 %  420/1,000  3 failed  lost contact with http://h/x: "
            "no answer in time",
        ),
        (70, "import 7  RUNNING  lost contact with http://h/x: no answer in time"),
        (40, "import 7  RUNNING  lost contact with ht…"),
    ],
)
def test_trouble_with_the_connection_is_shown_at_any_width(width: int, line: str) -> None:
    contact = "lost contact with http://h/x: no answer in time"
    assert progress.compose_bar(RUNNING._replace(contact=contact), width) == line


def test_the_line_stays_one_line_whatever_the_server_says() -> None:
    snapshot = RUNNING._replace(status="RUN\x1b[31m", contact="no\n  name: x\r\x07")
    line = progress.compose_bar(snapshot, 200)
    assert line.isprintable()
    assert "RUN\\x1b[31m" in line
    assert "no\\n  name: x\\r\\x07" in line


def test_pending_shows_how_long_it_has_waited() -> None:
    line = progress.compose_bar(Snapshot(7, "PENDING", 0, 1000, elapsed_s=83.0), 79)
    assert line == "import 7  PENDING  [                              ]  for 1m23s"


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


@pytest.mark.parametrize(
    ("percent", "bar"),
    [
        (0, "[          ]"),
        (5, "[          ]"),
        (10, "[>         ]"),
        (50, "[====>     ]"),
        (99, "[========> ]"),
        (100, "[==========]"),
    ],
)
def test_the_bar_fills_up(percent: int, bar: str) -> None:
    assert progress.draw_bar(percent, 12) == bar


def test_the_line_is_redrawn_in_place_and_the_cursor_comes_back() -> None:
    screen = Screen(environ={"NO_COLOR": "1"})
    bar = BarDisplay(screen.output)
    assert bar.tick_s == 0.25
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    bar.tick(Snapshot(7, "PENDING", elapsed_s=2.0))
    # nothing to see that was not there before
    bar.tick(Snapshot(7, "PENDING", elapsed_s=2.2))
    bar.finish(None, "completed")
    bar.finish(None, "completed")
    assert screen.stderr.text == (
        "\x1b[?25l\rimport 7  PENDING  for 1s\x1b[K"
        "\rimport 7  PENDING  for 2s\x1b[K"
        "\r\x1b[K\x1b[?25h"
    )


def test_the_status_has_its_colour_in_the_line() -> None:
    screen = Screen()
    BarDisplay(screen.output).show(Snapshot(7, "PENDING", elapsed_s=1.0))
    assert "import 7  \x1b[33mPENDING\x1b[0m  for 1s" in screen.stderr.text


def test_a_sentence_goes_above_the_line() -> None:
    screen = Screen(environ={"NO_COLOR": "1"})
    bar = BarDisplay(screen.output)
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    bar.say("careful")
    bar.lost(Snapshot(7, "PENDING", elapsed_s=1.0, contact="gone"))
    bar.finish(None, "error")
    assert screen.stderr.text == (
        "\x1b[?25l\rimport 7  PENDING  for 1s\x1b[K"
        "\r\x1b[K\x1b[?25hWarning: careful\n"
        "\x1b[?25l\rimport 7  PENDING  for 1s  gone\x1b[K"
        "\r\x1b[K\x1b[?25h"
    )


def test_a_dumb_terminal_gets_blanks_instead_of_escape_codes() -> None:
    screen = Screen(environ={"TERM": "dumb"})
    bar = BarDisplay(screen.output)
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0, contact="gone"))
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    bar.finish(None, "completed")
    assert screen.stderr.text == (
        "\rimport 7  PENDING  for 1s  gone"
        "\rimport 7  PENDING  for 1s      "
        "\r                         \r"
    )


def at(elapsed_s: float, status: str = "RUNNING", processed: int = 0, **more: Any) -> Snapshot:
    return Snapshot(7, status, processed, 1000, elapsed_s=elapsed_s, **more)


class Log(Screen):
    """Plain lines, without the timestamps before them."""

    def __init__(self) -> None:
        super().__init__(is_terminal=False)
        self.plain = PlainDisplay(self.output, self.wall_clock)

    @property
    def said(self) -> list[str]:
        return [line.partition(" ")[2] for line in self.lines]


def test_a_plain_line_has_the_time_in_rfc_3339() -> None:
    log = Log()
    log.plain.show(RUNNING)
    assert log.lines == [
        "2026-11-23T08:00:00Z import 7 RUNNING 42 % "
        "(420/1000 rows, 3 failed, 52 rows/s, about 11s left)"
    ]


def test_the_first_look_and_each_change_of_status_have_a_line() -> None:
    log = Log()
    log.plain.show(Snapshot(7, "PENDING", elapsed_s=0.5))
    log.plain.show(Snapshot(7, "PENDING", elapsed_s=4.0))
    log.plain.show(at(5.0))
    log.plain.show(at(6.0))
    log.plain.show(at(7.0, "COMPLETED", 1000))
    assert log.said == [
        "import 7 PENDING (for 0s)",
        "import 7 RUNNING (0/1000 rows)",
        "import 7 COMPLETED 100 % (1000/1000 rows)",
    ]


def test_each_tenth_has_a_line_but_not_more_than_one_in_ten_seconds() -> None:
    log = Log()
    for elapsed_s, processed in ((0, 0), (9, 150), (10, 190), (15, 350), (20, 360), (31, 390)):
        log.plain.show(at(elapsed_s, processed=processed))
    log.plain.show(at(32, processed=400))
    assert log.said == [
        "import 7 RUNNING (0/1000 rows)",
        "import 7 RUNNING 19 % (190/1000 rows)",
        "import 7 RUNNING 36 % (360/1000 rows)",
        "import 7 RUNNING 40 % (400/1000 rows)",
    ]


@pytest.mark.parametrize("method", ["show", "tick"])
def test_silence_is_broken_after_a_minute_then_less_and_less_often(method: str) -> None:
    log = Log()
    log.plain.show(at(0))
    beats = []
    for elapsed_s in range(1, 1500):
        before = len(log.lines)
        getattr(log.plain, method)(at(elapsed_s))
        if len(log.lines) > before:
            beats.append(elapsed_s)
    assert beats == [60, 180, 420, 720, 1020, 1320]


def test_news_make_the_heartbeat_frequent_again() -> None:
    log = Log()
    log.plain.show(at(0))
    log.plain.tick(at(60))
    log.plain.show(at(70, processed=100))
    log.plain.tick(at(129))
    assert len(log.lines) == 3
    log.plain.tick(at(130))
    assert len(log.lines) == 4


def test_a_lost_connection_is_one_line_and_its_return_another() -> None:
    log = Log()
    log.plain.show(at(0))
    for elapsed_s in (5, 10, 20):
        log.plain.lost(at(elapsed_s, contact="no answer in time; looking again in 3s"))
    log.plain.show(at(25))
    log.plain.show(at(30))
    log.plain.lost(at(35, contact="connection refused"))
    assert log.said == [
        "import 7 RUNNING (0/1000 rows)",
        "import 7: no answer in time; looking again in 3s",
        "import 7 RUNNING (0/1000 rows), contact is back",
        "import 7: connection refused",
    ]


def test_the_end_has_a_line_unless_it_was_said() -> None:
    log = Log()
    log.plain.show(at(0))
    log.plain.finish(at(5, "FAILED"), "failed")
    log.plain.finish(at(5, "FAILED"), "failed")
    log.plain.finish(None, "error")
    assert log.said[1:] == ["import 7 FAILED (0/1000 rows)"]


def test_a_warning_in_a_log_is_marked_as_one() -> None:
    log = Log()
    log.plain.say("nothing moves")
    assert log.lines == ["Warning: nothing moves"]


def events(screen: Screen) -> list[dict[str, Any]]:
    return [json.loads(line) for line in screen.lines]


def test_an_event_has_time_id_name_and_counters() -> None:
    screen = Screen(is_terminal=False)
    JsonDisplay(screen.output, screen.wall_clock).show(RUNNING._replace(elapsed_s=75.12345))
    assert screen.lines == [
        '{"time": "2026-11-23T08:00:00Z", "id": 7, "event": "status", "status": "RUNNING", '
        '"processedRows": 420, "totalRows": 1000, "failedCount": 3, "elapsedSeconds": 75.123}'
    ]


def test_each_kind_of_event_has_its_name() -> None:
    screen = Screen(is_terminal=False)
    display = JsonDisplay(screen.output, screen.wall_clock)
    display.lost(Snapshot(7, "", contact="connection refused"))
    display.show(at(1))
    display.show(at(2))
    display.show(at(3, processed=10))
    display.tick(at(62, processed=20))
    display.tick(at(63, processed=20))
    display.say("nothing moves")
    display.finish(at(70, "COMPLETED", 1000), "completed")
    display.finish(None, "error")
    found = events(screen)
    assert [event["event"] for event in found] == [
        *("retry", "status", "progress", "heartbeat", "warning", "done")
    ]
    assert (found[0]["status"], found[0]["message"]) == (None, "connection refused")
    assert found[4] == {
        "time": "2026-11-23T08:00:00Z",
        "event": "warning",
        "message": "nothing moves",
    }
    assert found[5]["outcome"] == "completed"


def test_events_hold_text_that_can_be_read_and_stay_on_their_line() -> None:
    screen = Screen(is_terminal=False)
    display = JsonDisplay(screen.output, screen.wall_clock)
    display.say("김\n\x1b[31m")
    assert "김\\n\\u001b[31m" in screen.stderr.text
    assert len(screen.lines) == 1


def test_a_silent_display_passes_warnings_on_and_nothing_else() -> None:
    screen = Screen(is_terminal=False)
    display = SilentDisplay(screen.output)
    assert display.tick_s is None
    display.show(RUNNING)
    display.tick(RUNNING)
    display.lost(RUNNING)
    display.finish(RUNNING, "completed")
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
    progress.ring(screen.output, "import 7: completed")
    assert screen.stderr.text == text
