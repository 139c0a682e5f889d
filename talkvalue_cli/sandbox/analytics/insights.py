"""What stands out in the registration trend (section 14). When a signal shows is our choice.

Rates are shares from 0 to 1; a name that ends in Pp counts percentage points.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median
from typing import Any

from .trend import Event, count_people, round_rate

# Rates of small events say little.
FEWEST_PEOPLE = 5
FEWEST_EVENTS = 3
EXPANSION_RATE = 0.5
STANDOUT_FACTOR = 1.5
LARGEST_DROP = 0.1
LARGEST_SHARE = 0.4


def _describe_mix(events: Sequence[Event]) -> dict[str, Any]:
    rate = count_people(events) / sum(event.total for event in events)
    return {
        "trend": "EXPANSION_LED" if rate >= EXPANSION_RATE else "RETENTION_HEAVY",
        "weightedNetNewRate": round_rate(rate),
        "eventCount": len(events),
    }


def _describe_momentum(events: Sequence[Event]) -> dict[str, Any]:
    """Compare the later half of the events with the earlier one; the middle is in neither."""
    half = len(events) // 2
    points = [event.rate * 100 for event in events]
    delta = mean(points[-half:]) - mean(points[:half])
    return {
        "trend": "GROWING" if delta >= 0 else "DECLINING",
        "deltaPp": round_rate(delta),
        "eventCount": len(events),
        "slopePerEvent": round_rate(_find_slope(points)),
    }


def _find_slope(points: Sequence[float]) -> float:
    """Return the slope of the line through equally spaced points with the least squares."""
    middle = (len(points) - 1) / 2
    weights = [place - middle for place in range(len(points))]
    products = sum(weight * point for weight, point in zip(weights, points, strict=True))
    return products / sum(weight * weight for weight in weights)


def _find_standout(events: Sequence[Event]) -> dict[str, Any] | None:
    best = max(events, key=lambda event: event.net_new)
    middle = median(event.net_new for event in events)
    if best.net_new == 0 or best.net_new < STANDOUT_FACTOR * middle:
        return None
    return {
        "eventName": best.name,
        "netNewRate": round_rate(best.rate),
        "netNew": best.net_new,
        "medianRate": round_rate(median(event.rate for event in events)),
        "medianNetNew": float(middle),
    }


def _find_drop(events: Sequence[Event]) -> dict[str, Any] | None:
    prior = mean(event.rate for event in events[:-1])
    latest = events[-1].rate
    if prior - latest < LARGEST_DROP:
        return None
    return {
        "dropPp": round_rate((prior - latest) * 100),
        "priorRate": round_rate(prior),
        "latestRate": round_rate(latest),
    }


def _find_concentration(events: Sequence[Event]) -> dict[str, Any] | None:
    total = count_people(events)
    best = max(events, key=lambda event: event.net_new)
    if total == 0 or best.net_new / total < LARGEST_SHARE:
        return None
    return {
        "eventName": best.name,
        "share": round_rate(best.net_new / total),
        "netNew": best.net_new,
        "totalNetNew": total,
    }


SIGNALS = {
    "audienceMix": _describe_mix,
    "reachMomentum": _describe_momentum,
    "standout": _find_standout,
    "acquisitionDrop": _find_drop,
    "concentrationRisk": _find_concentration,
}


def describe_insights(events: Sequence[Event]) -> dict[str, Any]:
    """Return the signals as they travel, null where there is nothing to say.

    The first event is left out: everybody is new there.
    """
    reliable = [event for event in events[1:] if event.total >= FEWEST_PEOPLE]
    is_limited = len(reliable) < FEWEST_EVENTS
    return {
        "limitedData": {"reliableCount": len(reliable)} if is_limited else None,
        **{name: None if is_limited else find(reliable) for name, find in SIGNALS.items()},
    }
