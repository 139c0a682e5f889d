"""When to poll again: arithmetic on seconds, without a clock or a network.

A poll that comes before the end costs a request, one that comes after it costs
lag. The policy takes the longest delay for which the next poll is expected to be
late by no more than `lag_budget_s`. With X the moment of the end, that lag is
E[(t + d - X)+ | X > t] for a delay of d seconds. Two shapes of belief about X
have it in closed form: log-normal where the rate of the job is known, and
log-uniform where all that is known is how long it has lasted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.statuses import RUNNING

ExpectedLag = Callable[[float], float]

#: a job is expected to become terminal this long after its last row, in seconds
LANDING_S = 0.6
#: a rate since the start is believed once the job has run for this long
BELIEVED_AGE_S = 1.5
#: spread of the log-normal when both rates agree, and what disagreement adds
AGREED_SIGMA, DISAGREED_SIGMA = 0.1, 0.6
#: agreement assumed when there is only one rate to go by
LONE_AGREEMENT = 0.55
#: how many polls back the recent rate reaches
RECENT_POLLS = 6
#: nobody is expected to wait longer than this for a job without a rate
LONGEST_JOB_S = 4 * 3600.0
#: nor longer than this for one whose rows are all processed
LONGEST_FINISH_S = 60.0
#: fewer seconds than this to go count as near the end
NEAR_END_S = 5.0
#: so long after a poll nobody guesses any more how many rows have followed, in seconds
LONGEST_GUESS_S = 30.0


class Forecast(NamedTuple):
    """What to expect of a job: the lag of a delay, and the longest delay that is allowed."""

    expected_lag: ExpectedLag
    longest_s: float
    is_near_end: bool


class Estimate(NamedTuple):
    """Seconds until the last row at the known rate, and how far two rates agree (0 to 1)."""

    left_s: float
    agreement: float


class PollPolicy(NamedTuple):
    """How long to pause between polls. All fields are seconds.

    lag_budget_s: expected lag that is worth saving a request.
    shortest_s: no delay is shorter.
    longest_s: no delay is longer, jitter aside, while rows are counted.
    longest_blind_s: the same for a RUNNING job that shows no rate, and at the end.
    longest_pending_s: the same for a PENDING job.
    interval_s: pause this long instead, whatever was seen.
    shared_lag_budget_s: the same as lag_budget_s for each request of a poll of several jobs.
    shortest_shared_s: no delay between such polls is shorter.
    """

    lag_budget_s: float = 0.1
    shortest_s: float = 1.0
    longest_s: float = 20.0
    longest_blind_s: float = 5.0
    longest_pending_s: float = 15.0
    interval_s: float | None = None
    shared_lag_budget_s: float = 0.3
    shortest_shared_s: float = 2.0

    def delay_s(self, history: JobHistory, random: Random) -> float:
        """Return the pause after the last poll, in seconds."""
        if self.interval_s is not None:
            return self.interval_s
        if history.failures or history.record is None:
            # decorrelated jitter: 1 to 3, then 9, then 27 seconds
            return random.uniform(1.0, 3.0 ** min(max(history.failures, 1), 3))
        forecast = self.forecast(history)
        return self._longest_delay(forecast) * random.uniform(1.0, 1.0 + _spread(history, forecast))

    def shared_delay_s(
        self, histories: Sequence[JobHistory], requests: int, random: Random
    ) -> float:
        """Return the pause before the next poll of several jobs, in seconds.

        requests: how many of them such a poll takes; the more it takes, the
        more lag, summed over the jobs, it is worth.
        """
        seen = [job for job in histories if job.record is not None and not job.failures]
        if self.interval_s is not None or not seen or len(histories) == 1:
            return self.delay_s(histories[0], random)
        forecasts = [self.forecast(job) for job in seen]
        longest_s = min(self.longest_s, max(forecast.longest_s for forecast in forecasts))
        delay = longest_delay(
            lambda delay_s: sum(forecast.expected_lag(delay_s) for forecast in forecasts),
            self.shortest_shared_s,
            longest_s,
            self.shared_lag_budget_s * requests,
        )
        return delay * random.uniform(1.0, 1.1)

    def recheck_after_s(self, history: JobHistory) -> float:
        """Return for how long a job that was seen could be left alone, in seconds."""
        return self._longest_delay(self.forecast(history))

    def _longest_delay(self, forecast: Forecast) -> float:
        return longest_delay(
            forecast.expected_lag, self.shortest_s, forecast.longest_s, self.lag_budget_s
        )

    def forecast(self, history: JobHistory) -> Forecast:
        """Return what the history lets one expect; it must hold a good poll."""
        if history.status != RUNNING:
            pending = loguniform_lag(history.waited_s + 1)
            return Forecast(pending, self.longest_pending_s, False)
        if history.processed_rows >= history.total_rows > 0:
            finish = loguniform_lag(history.still_s + 0.5, LONGEST_FINISH_S)
            return Forecast(finish, self.longest_blind_s, True)
        estimate = estimate_end(history)
        if estimate is None:
            age_s = history.waited_s if history.run_age_s is None else history.run_age_s
            return Forecast(loguniform_lag(age_s + 1), self.longest_blind_s, False)
        return self._forecast_by_rate(history, estimate)

    def _forecast_by_rate(self, history: JobHistory, estimate: Estimate) -> Forecast:
        batch_s = _batch_s(history, estimate)
        left_s = max(0.0, estimate.left_s - min(history.still_s, batch_s))
        sigma = AGREED_SIGMA + DISAGREED_SIGMA * (1 - estimate.agreement)
        # a job may fail at any moment: a long wait makes a minute's lag cheap, a short one does not
        longest_s = min(self.longest_s, 5.0 + 0.1 * history.waited_s)
        if batch_s:
            sigma = min(1.0, max(sigma, 0.7 * batch_s / max(left_s, 1.0)))
            if left_s <= batch_s:
                longest_s = min(longest_s, self.longest_blind_s)
        expected_lag = lognormal_lag(left_s + LANDING_S, sigma)
        delay = longest_delay(expected_lag, self.shortest_s, longest_s, self.lag_budget_s)
        if history.still_s > max(2 * delay, 1.5 * batch_s):
            # the counter stopped, and with it the reason to believe in the rate
            stopped = loguniform_lag(history.still_s)
            return Forecast(stopped, min(longest_s, self.longest_blind_s), False)
        return Forecast(expected_lag, longest_s, left_s < NEAR_END_S)


def estimate_end(history: JobHistory) -> Estimate | None:
    """Return when the last row is due at the rate seen, None when no rate is known."""
    rates = [rate for rate in (_recent_rate(history), _overall_rate(history)) if rate]
    if not rates:
        return None
    left_rows = max(0, history.total_rows - history.processed_rows)
    agreement = min(rates) / max(rates) if len(rates) == 2 else LONE_AGREEMENT
    return Estimate(left_rows * len(rates) / sum(rates), agreement)


def guess_rows(history: JobHistory, since_s: float) -> int:
    """Return how many rows have been processed since the last poll, as far as its pace justifies.

    That is the slowest of the paces that were seen; a job that has stood still
    between the last two polls is not believed to have moved since.
    """
    samples = history.samples
    if len(samples) < 2:
        pace = _overall_rate(history) or 0.0
    else:
        (before_s, before_rows), (last_s, last_rows) = samples[-2], samples[-1]
        last_pace = (last_rows - before_rows) / max(last_s - before_s, 1.0)
        pace = min(max(0.0, last_pace), _recent_rate(history) or 0.0)
    return int(pace * min(since_s, LONGEST_GUESS_S))


def _recent_rate(history: JobHistory) -> float | None:
    """Return rows a second over the last polls; None or 0 when none was counted."""
    samples = history.samples
    if not samples:
        return None
    first = max(0, len(samples) - RECENT_POLLS)
    last_s, last_rows = samples[-1]
    while first > 0 and samples[first][1] == last_rows:
        first -= 1
    rows, seconds = last_rows - samples[first][1], last_s - samples[first][0]
    return rows / seconds if seconds > 0 else None


def _overall_rate(history: JobHistory) -> float | None:
    """Return rows a second since the job started to run; None when that is not known."""
    age_s = history.run_age_s
    return None if age_s is None or age_s < BELIEVED_AGE_S else history.processed_rows / age_s


def _batch_s(history: JobHistory, estimate: Estimate) -> float:
    """Return the seconds a batch of rows takes, 0 for a counter that moves smoothly."""
    if not history.has_plateau or history.smallest_step is None:
        return 0.0
    left_rows = max(1, history.total_rows - history.processed_rows)
    return history.smallest_step * estimate.left_s / left_rows


def _spread(history: JobHistory, forecast: Forecast) -> float:
    """Return the width of the jitter: clients that started together drift apart early."""
    if forecast.is_near_end:
        return 0.03
    return 0.5 if history.polls <= 3 else 0.1


def lognormal_lag(median_s: float, sigma: float) -> ExpectedLag:
    """Return the expected lag of a delay when the end is log-normal around median_s from now."""
    mu = math.log(max(median_s, 1e-3))
    mean = math.exp(mu + sigma * sigma / 2)

    def expected_lag(delay_s: float) -> float:
        if delay_s <= 0:
            return 0.0
        z = (math.log(delay_s) - mu) / sigma
        return delay_s * _normal_cdf(z) - mean * _normal_cdf(z - sigma)

    return expected_lag


def loguniform_lag(age_s: float, longest_s: float = LONGEST_JOB_S) -> ExpectedLag:
    """Return the expected lag of a delay when all that is known is that it has lasted age_s."""
    age_s = max(age_s, 1.0)
    scale = math.log(max(longest_s, 2 * age_s) / age_s)
    return lambda delay_s: ((age_s + delay_s) * math.log1p(delay_s / age_s) - delay_s) / scale


def longest_delay(
    expected_lag: ExpectedLag, shortest_s: float, longest_s: float, lag_budget_s: float
) -> float:
    """Return the longest delay within the bounds whose expected lag is at most lag_budget_s."""
    if longest_s <= shortest_s or expected_lag(shortest_s) >= lag_budget_s:
        return shortest_s
    if expected_lag(longest_s) <= lag_budget_s:
        return longest_s
    low, high = shortest_s, longest_s
    for _ in range(24):  # lag grows with the delay; 24 halvings are finer than 1 ms
        middle = (low + high) / 2
        low, high = (middle, high) if expected_lag(middle) <= lag_budget_s else (low, middle)
    return low


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
