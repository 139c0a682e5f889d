"""What the polls of a job add up to: restarts, and the age of a run by clocks that may be wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.polling import guess_rows
from tests.unit.imports.waiting.jobs_seen import STARTED, record


def history_of(*records: dict[str, Any], every_s: float = 10) -> JobHistory:
    """Return the history of a job that was polled so often."""
    history = JobHistory(7, 0)
    for number, each in enumerate(records):
        history.learn(each, number * every_s, None)
    return history


def test_one_answer_that_is_behind_is_not_believed() -> None:
    history = history_of(record("RUNNING", 600), record("PENDING"))
    assert (history.status, history.processed_rows, history.is_doubted) == ("RUNNING", 600, True)
    assert (history.seen_at, history.moved_at) == (0, 0)
    history.learn(record("RUNNING", 650), 20, None)
    assert (history.processed_rows, history.is_doubted, history.restarts) == (650, False, 0)
    # doubts do not add up
    history.learn(record("PENDING"), 30, None)
    assert (history.status, history.restarts) == ("RUNNING", 0)


def test_two_in_a_row_are_a_restart_from_which_everything_is_counted() -> None:
    history = history_of(
        record("RUNNING", 300), record("RUNNING", 600), record("PENDING"), record("PENDING")
    )
    assert (history.status, history.processed_rows, history.restarts) == ("PENDING", 0, 1)
    assert history.before_restart == record("RUNNING", 600)
    assert (history.moved_at, history.still_s, history.is_doubted) == (30, 0, False)
    assert (list(history.samples), history.smallest_step, history.run_age_s) == ([], None, None)
    history.learn(record("RUNNING", 10), 40, None)
    history.learn(record("RUNNING", 30), 50, None)
    assert [rows for _, rows in history.samples] == [10, 30]
    assert history.restarts == 1


def test_the_second_may_have_moved_on() -> None:
    history = history_of(record("RUNNING", 600), record("PENDING"), record("RUNNING", 20))
    assert (history.status, history.processed_rows, history.restarts) == ("RUNNING", 20, 1)


def test_pages_of_the_list_are_never_enough() -> None:
    history = history_of(record("RUNNING", 600))
    for now in (10, 20, 30):
        history.learn(record("PENDING"), now, None, is_listed=True)
    assert (history.status, history.restarts, history.is_doubted) == ("RUNNING", 0, True)
    history.learn(record("PENDING"), 40, None)
    assert (history.status, history.restarts) == ("PENDING", 1)


def test_a_run_that_began_later_is_believed_at_once() -> None:
    later = (STARTED + timedelta(seconds=90)).isoformat()
    history = history_of(record("RUNNING", 600), record("RUNNING", 5, processStartedAt=later))
    assert (history.processed_rows, history.restarts) == (5, 1)


@pytest.mark.parametrize("value", [None, "many", [1], {}, True, -3, 10**400, 0.5])
def test_a_counter_that_is_none_counts_nothing(value: object) -> None:
    history = history_of(*[record("RUNNING", processedRows=value, totalRows=value)] * 2)
    assert (history.processed_rows, history.total_rows) == (0, 0)


def poll(
    history: JobHistory, now: float, rows: int, ahead_s: float, status: str = "RUNNING"
) -> None:
    """Have a poll answered by a server whose run began at 0 and whose Date is ahead."""
    history.learn(record(status, rows), now, STARTED + timedelta(seconds=now + ahead_s))


@pytest.mark.parametrize("step_s", [-86400, -3600, 3600, 86400])
def test_a_step_of_the_clock_of_the_server_does_not_change_the_age_of_a_run(step_s: float) -> None:
    history = JobHistory(7, 0)
    poll(history, 10, 100, 0)
    assert history.run_age_s == 10.5
    poll(history, 20, 200, step_s)
    assert history.run_age_s == 20.5
    poll(history, 30, 300, step_s)
    assert history.run_age_s == 30.5
    poll(history, 40, 400, 0)
    assert history.run_age_s == 40.5


def test_a_clock_of_the_server_that_is_ahead_makes_no_run_older_than_its_wait() -> None:
    history = JobHistory(7, 0)
    poll(history, 10, 0, 86400, "PENDING")
    poll(history, 15, 50, 86400)
    assert history.run_age_s == 5
    poll(history, 25, 150, 86400)
    assert history.run_age_s == 15


def test_a_clock_of_the_server_that_is_behind_makes_no_run_younger_than_it_was_seen() -> None:
    history = JobHistory(7, 0)
    poll(history, 10, 100, -86400)
    poll(history, 20, 200, -86400)
    assert history.run_age_s == 10


def test_a_job_that_was_just_created_has_not_run_before() -> None:
    history = JobHistory(7, 100, {"id": 7, "status": "PENDING"})
    poll(history, 103, 50, 86400)
    assert history.run_age_s == 3


def test_rows_are_guessed_from_the_slowest_pace_that_was_seen() -> None:
    steady = history_of(*(record("RUNNING", rows) for rows in (100, 200, 300)))
    assert [guess_rows(steady, since_s) for since_s in (0, 1, 10, 30, 300)] == [
        0,
        10,
        100,
        300,
        300,
    ]
    slower = history_of(*(record("RUNNING", rows) for rows in (100, 200, 250)))
    assert guess_rows(slower, 10) == 50
    faster = history_of(*(record("RUNNING", rows) for rows in (100, 150, 250)))
    assert guess_rows(faster, 10) == 75
    stopped = history_of(*(record("RUNNING", rows) for rows in (100, 200, 200)))
    assert guess_rows(stopped, 10) == 0


def test_one_look_is_enough_where_the_server_says_when_the_run_began() -> None:
    history = JobHistory(7, 0)
    poll(history, 10, 105, 0)
    assert guess_rows(history, 10) == 100
    assert guess_rows(history_of(record("RUNNING", 105)), 10) == 0
    # what it has done before counts no more once it was seen to stand still
    poll(history, 20, 105, 10)
    assert guess_rows(history, 10) == 0
