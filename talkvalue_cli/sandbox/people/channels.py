"""Channels in the database (section 6)."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from ..web.problems import Problem
from . import tags

CHANNEL_SQL = """
    SELECT id, name, icon, color, created_at,
           (SELECT COUNT(*) FROM channel_people WHERE channel_id = channels.id) AS people
    FROM channels WHERE organization_id = ?"""


def describe_channels(
    connection: sqlite3.Connection, rows: list[sqlite3.Row]
) -> list[dict[str, Any]]:
    """Return channels as they travel."""
    tags_by_channel = tags.list_by_source(connection, (row["id"] for row in rows))
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "icon": row["icon"],
            "color": row["color"],
            "peopleCount": row["people"],
            "tags": tags_by_channel[row["id"]],
            "createdAt": row["created_at"],
        }
        for row in rows
    ]


def find_channel(
    connection: sqlite3.Connection, organization_id: int, channel_id: int
) -> sqlite3.Row:
    """Return the channel of an organization; raises the 404."""
    row = connection.execute(f"{CHANNEL_SQL} AND id = ?", (organization_id, channel_id)).fetchone()
    if row is None:
        raise Problem(404, f"Channel {channel_id} does not exist.")
    return cast(sqlite3.Row, row)
