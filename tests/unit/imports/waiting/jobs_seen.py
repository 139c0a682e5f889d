"""Import jobs as the polls of a wait see them, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from typing import TYPE_CHECKING, Any, cast

from talkvalue_cli.errors import AuthError, TalkValueError
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.listener import ProgressListener, SilentListener
from talkvalue_cli.imports.result import ImportResult, Outcome, Submission
from talkvalue_cli.imports.waiting.fetch import Fetched, PollResponse, StatusFetcher
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.limits import WaitLimits
from talkvalue_cli.imports.waiting.waiter import Waiter
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

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


class Watched(SilentListener):
    """A listener that remembers what it was told."""

    def __init__(self, tick_s: float | None = None) -> None:
        self.tick_s = tick_s
        self.seen_statuses: list[str | None] = []
        self.misses: list[tuple[str, float]] = []
        self.outcomes: dict[int | None, Outcome] = {}
        self.ticks = 0
        self.told: list[str] = []

    def polled(self, history: JobHistory) -> None:
        self.seen_statuses.append(history.status)

    def poll_failed(self, job_id: int, error: TalkValueError, retry_in_s: float) -> None:
        self.misses.append((error.message, retry_in_s))

    def ended(self, result: ImportResult) -> None:
        self.outcomes[result.job_id] = result.outcome
        self.told.append(f"{result.job_id} {result.outcome.value}")

    def wait_ended(self) -> None:
        self.told.append("all")

    def tick(self) -> None:
        self.ticks += 1


Answer = Mapping[str, Any] | TalkValueError


class ScriptedFetcher(StatusFetcher):
    """A fetcher that answers as it was told, one request a job.

    script: for each job its answers, one for each poll, the last of them for
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
        self.expected: list[int] = []
        self.alone: list[int] = []
        self.forgotten: list[int] = []

    def ask_alone(self, job_id: int) -> None:
        self.alone.append(job_id)

    def expect(self, job_id: int) -> None:
        self.expected.append(job_id)

    def forget(self, job_id: int) -> None:
        self.forgotten.append(job_id)

    def fetch(self, job_ids: Sequence[int], limit_s: float | None) -> Iterator[Fetched]:
        self.limits.append(limit_s)
        self.asked.append(list(job_ids))
        for job_id in job_ids:
            self.requests += 1
            yield job_id, self._answer(job_id)

    def _answer(self, job_id: int) -> PollResponse | TalkValueError:
        script, age_s = self._script[job_id], self._clock.now() - self._began_at
        if callable(script):
            answer = script(age_s)
        else:
            answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, AuthError):
            raise answer  # a fetcher raises what concerns every job
        if isinstance(answer, TalkValueError):
            return answer
        return PollResponse({**answer, "id": job_id}, STARTED + timedelta(seconds=age_s))


#: of waits for which nothing needs to be sent
NO_CLIENT = cast("Client", None)


def make_wait(
    script: list[Answer]
    | Callable[[float], Answer]
    | Mapping[int, list[Answer] | Callable[[float], Answer]],
    clock: FakeClock,
    listener: ProgressListener | None = None,
    *,
    interval_s: float | None = 5.0,
    random: Random | None = None,
    submissions: Iterable[Submission] | None = None,
    deadline: Deadline | None = None,
    **limits: Any,
) -> tuple[Waiter, ScriptedFetcher]:
    """Return a wait for job 7, or for the jobs of a mapping, and its fetcher.

    limits: fields of WaitLimits; there is no deadline unless they have one.
    """
    jobs = script if isinstance(script, Mapping) else {7: script}
    fetcher = ScriptedFetcher(jobs, clock)
    waiter = Waiter(
        NO_CLIENT,
        () if submissions else jobs,
        limits=WaitLimits(**{"timeout_s": None, "interval_s": interval_s, **limits}),
        submissions=submissions,
        deadline=deadline,
        listener=listener,
        clock=clock,
        random=random or SteadyRandom(),
        fetcher=fetcher,
    )
    return waiter, fetcher
