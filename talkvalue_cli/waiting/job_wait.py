"""One wait for one import job: patience, failures and naps around the looks."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any, NamedTuple, Protocol

from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.waiting import jobs, poller
from talkvalue_cli.waiting.clock import Clock
from talkvalue_cli.waiting.history import JobHistory
from talkvalue_cli.waiting.policy import PollPolicy

#: a Retry-After is obeyed up to this many seconds
LONGEST_RETRY_AFTER_S = 15 * 60.0
#: a look that starts at the deadline has this long for its answer, in seconds
LAST_LOOK_S = 2.0
#: what is left when a nap ends a rounding error early, in seconds
INSTANT_S = 0.001


class Ending(enum.Enum):
    """Why a wait came to its end."""

    FINISHED = "finished"
    LOOKED_ONCE = "looked once"
    DEADLINE = "deadline"
    STALLED = "stalled"
    LOST = "lost"


class Limits(NamedTuple):
    """How long to be patient, in seconds; None is for ever.

    timeout_s: for the whole wait, by the clock; 0 looks once.
    stall_timeout_s: for a job whose status and counters do not move.
    retry_for_s: for failed looks in a row.
    """

    timeout_s: float | None = None
    stall_timeout_s: float | None = None
    retry_for_s: float = 300.0


class Sighting(NamedTuple):
    """A good look: the ImportJob, and the Date header of the answer."""

    record: Mapping[str, Any]
    server_time: datetime | None


class Watcher(Protocol):
    """Somebody who is told how a wait goes on.

    tick_s: how often `tick` wants to be called during naps; None is never.
    """

    tick_s: float | None

    def seen(self, history: JobHistory) -> None:
        """Take note of a good look."""

    def missed(self, history: JobHistory, error: TalkValueError, pause_s: float) -> None:
        """Take note of a look that failed and will be repeated after a pause."""

    def tick(self) -> None:
        """Do what has to be done now and then."""


#: looks at the job; is given the seconds that it may take, None for no limit of the wait's own
Look = Callable[[float | None], Sighting]


class JobWait:
    """A wait that can be run once.

    `history` and `began_at` can be read at any time, also after an interrupt.
    """

    def __init__(
        self, look: Look, policy: PollPolicy, limits: Limits, clock: Clock, random: Random
    ) -> None:
        self._look, self._policy, self._limits = look, policy, limits
        self._clock, self._random = clock, random
        self._retry_after_s: float | None = None
        self._ending = Ending.FINISHED
        self.began_at = clock.now()
        self.history = JobHistory(self.began_at)
        self.last_error: TalkValueError | None = None

    @property
    def elapsed_s(self) -> float:
        """Seconds since the wait began."""
        return self._clock.now() - self.began_at

    def run(self, watcher: Watcher) -> Ending:
        """Look until the job is terminal or patience ends, and say which.

        Raises the error of a look that no later look can mend: authentication,
        not found, forbidden, bad request, a certificate that does not verify.
        """
        poller.wait_until(
            functools.partial(self._look_once, watcher),
            is_finished=jobs.is_finished,
            is_transient=_is_transient,
            pause_s=functools.partial(self._choose_pause, watcher),
            should_stop=self._should_stop,
            sleep=functools.partial(self._nap, watcher),
        )
        return self._ending

    def _look_once(self, watcher: Watcher) -> Mapping[str, Any]:
        self._retry_after_s = self.last_error = None
        try:
            sighting = self._look(self._look_limit_s())
        except TalkValueError as error:
            self.history.fail(self._clock.now())
            self._retry_after_s, self.last_error = error.retry_after_s, error
            raise
        self.history.learn(sighting.record, self._clock.now(), sighting.server_time)
        watcher.seen(self.history)
        return sighting.record

    def _look_limit_s(self) -> float | None:
        left_s = self._left_s()
        return None if left_s is None or not self._limits.timeout_s else max(left_s, LAST_LOOK_S)

    def _left_s(self) -> float | None:
        """Return the seconds until the deadline, None when there is none."""
        if self._limits.timeout_s is None:
            return None
        return self._limits.timeout_s - self.elapsed_s

    def _lost_in_s(self) -> float | None:
        since = self.history.failing_since
        return None if since is None else since + self._limits.retry_for_s - self._clock.now()

    def _stalled_in_s(self) -> float | None:
        # while looks fail nobody knows whether the job moves
        if self._limits.stall_timeout_s is None or self.history.failures:
            return None
        return self.history.moved_at + self._limits.stall_timeout_s - self._clock.now()

    def _should_stop(self) -> bool:
        if self._limits.timeout_s == 0:
            self._ending = Ending.LOST if self.history.failures else Ending.LOOKED_ONCE
            return True
        for left_s, ending in (
            (self._left_s(), Ending.DEADLINE),
            (self._stalled_in_s(), Ending.STALLED),
            (self._lost_in_s(), Ending.LOST),
        ):
            if left_s is not None and left_s <= INSTANT_S:
                self._ending = ending
                return True
        return False

    def _choose_pause(self, watcher: Watcher) -> float:
        if self._retry_after_s:
            pause_s = min(self._retry_after_s, LONGEST_RETRY_AFTER_S)
            ends: tuple[float | None, ...] = (self._left_s(),)
        else:
            pause_s = self._policy.nap_s(self.history, self._random)
            ends = (self._left_s(), self._stalled_in_s(), self._lost_in_s())
        # a nap ends where patience does, so that a last look is made there
        pause_s = max(0.0, min([pause_s, *(end for end in ends if end is not None)]))
        if self.last_error is not None:
            watcher.missed(self.history, self.last_error, pause_s)
        return pause_s

    def _nap(self, watcher: Watcher, seconds: float) -> None:
        end = self._clock.now() + seconds
        while (left_s := end - self._clock.now()) > 0:
            self._clock.sleep(min(left_s, watcher.tick_s or left_s))
            watcher.tick()


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, TalkValueError) and error.is_transient
