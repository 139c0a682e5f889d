"""What happened to a person (section 9): written with each change, read page by page.

That a person was created, and into which channels, follows from the person and is not written:
it would make imports slower. These first entries get ids below all that are written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from . import sources

# The sandbox has one user, and all that happens is theirs.
ACTOR = {"id": 1, "name": "Sandbox", "email": "sandbox@example.com"}

UPDATED_SQL = "INSERT INTO activity (person_id, action, created_at) VALUES (?, 'UPDATED', ?)"
CONNECTED_SQL = """INSERT INTO activity (person_id, action, source_id, created_at)
    SELECT value, 'SOURCE_CONNECTED', ?1, ?2 FROM json_each(?3) WHERE NOT EXISTS
    (SELECT 1 FROM channel_people WHERE channel_id = ?1 AND person_id = value)"""
# The last two SELECTs are the first entries: memberships that came about with the person.
PAGE_SQL = """SELECT * FROM (
    SELECT id, action, source_id, changes, merged_from, created_at
    FROM activity WHERE person_id = ?1
    UNION ALL SELECT id * 1000, 'CREATED', NULL, NULL, NULL, created_at FROM people WHERE id = ?1
    UNION ALL SELECT ?1 * 1000 + ROW_NUMBER() OVER (ORDER BY joined_at, source_id),
        'SOURCE_CONNECTED', source_id, NULL, NULL, joined_at
    FROM memberships WHERE person_id = ?1 AND source_id NOT IN
        (SELECT source_id FROM activity WHERE person_id = ?1 AND action = 'SOURCE_CONNECTED'))
    WHERE id < ?2 ORDER BY id DESC LIMIT ?3"""
BEYOND_ALL = 2**63 - 1


def add_entry(
    tx: Transaction,
    person_id: int,
    action: str,
    *,
    source_id: int | None = None,
    changes: list[dict[str, Any]] | None = None,
    merged_from: dict[str, Any] | None = None,
) -> None:
    """Note that something happened to a person; the keywords are those of an entry."""
    tx.insert(
        "activity",
        person_id=person_id,
        action=action,
        source_id=source_id,
        changes=_encode(changes),
        merged_from=_encode(merged_from),
        created_at=tx.now,
    )


def _encode(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def add_import_changes(
    tx: Transaction, updated: Iterable[int], members: Iterable[int], channel_id: int
) -> None:
    """Note what an import does to people who existed; to be called before it adds members.

    Which fields it changed is not kept.
    """
    tx.executemany(UPDATED_SQL, ((person_id, tx.now) for person_id in updated))
    tx.execute(CONNECTED_SQL, (channel_id, tx.now, json.dumps(list(members))))


def list_entries(
    tx: Transaction, person: sqlite3.Row, cursor: int | None, size: int
) -> dict[str, Any]:
    """Return one stretch of a person's activity as it travels, newest first.

    cursor: id of the last entry seen; None begins with the newest.
    """
    entries = tx.execute(PAGE_SQL, (person["id"], cursor or BEYOND_ALL, size + 1)).fetchall()
    has_next = len(entries) > size
    entries = entries[:size]
    known = sources.describe_origins(
        tx, (entry["source_id"] for entry in entries if entry["source_id"] is not None)
    )
    return {
        "content": [_describe(entry, known.get(entry["source_id"])) for entry in entries],
        "nextCursor": entries[-1]["id"] if has_next else None,
        "hasNext": has_next,
    }


def _describe(entry: sqlite3.Row, source: dict[str, Any] | None) -> dict[str, Any]:
    return {
        **pick(entry, "id action"),
        "actor": ACTOR,
        "changes": _decode(entry["changes"]),
        "source": source,
        "mergedFrom": _decode(entry["merged_from"]),
        "createdAt": entry["created_at"],
    }


def _decode(text: str | None) -> Any:
    return None if text is None else json.loads(text)
