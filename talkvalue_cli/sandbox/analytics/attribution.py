"""Which people of events come from one channel, and when they joined it (section 14)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import Problem
from . import trend

# Members who joined until the event began; of them, those who did not join before ?3, which is
# when the event before began.
EVENT_SQL = """
    SELECT COUNT(*), COALESCE(SUM(c.joined_at <= ?2), 0),
           COALESCE(SUM(c.joined_at <= ?2 AND c.joined_at > ?3), 0)
    FROM event_people AS e
    LEFT JOIN channel_people AS c ON c.channel_id = ?4 AND c.person_id = e.person_id
    WHERE e.event_id = ?1"""
REGISTERED_SQL = """SELECT COUNT(*) FROM channel_people AS c WHERE channel_id = ? AND EXISTS (
    SELECT 1 FROM event_people AS e WHERE e.person_id = c.person_id)"""


def check_events(tx: Transaction, ids: Iterable[int]) -> None:
    """Raise the 404 of the first event that does not exist."""
    known = {event["id"] for event in trend.list_events(tx, None)}
    for event_id in ids:
        if event_id not in known:
            raise Problem(404, f"Event {event_id} does not exist.")


def describe_attribution(
    tx: Transaction, channel: sqlite3.Row, events: Sequence[sqlite3.Row]
) -> dict[str, Any]:
    """Return the attribution of events to a channel as it travels.

    The event before each is the one before it of all there are. Who has ever registered for
    any event counts as registered.
    """
    every = trend.list_events(tx, None)
    before = {event["id"]: earlier["start_at"] for earlier, event in pairwise(every)}
    described = [_describe_event(tx, channel, event, before.get(event["id"])) for event in events]
    registered = tx.execute(REGISTERED_SQL, (channel["id"],)).fetchone()[0]
    size = channel["people"]
    return {
        "channel": pick(channel, "id name icon color"),
        "events": described,
        "metrics": {
            "channelSize": size,
            "membersEverRegistered": registered,
            "eventParticipationRate": trend.round_rate(registered / size if size else 0),
        },
    }


def _describe_event(
    tx: Transaction, channel: sqlite3.Row, event: sqlite3.Row, since: str | None
) -> dict[str, Any]:
    """Return one event; before the first one nobody counts as having joined since."""
    values = (event["id"], event["start_at"], since or event["start_at"], channel["id"])
    total, members, fresh = tx.execute(EVENT_SQL, values).fetchone()
    return {
        **pick(event, "id name startAt"),
        "total": total,
        "joinedSinceLastEvent": fresh,
        "alreadyInChannel": members - fresh,
        "acquisitionRate": trend.round_rate(fresh / total if total else 0),
    }
