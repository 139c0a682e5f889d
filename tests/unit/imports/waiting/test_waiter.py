"""One wait on a fake clock: deadlines, failures, stalls and delays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from random import Random
from typing import Any

import pytest

from talkvalue_cli.errors import (
    AuthError,
    Interrupted,
    NetworkError,
    NotFoundError,
    RefusedError,
    StoppedError,
)
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.result import Action, ImportResult, Outcome, Submission
from talkvalue_cli.imports.waiting.fetch import Fetched
from talkvalue_cli.imports.waiting.limits import WaitLimits
from talkvalue_cli.imports.waiting.waiter import Waiter
from tests.fakes import FakeClock
from tests.unit.imports.waiting.jobs_seen import (
    NO_CLIENT,
    Answer,
    ScriptedFetcher,
    Watched,
    make_wait,
    record,
)

RUNNING, DONE = record("RUNNING"), record("COMPLETED")


def busy(retry_after_s: float | None = None) -> RefusedError:
    return RefusedError("too many requests", is_transient=True, retry_after_s=retry_after_s)


def outcomes(wait: Waiter) -> dict[int, Outcome]:
    """Return how the wait for each job has ended."""
    return {job_id: ended.outcome for job_id, ended in wait.results.items()}


def unreachable() -> NetworkError:
    return NetworkError("connection refused")


def hidden() -> NotFoundError:
    return NotFoundError("import 7 does not exist", is_transient=True)


Script = list[Answer] | Callable[[float], Answer]
GONE = record("ARCHIVED", completedAt="2026-11-23T12:00:09Z")
#: what a job answers, the limits of the wait for it, how that ends, and the pauses before
WAITS: dict[str, tuple[Script, dict[str, Any], Outcome, list[float]]] = {
    "the last poll starts at the deadline":
        ([RUNNING], {"timeout_s": 12}, Outcome.TIMEOUT, [5, 5, 2]),
    "a job that ends just before the deadline is seen":
        (lambda at_s: DONE if at_s >= 11.9 else RUNNING, {"timeout_s": 12},
         Outcome.COMPLETED, [5, 5, 2]),
    "a deadline of tenths is met without a poll too many":
        ([RUNNING], {"interval_s": 0.1, "timeout_s": 0.3}, Outcome.TIMEOUT, [0.1, 0.1, 0.1]),
    "failures in a row end it after retry_for_s":
        ([RUNNING, unreachable()], {"retry_for_s": 12}, Outcome.LOST, [5, 5, 5, 2]),
    "a good answer starts retry_for_s afresh":
        ([RUNNING, *[unreachable()] * 3, RUNNING, *[unreachable()] * 3, DONE], {"retry_for_s": 12},
         Outcome.COMPLETED, [5, 5, 5, 2] * 2),
    "retry_for_s of zero tolerates no failure":
        ([RUNNING, busy(30), DONE], {"retry_for_s": 0}, Outcome.LOST, [5]),
    "failures before the first good poll are tolerated":
        ([unreachable(), unreachable(), DONE], {}, Outcome.COMPLETED, [5, 5]),
    "a Retry-After wins over the interval":
        ([busy(40), DONE], {}, Outcome.COMPLETED, [40]),
    "a Retry-After is obeyed although it outlasts retry_for_s":
        ([busy(60), DONE], {"retry_for_s": 10}, Outcome.COMPLETED, [60]),
    "a Retry-After is cut to a quarter of an hour":
        ([busy(86400), DONE], {}, Outcome.COMPLETED, [900]),
    "a Retry-After never goes past the deadline":
        ([busy(600)], {"timeout_s": 30}, Outcome.TIMEOUT, [30]),
    "a Retry-After of no time is one of a second":
        ([busy(0), busy(0.2), DONE], {"interval_s": 1800}, Outcome.COMPLETED, [1, 1]),
    "a Retry-After counts for one pause":
        ([busy(40), busy(), DONE], {}, Outcome.COMPLETED, [40, 5]),
    "a job that moved for the last time at 20 is stalled":
        (lambda at_s: record("RUNNING", min(int(at_s) * 10, 200)), {"stall_timeout_s": 12},
         Outcome.STALLED, [5, 5, 5, 5, 5, 5, 2]),
    "a change of status alone is a move":
        (lambda at_s: record("RUNNING" if at_s >= 10 else "PENDING"), {"stall_timeout_s": 12},
         Outcome.STALLED, [5, 5, 5, 5, 2]),
    "lost contact is no stall":
        ([RUNNING, *[unreachable()] * 5, record("RUNNING", 900), DONE], {"stall_timeout_s": 12},
         Outcome.COMPLETED, [5] * 7),
    "without stall_timeout_s a job may stand still":
        ([*[RUNNING] * 1000, DONE], {}, Outcome.COMPLETED, [5] * 1000),
    "an unknown status is waited for until completedAt is set":
        ([record("PAUSED"), record("PAUSED"), GONE], {}, Outcome.UNKNOWN, [5, 5]),
    "a job that is not visible yet is asked for after a pause":
        ([hidden(), hidden(), hidden(), DONE], {"retry_for_s": 0}, Outcome.COMPLETED, [5, 5, 5]),
}  # fmt: skip


@pytest.mark.parametrize("name", WAITS)
def test_how_the_wait_for_a_job_ends_and_after_which_pauses(name: str) -> None:
    script, limits, outcome, pauses_s = WAITS[name]
    clock = FakeClock()
    wait, fetcher = make_wait([*script] if isinstance(script, list) else script, clock, **limits)
    wait.run()
    assert outcomes(wait) == {7: outcome}
    assert clock.slept == pytest.approx(pauses_s)
    assert len(fetcher.asked) == len(pauses_s) + 1


def test_polls_may_take_the_time_that_is_left_and_the_last_one_two_seconds() -> None:
    answers: list[Answer] = [RUNNING, RUNNING, RUNNING, DONE]
    for timeout_s, limits_s in ((12, [12, 7, 2, 2]), (None, [None] * 4)):
        wait, fetcher = make_wait([*answers], FakeClock(), timeout_s=timeout_s)
        wait.run()
        assert fetcher.limits == limits_s


def test_of_several_retry_afters_the_longest_counts() -> None:
    clock = FakeClock()
    wait, _ = make_wait({1: [busy(40), DONE], 2: [busy(10), DONE]}, clock)
    wait.run()
    assert clock.slept == [40]


def test_wait_ends_with_the_first_terminal_record() -> None:
    clock, watcher = FakeClock(), Watched()
    wait, _ = make_wait([record("PENDING"), RUNNING, DONE], clock, watcher)
    wait.run()
    assert outcomes(wait) == {7: Outcome.COMPLETED}
    assert watcher.seen_statuses == ["PENDING", "RUNNING", "COMPLETED"]
    assert clock.slept == [5, 5]
    assert (wait.histories[7].polls, wait.stats.elapsed_s) == (3, 10)


def test_a_timeout_of_zero_looks_once_and_does_not_hurry_the_answer() -> None:
    for answer, outcome in ((RUNNING, Outcome.NOT_FINISHED), (unreachable(), Outcome.LOST)):
        clock = FakeClock()
        wait, fetcher = make_wait([answer], clock, timeout_s=0)
        wait.run()
        assert outcomes(wait) == {7: outcome}
        assert (clock.slept, fetcher.limits) == ([], [None])


def test_an_error_that_no_later_look_can_mend_leaves_at_once() -> None:
    wait, fetcher = make_wait([RUNNING, AuthError("token refused"), DONE], FakeClock())
    wait.run()
    assert isinstance(wait.results[7].error, AuthError)
    assert (wait.results[7].job, fetcher.requests) == ({**RUNNING, "id": 7}, 2)


def test_what_a_look_saw_before_such_an_error_holds() -> None:
    script: dict[int, list[Answer]] = {1: [DONE], 2: [RUNNING], 3: [AuthError("no")], 4: [DONE]}
    wait, _ = make_wait(script, FakeClock())
    wait.run()
    assert outcomes(wait) == {1: Outcome.COMPLETED, **dict.fromkeys((2, 3, 4), Outcome.ERROR)}
    assert wait.results[2].job == {**RUNNING, "id": 2}
    assert wait.results[4].job is None
    errors = [wait.results[job_id].error for job_id in (2, 3, 4)]
    assert [error and error.details for error in errors] == [
        {"jobId": 2},
        {"jobId": 3},
        {"jobId": 4},
    ]


def test_a_job_that_is_refused_for_good_leaves_and_the_others_go_on() -> None:
    watcher = Watched()
    conflict = RefusedError("conflict")
    wait, _ = make_wait({1: [conflict], 2: [unreachable(), RUNNING, DONE]}, FakeClock(), watcher)
    wait.run()
    assert outcomes(wait) == {1: Outcome.ERROR, 2: Outcome.COMPLETED}
    assert [ended.error and ended.error.message for ended in wait.run()] == ["conflict", None]
    # a refusal is not looked at again, so nobody is told that it will be
    assert watcher.misses == [("connection refused", 5)]


def test_an_interrupt_leaves_at_once_and_the_last_record_can_be_read() -> None:
    class InterruptedClock(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise Interrupted(15)

    clock = InterruptedClock()
    wait, _ = make_wait([RUNNING], clock)
    [ended] = wait.run()
    assert (ended.outcome, ended.job) == (Outcome.INTERRUPTED, RUNNING)
    assert isinstance(ended.error, StoppedError)
    assert ended.error.signum == 15
    assert wait.interrupt is not None


def test_pauses_after_failures_grow_and_stay_within_their_bounds() -> None:
    class Highest(Random):
        def uniform(self, a: float, b: float) -> float:
            return b

    clock = FakeClock()
    answers = [unreachable()] * 5
    wait, _ = make_wait([*answers, DONE], clock, interval_s=None, random=Highest())
    wait.run()
    assert clock.slept == [3, 9, 27, 27, 27]


def test_after_a_suspension_it_looks_before_it_judges_the_deadline() -> None:
    class SuspendedClock(FakeClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            self.seconds += 3600

    clock = SuspendedClock()
    wait, _ = make_wait(lambda at_s: DONE if at_s > 1000 else RUNNING, clock, timeout_s=60)
    wait.run()
    assert outcomes(wait) == {7: Outcome.COMPLETED}
    assert clock.slept == [5]


def test_naps_are_cut_into_ticks_only_for_a_watcher_that_wants_them() -> None:
    clock, watcher = FakeClock(), Watched(tick_s=2)
    wait, _ = make_wait([RUNNING, DONE], clock, watcher)
    wait.run()
    assert (clock.slept, watcher.ticks) == ([2, 2, 1], 3)


def test_several_jobs_are_looked_at_together_until_each_has_ended() -> None:
    clock = FakeClock()
    wait, fetcher = make_wait({1: [RUNNING, DONE], 2: [DONE], 3: [RUNNING, RUNNING, DONE]}, clock)
    wait.run()
    assert fetcher.asked == [[1, 2, 3], [1, 3], [3]]
    assert outcomes(wait) == dict.fromkeys((1, 2, 3), Outcome.COMPLETED)
    assert wait.stats.requests == 6


def test_a_job_that_is_not_found_does_not_end_the_others() -> None:
    gone = NotFoundError("import 2 does not exist")
    wait, fetcher = make_wait({1: [RUNNING, DONE], 2: [gone]}, FakeClock())
    wait.run()
    assert outcomes(wait) == {1: Outcome.COMPLETED, 2: Outcome.ERROR}
    assert wait.results[2].error is not None
    assert wait.results[2].error.message == gone.message
    assert fetcher.asked == [[1, 2], [1]]


def test_a_job_whose_looks_fail_is_lost_alone() -> None:
    wait, _ = make_wait(
        {1: lambda at_s: DONE if at_s > 50 else RUNNING, 2: [unreachable()]},
        FakeClock(),
        retry_for_s=12,
    )
    wait.run()
    assert outcomes(wait) == {1: Outcome.COMPLETED, 2: Outcome.LOST}


def test_a_look_counts_as_missed_only_when_it_brought_nothing() -> None:
    watcher = Watched()
    wait, _ = make_wait(
        {1: [RUNNING, unreachable(), DONE], 2: [unreachable(), unreachable(), DONE]},
        FakeClock(),
        watcher,
    )
    wait.run()
    assert watcher.misses == [("connection refused", 5)]


def test_the_deadline_is_one_for_all_jobs() -> None:
    wait, _ = make_wait({1: [DONE], 2: [RUNNING], 3: [RUNNING]}, FakeClock(), timeout_s=12)
    wait.run()
    assert outcomes(wait) == {1: Outcome.COMPLETED, 2: Outcome.TIMEOUT, 3: Outcome.TIMEOUT}
    assert wait.stats.elapsed_s == 12


def test_a_stalled_job_leaves_and_the_others_go_on() -> None:
    moving = lambda at_s: DONE if at_s > 60 else record("RUNNING", int(at_s))  # noqa: E731 - short
    wait, _ = make_wait({1: moving, 2: [RUNNING]}, FakeClock(), stall_timeout_s=12)
    wait.run()
    assert outcomes(wait) == {1: Outcome.COMPLETED, 2: Outcome.STALLED}


def test_jobs_that_a_look_had_no_time_for_are_neither_seen_nor_missed() -> None:
    class Hurried(ScriptedFetcher):
        def fetch(self, job_ids: Sequence[int], limit_s: float | None) -> Iterator[Fetched]:
            return super().fetch(job_ids[:1], limit_s)

    clock = FakeClock()
    fetcher = Hurried({1: [RUNNING], 2: [RUNNING]}, clock)
    limits = WaitLimits(timeout_s=12, retry_for_s=1, interval_s=5)
    wait = Waiter(NO_CLIENT, [1, 2], limits=limits, clock=clock, fetcher=fetcher)
    wait.run()
    assert outcomes(wait) == {1: Outcome.TIMEOUT, 2: Outcome.TIMEOUT}
    assert (wait.histories[2].polls, wait.results[2].job) == (0, None)


def test_fail_fast_ends_with_the_first_failed_job() -> None:
    clock = FakeClock()
    script: dict[int, list[Answer]] = {1: [RUNNING], 2: [RUNNING, record("FAILED")], 3: [DONE]}
    wait, _ = make_wait(script, clock, fail_fast=True)
    wait.run()
    assert outcomes(wait) == {
        1: Outcome.NOT_FINISHED,
        2: Outcome.FAILED,
        3: Outcome.COMPLETED,
    }
    assert clock.slept == [5]


def test_fail_fast_leaves_a_job_that_was_never_seen_as_lost() -> None:
    wait, _ = make_wait(
        {1: [record("FAILED")], 2: [unreachable()], 3: [RUNNING]}, FakeClock(), fail_fast=True
    )
    wait.run()
    assert outcomes(wait) == {1: Outcome.FAILED, 2: Outcome.LOST, 3: Outcome.NOT_FINISHED}
    assert wait.results[2].error is not None
    assert wait.results[2].error.message == "connection refused; import 2 was never seen"


def test_no_jobs_at_all_are_waited_for_without_a_look() -> None:
    wait, fetcher = make_wait({}, FakeClock())
    wait.run()
    assert (outcomes(wait), fetcher.asked) == ({}, [])


def test_an_answer_from_before_the_last_one_is_not_believed() -> None:
    old, now = record("RUNNING", 400), record("RUNNING", 500)
    answers: list[Answer] = [now, record("PENDING"), now, old, now, record("PENDING"), DONE]
    clock, seen = FakeClock(), Watched()
    wait, fetcher = make_wait(answers, clock, seen)
    wait.run()
    history = wait.histories[7]
    assert seen.seen_statuses == ["RUNNING"] * 6 + ["COMPLETED"]
    assert (history.restarts, history.is_doubted) == (0, False)
    # what a list shows may be old: then it is asked for by itself
    assert fetcher.alone == [7, 7, 7]


def test_a_job_that_the_server_starts_again_is_no_stall() -> None:
    def script(age_s: float) -> Answer:
        if age_s < 60:
            return record("RUNNING", int(age_s * 10))
        if age_s < 80:
            return record("PENDING")
        return record("RUNNING", int((age_s - 80) * 10)) if age_s < 140 else DONE

    seen = Watched()
    wait, _ = make_wait(script, FakeClock(), seen, stall_timeout_s=30)
    wait.run()
    assert outcomes(wait) == {7: Outcome.COMPLETED}
    assert wait.histories[7].restarts == 1
    statuses = [status for status, _ in groupby(seen.seen_statuses)]
    assert statuses == ["RUNNING", "PENDING", "RUNNING", "COMPLETED"]


def submit(
    clock: FakeClock, job_ids: list[int], deadline: Deadline | None = None
) -> Iterator[Submission]:
    """Give jobs one by one; each takes 100 s to upload, which do not count."""
    for job_id in job_ids:
        with (deadline or Deadline(clock, None)).paused():
            clock.seconds += 100
        yield Submission(f"{job_id}.csv", Action.CREATED, job_id, {"id": job_id})


def test_jobs_are_started_while_others_are_waited_for() -> None:
    clock = FakeClock()
    script: dict[int, list[Answer]] = {1: [DONE], 2: [RUNNING, RUNNING, DONE], 3: [RUNNING, DONE]}
    deadline = Deadline(clock, 60)
    wait, fetcher = make_wait(
        script,
        clock,
        submissions=submit(clock, [1, 2, 3], deadline),
        deadline=deadline,
        timeout_s=60,
    )
    wait.run()
    assert fetcher.asked == [[1, 2], [2, 3], [2, 3]]
    assert outcomes(wait) == dict.fromkeys((1, 2, 3), Outcome.COMPLETED)


def test_the_time_it_takes_to_start_jobs_does_not_count_against_the_deadline() -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 12)
    wait, _ = make_wait(
        {1: [RUNNING], 2: [RUNNING]},
        clock,
        submissions=submit(clock, [1, 2], deadline),
        deadline=deadline,
        timeout_s=12,
    )
    wait.run()
    assert clock.slept == [5, 5, 2]


def test_pending_jobs_are_left_alone_for_a_while_when_looks_take_several_requests() -> None:
    pending = lambda at_s: DONE if at_s > 100 else record("PENDING")  # noqa: E731 - short
    running = lambda at_s: DONE if at_s > 60 else record("RUNNING", int(at_s))  # noqa: E731
    wait, fetcher = make_wait({1: pending, 2: pending, 3: running}, FakeClock(), interval_s=2.0)
    wait.run()
    alone = [asked for asked in fetcher.asked if asked == [3]]
    assert fetcher.asked[0] == [1, 2, 3]
    assert len(alone) > 10
    # a PENDING job is never left alone for more than 15 s, and a delay
    longest = max(len(list(run)) for asked, run in groupby(fetcher.asked) if asked == [3])
    assert 2 * longest <= 17
    assert outcomes(wait) == dict.fromkeys((1, 2, 3), Outcome.COMPLETED)


def test_pending_jobs_are_not_left_alone_when_they_are_all_that_is_waited_for() -> None:
    pending = lambda at_s: DONE if at_s > 20 else record("PENDING")  # noqa: E731 - short
    wait, fetcher = make_wait({1: pending, 2: pending}, FakeClock(), interval_s=2.0)
    wait.run()
    assert fetcher.asked == [[1, 2]] * 12


def test_pending_jobs_are_not_left_alone_when_one_request_shows_all() -> None:
    class Listing(ScriptedFetcher):
        def fetch(self, job_ids: Sequence[int], limit_s: float | None) -> Iterator[Fetched]:
            before = self.requests
            yield from super().fetch(job_ids, limit_s)
            self.requests = before + 1

    pending = lambda at_s: DONE if at_s > 20 else record("PENDING")  # noqa: E731 - short
    running = lambda at_s: DONE if at_s > 20 else record("RUNNING", int(at_s))  # noqa: E731
    clock = FakeClock()
    fetcher = Listing({1: pending, 2: running}, clock)
    limits = WaitLimits(timeout_s=None, interval_s=2)
    wait = Waiter(NO_CLIENT, [1, 2], limits=limits, clock=clock, fetcher=fetcher)
    wait.run()
    assert fetcher.asked == [[1, 2]] * 12


def test_the_last_look_before_the_deadline_leaves_no_job_out() -> None:
    script: dict[int, list[Answer]] = {1: [record("PENDING")], 2: [record("RUNNING", 1)]}
    wait, fetcher = make_wait(script, FakeClock(), interval_s=2.0, timeout_s=31)
    wait.run()
    assert fetcher.asked[-1] == [1, 2]


def test_a_new_job_is_expected_and_one_that_an_earlier_run_made_is_not() -> None:
    clock = FakeClock()
    given = [
        Submission("1.csv", Action.CREATED, 1, {"id": 1}),
        Submission("2.csv", Action.ATTACHED, 2, {"id": 2}),
    ]
    wait, fetcher = make_wait({1: [DONE], 2: [DONE]}, clock, submissions=given)
    wait.run()
    assert fetcher.expected == [1]
    assert wait.submitted == given


def test_what_is_known_or_could_not_be_submitted_is_not_waited_for() -> None:
    given = [
        Submission("1.csv", Action.KNOWN, 1, {"id": 1}),
        Submission("2.csv", Action.NONE, error=unreachable()),
        Submission("3.csv", Action.CREATED, 3, {"id": 3}),
    ]
    wait, fetcher = make_wait({3: [DONE]}, FakeClock(), submissions=given)
    assert [ended.job_id for ended in wait.run()] == [3]
    assert fetcher.asked == [[3]]
    assert wait.submitted == given


def test_after_the_first_failed_job_nothing_more_is_submitted() -> None:
    clock = FakeClock()
    wait, _ = make_wait(
        {1: [record("FAILED")], 2: [RUNNING]},
        clock,
        submissions=submit(clock, [1, 2, 3, 4]),
        fail_fast=True,
    )
    wait.run()
    assert [submission.job_id for submission in wait.submitted] == [1, 2]


def test_a_timeout_of_zero_still_submits_and_looks_once() -> None:
    clock = FakeClock()
    wait, fetcher = make_wait(
        {1: [DONE], 2: [RUNNING], 3: [RUNNING]},
        clock,
        submissions=submit(clock, [1, 2, 3]),
        timeout_s=0,
    )
    wait.run()
    assert fetcher.asked == [[1, 2]]
    assert outcomes(wait) == {1: Outcome.COMPLETED, 2: Outcome.NOT_FINISHED}


def test_after_the_deadline_nothing_more_is_submitted() -> None:
    clock = FakeClock()
    late = lambda at_s: DONE if at_s > 212 else RUNNING  # noqa: E731 - short
    wait, _ = make_wait(
        {1: late, 2: [RUNNING]}, clock, submissions=submit(clock, [1, 2, 3]), timeout_s=12
    )
    wait.run()
    assert [submission.job_id for submission in wait.submitted] == [1, 2]
    assert outcomes(wait) == dict.fromkeys((1, 2), Outcome.TIMEOUT)


def test_who_polls_is_told_when_to_come_back_and_none_in_the_end() -> None:
    clock, listener = FakeClock(), Watched()
    wait, _ = make_wait([RUNNING, RUNNING, DONE], clock, listener)
    assert wait.poll() == 5
    clock.seconds += 5
    assert wait.poll() == 5
    assert wait.results == {}
    clock.seconds += 5
    assert wait.poll() is None
    assert outcomes(wait) == {7: Outcome.COMPLETED}
    assert clock.slept == []
    assert wait.poll() is None


def test_jobs_can_be_added_while_others_are_polled() -> None:
    clock = FakeClock()
    wait, fetcher = make_wait({7: [RUNNING, DONE], 8: [RUNNING, DONE]}, clock)
    del wait.histories[8]
    wait.poll()
    wait.add(8, {"id": 8, "status": "PENDING"}, is_new=True)
    wait.add(7)
    clock.seconds += 5
    wait.poll()
    clock.seconds += 5
    assert wait.poll() is None
    assert fetcher.asked == [[7], [7, 8], [8]]
    assert fetcher.expected == [8]
    assert outcomes(wait) == {7: Outcome.COMPLETED, 8: Outcome.COMPLETED}


def test_jobs_can_be_added_at_any_moment() -> None:
    """Another thread may do so while the waiter goes through those that it has."""
    wait, fetcher = make_wait({7: [RUNNING, DONE], 8: [DONE], 9: [DONE]}, FakeClock())
    del wait.histories[8], wait.histories[9]
    others = [9, 8]

    class Results(dict[int, ImportResult]):
        def __contains__(self, job_id: object) -> bool:
            if others and fetcher.asked:
                wait.add(others.pop(), is_new=True)
            return super().__contains__(job_id)

    wait.results = Results()
    assert [ended.job_id for ended in wait.run()] == [7, 8, 9]
    assert fetcher.expected == [8, 9]


def test_a_job_that_is_added_when_all_have_ended_is_for_the_next_run() -> None:
    class Late(Watched):
        def wait_ended(self) -> None:
            wait.add(8)

    wait, _ = make_wait({7: [DONE], 8: [DONE]}, FakeClock(), Late())
    del wait.histories[8]
    assert [ended.job_id for ended in wait.run()] == [7]
    assert [ended.job_id for ended in wait.run()] == [7, 8]


def test_a_job_that_was_never_polled_has_what_its_creation_told() -> None:
    wait, _ = make_wait({}, FakeClock(), timeout_s=0)
    wait = Waiter(
        NO_CLIENT,
        limits=WaitLimits(timeout_s=0),
        clock=FakeClock(),
        fetcher=ScriptedFetcher({9: [unreachable()]}, FakeClock()),
    )
    wait.add(9, {"id": 9, "status": "PENDING"}, is_new=True)
    [ended] = wait.run()
    assert (ended.outcome, ended.job) == (Outcome.LOST, {"id": 9, "status": "PENDING"})


def test_each_end_is_told_when_it_comes_and_then_the_end_of_all() -> None:
    listener = Watched()
    wait, _ = make_wait({1: [RUNNING, DONE], 2: [record("FAILED")]}, FakeClock(), listener)
    wait.run()
    assert listener.told == ["2 failed", "1 completed", "all"]


def test_results_are_in_the_order_of_the_jobs_not_of_their_ends() -> None:
    wait, _ = make_wait({1: [RUNNING, DONE], 2: [DONE], 3: [RUNNING, DONE]}, FakeClock())
    assert [ended.job_id for ended in wait.run()] == [1, 2, 3]


class LeftClock(FakeClock):
    """A clock under which somebody types Ctrl-C when some seconds have passed."""

    def __init__(self, left_at_s: float, signum: int = 2) -> None:
        super().__init__()
        self._left_at_s, self._signum = self.seconds + left_at_s, signum

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.seconds >= self._left_at_s:
            self.seconds = self._left_at_s
            raise Interrupted(self._signum)


def test_at_ctrl_c_a_record_that_is_old_is_asked_for_once_more() -> None:
    clock, watcher = LeftClock(3), Watched()
    wait, fetcher = make_wait([record("RUNNING", 100), record("RUNNING", 160)], clock, watcher)
    [ended] = wait.run()
    assert (ended.outcome, ended.job and ended.job["processedRows"]) == (Outcome.INTERRUPTED, 160)
    # somebody waits for the prompt
    assert fetcher.limits == [None, 0.3]
    # and the screen is given back before
    assert watcher.told == ["all", "7 interrupted", "all"]
    assert wait.stats.requests == 2


def test_at_ctrl_c_a_record_is_old_after_a_second() -> None:
    wait, fetcher = make_wait([RUNNING, DONE], LeftClock(1.1))
    wait.run()
    assert fetcher.limits == [None, 0.3]


def test_at_ctrl_c_it_may_turn_out_that_the_import_has_finished() -> None:
    wait, _ = make_wait([RUNNING, DONE], LeftClock(3))
    [ended] = wait.run()
    assert (ended.outcome, ended.job and ended.job["status"]) == (
        *(Outcome.INTERRUPTED, "COMPLETED"),
    )
    assert ended.error is not None
    assert ended.error.message == "interrupted (SIGINT); import 7 ended as COMPLETED"


def test_nobody_is_asked_once_more_who_has_just_answered_or_does_not_answer() -> None:
    cases: list[tuple[list[Answer], LeftClock]] = [
        ([RUNNING], LeftClock(1.0)),
        ([RUNNING, unreachable()], LeftClock(7)),
        ([RUNNING], LeftClock(3, signum=15)),
    ]
    for script, clock in cases:
        wait, fetcher = make_wait(script, clock)
        wait.run()
        assert outcomes(wait) == {7: Outcome.INTERRUPTED}
        assert [limit for limit in fetcher.limits if limit is not None] == []


def test_a_last_look_that_fails_leaves_what_was_seen() -> None:
    wait, fetcher = make_wait([record("RUNNING", 100), unreachable()], LeftClock(3))
    [ended] = wait.run()
    assert (ended.job and ended.job["processedRows"], fetcher.requests) == (100, 2)


def test_a_job_that_was_forgotten_may_be_added_again() -> None:
    clock = FakeClock()
    wait, fetcher = make_wait([DONE, RUNNING, DONE], clock)
    assert wait.poll() is None
    wait.forget(7)
    assert (wait.results, wait.histories, fetcher.forgotten) == ({}, {}, [7])
    wait.add(7)
    assert wait.poll() is not None
    assert wait.poll() is None
    assert outcomes(wait) == {7: Outcome.COMPLETED}
