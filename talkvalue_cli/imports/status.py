"""The statuses of an import job, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

#: an ImportJob as the server sends it, with its camelCase keys
Job = Mapping[str, Any]

PENDING, RUNNING = "PENDING", "RUNNING"
COMPLETED, PARTIAL_SUCCESS, FAILED = "COMPLETED", "PARTIAL_SUCCESS", "FAILED"
LIVE = frozenset({PENDING, RUNNING})
TERMINAL = frozenset({COMPLETED, PARTIAL_SUCCESS, FAILED})
#: in the order in which a job goes through them
STATUSES = (PENDING, RUNNING, COMPLETED, PARTIAL_SUCCESS, FAILED)


#: no file has more rows; what is larger is no count
MOST_ROWS = 10**12


def read_count(job: Job, key: str) -> int | None:
    """Return a counter of a job, None where the server sends something else."""
    value = job.get(key)
    # bool is an int in Python, but not in JSON
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value <= MOST_ROWS else None


class MaxFailed(NamedTuple):
    """How many failed rows are acceptable: a number of rows, or a share of them in percent."""

    limit: float
    is_percent: bool = False

    def permits(self, job: Job) -> bool:
        """Tell whether the job's failedCount is known and stays within the limit."""
        failed = read_count(job, "failedCount")
        if failed is None:
            return False  # a count that nobody knows is not within any limit
        if not self.is_percent:
            return failed <= self.limit
        return failed * 100 <= self.limit * (read_count(job, "totalRows") or 0)

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
        return bool(job["status"] == COMPLETED) or self.allow_partial


NO_TOLERANCE = Tolerance()


def is_finished(job: Job) -> bool:
    """Tell whether the job has finished.

    A status that this version does not know counts as an end when the job has
    `completedAt`.
    """
    status = job["status"]
    return status in TERMINAL or (status not in LIVE and bool(job.get("completedAt")))


def is_known(job: Job) -> bool:
    """Tell whether the status is one that this version knows."""
    return job["status"] in LIVE or job["status"] in TERMINAL
