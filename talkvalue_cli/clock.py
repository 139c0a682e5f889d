"""Time as the waiting code sees it; tests hand in a clock of their own."""

from __future__ import annotations

import sys
import time
from typing import Protocol

#: A sleeping process does not notice that the machine was suspended. Sleeping
#: in slices bounds how late it finds out after the machine comes back.
SLICE_S = 1.0


class Clock(Protocol):
    """Monotonic seconds and a way to let them pass."""

    def now(self) -> float:
        """Return seconds since some fixed moment, time spent suspended included."""

    def sleep(self, seconds: float) -> None:
        """Return when `now` has advanced by that much."""


def _elapsed_source() -> int | None:
    """Return the clock that goes on counting while the machine is suspended.

    That is CLOCK_BOOTTIME on Linux (clock_gettime(2)). Darwin's CLOCK_MONOTONIC
    counts suspension as well, although Python's time.monotonic() there does not.
    """
    if sys.platform == "darwin":
        return time.CLOCK_MONOTONIC
    return getattr(time, "CLOCK_BOOTTIME", None)


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        self._source = _elapsed_source()

    def now(self) -> float:
        """Return monotonic seconds, time spent suspended included where it can be told."""
        return time.monotonic() if self._source is None else time.clock_gettime(self._source)

    def sleep(self, seconds: float) -> None:
        """Sleep until `now` has advanced by that much."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            time.sleep(min(left, SLICE_S))
