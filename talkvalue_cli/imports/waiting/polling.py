"""When to look again: arithmetic on seconds, without a clock or a network.

A look that comes before the end costs a request, one that comes after it costs
lag. The policy takes the longest nap for which the next look is expected to be
late by no more than `price_s`. With X the moment of the end, that lateness is
E[(t + d - X)+ | X > t] for a nap of d seconds. Two shapes of belief about X
have it in closed form: log-normal where the pace of the job is known, and
log-uniform where all that is known is how long it has lasted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from talkvalue_cli.imports.waiting.history import JobHistory

Lateness = Callable[[float], float]

#: a job is expected to become terminal this long after its last row, in seconds
LANDING_S = 0.6
#: a pace since the start is believed once the job has run for this long
BELIEVED_AGE_S = 1.5
#: spread of the log-normal when both paces agree, and what disagreement adds
AGREED_SIGMA, DISAGREED_SIGMA = 0.1, 0.6
#: agreement assumed when there is only one pace to go by
LONE_AGREEMENT = 0.55
#: how many looks back the recent pace reaches
RECENT_LOOKS = 6
#: nobody is expected to wait longer than this for a job without a pace
LONGEST_JOB_S = 4 * 3600.0
#: nor longer than this for one whose rows are all processed
LONGEST_FINISH_S = 60.0
#: fewer seconds than this to go count as near the end
NEAR_END_S = 5.0


class Outlook(NamedTuple):
    """What to expect of a job: the lateness of a nap, and the longest nap that is allowed."""

    lateness: Lateness
    longest_s: float
    is_near_end: bool


class Estimate(NamedTuple):
    """Seconds until the last row at the known pace, and how far two paces agree (0 to 1)."""

    left_s: float
    agreement: float


class PollPolicy(NamedTuple):
    """How long to nap between looks. All fields are seconds.

    price_s: expected lateness that is worth saving a request.
    shortest_s: no nap is shorter.
    longest_s: no nap is longer, jitter aside, while rows are counted.
    longest_blind_s: the same for a RUNNING job that shows no pace, and at the end.
    longest_pending_s: the same for a PENDING job.
    interval_s: nap this long instead, whatever was seen.
    shared_price_s: the same as price_s for each request of a look at several jobs.
    shortest_shared_s: no nap between such looks is shorter.
    """

    price_s: float = 0.1
    shortest_s: float = 1.0
    longest_s: float = 20.0
    longest_blind_s: float = 5.0
    longest_pending_s: float = 15.0
    interval_s: float | None = None
    shared_price_s: float = 0.3
    shortest_shared_s: float = 2.0

    def nap_s(self, history: JobHistory, random: Random) -> float:
        """Return the pause after the last look, in seconds."""
        if self.interval_s is not None:
            return self.interval_s
        if history.failures or history.record is None:
            # decorrelated jitter: 1 to 3, then 9, then 27 seconds
            return random.uniform(1.0, 3.0 ** min(max(history.failures, 1), 3))
        outlook = self.outlook(history)
        return self._longest_nap(outlook) * random.uniform(1.0, 1.0 + _spread(history, outlook))

    def shared_nap_s(self, histories: Sequence[JobHistory], requests: int, random: Random) -> float:
        """Return the pause before the next look at several jobs, in seconds.

        requests: how many of them such a look takes; the more it takes, the
        more lateness, summed over the jobs, it is worth.
        """
        seen = [job for job in histories if job.record is not None and not job.failures]
        if self.interval_s is not None or not seen or len(histories) == 1:
            return self.nap_s(histories[0], random)
        outlooks = [self.outlook(job) for job in seen]
        longest_s = min(self.longest_s, max(outlook.longest_s for outlook in outlooks))
        nap = longest_nap(
            lambda nap_s: sum(outlook.lateness(nap_s) for outlook in outlooks),
            self.shortest_shared_s,
            longest_s,
            self.shared_price_s * requests,
        )
        return nap * random.uniform(1.0, 1.1)

    def patience_s(self, history: JobHistory) -> float:
        """Return for how long a job that was seen could be left alone, in seconds."""
        return self._longest_nap(self.outlook(history))

    def _longest_nap(self, outlook: Outlook) -> float:
        return longest_nap(outlook.lateness, self.shortest_s, outlook.longest_s, self.price_s)

    def outlook(self, history: JobHistory) -> Outlook:
        """Return what the history lets one expect; it must hold a good look."""
        if history.status != "RUNNING":
            pending = loguniform_lateness(history.waited_s + 1)
            return Outlook(pending, self.longest_pending_s, False)
        if history.processed_rows >= history.total_rows > 0:
            finish = loguniform_lateness(history.still_s + 0.5, LONGEST_FINISH_S)
            return Outlook(finish, self.longest_blind_s, True)
        estimate = estimate_end(history)
        if estimate is None:
            age_s = history.waited_s if history.run_age_s is None else history.run_age_s
            return Outlook(loguniform_lateness(age_s + 1), self.longest_blind_s, False)
        return self._paced_outlook(history, estimate)

    def _paced_outlook(self, history: JobHistory, estimate: Estimate) -> Outlook:
        batch_s = _batch_s(history, estimate)
        left_s = max(0.0, estimate.left_s - min(history.still_s, batch_s))
        sigma = AGREED_SIGMA + DISAGREED_SIGMA * (1 - estimate.agreement)
        # a job may fail at any moment: a long wait makes a minute's lag cheap, a short one does not
        longest_s = min(self.longest_s, 5.0 + 0.1 * history.waited_s)
        if batch_s:
            sigma = min(1.0, max(sigma, 0.7 * batch_s / max(left_s, 1.0)))
            if left_s <= batch_s:
                longest_s = min(longest_s, self.longest_blind_s)
        lateness = lognormal_lateness(left_s + LANDING_S, sigma)
        nap = longest_nap(lateness, self.shortest_s, longest_s, self.price_s)
        if history.still_s > max(2 * nap, 1.5 * batch_s):
            # the counter stopped, and with it the reason to believe in the pace
            stopped = loguniform_lateness(history.still_s)
            return Outlook(stopped, min(longest_s, self.longest_blind_s), False)
        return Outlook(lateness, longest_s, left_s < NEAR_END_S)


def estimate_end(history: JobHistory) -> Estimate | None:
    """Return when the last row is due at the pace seen, None when no pace is known."""
    paces = [pace for pace in (_recent_pace(history), _overall_pace(history)) if pace]
    if not paces:
        return None
    left_rows = max(0, history.total_rows - history.processed_rows)
    agreement = min(paces) / max(paces) if len(paces) == 2 else LONE_AGREEMENT
    return Estimate(left_rows * len(paces) / sum(paces), agreement)


def _recent_pace(history: JobHistory) -> float | None:
    """Return rows a second over the last looks, None when none was counted."""
    samples = history.samples
    if len(samples) < 2:
        return None
    first = max(0, len(samples) - RECENT_LOOKS)
    last_s, last_rows = samples[-1]
    while first > 0 and samples[first][1] == last_rows:
        first -= 1
    rows, seconds = last_rows - samples[first][1], last_s - samples[first][0]
    return rows / seconds if rows > 0 and seconds > 0 else None


def _overall_pace(history: JobHistory) -> float | None:
    """Return rows a second since the job started to run, None when that is not known."""
    age_s = history.run_age_s
    if age_s is None or age_s < BELIEVED_AGE_S or not history.processed_rows:
        return None
    return history.processed_rows / age_s


def _batch_s(history: JobHistory, estimate: Estimate) -> float:
    """Return the seconds a batch of rows takes, 0 for a counter that moves smoothly."""
    if not history.has_plateau or history.smallest_step is None:
        return 0.0
    left_rows = max(1, history.total_rows - history.processed_rows)
    return history.smallest_step * estimate.left_s / left_rows


def _spread(history: JobHistory, outlook: Outlook) -> float:
    """Return the width of the jitter: clients that started together drift apart early."""
    if outlook.is_near_end:
        return 0.03
    return 0.5 if history.looks <= 3 else 0.1


def lognormal_lateness(median_s: float, sigma: float) -> Lateness:
    """Return the lateness of a nap when the end is log-normal around median_s from now."""
    mu = math.log(max(median_s, 1e-3))
    mean = math.exp(mu + sigma * sigma / 2)

    def lateness(nap_s: float) -> float:
        if nap_s <= 0:
            return 0.0
        z = (math.log(nap_s) - mu) / sigma
        return nap_s * _normal_cdf(z) - mean * _normal_cdf(z - sigma)

    return lateness


def loguniform_lateness(age_s: float, longest_s: float = LONGEST_JOB_S) -> Lateness:
    """Return the lateness of a nap when all that is known is that it has lasted age_s."""
    age_s = max(age_s, 1.0)
    scale = math.log(max(longest_s, 2 * age_s) / age_s)
    return lambda nap_s: ((age_s + nap_s) * math.log1p(nap_s / age_s) - nap_s) / scale


def longest_nap(lateness: Lateness, shortest_s: float, longest_s: float, price_s: float) -> float:
    """Return the longest nap within the bounds whose lateness is at most price_s."""
    if longest_s <= shortest_s or lateness(shortest_s) >= price_s:
        return shortest_s
    if lateness(longest_s) <= price_s:
        return longest_s
    low, high = shortest_s, longest_s
    for _ in range(24):  # lateness grows with the nap; 24 halvings are finer than a millisecond
        middle = (low + high) / 2
        low, high = (middle, high) if lateness(middle) <= price_s else (low, middle)
    return low


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
