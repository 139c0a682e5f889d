"""Which people of events come from a channel, and how channels overlap (section 14)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import Problem
from . import trend
from .trend import Event, divide, round_rate

# Members who joined until the event began; of them, those who did not join before ?3, which is
# when the event before began.
EVENT_SQL = """
    SELECT COALESCE(SUM(c.joined_at <= ?2), 0),
           COALESCE(SUM(c.joined_at <= ?2 AND c.joined_at > ?3), 0)
    FROM event_people AS e
    LEFT JOIN channel_people AS c ON c.channel_id = ?4 AND c.person_id = e.person_id
    WHERE e.event_id = ?1"""
REGISTERED_SQL = """SELECT COUNT(*) FROM channel_people AS c WHERE channel_id = ? AND EXISTS (
    SELECT 1 FROM event_people AS e WHERE e.person_id = c.person_id)"""
FEWEST_CHANNELS = 2
MOST_CHANNELS = 5

# One bit for each channel: a person's mask says in which of them the person is.
MASKS_SQL = """SELECT mask, COUNT(*) FROM (
        SELECT SUM(1 << scope.key) AS mask FROM json_each(?) AS scope
        JOIN channel_people ON channel_id = scope.value GROUP BY person_id)
    GROUP BY mask"""


def check_events(tx: Transaction, ids: Iterable[int]) -> None:
    """Raise the 404 of the first event that does not exist."""
    known = {event.id for event in trend.list_events(tx, None)}
    for event_id in ids:
        if event_id not in known:
            raise Problem(404, f"Event {event_id} not found")


def describe_attribution(
    tx: Transaction, channel: sqlite3.Row, events: Sequence[Event]
) -> dict[str, Any]:
    """Return the attribution of events to a channel as it travels.

    The event before each is the one before it of all there are. Who has ever registered for
    any event counts as registered.
    """
    every = trend.list_events(tx, None)
    before = {event.id: earlier.start_at for earlier, event in pairwise(every)}
    described = [_describe_event(tx, channel, event, before.get(event.id)) for event in events]
    registered = tx.execute(REGISTERED_SQL, (channel["id"],)).fetchone()[0]
    size = channel["people"]
    return {
        "channel": pick(channel, "id name icon color"),
        "events": described,
        "metrics": {
            "channelSize": size,
            "membersEverRegistered": registered,
            "eventParticipationRate": round_rate(divide(registered, size)),
        },
    }


def _describe_event(
    tx: Transaction, channel: sqlite3.Row, event: Event, since: str | None
) -> dict[str, Any]:
    """Return one event; before the first one nobody counts as having joined since."""
    values = (event.id, event.start_at, since or event.start_at, channel["id"])
    members, fresh = tx.execute(EVENT_SQL, values).fetchone()
    return {
        **pick(vars(event), "id name startAt total"),
        "joinedSinceLastEvent": fresh,
        "alreadyInChannel": members - fresh,
        "acquisitionRate": round_rate(divide(fresh, event.total)),
    }


def describe_overlap(tx: Transaction, channels: Sequence[sqlite3.Row]) -> dict[str, Any]:
    """Return the overlap of channels as it travels.

    An intersection counts the people who are in all of its channels, whatever others they are
    in; there is one for every combination of two channels or more.
    """
    ids = [channel["id"] for channel in channels]
    counts: dict[int, int] = dict(tx.execute(MASKS_SQL, (json.dumps(ids),)).fetchall())
    unique = sum(counts.values())
    multiple = sum(count for mask, count in counts.items() if mask & (mask - 1))
    return {
        "channels": [
            {**pick(channel, "id name icon color"), "personCount": _count(counts, 1 << place)}
            for place, channel in enumerate(channels)
        ],
        "intersections": [
            {
                "channelIds": [ids[place] for place in places],
                "count": _count(counts, sum(1 << place for place in places)),
            }
            for size in range(FEWEST_CHANNELS, len(ids) + 1)
            for places in combinations(range(len(ids)), size)
        ],
        "metrics": {
            "totalUniquePersons": unique,
            "personsInMultipleChannels": multiple,
            "multiChannelRate": round_rate(divide(multiple, unique)),
        },
    }


def _count(counts: dict[int, int], wanted: int) -> int:
    return sum(count for mask, count in counts.items() if mask & wanted == wanted)
