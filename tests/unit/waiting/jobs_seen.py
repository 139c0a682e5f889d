"""Import jobs as the looks of a wait see them, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.waiting.history import JobHistory
from talkvalue_cli.waiting.job_wait import JobWait, Limits, Sighting
from talkvalue_cli.waiting.policy import PollPolicy
from tests.fakes import FakeClock

STARTED = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)


def record(status: str, processed: int = 0, total: int = 1000, **more: Any) -> dict[str, Any]:
    """Return an ImportJob."""
    started = None if status == "PENDING" else STARTED.isoformat().replace("+00:00", "Z")
    return {
        "id": 7,
        "status": status,
        "totalRows": total,
        "processedRows": processed,
        "failedCount": 0,
        "processStartedAt": started,
        "completedAt": None,
        **more,
    }


class SteadyRandom(Random):
    """Draws the lower bound each time, so that there is no jitter."""

    def uniform(self, a: float, b: float) -> float:
        return a


class Watched:
    """A watcher that remembers what it was told."""

    def __init__(self, tick_s: float | None = None) -> None:
        self.tick_s = tick_s
        self.seen_statuses: list[str | None] = []
        self.misses: list[tuple[str, float]] = []
        self.ticks = 0

    def seen(self, history: JobHistory) -> None:
        self.seen_statuses.append(history.status)

    def missed(self, history: JobHistory, error: TalkValueError, pause_s: float) -> None:
        self.misses.append((error.message, pause_s))

    def tick(self) -> None:
        self.ticks += 1


Answer = Mapping[str, Any] | Exception


def make_wait(
    answers: Iterable[Answer] | Callable[[float], Answer],
    clock: FakeClock,
    *,
    interval_s: float | None = 5.0,
    random: Random | None = None,
    timeout_s: float | None = None,
    stall_timeout_s: float | None = None,
    retry_for_s: float = 300.0,
) -> tuple[JobWait, list[float | None]]:
    """Return a wait over answers, and the limits that its looks were given.

    answers: one for each look, the last of them for ever; or a function of the
        seconds since the begin.
    """
    script = None if callable(answers) else list(answers)
    began_at, limits = clock.now(), []

    def look(limit_s: float | None) -> Sighting:
        limits.append(limit_s)
        if script is None:
            assert callable(answers)
            answer = answers(clock.now() - began_at)
        else:
            answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return Sighting(answer, STARTED + timedelta(seconds=clock.now() - began_at))

    wait = JobWait(
        look,
        PollPolicy(interval_s=interval_s),
        Limits(timeout_s, stall_timeout_s, retry_for_s),
        clock,
        random or SteadyRandom(),
    )
    return wait, limits
