"""What the status and the counts of an import job mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from talkvalue_cli import times
from talkvalue_cli.counts import read_count
from talkvalue_cli.statuses import COMPLETED, LIVE, TERMINAL

#: an ImportJob as the server sends it, with its camelCase keys
Job = Mapping[str, Any]

#: what an import does to people who are there: overwrites them, or leaves them alone
MODES = ("UPDATE", "SKIP")


class MaxFailed(NamedTuple):
    """How many failed rows are acceptable: a number of rows, or a share of them in percent."""

    limit: float
    is_percent: bool = False

    def permits(self, job: Job) -> bool:
        """Tell whether the job's failedCount is known and stays within the limit."""
        failed = read_count(job.get("failedCount"))
        if failed is None:
            return False  # a count that nobody knows is not within any limit
        if not self.is_percent:
            return failed <= self.limit
        return failed * 100 <= self.limit * (read_count(job.get("totalRows")) or 0)

    def __str__(self) -> str:
        number = str(self.limit).removesuffix(".0")
        return f"{number}%" if self.is_percent else number


class Tolerance(NamedTuple):
    """What counts as a success although rows failed.

    max_failed: decides alone where it is given, for COMPLETED jobs too.
    """

    allow_partial: bool = False
    max_failed: MaxFailed | None = None

    def permits(self, job: Job) -> bool:
        """Tell whether a job that is COMPLETED or PARTIAL_SUCCESS is a success."""
        if self.max_failed is not None:
            return self.max_failed.permits(job)
        return bool(job.get("status") == COMPLETED) or self.allow_partial


NO_TOLERANCE = Tolerance()


def is_finished(job: Job) -> bool:
    """Tell whether the job has finished.

    A status that this version does not know counts as an end when the job has
    `completedAt`.
    """
    # statuses of a look may be anything, and not everything has a place in a set
    status = str(job.get("status"))
    return status in TERMINAL or (status not in LIVE and bool(job.get("completedAt")))


def read_begin(job: Job) -> datetime | None:
    """Return when the server began with a job, None when it has not."""
    # a job that failed before it started has only an end
    return times.parse_timestamp(job.get("processStartedAt") or job.get("completedAt"))


def is_known(job: Job) -> bool:
    """Tell whether the status is one that this version knows."""
    return str(job.get("status")) in LIVE | TERMINAL


def may_have_failed_rows(job: Job) -> bool:
    """Tell whether rows of the job failed; a count that is none may stand for some."""
    failed = job.get("failedCount")
    return bool(failed) if read_count(failed) is None else failed != 0


def without_values(job: Job) -> dict[str, Any]:
    """Return the job without the people's data that a server quotes with failed rows."""
    rows = [{**row, "rawValue": None} for row in list_failed_rows(job)]
    return {**job, "failedRows": rows} if job.get("failedRows") else dict(job)


def list_failed_rows(job: Job) -> list[Mapping[str, Any]]:
    """Return the failed rows that the job itself shows, which are not always all of them."""
    rows = job.get("failedRows")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def read_row_number(value: Any) -> int | None:
    """Return the number of a failed row, as a record or an export has it; None for any other."""
    text = str(value)
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def find_line(row: int) -> int | None:
    """Return the line of the file in which a row stands, as a spreadsheet counts.

    The server counts rows from 1 behind the header, which is line 1. That holds for
    a file whose rows take a line each.
    """
    return row + 1
