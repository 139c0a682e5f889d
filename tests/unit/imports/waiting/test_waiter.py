"""One wait on a fake clock: deadlines, failures, stalls and naps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from random import Random

import pytest

from talkvalue_cli.errors import (
    AuthError,
    Interrupted,
    NetworkError,
    NotFoundError,
    RefusedError,
    TalkValueError,
)
from talkvalue_cli.imports.waiting.polling import PollPolicy
from talkvalue_cli.imports.waiting.waiter import Ending, JobsWait, Limits, Sighting
from tests.fakes import FakeClock
from tests.unit.imports.waiting.jobs_seen import Answer, ScriptedLooker, Watched, make_wait, record

RUNNING, DONE = record("RUNNING"), record("COMPLETED")


def busy(retry_after_s: float | None = None) -> RefusedError:
    return RefusedError("too many requests", is_transient=True, retry_after_s=retry_after_s)


def unreachable() -> NetworkError:
    return NetworkError("connection refused")


def test_wait_ends_with_the_first_terminal_record() -> None:
    clock, watcher = FakeClock(), Watched()
    wait, _ = make_wait([record("PENDING"), RUNNING, DONE], clock)
    wait.run(watcher)
    assert wait.endings == {7: Ending.FINISHED}
    assert watcher.seen_statuses == ["PENDING", "RUNNING", "COMPLETED"]
    assert clock.slept == [5, 5]
    assert (wait.histories[7].looks, wait.elapsed_s) == (3, 10)


def test_last_look_starts_at_the_deadline() -> None:
    clock = FakeClock()
    wait, _ = make_wait([RUNNING], clock, timeout_s=12)
    wait.run(Watched())
    assert wait.endings == {7: Ending.DEADLINE}
    assert clock.slept == [5, 5, 2]
    assert wait.histories[7].looks == 4


def test_a_job_that_ends_just_before_the_deadline_is_seen() -> None:
    clock = FakeClock()
    wait, _ = make_wait(lambda at_s: DONE if at_s >= 11.9 else RUNNING, clock, timeout_s=12)
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}


def test_a_deadline_of_tenths_is_met_without_a_look_too_many() -> None:
    clock = FakeClock()
    wait, _ = make_wait([RUNNING], clock, interval_s=0.1, timeout_s=0.3)
    wait.run(Watched())
    assert wait.endings == {7: Ending.DEADLINE}
    assert wait.histories[7].looks == 4


def test_a_timeout_of_zero_looks_once_and_does_not_hurry_the_answer() -> None:
    clock = FakeClock()
    wait, looker = make_wait([RUNNING], clock, timeout_s=0)
    wait.run(Watched())
    assert wait.endings == {7: Ending.LOOKED_ONCE}
    assert (clock.slept, looker.limits) == ([], [None])


def test_a_single_look_that_fails_knows_nothing() -> None:
    wait, _ = make_wait([unreachable()], FakeClock(), timeout_s=0)
    wait.run(Watched())
    assert wait.endings == {7: Ending.LOST}
    assert wait.errors


def test_looks_may_take_the_time_that_is_left_and_the_last_one_two_seconds() -> None:
    wait, looker = make_wait([RUNNING], FakeClock(), timeout_s=12)
    wait.run(Watched())
    assert looker.limits == [12, 7, 2, 2]


def test_without_a_deadline_looks_have_no_limit_of_the_wait() -> None:
    wait, looker = make_wait([RUNNING, DONE], FakeClock())
    wait.run(Watched())
    assert looker.limits == [None, None]


def test_failures_in_a_row_end_the_wait_after_retry_for() -> None:
    clock, watcher = FakeClock(), Watched()
    wait, _ = make_wait([RUNNING, unreachable()], clock, retry_for_s=12)
    wait.run(watcher)
    assert wait.endings == {7: Ending.LOST}
    assert clock.slept == [5, 5, 5, 2]
    assert wait.histories[7].record == RUNNING


def test_a_good_answer_starts_retry_for_afresh() -> None:
    answers: list[Answer] = [RUNNING, *[unreachable()] * 3, RUNNING, *[unreachable()] * 3, DONE]
    wait, _ = make_wait(answers, FakeClock(), retry_for_s=12)
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}
    assert wait.histories[7].looks == 9


def test_retry_for_zero_tolerates_no_failure() -> None:
    clock = FakeClock()
    wait, _ = make_wait([RUNNING, busy(30), DONE], clock, retry_for_s=0)
    wait.run(Watched())
    assert wait.endings == {7: Ending.LOST}
    assert clock.slept == [5]


def test_failures_before_the_first_good_look_are_tolerated_too() -> None:
    wait, _ = make_wait([unreachable(), unreachable(), DONE], FakeClock())
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}


def test_an_error_that_no_later_look_can_mend_leaves_at_once() -> None:
    wait, looker = make_wait([RUNNING, AuthError("token refused"), DONE], FakeClock())
    with pytest.raises(AuthError):
        wait.run(Watched())
    assert looker.requests == 2


def test_what_a_look_saw_before_such_an_error_holds() -> None:
    script: dict[int, list[Answer]] = {1: [DONE], 2: [RUNNING], 3: [AuthError("no")], 4: [DONE]}
    wait, _ = make_wait(script, FakeClock())
    with pytest.raises(AuthError):
        wait.run(Watched())
    assert wait.endings == {1: Ending.FINISHED}
    assert wait.histories[2].record == {**RUNNING, "id": 2}
    assert wait.histories[4].record is None


def test_a_job_that_is_refused_for_good_leaves_and_the_others_go_on() -> None:
    watcher = Watched()
    conflict = RefusedError("conflict")
    wait, _ = make_wait({1: [conflict], 2: [unreachable(), RUNNING, DONE]}, FakeClock())
    wait.run(watcher)
    assert wait.endings == {1: Ending.REFUSED, 2: Ending.FINISHED}
    assert wait.errors == {1: conflict}
    # a refusal is not looked at again, so nobody is told that it will be
    assert watcher.misses == [("connection refused", 5)]


def test_an_interrupt_leaves_at_once_and_the_last_record_can_be_read() -> None:
    class InterruptedClock(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise Interrupted(15)

    clock = InterruptedClock()
    wait, _ = make_wait([RUNNING], clock)
    with pytest.raises(Interrupted):
        wait.run(Watched())
    assert wait.histories[7].record == RUNNING


def test_retry_after_wins_over_a_fixed_interval() -> None:
    clock, watcher = FakeClock(), Watched()
    wait, _ = make_wait([busy(40), DONE], clock)
    wait.run(watcher)
    assert clock.slept == [40]
    assert watcher.misses == [("too many requests", 40)]


def test_retry_after_is_obeyed_although_it_outlasts_retry_for() -> None:
    clock = FakeClock()
    wait, _ = make_wait([busy(60), DONE], clock, retry_for_s=10)
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}
    assert clock.slept == [60]


def test_retry_after_is_cut_to_a_quarter_of_an_hour() -> None:
    clock = FakeClock()
    wait, _ = make_wait([busy(86400), DONE], clock)
    wait.run(Watched())
    assert clock.slept == [900]


def test_retry_after_never_goes_past_the_deadline() -> None:
    clock = FakeClock()
    wait, _ = make_wait([busy(600)], clock, timeout_s=30)
    wait.run(Watched())
    assert wait.endings == {7: Ending.DEADLINE}
    assert clock.slept == [30]


def test_a_retry_after_of_no_time_wins_over_the_interval_but_is_at_least_a_second() -> None:
    clock = FakeClock()
    wait, _ = make_wait([busy(0), busy(0.2), DONE], clock, interval_s=1800)
    wait.run(Watched())
    assert clock.slept == [1, 1]


def test_retry_after_counts_for_one_nap_only() -> None:
    clock = FakeClock()
    wait, _ = make_wait([busy(40), busy(), DONE], clock)
    wait.run(Watched())
    assert clock.slept == [40, 5]


def test_pauses_after_failures_grow_and_stay_within_their_bounds() -> None:
    class Highest(Random):
        def uniform(self, a: float, b: float) -> float:
            return b

    clock = FakeClock()
    answers = [unreachable()] * 5
    wait, _ = make_wait([*answers, DONE], clock, interval_s=None, random=Highest())
    wait.run(Watched())
    assert clock.slept == [3, 9, 27, 27, 27]


def test_a_stalled_job_ends_the_wait_when_a_timeout_for_it_is_set() -> None:
    clock = FakeClock()
    moving = lambda at_s: record("RUNNING", min(int(at_s) * 10, 200))  # noqa: E731 - one line is clearer
    wait, _ = make_wait(moving, clock, stall_timeout_s=12)
    wait.run(Watched())
    assert wait.endings == {7: Ending.STALLED}
    assert wait.elapsed_s == 32  # it moved for the last time at 20


def test_a_change_of_status_alone_counts_as_moving() -> None:
    wait, _ = make_wait(
        lambda at_s: record("RUNNING" if at_s >= 10 else "PENDING"),
        FakeClock(),
        stall_timeout_s=12,
    )
    wait.run(Watched())
    assert wait.elapsed_s == 22


def test_lost_contact_is_not_a_stall() -> None:
    clock = FakeClock()
    answers: list[Answer] = [RUNNING, *[unreachable()] * 5, record("RUNNING", 900), DONE]
    wait, _ = make_wait(answers, clock, stall_timeout_s=12)
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}


def test_a_job_without_a_stall_timeout_may_stand_still() -> None:
    wait, _ = make_wait([*[RUNNING] * 1000, DONE], FakeClock())
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}


def test_after_a_suspension_it_looks_before_it_judges_the_deadline() -> None:
    class SuspendedClock(FakeClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            self.seconds += 3600

    clock = SuspendedClock()
    wait, _ = make_wait(lambda at_s: DONE if at_s > 1000 else RUNNING, clock, timeout_s=60)
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}
    assert clock.slept == [5]


def test_naps_are_cut_into_ticks_only_for_a_watcher_that_wants_them() -> None:
    clock, watcher = FakeClock(), Watched(tick_s=2)
    wait, _ = make_wait([RUNNING, DONE], clock)
    wait.run(watcher)
    assert (clock.slept, watcher.ticks) == ([2, 2, 1], 3)


def test_an_unknown_status_is_waited_for_until_completed_at_is_set() -> None:
    ended = record("ARCHIVED", completedAt="2026-11-23T12:00:09Z")
    wait, _ = make_wait([record("PAUSED"), record("PAUSED"), ended], FakeClock())
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}
    assert wait.histories[7].looks == 3


def test_several_jobs_are_looked_at_together_until_each_has_ended() -> None:
    clock = FakeClock()
    wait, looker = make_wait({1: [RUNNING, DONE], 2: [DONE], 3: [RUNNING, RUNNING, DONE]}, clock)
    wait.run(Watched())
    assert looker.asked == [[1, 2, 3], [1, 3], [3]]
    assert wait.endings == dict.fromkeys((1, 2, 3), Ending.FINISHED)
    assert wait.requests == 6


def test_a_job_that_is_not_found_does_not_end_the_others() -> None:
    gone = NotFoundError("import 2 does not exist")
    wait, looker = make_wait({1: [RUNNING, DONE], 2: [gone]}, FakeClock())
    wait.run(Watched())
    assert wait.endings == {1: Ending.FINISHED, 2: Ending.REFUSED}
    assert wait.errors == {2: gone}
    assert looker.asked == [[1, 2], [1]]


def test_a_job_whose_looks_fail_is_lost_alone() -> None:
    wait, _ = make_wait(
        {1: lambda at_s: DONE if at_s > 50 else RUNNING, 2: [unreachable()]},
        FakeClock(),
        retry_for_s=12,
    )
    wait.run(Watched())
    assert wait.endings == {1: Ending.FINISHED, 2: Ending.LOST}


def test_a_job_that_is_not_visible_yet_is_not_asked_for_without_pause() -> None:
    hidden = NotFoundError("import 7 does not exist", is_transient=True)
    clock = FakeClock()
    wait, looker = make_wait([hidden, hidden, hidden, DONE], clock, retry_for_s=0)
    wait.run(Watched())
    assert wait.endings == {7: Ending.FINISHED}
    assert len(looker.asked) == 4
    assert min(clock.slept) >= 1


def test_a_look_counts_as_missed_only_when_it_brought_nothing() -> None:
    watcher = Watched()
    wait, _ = make_wait(
        {1: [RUNNING, unreachable(), DONE], 2: [unreachable(), unreachable(), DONE]}, FakeClock()
    )
    wait.run(watcher)
    assert watcher.misses == [("connection refused", 5)]


def test_the_deadline_is_one_for_all_jobs() -> None:
    wait, _ = make_wait({1: [DONE], 2: [RUNNING], 3: [RUNNING]}, FakeClock(), timeout_s=12)
    wait.run(Watched())
    assert wait.endings == {1: Ending.FINISHED, 2: Ending.DEADLINE, 3: Ending.DEADLINE}
    assert wait.elapsed_s == 12


def test_a_stalled_job_leaves_and_the_others_go_on() -> None:
    moving = lambda at_s: DONE if at_s > 60 else record("RUNNING", int(at_s))  # noqa: E731 - short
    wait, _ = make_wait({1: moving, 2: [RUNNING]}, FakeClock(), stall_timeout_s=12)
    wait.run(Watched())
    assert wait.endings == {1: Ending.FINISHED, 2: Ending.STALLED}


def test_jobs_that_a_look_had_no_time_for_are_neither_seen_nor_missed() -> None:
    class Hurried(ScriptedLooker):
        def look(
            self, job_ids: Sequence[int], limit_s: float | None
        ) -> Iterator[tuple[int, Sighting | TalkValueError]]:
            return super().look(job_ids[:1], limit_s)

    clock = FakeClock()
    looker = Hurried({1: [RUNNING], 2: [RUNNING]}, clock)
    limits = Limits(timeout_s=12, retry_for_s=1)
    wait = JobsWait([1, 2], looker, PollPolicy(interval_s=5), limits, clock, Random())
    wait.run(Watched())
    assert wait.endings == {1: Ending.DEADLINE, 2: Ending.DEADLINE}
    assert (wait.histories[2].looks, wait.errors) == (0, {})


def test_fail_fast_ends_with_the_first_failed_job() -> None:
    clock = FakeClock()
    script: dict[int, list[Answer]] = {1: [RUNNING], 2: [RUNNING, record("FAILED")], 3: [DONE]}
    wait, _ = make_wait(script, clock, fail_fast=True)
    wait.run(Watched())
    assert wait.endings == {1: Ending.FAIL_FAST, 2: Ending.FINISHED, 3: Ending.FINISHED}
    assert clock.slept == [5]


def test_no_jobs_at_all_are_waited_for_without_a_look() -> None:
    wait, looker = make_wait({}, FakeClock())
    wait.run(Watched())
    assert (wait.endings, looker.asked) == ({}, [])


def test_an_answer_from_before_the_last_one_is_not_believed() -> None:
    answers: list[Answer] = [record("RUNNING", 500), record("PENDING"), record("RUNNING", 400)]
    wait, _ = make_wait([*answers, DONE], FakeClock(), timeout_s=10)
    wait.run(Watched())
    history = wait.histories[7]
    assert (history.status, history.processed_rows) == ("RUNNING", 500)


class Supplied:
    """Hands out jobs one by one while fewer than two are live; each takes 100 s to start."""

    def __init__(self, clock: FakeClock, job_ids: list[int]) -> None:
        self._clock, self._queue = clock, job_ids

    def take(self, live: int) -> list[int]:
        taken: list[int] = []
        while self._queue and live + len(taken) < 2:
            self._clock.seconds += 100
            taken.append(self._queue.pop(0))
        return taken


def test_jobs_are_started_while_others_are_waited_for() -> None:
    clock = FakeClock()
    script: dict[int, list[Answer]] = {1: [DONE], 2: [RUNNING, RUNNING, DONE], 3: [RUNNING, DONE]}
    wait, looker = make_wait(script, clock, supply=Supplied(clock, [1, 2, 3]), timeout_s=60)
    wait.run(Watched())
    assert looker.asked == [[1, 2], [2, 3], [2, 3]]
    assert wait.endings == dict.fromkeys((1, 2, 3), Ending.FINISHED)


def test_the_time_it_takes_to_start_jobs_does_not_count_against_the_deadline() -> None:
    clock = FakeClock()
    wait, _ = make_wait(
        {1: [RUNNING], 2: [RUNNING]}, clock, supply=Supplied(clock, [1, 2]), timeout_s=12
    )
    wait.run(Watched())
    assert clock.slept == [5, 5, 2]


def test_pending_jobs_are_left_alone_for_a_while_when_looks_take_several_requests() -> None:
    pending = lambda at_s: DONE if at_s > 100 else record("PENDING")  # noqa: E731 - short
    running = lambda at_s: DONE if at_s > 60 else record("RUNNING", int(at_s))  # noqa: E731
    wait, looker = make_wait({1: pending, 2: pending, 3: running}, FakeClock(), interval_s=2.0)
    wait.run(Watched())
    alone = [asked for asked in looker.asked if asked == [3]]
    assert looker.asked[0] == [1, 2, 3]
    assert len(alone) > 10
    # a PENDING job is never left alone for more than 15 s, and a nap
    longest = max(len(list(run)) for asked, run in groupby(looker.asked) if asked == [3])
    assert 2 * longest <= 17
    assert wait.endings == dict.fromkeys((1, 2, 3), Ending.FINISHED)


def test_the_last_look_before_the_deadline_leaves_no_job_out() -> None:
    script: dict[int, list[Answer]] = {1: [record("PENDING")], 2: [record("RUNNING", 1)]}
    wait, looker = make_wait(script, FakeClock(), interval_s=2.0, timeout_s=31)
    wait.run(Watched())
    assert looker.asked[-1] == [1, 2]
