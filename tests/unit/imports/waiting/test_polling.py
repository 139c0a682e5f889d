"""When to poll again: arithmetic on hand-made histories."""

from __future__ import annotations

import math
import statistics
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from talkvalue_cli.imports.waiting import polling
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.polling import PollPolicy
from tests.unit.imports.waiting.jobs_seen import STARTED, SteadyRandom, record

STEADY = SteadyRandom()


def history_of(
    *polls: tuple[float, str, int], total: int = 1000, has_date: bool = True
) -> JobHistory:
    """Return a history of polls: seconds since the begin, status, processedRows.

    The server's clock says the same as ours, and the job runs from the begin.
    """
    history = JobHistory(7, 0.0)
    for at_s, status, processed in polls:
        server_time = STARTED + timedelta(seconds=at_s - 0.5) if has_date else None
        history.learn(record(status, processed, total), at_s, server_time)
    return history


def delay(history: JobHistory) -> float:
    return PollPolicy().delay_s(history, STEADY)


def test_the_first_look_at_a_running_job_already_knows_a_pace() -> None:
    history = history_of((40, "RUNNING", 400))
    estimate = polling.estimate_end(history)
    assert estimate is not None
    assert estimate.left_s == pytest.approx(60)
    assert delay(history) > 8


Polls = list[tuple[float, str, int]]


def running(*samples: tuple[float, int]) -> Polls:
    """Return polls of a RUNNING job: seconds since the begin, processedRows."""
    return [(at_s, "RUNNING", rows) for at_s, rows in samples]


def steady(*seconds: float) -> Polls:
    """Return polls of a job of 100 rows/s."""
    return running(*((at_s, int(100 * at_s)) for at_s in seconds))


def batched(until_s: int) -> Polls:
    """Return a poll a second of a job that moves by 100 rows every 10 s."""
    return running(*((float(at_s), at_s // 10 * 100) for at_s in range(1, until_s + 1)))


@pytest.mark.parametrize(
    ("polls", "total", "expected_s"),
    [
        ([(0.5, "PENDING", 0)], 1000, 1.9421),
        ([(1, "PENDING", 0)], 1000, 2.1621),
        ([(7, "PENDING", 0)], 1000, 3.7048),
        ([(60, "PENDING", 0)], 1000, 8.3449),
        ([(300, "PENDING", 0)], 1000, 15.0),
        # RUNNING, and no rate is known or believed
        (running((1, 100)), 1000, 2.1621),
        (running((3, 0)), 1000, 2.8199),
        ([(3, "PENDING", 0), (9, "RUNNING", 0)], 1000, 4.0492),
        (running((20, 0)), 1000, 5.0),
        (running((10, 10)), 0, 1.0),
        # a rate since the start alone
        (running((1.5, 150)), 1000, 5.15),
        (running((400, 400)), 415, 9.1701),
        (running((400, 400)), 404, 3.2739),
        # two rates that agree, less and less
        (steady(4, 8), 1000, 2.6049),
        (steady(8, 9), 1000, 1.6685),
        (steady(100, 200, 300, 310, 320, 330), 33480, 5.1480),
        (running((390, 390), (400, 400)), 412, 11.4565),
        (running((390, 395), (400, 400)), 412, 9.2231),
        (running((90, 490), (100, 500)), 518, 3.4101),
        # the recent rate is one of six polls, or of more until the rows have moved
        (
            running(
                *[(380, 3800), (385, 3850), (387, 3890), (389, 3930), (391, 3970)],
                *[(393, 4010), (395, 4050), (397, 4090), (400, 4150)],
            ),
            4400,
            9.6095,
        ),
        (running((370, 3700), *((380.0 + s, 3800) for s in range(7))), 3900, 2.2605),
        # the counter has not moved since the first poll: no recent rate, and no batch known
        (running((40, 400), (41, 400)), 1000, 9.1),
        # in batches: the next one is far from the last, or is the last
        (batched(59), 700, 5.7156),
        (batched(62), 700, 1.8984),
        (batched(257), 2900, 20.0),
        (batched(262), 2700, 1.8796),
        (batched(262), 2660, 1.2014),
        (batched(262), 2601, 1.0),
        (running(*((5.0 * n, 5 * n // 60 * 100) for n in range(1, 122))), 1080, 5.0),
        # it does not move any more
        ([*batched(62), (76, "RUNNING", 600)], 2000, 12.6),
        ([*steady(1, 2, 3, 4, 5), (8, "RUNNING", 500)], 900, 4.5724),
        ([*steady(1, 2, 3, 4, 5), (17, "RUNNING", 500)], 900, 6.7),
        ([*steady(1, 2, 3, 4, 5), (20, "RUNNING", 500)], 900, 4.7624),
        ([*steady(1, 2, 3, 4, 5), (60, "RUNNING", 500), (120, "RUNNING", 500)], 10_000, 5.0),
        # all rows are processed
        (steady(9, 10), 1000, 1.0330),
        (running((10, 1000), (12, 1000)), 1000, 1.3626),
        (running((10, 1000), (50, 1000)), 1000, 2.3925),
        (running((10, 1), (12, 1)), 1, 1.3626),
    ],
)
def test_the_delay_is_the_one_that_the_simulator_of_the_policy_chose(
    polls: Polls, total: int, expected_s: float
) -> None:
    # the numbers come from another implementation of the same formulas
    assert delay(history_of(*polls, total=total)) == pytest.approx(expected_s, abs=1e-3)


@pytest.mark.parametrize(
    ("status", "processed", "longest_s"), [("PENDING", 0, 15), ("RUNNING", 0, 5)]
)
def test_a_job_that_shows_nothing_is_looked_at_within_its_bounds(
    status: str, processed: int, longest_s: float
) -> None:
    for at_s in (0, 1, 5, 30, 300, 3000, 80000):
        assert 1 <= delay(history_of((at_s, status, processed))) <= longest_s


def test_a_long_way_to_go_is_napped_no_longer_than_the_wait_allows() -> None:
    # a sudden FAILED is to be noticed: 5 s and a tenth of the wait, 20 s at the most
    assert delay(history_of((2, "RUNNING", 200), total=10**6)) == pytest.approx(5.2)
    assert delay(history_of((100, "RUNNING", 200), total=10**6)) == pytest.approx(15)
    assert delay(history_of((1000, "RUNNING", 200), total=10**6)) == pytest.approx(20)


def test_a_job_without_a_start_time_is_judged_by_its_last_looks() -> None:
    history = history_of((10, "RUNNING", 100), (20, "RUNNING", 200), has_date=False)
    assert history.run_age_s is None
    estimate = polling.estimate_end(history)
    assert estimate is not None
    assert estimate.left_s == pytest.approx(80)
    assert estimate.agreement == 0.55


@pytest.mark.parametrize(("run_age_s", "expected_s"), [(None, 2.1621), (3, 2.8199)])
def test_without_a_rate_it_counts_how_long_the_job_runs_not_how_long_it_is_watched(
    run_age_s: float | None, expected_s: float
) -> None:
    history = JobHistory(7, 0.0)
    aged = None if run_age_s is None else STARTED + timedelta(seconds=run_age_s - 0.5)
    history.learn(record("RUNNING"), 1.0, aged)
    assert delay(history) == pytest.approx(expected_s, abs=1e-3)


@pytest.mark.parametrize(
    "polls", [[], [(1, "PENDING", 0)], [(1, "COMPLETED", 1000)], running((1, 100))]
)
def test_a_job_that_was_not_seen_to_run_for_a_while_has_no_end_in_sight(polls: Polls) -> None:
    assert polling.estimate_end(history_of(*polls)) is None


def test_a_fixed_interval_has_its_way_whatever_was_seen() -> None:
    history = history_of((40, "RUNNING", 400))
    assert PollPolicy(interval_s=7.0).delay_s(history, Random(1)) == 7.0
    assert PollPolicy(interval_s=7.0).shared_delay_s([history] * 2, 1, Random(1)) == 7.0
    history.fail(41)
    assert PollPolicy(interval_s=7.0).delay_s(history, Random(1)) == 7.0


@pytest.mark.parametrize(
    ("polls", "total", "widest"),
    [
        ([(30, "PENDING", 0)], 1000, 1.5),
        ([(float(at_s), "PENDING", 0) for at_s in (1, 10, 30)], 1000, 1.5),
        ([(float(at_s), "PENDING", 0) for at_s in (1, 5, 10, 30)], 1000, 1.1),
        (running((1, 0), (2, 0), (3, 0), (4, 0)), 1000, 1.1),
        # the last row is due in more than 5 s, in less, or was processed
        (steady(4, 5, 6, 7), 1210, 1.1),
        (steady(4, 5, 6, 7), 1190, 1.03),
        (steady(7, 8, 9, 10), 1000, 1.03),
        # it would be near the end if it had not stopped
        ([*steady(1, 2, 3, 7), (70, "RUNNING", 700)], 1000, 1.1),
    ],
)
def test_jitter_spreads_a_fleet_early_and_lands_it_exactly_late(
    polls: Polls, total: int, widest: float
) -> None:
    history = history_of(*polls, total=total)
    delays = [PollPolicy().delay_s(history, Random(seed)) for seed in range(400)]
    assert min(delays) >= delay(history)
    assert 1 + 0.9 * (widest - 1) < max(delays) / delay(history) <= widest


def test_jitter_of_several_jobs_is_a_tenth() -> None:
    jobs = [history_of((60.0, "PENDING", 0))] * 3
    delays = [PollPolicy().shared_delay_s(jobs, 1, Random(seed)) for seed in range(400)]
    assert min(delays) >= shared_nap(jobs, 1)
    assert 1.09 < max(delays) / shared_nap(jobs, 1) <= 1.1


def test_failures_are_repeated_after_1_to_27_seconds() -> None:
    history = history_of((40, "RUNNING", 400))
    for longest_s in (3.0, 9.0, 27.0, 27.0):
        history.fail(41.0)
        delays = [PollPolicy().delay_s(history, Random(seed)) for seed in range(300)]
        assert 1 <= min(delays) < 1.1
        assert 0.9 * longest_s < max(delays) <= longest_s


def test_a_job_that_was_never_asked_for_is_asked_for_within_3_seconds() -> None:
    history = JobHistory(7, 0.0)
    delays = [PollPolicy().delay_s(history, Random(seed)) for seed in range(300)]
    assert 1 <= min(delays) < 1.1
    assert 2.9 < max(delays) <= 3


@pytest.mark.parametrize(
    "expected_lag",
    [
        polling.lognormal_lag(10, 0.3),
        polling.lognormal_lag(0.0, 1.0),
        polling.loguniform_lag(30),
        polling.loguniform_lag(0),
    ],
)
def test_expected_lag_begins_at_nothing_and_never_falls(expected_lag: polling.ExpectedLag) -> None:
    values = [expected_lag(delay_s / 10) for delay_s in range(300)]
    assert values[0] == pytest.approx(0, abs=1e-9)
    assert all(b >= a - 1e-9 for a, b in pairwise(values))


def test_the_closed_form_of_the_lognormal_agrees_with_drawing_lots() -> None:
    random = Random(4)
    ends = [random.lognormvariate(math.log(10), 0.3) for _ in range(100_000)]
    drawn = statistics.fmean(max(0.0, 12 - end) for end in ends)
    assert polling.lognormal_lag(10, 0.3)(12) == pytest.approx(drawn, abs=0.02)


def test_the_closed_form_of_the_loguniform_agrees_with_drawing_lots() -> None:
    random = Random(4)
    ends = [math.exp(random.uniform(math.log(30), math.log(14400))) for _ in range(100_000)]
    drawn = statistics.fmean(max(0.0, 90 - end) for end in ends)
    assert polling.loguniform_lag(30)(60) == pytest.approx(drawn, abs=0.2)


def test_the_longest_delay_is_the_one_whose_expected_lag_is_the_price() -> None:
    expected_lag = polling.loguniform_lag(60)
    found = polling.longest_delay(expected_lag, 1, 100, 0.1)
    assert expected_lag(found) == pytest.approx(0.1, abs=1e-4)
    assert polling.longest_delay(expected_lag, 1, 2, 0.1) == 2
    assert polling.longest_delay(expected_lag, 50, 100, 0.1) == 50
    assert polling.longest_delay(expected_lag, 2, 1, 0.1) == 2


@pytest.mark.parametrize("total", [0, 1, 10**12])
@pytest.mark.parametrize("processed", [0, 1, 10**12])
@pytest.mark.parametrize("at_s", [0.0, 0.001, 1e7])
def test_no_history_however_odd_breaks_the_arithmetic(
    total: int, processed: int, at_s: float
) -> None:
    history = history_of((at_s, "RUNNING", 0), (at_s, "RUNNING", processed), total=total)
    assert 1 <= delay(history) <= 20


def wait_for_steady_job(seconds: float, interval_s: float | None, seed: int) -> tuple[float, int]:
    """Return lag and polls of a wait for a job of 100 rows/s that starts with it."""
    total, random = int(100 * seconds), Random(seed)
    history, now = JobHistory(7, 0.0), 0.0
    while now < seconds + 0.5:
        rows = min(total, int(100 * now))
        server_time = STARTED + timedelta(seconds=math.floor(now))
        history.learn(record("RUNNING", rows, total), now, server_time)
        now += PollPolicy(interval_s=interval_s).delay_s(history, random)
    return now - seconds - 0.5, history.polls + 1


def test_steady_jobs_are_seen_to_end_sooner_and_with_fewer_looks_than_every_5_seconds() -> None:
    lengths = [13 * n for n in range(1, 40)]
    ours = [wait_for_steady_job(s, None, seed) for seed, s in enumerate(lengths)]
    fixed = [wait_for_steady_job(s, 5.0, seed) for seed, s in enumerate(lengths)]
    assert statistics.fmean(lag for lag, _ in ours) < 1.0
    assert statistics.fmean(lag for lag, _ in fixed) > 1.5
    assert sum(polls for _, polls in ours) < sum(polls for _, polls in fixed) / 2


def shared_nap(histories: list[JobHistory], requests: int) -> float:
    return PollPolicy().shared_delay_s(histories, requests, STEADY)


@pytest.mark.parametrize(
    ("histories", "requests", "expected_s"),
    [
        ([history_of((60, "PENDING", 0))] * 2, 1, 10.2693),
        ([history_of((60, "PENDING", 0))] * 3, 1, 8.3449),
        ([history_of((60, "PENDING", 0))] * 3, 2, 11.9054),
        # as long as the one that may be left alone for longest
        ([history_of((600, "PENDING", 0)), history_of((600, "RUNNING", 0))], 9, 15.0),
        ([history_of(*steady(400, 410), total=10**6)] * 2, 9, 20.0),
        ([history_of((5, "PENDING", 0))] * 9, 1, 2.0),
    ],
)
def test_a_shared_nap_is_the_one_that_the_simulator_of_the_policy_chose(
    histories: list[JobHistory], requests: int, expected_s: float
) -> None:
    assert shared_nap(histories, requests) == pytest.approx(expected_s, abs=1e-3)


def test_when_no_job_answers_the_first_of_them_says_how_long_to_pause() -> None:
    first, second = JobHistory(7, 0.0), JobHistory(8, 0.0)
    first.fail(1.0)
    for _ in range(3):
        second.fail(1.0)
    delays = [PollPolicy().shared_delay_s([first, second], 2, Random(seed)) for seed in range(300)]
    assert 2.9 < max(delays) <= 3


def test_one_job_left_is_napped_for_as_if_it_had_been_alone() -> None:
    history = history_of((4, "RUNNING", 400), (5, "RUNNING", 500))
    assert shared_nap([history], 1) == delay(history)


def test_a_job_whose_looks_fail_has_no_say_while_others_answer() -> None:
    answered, failing, other = (history_of((60.0, "PENDING", 0)) for _ in range(3))
    failing.fail(60.0)
    unseen = JobHistory(8, 0.0)
    assert shared_nap([answered, failing, unseen, other], 1) == pytest.approx(10.2693, abs=1e-3)
