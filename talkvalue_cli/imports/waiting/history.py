"""What the polls of one job have shown so far."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.counts import read_count
from talkvalue_cli.imports.status import Job, is_finished
from talkvalue_cli.statuses import PENDING, RUNNING

#: how many polls back the counters are remembered
REMEMBERED_POLLS = 64
#: the age of a run by the server's clock may be off by so much between polls, in seconds; what
#: is off by more is a clock that was changed
CLOCK_STEP_S = 5.0


class JobHistory:
    """The polls of one import job. Pure: every time is handed in, in clock seconds.

    A server may start a job again: RUNNING 60 → PENDING 0 → RUNNING. An answer
    that is behind the one before may also be an old one, of a page that was
    kept somewhere or a copy of the data that lags. So it is believed at once
    when its run began later, and else when the answer to the next poll, in which
    the job is asked for by itself, is behind as well. Until then it is as if it
    had not come.

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
    is_doubted: the last answer was behind the record, and was not believed.
    restarts: how often the server has started the job again.
    before_restart: the record of the run before, None when there was none.
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
        self.is_doubted = False
        self.restarts = 0
        self.before_restart: Job | None = None
        is_waiting = known is not None and known.get("status") == PENDING
        #: when the job was last known not to run, and first seen to; in clock seconds
        self._idle_at = began_at if is_waiting else None
        self._running_at: float | None = None
        #: when the run began by the server's clocks, in ours, and what it calls that moment
        self._run_began_at: float | None = None
        self._run_began: datetime | None = None

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

    def learn(
        self, record: Job, now: float, server_time: datetime | None, *, is_listed: bool = False
    ) -> None:
        """Take in the answer of a good poll.

        server_time: the answer's Date header, which has a resolution of one second.
        is_listed: it comes from a page of the list.
        """
        self.polls += 1
        self.failures, self.failing_since = 0, None
        if self.record is not None and _stage(record) < _stage(self.record):
            if not self._is_restart(record, self.record, is_listed=is_listed):
                self.is_doubted = True
                return
            self._begin_again(self.record)
        self.is_doubted = False
        if self.record is None or _progress_of(record) != _progress_of(self.record):
            self.moved_at = now
        self.record, self.seen_at = record, now
        if record["status"] == PENDING:
            self._idle_at = now
        elif record["status"] == RUNNING:
            self._learn_rows(now)
            self._learn_age(now, server_time)

    def _is_restart(self, record: Job, before: Job, *, is_listed: bool) -> bool:
        """Tell whether an answer that is behind the record is no old one."""
        began, began_before = _read_start(record), _read_start(before)
        is_later = began is not None and began_before is not None and began > began_before
        return is_later or (self.is_doubted and not is_listed)

    def _begin_again(self, before: Job) -> None:
        """Forget the pace of the run that is over."""
        self.restarts, self.before_restart = self.restarts + 1, before
        self.samples.clear()
        self.smallest_step, self.has_plateau = None, False
        self.run_age_s = self._running_at = self._idle_at = None

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

    def _learn_age(self, now: float, server_time: datetime | None) -> None:
        """Find out how long the job has been running.

        Both times are the server's, but its clocks may be wrong, and may be put
        right in the middle. What was seen bounds the age; and the begin of a
        run, once it is known, does not move.
        """
        if self._running_at is None:
            self._running_at, self._run_began_at = now, None
        began = _read_start(self.record or {})
        if began != self._run_began:
            self._run_began, self._run_began_at = began, None
        if began and server_time:
            # the Date header is cut to whole seconds: half a second is its mean error
            age_s = (server_time - began).total_seconds() + 0.5
            oldest_s = float("inf") if self._idle_at is None else now - self._idle_at
            if age_s > oldest_s + CLOCK_STEP_S:
                age_s = oldest_s
            run_began_at = now - max(age_s, now - self._running_at)
            known_at = self._run_began_at
            if known_at is None or abs(run_began_at - known_at) <= CLOCK_STEP_S:
                self._run_began_at = run_began_at
        if self._run_began_at is not None:
            self.run_age_s = now - self._run_began_at


def _read_start(record: Job) -> datetime | None:
    """Return when the run of a job began, by the server's clock."""
    return times.parse_timestamp(record.get("processStartedAt"))


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
