"""Sources of people: channels and events, which share one space of ids (section 12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..db.store import Transaction
from ..web.problems import Problem

# Channels count from 1 and events from here, so that both have ids that are easy to type.
FIRST_EVENT_ID = 1001

FIND_SQL = """
    SELECT id, 'CHANNEL' AS type, name, icon, color, organization_id FROM channels
    UNION ALL SELECT id, 'EVENT', name, NULL, NULL, organization_id FROM events"""


def take_id(tx: Transaction, table: str) -> int:
    """Return an id that no channel and no event ever had; `table`: channels or events."""
    last: dict[str, int] = dict(
        tx.execute(
            "SELECT name, seq FROM sqlite_sequence WHERE name IN ('channels', 'events')"
        ).fetchall()
    )
    channel, event = last.get("channels", 0), last.get("events", FIRST_EVENT_ID - 1)
    if table == "channels" and channel < FIRST_EVENT_ID - 1:
        return channel + 1
    return max(channel, event) + 1


def add_source(tx: Transaction, table: str, **values: object) -> int:
    """Add a channel or event, and return its id; `table`: channels or events."""
    stamps = {"organization_id": tx.organization_id, "created_at": tx.now}
    return tx.insert(table, id=take_id(tx, table), **stamps, **values)


def check_source(tx: Transaction, source_id: int) -> None:
    """Raise the 404 when an organization has no such channel or event."""
    sql = f"SELECT 1 FROM ({FIND_SQL}) WHERE organization_id = ? AND id = ?"
    if tx.find(sql, tx.organization_id, source_id) is None:
        raise Problem(404, f"Neither a channel nor an event has the id {source_id}.")


def describe_sources(tx: Transaction, source_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return id -> source as activity shows it; one that was deleted keeps its last name."""
    found: dict[int, dict[str, Any]] = {}
    for source_id in set(source_ids):
        row = tx.execute(
            f"SELECT id, type, name, icon, color FROM ({FIND_SQL}) WHERE id = ?1"
            " UNION ALL SELECT id, type, name, icon, color FROM removed_sources WHERE id = ?1",
            (source_id,),
        ).fetchone()
        if row is not None:
            found[source_id] = dict(row)
    return found


def remove_source(tx: Transaction, kind: str, source_id: int) -> None:
    """Delete a channel or event with its memberships and tags; `kind`: channel or event.

    Its members' activity says so, and keeps that they joined, which followed from the membership.
    """
    tx.execute(
        "INSERT INTO activity (person_id, action, source_id, created_at)"
        f" SELECT person_id, 'SOURCE_CONNECTED', ?1, joined_at FROM {kind}_people AS m"
        f" WHERE {kind}_id = ?1 AND NOT EXISTS (SELECT 1 FROM activity AS a"
        " WHERE a.person_id = m.person_id AND a.source_id = ?1 AND a.action = 'SOURCE_CONNECTED')",
        (source_id,),
    )
    tx.execute(
        "INSERT INTO activity (person_id, action, source_id, created_at)"
        f" SELECT person_id, 'SOURCE_DISCONNECTED', ?1, ?2 FROM {kind}_people"
        f" WHERE {kind}_id = ?1",
        (source_id, tx.now),
    )
    tx.execute(
        "INSERT INTO removed_sources (id, type, name, icon, color)"
        f" SELECT id, type, name, icon, color FROM ({FIND_SQL}) WHERE id = ?",
        (source_id,),
    )
    tx.execute("DELETE FROM tag_sources WHERE source_id = ?", (source_id,))
    tx.execute(f"DELETE FROM {kind}s WHERE id = ?", (source_id,))
