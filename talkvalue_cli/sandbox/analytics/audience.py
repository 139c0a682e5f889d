"""How the people of several channels overlap (section 14)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from .trend import divide, round_rate

FEWEST_CHANNELS = 2
MOST_CHANNELS = 5

# One bit for each channel: a person's mask says in which of them the person is.
MASKS_SQL = """SELECT mask, COUNT(*) FROM (
        SELECT SUM(1 << scope.key) AS mask FROM json_each(?) AS scope
        JOIN channel_people ON channel_id = scope.value GROUP BY person_id)
    GROUP BY mask"""


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
