"""What the result of one import says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli.errors import Interrupted, LocalFileError, NetworkError, NotFoundError
from talkvalue_cli.imports import result
from talkvalue_cli.imports.result import ImportResult, Outcome
from talkvalue_cli.imports.status import MaxFailed, Tolerance
from tests.unit.imports.waiting.jobs_seen import record

RUNNING, DONE = record("RUNNING", 500), record("COMPLETED", 1000)
PARTIAL = record("PARTIAL_SUCCESS", 1000, failedCount=3)
SAVED, EXISTS = Path("failed.csv"), LocalFileError("is there", code="FILE_EXISTS")
FULL = LocalFileError("no space left on device")


@pytest.mark.parametrize(
    ("job", "wants", "saved", "error", "is_settled"),
    [
        (None, False, None, None, False),
        (RUNNING, False, None, None, False),
        (DONE, False, None, None, True),
        (DONE, True, None, None, True),
        (PARTIAL, False, None, None, True),
        (PARTIAL, True, None, None, False),
        (PARTIAL, True, SAVED, None, True),
        (PARTIAL, True, None, EXISTS, True),
        (PARTIAL, True, None, FULL, False),
    ],
)
def test_an_import_is_settled_when_a_later_run_finds_nothing_to_do(
    job: dict[str, Any] | None,
    wants: bool,
    saved: Path | None,
    error: LocalFileError | None,
    is_settled: bool,
) -> None:
    ended = ImportResult(Outcome.PARTIAL, 7, job, failed_rows=saved, failed_rows_error=error)
    assert ended.is_settled(wants_failed_rows=wants) is is_settled


@pytest.mark.parametrize(
    ("outcome", "job_id", "error", "can_resume"),
    [
        (Outcome.TIMEOUT, 7, None, True),
        (Outcome.STALLED, 7, None, True),
        (Outcome.LOST, 7, None, True),
        (Outcome.INTERRUPTED, 7, None, True),
        (Outcome.NOT_FINISHED, 7, None, True),
        (Outcome.ERROR, 7, NetworkError("x"), True),
        (Outcome.ERROR, 7, NotFoundError("x"), False),
        (Outcome.ERROR, None, NetworkError("x"), False),
        (Outcome.COMPLETED, 7, None, False),
        (Outcome.PARTIAL, 7, None, False),
        (Outcome.FAILED, 7, None, False),
        (Outcome.UNKNOWN, 7, None, False),
    ],
)
def test_a_wait_can_be_resumed_while_it_may_find_out_more(
    outcome: Outcome, job_id: int | None, error: NetworkError | None, can_resume: bool
) -> None:
    assert ImportResult(outcome, job_id, error=error).can_resume is can_resume


def test_a_success_raises_nothing_and_a_later_tolerance_permits_more() -> None:
    result.judge(DONE).raise_for_outcome()
    result.judge(PARTIAL, Tolerance(allow_partial=True)).raise_for_outcome()
    result.judge(PARTIAL).raise_for_outcome(allow_partial=True)
    result.judge(PARTIAL).raise_for_outcome(max_failed=MaxFailed(3))
    with pytest.raises(result.UnsuccessfulImportError) as caught:
        result.judge(PARTIAL).raise_for_outcome(max_failed=MaxFailed(2))
    assert caught.value.outcome is Outcome.PARTIAL
    with pytest.raises(result.UnsuccessfulImportError, match="import 7 is still RUNNING"):
        result.judge(RUNNING).raise_for_outcome(allow_partial=True)
    lost = result.refused(7, PARTIAL, NetworkError("gone"))
    with pytest.raises(NetworkError, match="gone"):
        lost.raise_for_outcome(allow_partial=True)


@pytest.mark.parametrize(
    ("job", "doing", "message"),
    [
        (
            None,
            "",
            "interrupted (SIGTERM); the import keeps running on the server; "
            "import 7 was never seen",
        ),
        (
            RUNNING,
            "",
            "interrupted (SIGTERM); the import keeps running on the server; "
            "import 7 is still RUNNING (50 %), not failed",
        ),
        (
            DONE,
            "saving the failed rows",
            "interrupted (SIGTERM) while saving the failed rows; import 7 ended as COMPLETED",
        ),
    ],
)
def test_an_interrupted_wait_tells_where_the_job_stood(
    job: dict[str, Any] | None, doing: str, message: str
) -> None:
    ended = result.interrupted(7, job, Interrupted(15), doing)
    assert (ended.outcome, ended.job) == (Outcome.INTERRUPTED, job)
    assert ended.error is not None
    assert ended.error.message == message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "import 7 is still RUNNING (50 %), not failed"),
        ({"processedRows": None}, "import 7 is still RUNNING (0 %), not failed"),
        ({"processedRows": 999}, "import 7 is still RUNNING (99 %), not failed"),
        ({"totalRows": 0}, "import 7 is still RUNNING, not failed"),
        ({"totalRows": None}, "import 7 is still RUNNING, not failed"),
    ],
)
def test_progress_is_told_where_it_is_known(changes: dict[str, Any], message: str) -> None:
    ended = result.judge({**RUNNING, **changes})
    assert ended.error is not None
    assert ended.error.message == message


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ([], ""),
        (["A"], " (1 A in a sample of 1)"),
        (["A", "B", "B", None], " (2 B, 1 A, 1 without a code in a sample of 4)"),
        (["A", "B", "B", "C", "C", "D"], " (2 B, 2 C, 1 A in a sample of 6)"),
    ],
)
def test_the_three_most_frequent_reasons_are_named(codes: list[str | None], told: str) -> None:
    rows: list[Any] = [{"errorCode": code} for code in codes]
    job = record("FAILED", total=2000, failedCount=1500, failedRows=[*rows, "odd"])
    assert result.count_failed(job) == f"import 7: 1,500 of 2,000 rows failed{told}"
    assert result.count_failed(DONE) == "import 7"


@pytest.mark.parametrize(
    ("ended", "code", "message"),
    [
        (
            result.timed_out(7, RUNNING, 90),
            "WAIT_TIMEOUT",
            "timed out after 1m30s; import 7 is still RUNNING (50 %), not failed",
        ),
        (
            result.stalled(7, RUNNING, 60),
            "WAIT_STALLED",
            "no progress for 1m00s; import 7 is still RUNNING (50 %), not failed",
        ),
        (
            result.unfinished(Outcome.LOST, 7, None),
            "WAIT_LOST",
            "import 7 was never seen",
        ),
        (
            result.judge(record("CANCELLED", completedAt="2026-11-23T12:00:09Z")),
            "UNKNOWN_STATUS",
            "import 7: status CANCELLED is unknown to this version",
        ),
        (
            result.judge(record("FAILED", failedCount=1000)),
            "IMPORT_FAILED",
            "import 7 ended as FAILED: 1,000 of 1,000 rows failed",
        ),
    ],
)
def test_each_end_has_its_code_and_its_words(ended: ImportResult, code: str, message: str) -> None:
    assert ended.error is not None
    assert (ended.error.code, ended.error.message) == (code, message)
    assert ended.error.details == {"jobId": 7}
