"""Import jobs as the looks of a wait see them, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from talkvalue_cli.errors import AuthError, TalkValueError
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.polling import PollPolicy
from talkvalue_cli.imports.waiting.waiter import JobsWait, Limits, Sighting, Supply
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

    def missed(self, error: TalkValueError, pause_s: float) -> None:
        self.misses.append((error.message, pause_s))

    def tick(self) -> None:
        self.ticks += 1


Answer = Mapping[str, Any] | TalkValueError


class ScriptedLooker:
    """A looker that answers as it was told, one request a job.

    script: for each job its answers, one for each look, the last of them for
        ever; or a function of the seconds since the begin.
    """

    def __init__(
        self, script: Mapping[int, list[Answer] | Callable[[float], Answer]], clock: FakeClock
    ) -> None:
        self._script, self._clock = dict(script), clock
        self._began_at = clock.now()
        self.requests = 0
        self.limits: list[float | None] = []
        self.asked: list[list[int]] = []

    def look(
        self, job_ids: Sequence[int], limit_s: float | None
    ) -> Iterator[tuple[int, Sighting | TalkValueError]]:
        self.limits.append(limit_s)
        self.asked.append(list(job_ids))
        for job_id in job_ids:
            self.requests += 1
            yield job_id, self._answer(job_id)

    def _answer(self, job_id: int) -> Sighting | TalkValueError:
        script, age_s = self._script[job_id], self._clock.now() - self._began_at
        if callable(script):
            answer = script(age_s)
        else:
            answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, AuthError):
            raise answer  # a looker raises what concerns every job
        if isinstance(answer, TalkValueError):
            return answer
        return Sighting({**answer, "id": job_id}, STARTED + timedelta(seconds=age_s))


def make_wait(
    script: list[Answer]
    | Callable[[float], Answer]
    | Mapping[int, list[Answer] | Callable[[float], Answer]],
    clock: FakeClock,
    *,
    interval_s: float | None = 5.0,
    random: Random | None = None,
    supply: Supply | None = None,
    **limits: Any,
) -> tuple[JobsWait, ScriptedLooker]:
    """Return a wait for job 7, or for the jobs of a mapping, and its looker.

    limits: fields of Limits.
    """
    jobs = script if isinstance(script, Mapping) else {7: script}
    looker = ScriptedLooker(jobs, clock)
    wait = JobsWait(
        [] if supply else list(jobs),
        looker,
        PollPolicy(interval_s=interval_s),
        Limits(**limits),
        clock,
        random or SteadyRandom(),
        supply,
    )
    return wait, looker
