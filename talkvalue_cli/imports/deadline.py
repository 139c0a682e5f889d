"""The one deadline of a run or a wait: it counts while it may, and stands still for uploads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from talkvalue_cli.clock import Clock

#: what is left when a pause ends a rounding error early, in seconds
INSTANT_S = 0.001


class Deadline:
    """Seconds that count, by the clock, and how many of them there may be.

    timeout_s: None for any number; 0 for one request of each kind.
    """

    def __init__(self, clock: Clock, timeout_s: float | None) -> None:
        self._clock, self.timeout_s = clock, timeout_s
        self._began_at = clock.now()

    @property
    def elapsed_s(self) -> float:
        """The seconds that have counted so far."""
        return self._clock.now() - self._began_at

    def left_s(self) -> float | None:
        """Return the seconds until the deadline, negative after it; None when there is none."""
        return None if self.timeout_s is None else self.timeout_s - self.elapsed_s

    def is_over(self) -> bool:
        """Tell whether no time is left."""
        left_s = self.left_s()
        return left_s is not None and left_s <= INSTANT_S

    def cut(self, seconds: float) -> float:
        """Return the seconds, or what is left of the deadline when that is less."""
        left_s = self.left_s()
        return seconds if left_s is None else max(0.0, min(seconds, left_s))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do something that takes no time from the deadline, however long it takes."""
        began_at = self._clock.now()
        try:
            yield
        finally:
            self._began_at += self._clock.now() - began_at
