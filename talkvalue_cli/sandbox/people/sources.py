"""Sources of people: channels and events (sections 6, 10 and 12), which share one space of ids."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import Problem, found
from . import tags

# Channels count from 1 and events from here, so that both have ids that are easy to type.
FIRST_EVENT_ID = 1001

ORIGINS_SQL = """WITH wanted AS (SELECT value FROM json_each(?))
    SELECT id, type, name, icon, color FROM sources WHERE id IN wanted
    UNION ALL SELECT id, type, name, icon, color FROM removed_sources WHERE id IN wanted"""
LEAVE_SQL = """INSERT INTO activity (person_id, action, source_id, created_at)
    SELECT person_id, 'SOURCE_CONNECTED', ?1, joined_at FROM memberships AS m
    WHERE source_id = ?1 AND NOT EXISTS (SELECT 1 FROM activity AS a
        WHERE a.person_id = m.person_id AND a.source_id = ?1 AND a.action = 'SOURCE_CONNECTED')
    UNION ALL SELECT person_id, 'SOURCE_DISCONNECTED', ?1, ?2 FROM memberships
    WHERE source_id = ?1"""


@dataclass(frozen=True)
class Kind:
    """Channels or events: the word for one, and what one shows beside people, tags, creation."""

    name: str
    fields: str

    @property
    def sql(self) -> str:
        """The query of all of an organization; `people` counts those of each."""
        return (
            f"SELECT *, (SELECT COUNT(*) FROM {self.name}_people WHERE {self.name}_id = s.id)"
            f" AS people FROM {self.name}s AS s WHERE organization_id = ?"
        )


CHANNEL = Kind("channel", "id name icon color")
EVENT = Kind("event", "id name timeZone startAt endAt location")


def list_sources(tx: Transaction, kind: Kind) -> list[dict[str, Any]]:
    """Return all of a kind as they travel, by id."""
    return _describe(tx, kind, tx.execute(f"{kind.sql} ORDER BY id", (tx.organization_id,)))


def find_source(tx: Transaction, kind: Kind, source_id: int) -> sqlite3.Row:
    """Return a channel or event; raises the 404."""
    row = tx.find(f"{kind.sql} AND id = ?", tx.organization_id, source_id)
    return found(row, f"{kind.name.capitalize()} {source_id}")


def describe_source(tx: Transaction, kind: Kind, source_id: int) -> dict[str, Any]:
    """Return a channel or event as it travels; raises the 404."""
    return _describe(tx, kind, [find_source(tx, kind, source_id)])[0]


def _describe(tx: Transaction, kind: Kind, rows: Iterable[sqlite3.Row]) -> list[dict[str, Any]]:
    rows = list(rows)
    tags_by_source = tags.list_by_source(tx, (row["id"] for row in rows))
    return [
        {
            **pick(row, f"{kind.fields} peopleCount=people"),
            "tags": tags_by_source[row["id"]],
            "createdAt": row["created_at"],
        }
        for row in rows
    ]


def _take_id(tx: Transaction, kind: Kind) -> int:
    """Return an id that no channel and no event ever had."""
    sql = "SELECT name, seq FROM sqlite_sequence WHERE name IN ('channels', 'events')"
    last: dict[str, int] = dict(tx.execute(sql).fetchall())
    channel, event = last.get("channels", 0), last.get("events", FIRST_EVENT_ID - 1)
    if kind is CHANNEL and channel < FIRST_EVENT_ID - 1:
        return channel + 1
    return max(channel, event) + 1


def add_source(tx: Transaction, kind: Kind, **values: object) -> int:
    """Add a channel or event, and return its id."""
    stamps = {"organization_id": tx.organization_id, "created_at": tx.now}
    return tx.insert(f"{kind.name}s", id=_take_id(tx, kind), **stamps, **values)


def check_source(tx: Transaction, source_id: int) -> None:
    """Raise the 404 when an organization has no such channel or event."""
    sql = "SELECT 1 FROM sources WHERE organization_id = ? AND id = ?"
    if tx.find(sql, tx.organization_id, source_id) is None:
        raise Problem(404, f"Neither a channel nor an event has the id {source_id}.")


def describe_origins(tx: Transaction, source_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return id -> source as activity shows it; one that was deleted keeps its last name."""
    rows = tx.execute(ORIGINS_SQL, (json.dumps(list(source_ids)),))
    return {row["id"]: dict(row) for row in rows}


def remove_source(tx: Transaction, kind: Kind, source_id: int) -> None:
    """Delete a channel or event with its memberships and tags.

    Its members' activity says so, and keeps that they joined, which followed from the membership.
    """
    tx.execute(LEAVE_SQL, (source_id, tx.now))
    tx.execute(
        "INSERT INTO removed_sources (id, type, name, icon, color)"
        " SELECT id, type, name, icon, color FROM sources WHERE id = ?",
        (source_id,),
    )
    tx.execute("DELETE FROM tag_sources WHERE source_id = ?", (source_id,))
    tx.execute(f"DELETE FROM {kind.name}s WHERE id = ?", (source_id,))
