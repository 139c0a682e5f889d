"""What the polls of one job have shown so far."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.counts import read_count
from talkvalue_cli.imports.status import PENDING, RUNNING, Job, is_finished

#: how many polls back the counters are remembered
REMEMBERED_POLLS = 64


class JobHistory:
    """The polls of one import job. Pure: every time is handed in, in clock seconds.

    job_id: the job's id. known: what is known of it before it is polled.
    began_at: when the wait began.
    polls: answers and failures, each counted once.
    failures: failed polls since the last good one.
    failing_since: when the first of those failures happened.
    record: the ImportJob of the last good poll.
    seen_at: when that poll was answered.
    moved_at: when the status or a counter was last seen to change.
    run_age_s: how long the job had been running at `seen_at`, by the server's clock.
    samples: (clock seconds, processedRows) of the last polls of the RUNNING job.
    smallest_step: the smallest advance of processedRows between two polls.
    has_plateau: processedRows was once seen not to move, so it moves in batches.
    """

    def __init__(self, job_id: int, began_at: float, known: Job | None = None) -> None:
        self.job_id = job_id
        self._known = known
        self.began_at = began_at
        self.polls = 0
        self.failures = 0
        self.failing_since: float | None = None
        self.record: Job | None = None
        self.seen_at = began_at
        self.moved_at = began_at
        self.run_age_s: float | None = None
        self.samples: deque[tuple[float, int]] = deque(maxlen=REMEMBERED_POLLS)
        self.smallest_step: int | None = None
        self.has_plateau = False

    @property
    def job(self) -> Job | None:
        """The job as far as it is known, polled or not."""
        return self._known if self.record is None else self.record

    @property
    def status(self) -> str | None:
        """The job's status, None before the first good poll."""
        return None if self.record is None else self.record["status"]

    @property
    def total_rows(self) -> int:
        """Rows of the file; 0 while unknown."""
        return _count(self.record, "totalRows")

    @property
    def processed_rows(self) -> int:
        """Rows the server is done with."""
        return _count(self.record, "processedRows")

    @property
    def failed_rows(self) -> int:
        """Rows that the server could not import so far."""
        return _count(self.record, "failedCount")

    @property
    def waited_s(self) -> float:
        """Seconds from the begin of the wait to the last good poll."""
        return self.seen_at - self.began_at

    @property
    def still_s(self) -> float:
        """Seconds for which nothing had moved at the last good poll."""
        return self.seen_at - self.moved_at

    def learn(self, record: Job, now: float, server_time: datetime | None) -> None:
        """Take in the answer of a good poll.

        server_time: the answer's Date header, which has a resolution of one second.
        """
        self.polls += 1
        self.failures, self.failing_since = 0, None
        if self.record is not None and _stage(record) < _stage(self.record):
            return  # an answer from before the one that we have: a job only moves forward
        if self.record is None or _progress_of(record) != _progress_of(self.record):
            self.moved_at = now
        self.record, self.seen_at = record, now
        if record["status"] == RUNNING:
            self._learn_rows(now)
            self._learn_age(server_time)

    def fail(self, now: float) -> None:
        """Take in a poll that was not answered, or not in a usable way."""
        self.polls += 1
        self.failures += 1
        if self.failing_since is None:
            self.failing_since = now

    def _learn_rows(self, now: float) -> None:
        if self.samples:
            step = self.processed_rows - self.samples[-1][1]
            if step > 0:
                self.smallest_step = min(step, self.smallest_step or step)
            else:
                self.has_plateau = True
        self.samples.append((now, self.processed_rows))

    def _learn_age(self, server_time: datetime | None) -> None:
        started = times.parse_timestamp((self.record or {}).get("processStartedAt"))
        if started and server_time:
            # the Date header is cut to whole seconds: half a second is its mean error
            self.run_age_s = max(0.0, (server_time - started).total_seconds() + 0.5)


def _count(record: Job | None, key: str) -> int:
    """Return a counter of a job, 0 for one that is missing or no number of rows."""
    return read_count((record or {}).get(key)) or 0


def _stage(record: Job) -> tuple[int, int]:
    """Return how far a job has come, for comparison."""
    stage = 2 if is_finished(record) else 0 if record["status"] == PENDING else 1
    return stage, _count(record, "processedRows")


def _progress_of(record: Job) -> tuple[Any, ...]:
    """Return what has to change for the job to count as moving."""
    return (
        record["status"],
        *(value for key, value in record.items() if key.endswith("Count")),
        record.get("processedRows"),
    )
