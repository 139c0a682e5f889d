"""How many rows of a job may be done by now: the throttle and the faults that hold jobs up.

Arithmetic only; the clock is handed in as monotonic seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class JobFaults:
    """Faults of one job; None means off.

    stall_share, fail_share: share of the rows after which it happens, 0..1.
    stall_s: how long a stall lasts, None for ever. queue_s: how long the job stays PENDING.
    finalize_s: pause between the last row and the end. batch_rows: counters move in such
    steps. silent: counters are shown as 0 until the end.
    """

    stall_share: float | None = None
    stall_s: float | None = None
    fail_share: float | None = None
    queue_s: float = 0.0
    finalize_s: float = 0.0
    batch_rows: int | None = None
    silent: bool = False


NO_FAULTS = JobFaults()


class Pace:
    """The rows a job may have processed, as a function of time."""

    def __init__(
        self, total: int, done: int, now: float, rows_per_second: float | None, faults: JobFaults
    ) -> None:
        """Start counting at `now` with `done` rows already processed."""
        self._total = total
        self._rate = rows_per_second
        self._batch = faults.batch_rows
        self._from_rows = done
        self._from_s = now
        self._stall_at = _take_share(total, faults.stall_share)
        self._stall_s = math.inf if faults.stall_s is None else faults.stall_s
        self._stalled_since: float | None = None
        self.fail_at = _take_share(total, faults.fail_share)

    def limit_rows(self, done: int, now: float) -> int:
        """Return up to which row the job may go on at `now`, never less than `done`."""
        limit = self._total
        if self.fail_at is not None:
            limit = min(limit, self.fail_at)
        if self._stall_at is not None and not self._pass_stall(done, now):
            limit = min(limit, self._stall_at)
        allowed = limit
        if self._rate is not None:
            earned = self._from_rows + int((now - self._from_s) * self._rate + 1e-6)
            allowed = min(limit, earned)
        if self._batch is not None and allowed < limit:
            allowed -= allowed % self._batch
        return max(done, allowed)

    def _pass_stall(self, done: int, now: float) -> bool:
        assert self._stall_at is not None
        if done < self._stall_at:
            return False
        if self._stalled_since is None:
            self._stalled_since = now
        if now - self._stalled_since < self._stall_s:
            return False
        # The rows held back are not made up for in one jump.
        self._from_rows, self._from_s = done, now
        self._stall_at = None
        return True


def _take_share(total: int, share: float | None) -> int | None:
    return None if share is None else math.floor(total * share + 1e-9)
