"""Progress in a log: lines for people, objects for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from talkvalue_cli.output.progress.log import JsonDisplay
from talkvalue_cli.output.progress.snapshot import Snapshot
from tests.unit.output.screen import RUNNING, Log, Screen, at


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


@pytest.mark.parametrize("is_look", [True, False])
def test_silence_is_broken_after_a_minute_then_less_and_less_often(is_look: bool) -> None:
    log = Log()
    log.plain.show(at(0))
    beats = []
    for elapsed_s in range(1, 1500):
        before = len(log.lines)
        if is_look:
            log.plain.show(at(elapsed_s))
        else:
            log.tick(elapsed_s)
        if len(log.lines) > before:
            beats.append(elapsed_s)
    assert beats == [60, 180, 420, 720, 1020, 1320]


def test_a_heartbeat_states_what_was_seen_and_not_what_is_estimated() -> None:
    log = Log()
    log.plain.show(at(0, processed=130))
    log.tick(60)
    assert log.said[1:] == ["import 7 RUNNING 13 % (130/1000 rows)"]


def test_a_heartbeat_of_a_pending_import_says_for_how_long() -> None:
    log = Log()
    log.plain.show(at(0, "PENDING"))
    log.tick(60)
    assert log.said[1:] == ["import 7 PENDING (for 1m00s)"]


def test_a_heartbeat_says_that_there_is_still_no_contact() -> None:
    log = Log()
    log.plain.show(at(0, processed=130))
    log.plain.lost(at(20, contact="connection refused"))
    log.tick(79)
    log.tick(80)
    assert log.said[1:] == ["import 7: connection refused", "import 7: still no contact"]


def test_there_is_a_heartbeat_although_nothing_was_ever_seen() -> None:
    log = Log()
    log.plain.lost(Snapshot(7, "", contact="connection refused"))
    log.tick(60)
    assert log.said == ["import 7: connection refused", "import 7: still no contact"]


def test_there_is_no_heartbeat_after_the_end() -> None:
    log = Log()
    log.plain.show(at(0, "COMPLETED", 1000))
    log.tick(600)
    assert len(log.lines) == 1


def test_news_make_the_heartbeat_frequent_again() -> None:
    log = Log()
    log.plain.show(at(0))
    log.tick(60)
    log.plain.show(at(70, processed=100))
    log.tick(129)
    assert len(log.lines) == 3
    log.tick(130)
    assert len(log.lines) == 4


def test_a_lost_connection_is_one_line_and_its_return_another() -> None:
    log = Log()
    log.plain.show(at(0))
    for elapsed_s in (5, 10, 20):
        log.plain.lost(at(elapsed_s, contact="no answer in time; retrying in 3s"))
    log.plain.show(at(25))
    log.plain.show(at(30))
    log.plain.lost(at(35, contact="connection refused"))
    assert log.said == [
        "import 7 RUNNING (0/1000 rows)",
        "import 7: no answer in time; retrying in 3s",
        "import 7 RUNNING (0/1000 rows), contact is back",
        "import 7: connection refused",
    ]


def test_the_end_has_a_line_unless_it_was_said() -> None:
    log = Log()
    log.plain.show(at(0))
    log.plain.finish(at(5, "FAILED"), "failed")
    assert log.said[1:] == ["import 7 FAILED (0/1000 rows)"]


def test_the_end_of_a_wait_that_never_saw_anything_is_left_to_the_error() -> None:
    log = Log()
    log.plain.finish(Snapshot(7, ""), "error")
    assert log.lines == []


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
    display.tick(lambda job_id: at(62, processed=20))
    display.tick(lambda job_id: at(63, processed=20))
    display.tick(lambda job_id: at(64, processed=20))
    display.say("nothing moves")
    display.finish(at(70, "COMPLETED", 1000), "completed")
    found = events(screen)
    assert [event["event"] for event in found] == [
        *("retry", "status", "progress", "heartbeat", "warning", "done")
    ]
    assert (found[0]["status"], found[0]["message"]) == (None, "connection refused")
    # what was seen, not what is estimated
    assert (found[3]["processedRows"], found[3]["elapsedSeconds"]) == (10, 63)
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


def test_a_plain_line_says_that_a_job_stands_still() -> None:
    log = Log()
    log.plain.show(RUNNING._replace(still_s=61.0))
    assert log.said == ["import 7 RUNNING 42 % (420/1000 rows, 3 failed, no progress for 1m01s)"]


def test_the_first_look_at_a_job_that_was_started_again_has_a_line() -> None:
    log = Log()
    log.plain.show(at(0, processed=500))
    log.plain.show(at(1, processed=20)._replace(run=1))
    assert log.said == [
        "import 7 RUNNING 50 % (500/1000 rows)",
        "import 7 RUNNING 2 % (20/1000 rows)",
    ]
