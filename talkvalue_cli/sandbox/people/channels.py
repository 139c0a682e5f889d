"""Channels in the database (section 6)."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import found
from . import tags

CHANNEL_SQL = """
    SELECT id, name, icon, color, created_at,
           (SELECT COUNT(*) FROM channel_people WHERE channel_id = channels.id) AS people
    FROM channels WHERE organization_id = ?"""


def list_channels(tx: Transaction) -> list[sqlite3.Row]:
    """Return all channels, by id."""
    return tx.execute(f"{CHANNEL_SQL} ORDER BY id", (tx.organization_id,)).fetchall()


def find_channel(tx: Transaction, channel_id: int) -> sqlite3.Row:
    """Return a channel; raises the 404."""
    row = tx.find(f"{CHANNEL_SQL} AND id = ?", tx.organization_id, channel_id)
    return found(row, f"Channel {channel_id}")


def describe_channels(tx: Transaction, rows: list[sqlite3.Row]) -> list[dict[str, Any]]:
    """Return channels as they travel."""
    tags_by_channel = tags.list_by_source(tx, (row["id"] for row in rows))
    return [
        {
            **pick(row, "id name icon color peopleCount=people"),
            "tags": tags_by_channel[row["id"]],
            **pick(row, "createdAt"),
        }
        for row in rows
    ]
