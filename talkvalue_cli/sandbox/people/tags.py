"""Tags in the database, and what they are attached to (section 12)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..db.store import Transaction
from ..web.problems import found

TAG_SQL = "SELECT id, name FROM tags WHERE organization_id = ?"


def list_tags(tx: Transaction, pattern: str) -> list[dict[str, Any]]:
    """Return the tags whose names are LIKE a pattern, as they travel."""
    sql = f"{TAG_SQL} AND name LIKE ? ESCAPE '\\' ORDER BY id"
    return [dict(row) for row in tx.execute(sql, (tx.organization_id, pattern))]


def find_tag(tx: Transaction, tag_id: int) -> dict[str, Any]:
    """Return a tag as it travels; raises the 404."""
    return dict(
        found(tx.find(f"{TAG_SQL} AND id = ?", tx.organization_id, tag_id), f"Tag {tag_id}")
    )


def find_or_add_tag(tx: Transaction, name: str) -> int:
    """Return the id of the tag with this name, made if there is none."""
    row = tx.find(f"{TAG_SQL} AND name = ?", tx.organization_id, name)
    return row["id"] if row else add_tag(tx, name)


def add_tag(tx: Transaction, name: str) -> int:
    """Add a tag, and return its id."""
    return tx.insert("tags", organization_id=tx.organization_id, name=name)


def list_by_source(tx: Transaction, source_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return source id -> its tags, in the order of their names."""
    tags: dict[int, list[dict[str, Any]]] = {source_id: [] for source_id in source_ids}
    rows = tx.execute(
        "SELECT source_id, id, name FROM tag_sources JOIN tags ON id = tag_id"
        " WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY name, id",
        (json.dumps(list(tags)),),
    )
    for source_id, tag_id, name in rows:
        tags[source_id].append({"id": tag_id, "name": name})
    return tags
