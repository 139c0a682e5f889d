"""Time as the waiting code sees it; tests hand in a clock of their own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
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
    """The machine's own clock.

    pause: lets some seconds pass, at most a slice.
    """

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause, self._source = pause, _elapsed_source()

    def now(self) -> float:
        """Return monotonic seconds, time spent suspended included where it can be told."""
        return time.monotonic() if self._source is None else time.clock_gettime(self._source)

    def sleep(self, seconds: float) -> None:
        """Sleep until `now` has advanced by that much."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            self._pause(min(left, SLICE_S))
