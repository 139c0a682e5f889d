"""One wait for import jobs, one or many: limits, failures and pauses around the polls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

from talkvalue_cli import poller
from talkvalue_cli.clock import Clock, SystemClock
from talkvalue_cli.errors import Interrupted, NotFoundError, TalkValueError
from talkvalue_cli.imports import result, status
from talkvalue_cli.imports.arguments import check_all, check_ids
from talkvalue_cli.imports.deadline import INSTANT_S, Deadline
from talkvalue_cli.imports.listener import ProgressListener, SilentListener
from talkvalue_cli.imports.result import Action, ImportResult, Outcome, Submission, WaitStats
from talkvalue_cli.imports.status import NO_TOLERANCE, Job, Tolerance
from talkvalue_cli.imports.waiting.fetch import PollResponse, StatusFetcher
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.limits import DEFAULT_LIMITS, WaitLimits
from talkvalue_cli.imports.waiting.polling import PollPolicy
from talkvalue_cli.statuses import FAILED, PENDING

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: a Retry-After is obeyed up to this many seconds
LONGEST_RETRY_AFTER_S = 15 * 60.0
#: nor is one so short taken as leave to ask again and again
SHORTEST_RETRY_AFTER_S = 1.0
#: a poll that starts at the deadline has this long for its answer, in seconds
LAST_POLL_S = 2.0
#: at Ctrl-C a record that is older than this is asked for again, in seconds, and the answer is
#: awaited for so long at the most
FRESH_S, LAST_LOOK_S = 1.0, 0.3


class Waiter:
    """A wait that `run` carries out, or whoever calls `poll` when it is due.

    submissions: gives further jobs when there is room for them.
    deadline: by default one of limits.timeout_s, that begins now.
    parallel: how many jobs may be waited for at once while there are submissions.
    fetcher: for tests; by default one that asks through the client.

    histories: what was seen of each job, in the order they were added.
    results: what became of each job whose wait has ended.
    submitted: what the submissions have given so far.
    interrupt: the signal that ended `run`, if one did.
    All can be read at any time.

    Raises UsageError for arguments that cannot be used, here and in `add`.
    """

    def __init__(
        self,
        client: Client,
        job_ids: int | Iterable[int] = (),
        *,
        limits: WaitLimits = DEFAULT_LIMITS,
        tolerance: Tolerance = NO_TOLERANCE,
        submissions: Iterable[Submission] | None = None,
        parallel: int = 2,
        deadline: Deadline | None = None,
        listener: ProgressListener | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        fetcher: StatusFetcher | None = None,
    ) -> None:
        check_all({"limits": limits, "tolerance": tolerance, "clock": clock, "listener": listener})
        check_all({**limits._asdict(), **tolerance._asdict(), "parallel": parallel})
        if fetcher is None:
            check_all({"client": client})
        self._limits, self._tolerance = limits, tolerance
        self._submissions: Iterator[Submission] | None = iter(submissions) if submissions else None
        self._parallel = parallel
        self._listener: ProgressListener = listener or SilentListener()
        self._clock: Clock = clock or SystemClock()
        self._random = random or Random()
        self._fetcher = fetcher or StatusFetcher(client, self._clock, self._listener.tick)
        self._policy = PollPolicy(interval_s=limits.interval_s)
        self._retry_after_s: float | None = None
        self._missed: TalkValueError | None = None
        self._requests_per_poll = 1
        self._errors: dict[int, TalkValueError] = {}
        self._is_pausing = False
        self._deadline = deadline or Deadline(self._clock, limits.timeout_s)
        self.histories: dict[int, JobHistory] = {}
        self.results: dict[int, ImportResult] = {}
        self.submitted: list[Submission] = []
        self.interrupt: Interrupted | None = None
        for job_id in check_ids(job_ids):
            self.add(job_id)

    def add(self, job_id: int, job: Job | None = None, *, is_new: bool = False) -> None:
        """Wait for one more job; one that is known already stays as it is.

        It may be called at any time, by a listener and from another thread too. What is
        added when a `run` has come to its end is waited for by the next one.

        job: what is known of it. is_new: it was created just now, so that a
        server which does not show it yet is asked again.
        """
        check_ids([job_id])
        if job is not None:
            check_all({"job": job})
        if is_new:
            self._fetcher.expect(job_id)
        self.histories.setdefault(job_id, JobHistory(job_id, self._clock.now(), job))

    def forget(self, job_id: int) -> None:
        """Wait for a job no longer, and drop what was seen of it; it may be added again."""
        for known in (self.histories, self.results, self._errors):
            known.pop(job_id, None)
        self._fetcher.forget(job_id)

    @property
    def stats(self) -> WaitStats:
        """What the wait has taken so far."""
        return WaitStats(self._deadline.elapsed_s, self._fetcher.requests)

    def run(self) -> list[ImportResult]:
        """Poll until every job has its result, and return them in the order they were added.

        An Interrupted of the clock, the listener or the submissions is a result as well.
        """
        try:
            poller.repeat(self.poll, self._pause)
        except Interrupted as interrupt:
            self.interrupt = signal = interrupt
            if self._is_pausing and interrupt.name == "SIGINT":
                self._look_once_more()
            self._end_live(lambda job: result.interrupted(job.job_id, job.job, signal))
        self._listener.wait_ended()
        # one that was added since is for the next time
        return [self.results[job_id] for job_id in [*self.histories] if job_id in self.results]

    def poll(self) -> float | None:
        """Ask once for every job that is due, and return the seconds to the next poll.

        None when every job has its result. Errors of the server are results too.
        """
        try:
            while True:
                self._pull()
                if not self._live():
                    return None
                self._fetch()
                if self._live():
                    break
                # all have ended at once: there is nothing to pause for before others are started
        except TalkValueError as error:
            failure = error
            self._submissions = None
            self._end_live(lambda job: result.refused(job.job_id, job.job, failure))
            return None
        self._end_overdue()
        return self._choose_delay() if self._live() else None

    def _look_once_more(self) -> None:
        """Ask for what somebody who leaves is about to be told, if the answer comes soon."""
        now = self._clock.now()
        stale = [job for job in self._live() if now - job.seen_at > FRESH_S]
        if not stale or any(job.failures for job in stale):
            return
        self._listener.wait_ended()
        with suppress(TalkValueError, Interrupted):
            for job_id, found in self._fetcher.fetch([job.job_id for job in stale], LAST_LOOK_S):
                if isinstance(found, PollResponse):
                    self.histories[job_id].learn(
                        found.job, self._clock.now(), found.server_time, is_listed=found.is_listed
                    )

    def _live(self) -> list[JobHistory]:
        # of a copy, for another thread may add one meanwhile
        return [job for job in [*self.histories.values()] if job.job_id not in self.results]

    def _pull(self) -> None:
        """Take submissions until as many jobs are in flight as there may be."""
        is_late = bool(self._limits.timeout_s) and self._deadline.is_over()
        while self._submissions is not None and not is_late and len(self._live()) < self._parallel:
            submission = next(self._submissions, None)
            if submission is None:
                self._submissions = None
                break
            # one by one, so that an interrupt loses none
            self.submitted.append(submission)
            if submission.job_id is not None and submission.action != Action.KNOWN:
                self.add(submission.job_id, submission.job, is_new=submission.is_new)

    def _fetch(self) -> None:
        before, due = self._fetcher.requests, self._due()
        is_whole = len(due) == len(self._live())
        self._retry_after_s = self._missed = None
        failures, good = [], 0
        for job_id, found in self._fetcher.fetch([job.job_id for job in due], self._poll_limit_s()):
            if isinstance(found, TalkValueError):
                self._miss(self.histories[job_id], found)
                failures.append(found)
            else:
                self._learn(self.histories[job_id], found)
                good += 1
        if is_whole:
            self._requests_per_poll = max(1, self._fetcher.requests - before)
        if not good:
            self._missed = next((error for error in failures if error.is_transient), None)
        if self._limits.fail_fast and any(map(_has_failed, [*self.histories.values()])):
            self._submissions = None
            self._end_live(self._give_up)

    def _due(self) -> list[JobHistory]:
        """Return the live jobs that are to be asked for now.

        That is all of them while one request shows them all. Where it takes
        more, PENDING jobs that would be left alone if they were waited for by
        themselves are left alone, and with them the pages that hold no others.
        """
        live, now = self._live(), self._clock.now()
        if self._requests_per_poll == 1 or self._deadline.is_over():
            return live
        due = [
            job
            for job in live
            if job.status != PENDING
            or job.failures
            or now - job.seen_at >= self._policy.recheck_after_s(job)
        ]
        return due or live

    def _learn(self, job: JobHistory, found: PollResponse) -> None:
        self._errors.pop(job.job_id, None)
        job.learn(found.job, self._clock.now(), found.server_time, is_listed=found.is_listed)
        if job.is_doubted:
            self._fetcher.ask_alone(job.job_id)
        self._listener.polled(job)
        assert job.record is not None
        if status.is_finished(job.record):
            self._end(result.judge(job.record, self._tolerance))
        elif _is_over(self._stalled_in_s(job)):
            self._end(result.stalled(job.job_id, job.record, job.still_s))

    def _miss(self, job: JobHistory, error: TalkValueError) -> None:
        self._errors[job.job_id] = error
        job.fail(self._clock.now())
        if not error.is_transient:
            self._end(result.refused(job.job_id, job.job, error))
            return
        if error.retry_after_s is not None:
            self._retry_after_s = max(self._retry_after_s or 0, error.retry_after_s)
        if _is_over(self._lost_in_s(job)):
            self._end(self._lost(job))

    def _end(self, ended: ImportResult) -> None:
        assert ended.job_id is not None
        self.results[ended.job_id] = ended
        self._listener.ended(ended)

    def _end_live(self, end: Callable[[JobHistory], ImportResult]) -> None:
        for job in self._live():
            self._end(end(job))

    def _lost(self, job: JobHistory) -> ImportResult:
        error = self._errors.get(job.job_id)
        reason = "" if error is None else error.text
        return result.unfinished(Outcome.LOST, job.job_id, job.job, reason)

    def _give_up(self, job: JobHistory) -> ImportResult:
        if job.job is None:
            return self._lost(job)
        return result.unfinished(Outcome.NOT_FINISHED, job.job_id, job.job)

    def _end_overdue(self) -> None:
        """End what the deadline ends; a timeout of 0 is one poll."""
        timeout_s = self._limits.timeout_s
        if timeout_s == 0:
            self._end_live(lambda job: self._lost(job) if job.failures else self._give_up(job))
        elif timeout_s is not None and self._deadline.is_over():
            self._end_live(lambda job: result.timed_out(job.job_id, job.job, timeout_s))

    def _poll_limit_s(self) -> float | None:
        left_s = self._deadline.left_s()
        return None if left_s is None or not self._limits.timeout_s else max(left_s, LAST_POLL_S)

    def _lost_in_s(self, job: JobHistory) -> float | None:
        # "not found" of a job that is known to exist is an answer: it is not visible yet
        is_answered = isinstance(self._errors.get(job.job_id), NotFoundError)
        if job.failing_since is None or is_answered:
            return None
        return job.failing_since + self._limits.retry_for_s - self._clock.now()

    def _stalled_in_s(self, job: JobHistory) -> float | None:
        # while polls fail nobody knows whether the job moves
        if self._limits.stall_timeout_s is None or job.failures:
            return None
        return job.moved_at + self._limits.stall_timeout_s - self._clock.now()

    def _choose_delay(self) -> float:
        live = self._live()
        ends = [self._deadline.left_s()]
        if self._retry_after_s is not None:
            asked_s = max(self._retry_after_s, SHORTEST_RETRY_AFTER_S)
            delay_s = min(asked_s, LONGEST_RETRY_AFTER_S)
        else:
            delay_s = self._policy.shared_delay_s(live, self._requests_per_poll, self._random)
            # a pause ends where patience does, so that a last poll is made there
            ends += [self._stalled_in_s(job) for job in live]
            ends += [self._lost_in_s(job) for job in live]
        delay_s = max(0.0, min([delay_s, *(end for end in ends if end is not None)]))
        if self._missed is not None:
            self._listener.poll_failed(live[0].job_id, self._missed, delay_s)
        return delay_s

    def _pause(self, seconds: float) -> None:
        end = self._clock.now() + seconds
        self._is_pausing = True
        while (left_s := end - self._clock.now()) > 0:
            self._clock.sleep(min(left_s, self._listener.tick_s or left_s))
            self._listener.tick()
        self._is_pausing = False


def _is_over(left_s: float | None) -> bool:
    return left_s is not None and left_s <= INSTANT_S


def _has_failed(job: JobHistory) -> bool:
    return job.status == FAILED
