"""What the polls of one job add up to."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.imports.waiting.history import JobHistory
from tests.unit.imports.waiting.jobs_seen import record


def history_of(*records: dict[str, Any]) -> JobHistory:
    """Return a history of these records, one a second."""
    history = JobHistory(7, 0.0)
    for second, each in enumerate(records, 1):
        history.learn(each, float(second), None)
    return history


def test_the_time_waited_counts_from_the_begin_of_the_wait() -> None:
    history = JobHistory(7, 1000.0)
    assert history.waited_s == 0
    history.learn(record("RUNNING", 100), 1012.5, None)
    assert history.waited_s == 12.5


@pytest.mark.parametrize("count", [{}, {"totalRows": None, "processedRows": None}])
def test_counters_that_nobody_knows_are_0(count: dict[str, Any]) -> None:
    for history in (history_of(), history_of({"id": 7, "status": "RUNNING", **count})):
        assert (history.total_rows, history.processed_rows) == (0, 0)


def test_the_smallest_step_is_remembered_whether_it_came_first_or_last() -> None:
    for rows in ((100, 150, 400), (100, 350, 400)):
        history = history_of(*(record("RUNNING", processed) for processed in rows))
        assert (history.smallest_step, history.has_plateau) == (50, False)
    history = history_of(record("RUNNING", 100), record("RUNNING", 100))
    assert (history.smallest_step, history.has_plateau) == (None, True)


@pytest.mark.parametrize(
    ("known", "older"),
    [
        (record("RUNNING"), record("PENDING")),
        (record("RUNNING", 500), record("RUNNING", 499)),
        (record("RUNNING"), record("PENDING", 7)),
        (record("COMPLETED", 1000), record("RUNNING", 1000)),
        (record("ARCHIVED", completedAt="2026-11-23T12:00:09Z"), record("RUNNING", 1000)),
    ],
)
def test_an_answer_from_before_the_last_one_changes_nothing_but_its_count(
    known: dict[str, Any], older: dict[str, Any]
) -> None:
    history = history_of(known, older)
    assert (history.record, history.seen_at, history.polls) == (known, 1.0, 2)


@pytest.mark.parametrize(
    ("later", "moved_at"),
    [
        (record("RUNNING", 500), 1.0),
        (record("RUNNING", 501), 2.0),
        (record("RUNNING", 500, failedCount=1), 2.0),
        (record("RUNNING", 500, newCount=1), 2.0),
        (record("COMPLETED", 500), 2.0),
        (record("RUNNING", 500, fileName="b.csv"), 1.0),
    ],
)
def test_a_job_moves_when_its_status_or_a_counter_changes(
    later: dict[str, Any], moved_at: float
) -> None:
    history = history_of(record("RUNNING", 500), later)
    assert history.moved_at == moved_at
    assert history.still_s == 2.0 - moved_at


def test_failures_are_counted_from_the_first_of_a_row() -> None:
    history = history_of(record("RUNNING"))
    history.fail(5.0)
    history.fail(9.0)
    assert (history.polls, history.failures, history.failing_since) == (3, 2, 5.0)
    history.learn(record("RUNNING"), 12.0, None)
    assert (history.polls, history.failures, history.failing_since) == (4, 0, None)
    assert (history.seen_at, history.waited_s) == (12.0, 12.0)
