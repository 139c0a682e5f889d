"""One wait for import jobs, one or many: patience, failures and naps around the looks."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, NamedTuple, Protocol

from talkvalue_cli import poller
from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import NotFoundError, TalkValueError
from talkvalue_cli.imports.status import FAILED, is_finished
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.polling import PollPolicy

#: a Retry-After is obeyed up to this many seconds
LONGEST_RETRY_AFTER_S = 15 * 60.0
#: nor is one so short taken as leave to ask again and again
SHORTEST_RETRY_AFTER_S = 1.0
#: a look that starts at the deadline has this long for its answer, in seconds
LAST_LOOK_S = 2.0
#: what is left when a nap ends a rounding error early, in seconds
INSTANT_S = 0.001


class Ending(enum.Enum):
    """Why the wait for a job came to its end."""

    FINISHED = "finished"
    REFUSED = "refused"
    STALLED = "stalled"
    LOST = "lost"
    DEADLINE = "deadline"
    LOOKED_ONCE = "looked once"
    FAIL_FAST = "another failed"


class Limits(NamedTuple):
    """How long to be patient, in seconds; None is for ever.

    timeout_s: for the whole wait, by the clock; 0 looks once.
    stall_timeout_s: for a job whose status and counters do not move.
    retry_for_s: for failed looks in a row.
    fail_fast: end with the first job that is FAILED.
    """

    timeout_s: float | None = None
    stall_timeout_s: float | None = None
    retry_for_s: float = 300.0
    fail_fast: bool = False


class Sighting(NamedTuple):
    """A good look: the ImportJob, and the Date header of the answer."""

    record: Mapping[str, Any]
    server_time: datetime | None


class Looker(Protocol):
    """Looks at jobs.

    requests: how many requests it has sent.
    """

    requests: int

    def look(
        self, job_ids: Sequence[int], limit_s: float | None
    ) -> Iterator[tuple[int, Sighting | TalkValueError]]:
        """Yield what is seen of each job, or the error of the request that asked for it.

        limit_s: how long each request may take, None for no limit of the wait's.
        Raises TalkValueError for what no later look can mend and what concerns
        every job, such as a token that is refused; what was yielded before holds.
        """


class Watcher(Protocol):
    """Somebody who is told how a wait goes on."""

    @property
    def tick_s(self) -> float | None:
        """How often `tick` wants to be called during naps, in seconds; None is never."""

    def seen(self, history: JobHistory) -> None:
        """Take note of a good look at a job."""

    def missed(self, error: TalkValueError, pause_s: float) -> None:
        """Take note of a look that brought nothing and will be repeated after a pause."""

    def tick(self) -> None:
        """Do what has to be done now and then."""


class Supply(Protocol):
    """Somebody who starts further jobs while others are waited for."""

    def take(self, live: int) -> Iterable[int]:
        """Return the ids of jobs to wait for as well, given how many are live.

        Each id counts from the moment it is handed over, whatever happens later.
        """


class JobsWait:
    """A wait that can be run once.

    supply: is asked for more jobs before each look; the time that it takes does
        not count against the deadline.

    histories: what was seen of each job, in the order they were given.
    endings: why the wait for each job ended, as far as it has.
    errors: the last failure of each job's looks, if its last look failed.
    All three can be read at any time, also after an interrupt.
    """

    def __init__(
        self,
        job_ids: Sequence[int],
        looker: Looker,
        policy: PollPolicy,
        limits: Limits,
        clock: Clock,
        random: Random,
        supply: Supply | None = None,
    ) -> None:
        self._supply = supply
        self._looker, self._policy, self._limits = looker, policy, limits
        self._clock, self._random = clock, random
        self._retry_after_s: float | None = None
        self._missed: TalkValueError | None = None
        self._requests_per_look = 1
        self.began_at = clock.now()
        self.histories = {job_id: JobHistory(job_id, self.began_at) for job_id in job_ids}
        self.endings: dict[int, Ending] = {}
        self.errors: dict[int, TalkValueError] = {}

    @property
    def elapsed_s(self) -> float:
        """Seconds since the wait began."""
        return self._clock.now() - self.began_at

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._looker.requests

    def run(self, watcher: Watcher) -> None:
        """Look until every job has an ending.

        Raises the error of a look that no later look can mend and that
        concerns every job: authentication, forbidden, a list that is refused,
        a certificate that does not verify.
        """
        poller.wait_until(
            functools.partial(self._look_once, watcher),
            is_finished=bool,
            pause_s=functools.partial(self._choose_pause, watcher),
            should_stop=self._should_stop,
            sleep=functools.partial(self._nap, watcher),
        )

    def _live(self) -> list[JobHistory]:
        return [job for job_id, job in self.histories.items() if job_id not in self.endings]

    def _look_once(self, watcher: Watcher) -> bool:
        """Look at every live job, and tell whether that was the last look."""
        while True:
            self._resupply()
            if not self._live():
                return True
            self._look(watcher)
            if self._live() or self._supply is None:
                return not self._live()
            # all have ended at once: there is nothing to nap for before others are started

    def _look(self, watcher: Watcher) -> None:
        before, due = self._looker.requests, self._due()
        is_whole = len(due) == len(self._live())
        self._retry_after_s = self._missed = None
        failures, sightings = [], 0
        for job_id, result in self._looker.look([job.job_id for job in due], self._look_limit_s()):
            if isinstance(result, TalkValueError):
                self._miss(self.histories[job_id], result)
                failures.append(result)
            else:
                self._learn(self.histories[job_id], result, watcher)
                sightings += 1
        if is_whole:
            self._requests_per_look = max(1, self._looker.requests - before)
        if not sightings:
            self._missed = next((error for error in failures if error.is_transient), None)
        if self._limits.fail_fast and any(_has_failed(job) for job in self.histories.values()):
            self._end_live(Ending.FAIL_FAST)
            self._supply = None

    def _due(self) -> list[JobHistory]:
        """Return the live jobs that are to be looked at now.

        That is all of them while one request shows them all. Where it takes
        more, PENDING jobs that would be left alone if they were waited for by
        themselves are left alone, and with them the pages that hold no others.
        """
        live, now = self._live(), self._clock.now()
        if self._requests_per_look == 1 or _is_over(self._left_s()):
            return live
        due = [
            job
            for job in live
            if job.status != "PENDING"
            or job.failures
            or now - job.seen_at >= self._policy.patience_s(job)
        ]
        return due or live

    def _resupply(self) -> None:
        is_late = bool(self._limits.timeout_s) and _is_over(self._left_s())
        if self._supply is None or is_late:
            return
        began_at = self._clock.now()
        for job_id in self._supply.take(len(self._live())):
            self.histories.setdefault(job_id, JobHistory(job_id, self._clock.now()))
        self.began_at += self._clock.now() - began_at

    def _learn(self, job: JobHistory, sighting: Sighting, watcher: Watcher) -> None:
        self.errors.pop(job.job_id, None)
        job.learn(sighting.record, self._clock.now(), sighting.server_time)
        watcher.seen(job)
        assert job.record is not None
        if is_finished(job.record):
            self.endings[job.job_id] = Ending.FINISHED
        elif _is_over(self._stalled_in_s(job)):
            self.endings[job.job_id] = Ending.STALLED

    def _miss(self, job: JobHistory, error: TalkValueError) -> None:
        self.errors[job.job_id] = error
        job.fail(self._clock.now())
        if not error.is_transient:
            self.endings[job.job_id] = Ending.REFUSED
            return
        if error.retry_after_s is not None:
            self._retry_after_s = max(self._retry_after_s or 0, error.retry_after_s)
        if _is_over(self._lost_in_s(job)):
            self.endings[job.job_id] = Ending.LOST

    def _end_live(self, ending: Ending) -> None:
        self.endings |= {job.job_id: ending for job in self._live()}

    def _look_limit_s(self) -> float | None:
        left_s = self._left_s()
        return None if left_s is None or not self._limits.timeout_s else max(left_s, LAST_LOOK_S)

    def _left_s(self) -> float | None:
        """Return the seconds until the deadline, None when there is none."""
        if self._limits.timeout_s is None:
            return None
        return self._limits.timeout_s - self.elapsed_s

    def _lost_in_s(self, job: JobHistory) -> float | None:
        # "not found" of a job that is known to exist is an answer: it is not visible yet
        is_answered = isinstance(self.errors.get(job.job_id), NotFoundError)
        if job.failing_since is None or is_answered:
            return None
        return job.failing_since + self._limits.retry_for_s - self._clock.now()

    def _stalled_in_s(self, job: JobHistory) -> float | None:
        # while looks fail nobody knows whether the job moves
        if self._limits.stall_timeout_s is None or job.failures:
            return None
        return job.moved_at + self._limits.stall_timeout_s - self._clock.now()

    def _should_stop(self) -> bool:
        if self._limits.timeout_s == 0:
            for job in self._live():
                self.endings[job.job_id] = Ending.LOST if job.failures else Ending.LOOKED_ONCE
        elif _is_over(self._left_s()):
            self._end_live(Ending.DEADLINE)
        return not self._live()

    def _choose_pause(self, watcher: Watcher) -> float:
        live = self._live()
        ends = [self._left_s()]
        if self._retry_after_s is not None:
            asked_s = max(self._retry_after_s, SHORTEST_RETRY_AFTER_S)
            pause_s = min(asked_s, LONGEST_RETRY_AFTER_S)
        else:
            pause_s = self._policy.shared_nap_s(live, self._requests_per_look, self._random)
            # a nap ends where patience does, so that a last look is made there
            ends += [self._stalled_in_s(job) for job in live]
            ends += [self._lost_in_s(job) for job in live]
        pause_s = max(0.0, min([pause_s, *(end for end in ends if end is not None)]))
        if self._missed is not None:
            watcher.missed(self._missed, pause_s)
        return pause_s

    def _nap(self, watcher: Watcher, seconds: float) -> None:
        end = self._clock.now() + seconds
        while (left_s := end - self._clock.now()) > 0:
            self._clock.sleep(min(left_s, watcher.tick_s or left_s))
            watcher.tick()


def _is_over(left_s: float | None) -> bool:
    return left_s is not None and left_s <= INSTANT_S


def _has_failed(job: JobHistory) -> bool:
    return job.status == FAILED
