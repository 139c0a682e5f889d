"""What the states of an import job mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from talkvalue_cli.exit_codes import ExitCode

Record = Mapping[str, Any]

LIVE = frozenset({"PENDING", "RUNNING"})
COMPLETED, PARTIAL_SUCCESS, FAILED = "COMPLETED", "PARTIAL_SUCCESS", "FAILED"
TERMINAL = frozenset({COMPLETED, PARTIAL_SUCCESS, FAILED})


class MaxFailed(NamedTuple):
    """How many rejected rows are acceptable: a number of rows, or a share of them."""

    limit: float
    is_percent: bool

    def permits(self, record: Record) -> bool:
        """Tell whether the record's failedCount is known and stays within the limit."""
        failed = record.get("failedCount")
        if not isinstance(failed, int):
            return False  # a count that nobody knows is not within any limit
        if not self.is_percent:
            return failed <= self.limit
        return bool(failed * 100 <= self.limit * int(record.get("totalRows") or 0))

    def __str__(self) -> str:
        number = str(self.limit).removesuffix(".0")
        return f"{number}%" if self.is_percent else number


class Tolerance(NamedTuple):
    """What counts as a success although rows were rejected."""

    allow_partial: bool = False
    max_failed: MaxFailed | None = None


class Verdict(NamedTuple):
    """A word for the outcome, the exit code it has, and the code of its error, if it is one."""

    outcome: str
    exit_code: int
    error_code: str | None = None


def is_finished(record: Record) -> bool:
    """Tell whether the job has come to its end.

    A status that this version does not know counts as an end when the record
    has `completedAt`.
    """
    status = record["status"]
    return status in TERMINAL or (status not in LIVE and bool(record.get("completedAt")))


def is_known(record: Record) -> bool:
    """Tell whether the status is one that this version knows."""
    return record["status"] in LIVE or record["status"] in TERMINAL


def judge(record: Record, tolerance: Tolerance) -> Verdict:
    """Return what the record means for somebody who waits for the job."""
    status = record["status"]
    if not is_finished(record):
        return Verdict("not-finished", ExitCode.NOT_FINISHED, "NOT_FINISHED")
    if status == FAILED:
        return Verdict("failed", ExitCode.FAILED, "IMPORT_FAILED")
    if status not in TERMINAL:
        return Verdict("unknown", ExitCode.GENERAL, "UNKNOWN_STATUS")
    outcome = "completed" if status == COMPLETED else "partial"
    if _is_tolerable(record, tolerance):
        return Verdict(outcome, ExitCode.OK)
    return Verdict(outcome, ExitCode.PARTIAL, "IMPORT_PARTIAL")


def _is_tolerable(record: Record, tolerance: Tolerance) -> bool:
    if tolerance.max_failed is not None:
        return tolerance.max_failed.permits(record)
    return record["status"] == COMPLETED or tolerance.allow_partial
