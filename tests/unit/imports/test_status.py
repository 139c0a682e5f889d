"""Statuses, and what they mean for somebody who waits."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.result import judge
from talkvalue_cli.imports.status import (
    MaxFailed,
    Tolerance,
    is_finished,
    is_known,
    list_failed_rows,
    may_have_failed_rows,
    without_values,
)
from tests.unit.imports.waiting.jobs_seen import record

ENDED = "2026-11-23T12:00:09Z"


@pytest.mark.parametrize(
    ("status", "completed_at", "expected"),
    [
        ("PENDING", None, False),
        ("RUNNING", None, False),
        ("RUNNING", ENDED, False),
        ("COMPLETED", None, True),
        ("PARTIAL_SUCCESS", ENDED, True),
        ("FAILED", ENDED, True),
        ("PAUSED", None, False),
        ("CANCELLED", ENDED, True),
    ],
)
def test_a_job_is_finished_when_its_status_says_so(
    status: str, completed_at: str | None, expected: bool
) -> None:
    assert is_finished(record(status, completedAt=completed_at)) is expected


@pytest.mark.parametrize(
    ("status", "failed", "tolerance", "outcome", "code"),
    [
        ("COMPLETED", 0, Tolerance(), "completed", 0),
        ("PARTIAL_SUCCESS", 3, Tolerance(), "partial", 6),
        ("FAILED", 1000, Tolerance(), "failed", 7),
        ("RUNNING", 0, Tolerance(), "not-finished", 8),
        ("PENDING", 0, Tolerance(), "not-finished", 8),
        ("PARTIAL_SUCCESS", 3, Tolerance(allow_partial=True), "partial", 0),
        ("FAILED", 1000, Tolerance(allow_partial=True), "failed", 7),
        ("FAILED", 0, Tolerance(True, MaxFailed(1000, False)), "failed", 7),
        ("PARTIAL_SUCCESS", 3, Tolerance(max_failed=MaxFailed(3, False)), "partial", 0),
        ("PARTIAL_SUCCESS", 4, Tolerance(max_failed=MaxFailed(3, False)), "partial", 6),
        ("PARTIAL_SUCCESS", 4, Tolerance(True, MaxFailed(3, False)), "partial", 6),
        ("COMPLETED", 1, Tolerance(max_failed=MaxFailed(0, False)), "completed", 6),
        ("COMPLETED", 0, Tolerance(max_failed=MaxFailed(0, False)), "completed", 0),
        ("PARTIAL_SUCCESS", 10, Tolerance(max_failed=MaxFailed(1, True)), "partial", 0),
        ("PARTIAL_SUCCESS", 11, Tolerance(max_failed=MaxFailed(1, True)), "partial", 6),
        ("PARTIAL_SUCCESS", 5, Tolerance(max_failed=MaxFailed(0.5, True)), "partial", 0),
    ],
)
def test_the_result_follows_status_and_tolerance(
    status: str, failed: int, tolerance: Tolerance, outcome: str, code: int
) -> None:
    result = judge(record(status, failedCount=failed), tolerance)
    assert (result.outcome.value, code_of(result.error)) == (outcome, code)


def test_an_unknown_status_that_has_ended_is_a_general_error() -> None:
    result = judge(record("CANCELLED", completedAt=ENDED), Tolerance(True))
    assert (result.outcome.value, code_of(result.error)) == ("unknown", 1)


def test_a_share_of_no_rows_permits_none() -> None:
    assert MaxFailed(50, True).permits(record("COMPLETED", total=0))
    assert not MaxFailed(50, True).permits(record("COMPLETED", total=0, failedCount=1))


@pytest.mark.parametrize("odd", [None, True, "", [], {"a": 1}, -1])
def test_a_status_of_another_kind_is_neither_known_nor_an_end(odd: Any) -> None:
    job = record("PENDING")
    job["status"] = odd
    assert not is_finished(job)
    assert not is_known(job)
    assert is_finished({**job, "completedAt": ENDED})


@pytest.mark.parametrize("odd", [None, True, "3", -1, 2**63, 10**400, [3]])
def test_a_count_that_is_none_is_within_no_limit_and_may_stand_for_failed_rows(odd: Any) -> None:
    job = record("COMPLETED", failedCount=odd)
    assert not MaxFailed(10**9).permits(job)
    assert not MaxFailed(100, True).permits(job)
    assert may_have_failed_rows(job) is (odd is not None)


@pytest.mark.parametrize("odd", [None, 7, "x", {}, [None, 7, ["x"]]])
def test_failed_rows_that_are_none_are_left_out(odd: Any) -> None:
    assert list_failed_rows(record("FAILED", failedRows=odd)) == []


@pytest.mark.parametrize("odd", [None, "10", -1, 10**400, [1]])
def test_odd_counters_are_left_out_of_what_is_said(odd: Any) -> None:
    alive = judge(record("RUNNING", processed=5, total=odd))
    assert alive.error is not None
    assert alive.error.message == "import 7 is still RUNNING, not failed"
    failed = judge(record("FAILED", total=odd, failedCount=3, failedRows=odd))
    assert failed.error is not None
    assert failed.error.message == "import 7 ended as FAILED: 3 of ? rows failed"


def test_a_job_without_values_has_none_of_what_people_wrote() -> None:
    row = {"rowNum": 3, "errorCode": "INVALID_EMAIL", "rawValue": "ada(at)example.com"}
    job = {"id": 1, "failedRows": [row]}
    assert without_values(job) == {"id": 1, "failedRows": [{**row, "rawValue": None}]}
    assert without_values({"id": 1}) == {"id": 1}
