"""One waiter for many triggers, polled by hand on a fake clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from talkvalue_cli.airflow import waiters
from talkvalue_cli.airflow.waiters import Key, SharedWaiter, Wait
from talkvalue_cli.errors import AuthError, RefusedError
from talkvalue_cli.imports import Waiter, WaitLimits
from tests.fakes import FakeClock
from tests.unit.imports.waiting.jobs_seen import NO_CLIENT, Answer, ScriptedFetcher, record

T = TypeVar("T")

PENDING, RUNNING, DONE = record("PENDING"), record("RUNNING"), record("COMPLETED")
NOW = 1_764_000_000.0


class Place:
    """A shared waiter, the fetcher behind it, and the clock of both."""

    def __init__(self, script: dict[int, list[Answer]], **limits: Any) -> None:
        self.clock = FakeClock()
        self.fetcher = ScriptedFetcher(script, self.clock)
        wanted = WaitLimits(timeout_s=None, **limits)
        self.shared = SharedWaiter(lambda: NOW + self.clock.now())
        self.waiter = Waiter(
            NO_CLIENT,
            limits=wanted,
            listener=self.shared,
            clock=self.clock,
            fetcher=self.fetcher,
        )

    def in_s(self, seconds: float) -> float:
        """Return a deadline in epoch seconds."""
        return NOW + self.clock.now() + seconds

    def add(self, job_id: int, in_s: float | None = None, *, is_new: bool = False) -> Wait:
        """Make a wait, with a deadline in so many seconds."""
        deadline = None if in_s is None else self.in_s(in_s)
        wait = Wait(job_id, deadline, is_new=is_new)
        assert self.shared.add(wait)
        return wait

    async def poll(self) -> float | None:
        """Poll once, let the time of the pause pass, and the loop do what it was told."""
        delay_s = self.shared.poll(self.waiter)
        self.clock.sleep(delay_s or 0.0)
        await asyncio.sleep(0)
        return delay_s


def in_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run a test in an event loop of its own."""

    def run() -> None:
        asyncio.run(test())

    run.__name__ = test.__name__
    return run


@in_loop
async def test_each_is_told_of_its_import_and_the_waiter_ends_with_the_last() -> None:
    place = Place({1: [DONE], 2: [RUNNING, DONE]})
    first, second = place.add(1), place.add(2)
    await place.poll()
    event = await first.future
    assert event is not None
    assert (event["jobId"], event["outcome"], event["error"]) == (1, "completed", None)
    assert not second.future.done()
    assert await place.poll() is None
    assert (await second.future or {})["outcome"] == "completed"
    assert not place.shared.add(Wait(3, None))


@in_loop
async def test_imports_are_added_while_it_runs() -> None:
    place = Place({1: [RUNNING], 2: [DONE]})
    place.add(1)
    await place.poll()
    second = place.add(2, is_new=True)
    await place.poll()
    assert (await second.future or {})["outcome"] == "completed"
    assert place.fetcher.asked == [[1], [1, 2]]
    assert place.fetcher.expected == [2]


@in_loop
async def test_an_import_that_nobody_waits_for_is_not_asked_for_and_forgotten() -> None:
    place = Place({1: [RUNNING], 2: [RUNNING]})
    first = place.add(1)
    place.add(2)
    await place.poll()
    place.shared.remove(first)
    await place.poll()
    assert place.fetcher.asked == [[1, 2], [2]]
    assert [*place.waiter.histories] == [2]


@in_loop
async def test_when_the_last_one_leaves_the_next_begins_with_a_fresh_connection() -> None:
    place = Place({1: [RUNNING]})
    wait = place.add(1)
    await place.poll()
    place.shared.remove(wait)
    assert not place.shared.add(Wait(2, None))


@in_loop
async def test_two_triggers_may_wait_for_one_import() -> None:
    place = Place({1: [DONE]})
    both = [place.add(1), place.add(1)]
    await place.poll()
    events = [await wait.future for wait in both]
    assert events[0] == events[1]
    assert place.fetcher.asked == [[1]]


@in_loop
async def test_who_comes_after_the_end_asks_again() -> None:
    place = Place({1: [DONE], 2: [RUNNING]})
    place.add(1)
    place.add(2)
    await place.poll()
    late = place.add(1)
    await place.poll()
    assert (await late.future or {})["outcome"] == "completed"
    assert place.fetcher.asked == [[1, 2], [2, 1]]


@in_loop
async def test_each_has_its_deadline_and_a_last_poll_there() -> None:
    place = Place({1: [RUNNING], 2: [RUNNING]}, interval_s=5)
    hasty, patient = place.add(1, 7), place.add(2, 100)
    assert [await place.poll() for _ in range(2)] == [5, 2]
    assert not hasty.future.done()
    await place.poll()
    event = await hasty.future
    assert event is not None
    assert (event["outcome"], event["job"]["status"]) == ("timeout", "RUNNING")
    assert not patient.future.done()


@in_loop
async def test_deadlines_that_are_near_each_other_share_a_poll() -> None:
    ids = range(1, 9)
    place = Place({job_id: [RUNNING] for job_id in ids}, interval_s=20)
    waits = [place.add(job_id, 10 + job_id / 10) for job_id in ids]
    assert [await place.poll() for _ in range(2)] == [pytest.approx(10.1), 2.0]
    assert await place.poll() is None
    assert all(wait.future.done() for wait in waits)


@in_loop
async def test_who_comes_in_a_pause_makes_it_shorter_unless_the_server_asked_for_it() -> None:
    refusal = RefusedError("too many requests", is_transient=True, retry_after_s=60.0)
    place = Place({1: [refusal, RUNNING]}, interval_s=20)
    place.add(1)
    assert await place.poll() == 60
    assert place.shared.shorten(60.0) == 60
    assert await place.poll() == 20
    assert (place.shared.shorten(20.0), place.shared.shorten(1.0)) == (2, 1)


@in_loop
async def test_a_deadline_that_is_past_already_gets_one_poll() -> None:
    # a triggerer that was down for an hour
    place = Place({1: [DONE], 2: [RUNNING]})
    ended, alive = place.add(1, -3600), place.add(2, -3600)
    await place.poll()
    assert (await ended.future or {})["outcome"] == "completed"
    assert (await alive.future or {})["outcome"] == "timeout"


@in_loop
async def test_a_refused_token_is_told_to_all() -> None:
    place = Place({1: [AuthError("the token was refused")], 2: [RUNNING]})
    waits = [place.add(1), place.add(2)]
    await place.poll()
    for wait in waits:
        event = await wait.future
        assert event is not None
        assert event["error"] == {"message": "the token was refused", "code": "AUTHENTICATION"}


@in_loop
async def test_nobody_waits_for_a_thread_that_has_broken_down() -> None:
    place = Place({})  # any question is an error of the test's fetcher
    wait = place.add(1)
    with pytest.raises(KeyError):
        place.shared.poll(place.waiter)
    place.shared.close(waiters.make_error("it broke"))
    event = await wait.future
    assert event is not None
    assert event["error"] == {"message": "it broke", "code": "ERROR"}


@in_loop
async def test_an_event_has_nothing_of_what_people_wrote() -> None:
    row = {"rowNum": 2, "errorCode": "INVALID_EMAIL", "rawValue": "ada(at)example.com"}
    place = Place({1: [{**record("PARTIAL_SUCCESS"), "failedCount": 1, "failedRows": [row]}]})
    wait = place.add(1)
    await place.poll()
    assert "ada" not in str(await wait.future)


@in_loop
async def test_those_of_one_connection_and_settings_share_a_waiter() -> None:
    keys = [Key("a"), Key("a"), Key("b"), Key("a", interval_s=9)]
    joined = [waiters.join(key, Wait(n, None)) for n, key in enumerate(keys)]
    assert [is_new for _, is_new in joined] == [True, False, True, True]
    assert joined[0][0] is joined[1][0]
    for shared, _ in joined:
        shared.close(None)
    # after its end there is another one
    again, is_new = waiters.join(Key("a"), Wait(5, None))
    assert is_new and again is not joined[0][0]
    again.close(None)
