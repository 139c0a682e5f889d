"""The lines that show progress on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from wcwidth import wcswidth

from talkvalue_cli.output.progress.bar import BarDisplay, UploadBar, compose_bar, draw_bar
from talkvalue_cli.output.progress.snapshot import Snapshot
from talkvalue_cli.output.writer import Output
from tests.unit.output.screen import RUNNING, Screen


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
    assert compose_bar(RUNNING, width) == line


SNAPSHOTS = [
    RUNNING,
    Snapshot(7, ""),
    Snapshot(7, "PENDING", elapsed_s=12.0),
    Snapshot(7, "PENDING", elapsed_s=12.0, contact="lost contact with http://h: reset"),
    Snapshot(9223372036854775807, "RUNNING", 10**12, 10**12 + 1, 10**9, 1e7, 1e6, 1e6),
    RUNNING._replace(contact="lost contact with https://api.example.com/x: no answer in time"),
    RUNNING._replace(contact="서비스를 사용할 수 없습니다 (HTTP 503); retrying in 3s"),
    RUNNING._replace(status="보류중"),
]


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_the_line_is_never_wider_than_the_terminal(snapshot: Snapshot) -> None:
    for width in range(121):
        assert wcswidth(compose_bar(snapshot, width)) <= width


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
    assert compose_bar(RUNNING._replace(contact=contact), width) == line


def test_the_line_stays_one_line_whatever_the_server_says() -> None:
    snapshot = RUNNING._replace(status="RUN\x1b[31m", contact="no\n  name: x\r\x07")
    line = compose_bar(snapshot, 200)
    assert line.isprintable()
    assert "RUN\\x1b[31m" in line
    assert "no\\n  name: x\\r\\x07" in line


def test_what_is_estimated_is_marked() -> None:
    line = compose_bar(RUNNING._replace(guessed=50), 79)
    # the rows are those of the server's last record
    assert line == "import 7  RUNNING  ~47 %  420/1,000  52 rows/s  3 failed  ETA 11s  1m15s"


def test_a_job_that_stands_still_is_seen_to() -> None:
    still = RUNNING._replace(still_s=29.0)
    assert "no progress" not in compose_bar(still, 79)
    still = RUNNING._replace(still_s=40.0)
    line = compose_bar(still, 79)
    assert line == "import 7  RUNNING   42 %  420/1,000  no progress for 40s  3 failed  1m15s"


def test_the_bar_does_not_go_back_while_the_job_moves() -> None:
    screen = Screen(environ={"NO_COLOR": "1"})
    bar = BarDisplay(screen.output)

    def shown(snapshot: Snapshot, *, is_tick: bool = False) -> str:
        before = len(screen.stderr.text)
        if is_tick:
            bar.tick(lambda job_id: snapshot)
        else:
            bar.show(snapshot)
        return next(iter(re.findall(r"~?\d+ %  [\d,]+/1,000", screen.stderr.text[before:])), "")

    def guess(processed: int, guessed: int, elapsed_s: float = 75.0) -> Snapshot:
        return RUNNING._replace(processed=processed, guessed=guessed, elapsed_s=elapsed_s)

    assert shown(RUNNING._replace(processed=400)) == "40 %  400/1,000"
    assert shown(guess(400, 50), is_tick=True) == "~45 %  400/1,000"
    # the next look finds less, but more than before: it catches up
    assert shown(RUNNING._replace(processed=430, elapsed_s=76)) == "~45 %  430/1,000"
    assert shown(guess(430, 10, 77), is_tick=True) == "~45 %  430/1,000"
    assert shown(RUNNING._replace(processed=460, elapsed_s=78)) == "46 %  460/1,000"
    # a job that stands still is where it stands
    assert shown(guess(460, 20), is_tick=True) == "~48 %  460/1,000"
    assert shown(RUNNING._replace(processed=460, still_s=3.0, elapsed_s=79)) == "46 %  460/1,000"
    # and one that the server has started again is at its start
    assert shown(guess(460, 40), is_tick=True) == "~50 %  460/1,000"
    assert shown(RUNNING._replace(processed=20, run=1, elapsed_s=80)) == "2 %  20/1,000"


def test_pending_shows_how_long_it_has_waited_and_no_bar() -> None:
    line = compose_bar(Snapshot(7, "PENDING", 0, 1000, elapsed_s=83.0), 79)
    assert line == "import 7  PENDING  for 1m23s"


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
    assert draw_bar(percent, 12) == bar


def test_the_line_is_redrawn_in_place_and_the_cursor_comes_back() -> None:
    screen = Screen(environ={"NO_COLOR": "1"})
    bar = BarDisplay(screen.output)
    assert bar.tick_s == 0.25
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    bar.tick(lambda job_id: Snapshot(job_id, "PENDING", elapsed_s=2.0))
    # nothing to see that was not there before
    bar.tick(lambda job_id: Snapshot(job_id, "PENDING", elapsed_s=2.2))
    bar.finish(Snapshot(7, "COMPLETED"), "completed")
    bar.close()
    bar.close()
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
    bar.close()
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
    bar.close()
    assert screen.stderr.text == (
        "\rimport 7  PENDING  for 1s  gone"
        "\rimport 7  PENDING  for 1s      "
        "\r                         \r"
    )


class WatchedOutput(Output):
    """An output that does something before the terminal is told what to show."""

    before: Callable[[], None] = staticmethod(lambda: None)
    at_once = ""

    def write_error(self, text: str) -> None:
        self.before()
        super().write_error(text)

    def write_at_once(self, text: str) -> None:
        self.at_once += text


def stop_process(bar: BarDisplay) -> None:
    """Do what happens to a display when somebody types Ctrl-Z, and comes back."""
    bar._give_back()


def test_a_hidden_cursor_is_known_before_the_terminal_hides_it() -> None:
    screen = Screen()
    output = WatchedOutput(screen.stdout, screen.stderr, {}, format="json")
    bar = BarDisplay(output)
    stop_process(bar)
    assert output.at_once == ""
    output.before = lambda: stop_process(bar)
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    assert output.at_once == "\x1b[?25h"


def test_after_a_stop_everything_is_drawn_anew() -> None:
    screen = Screen(environ={"NO_COLOR": "1"})
    output = WatchedOutput(screen.stdout, screen.stderr, {"NO_COLOR": "1"}, format="json")
    bar = BarDisplay(output)
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    stop_process(bar)
    bar.tick(lambda job_id: Snapshot(job_id, "PENDING", elapsed_s=1.0))
    stop_process(bar)
    bar.close()
    stop_process(bar)
    drawn = "\x1b[?25l\rimport 7  PENDING  for 1s\x1b[K"
    assert screen.stderr.text == f"{drawn}{drawn}\x1b[?25h"
    assert output.at_once == "\x1b[?25h" * 2


def test_nothing_is_drawn_while_the_terminal_is_another_jobs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen(environ={"NO_COLOR": "1"})
    bar = BarDisplay(screen.output)
    with monkeypatch.context() as patch:
        patch.setattr(Output, "is_in_background", True)
        bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
        bar.close()
        assert screen.stderr.text == ""
    bar.show(Snapshot(7, "PENDING", elapsed_s=1.0))
    assert screen.stderr.text == "\x1b[?25l\rimport 7  PENDING  for 1s\x1b[K"


@pytest.mark.parametrize(
    ("environ", "is_terminal", "is_quiet"),
    [({"TERM": "dumb"}, True, False), ({}, False, False), ({}, True, True)],
)
def test_an_upload_is_shown_only_to_somebody_who_sees_it_move(
    environ: dict[str, str], is_terminal: bool, is_quiet: bool
) -> None:
    screen = Screen(environ=environ, is_terminal=is_terminal)
    if is_quiet:
        screen.output.hold_notes()
    bar = UploadBar(screen.output, "people.csv", 1000)
    bar.draw()
    bar.close()
    assert screen.stderr.text == ""


def test_an_upload_that_begins_again_begins_at_nothing() -> None:
    screen = Screen()
    bar = UploadBar(screen.output, "pe\x1bople.csv", 4_000_000)
    bar.add(3_000_000)
    bar.draw()
    bar.draw()
    bar.begin()
    bar.add(1_000_000)
    bar.draw()
    bar.close()
    assert screen.stderr.text == (
        "\ruploading pe\\x1bople.csv  [=====================>        ]  75 %  3.0/4.0 MB\x1b[K"
        "\ruploading pe\\x1bople.csv  [======>                       ]  25 %  1.0/4.0 MB\x1b[K"
        "\r\x1b[K"
    )
