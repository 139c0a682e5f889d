"""Tags in the database, and what they are attached to (section 12)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, cast

from ..web.problems import Problem


def describe_tag(row: sqlite3.Row) -> dict[str, Any]:
    """Return a tag as it travels."""
    return {"id": row["id"], "name": row["name"]}


def find_tag(connection: sqlite3.Connection, organization_id: int, tag_id: int) -> sqlite3.Row:
    """Return a tag of an organization; raises the 404."""
    row = connection.execute(
        "SELECT * FROM tags WHERE organization_id = ? AND id = ?", (organization_id, tag_id)
    ).fetchone()
    if row is None:
        raise Problem(404, f"Tag {tag_id} does not exist.")
    return cast(sqlite3.Row, row)


def find_or_add_tag(connection: sqlite3.Connection, organization_id: int, name: str) -> int:
    """Return the id of the tag with this name, made if there is none."""
    connection.execute(
        "INSERT INTO tags (organization_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (organization_id, name),
    )
    tag_id: int = connection.execute(
        "SELECT id FROM tags WHERE organization_id = ? AND name = ?", (organization_id, name)
    ).fetchone()[0]
    return tag_id


def list_by_source(
    connection: sqlite3.Connection, source_ids: Iterable[int]
) -> dict[int, list[dict[str, Any]]]:
    """Return source id -> its tags, in the order of their names."""
    found: dict[int, list[dict[str, Any]]] = {source_id: [] for source_id in source_ids}
    rows = connection.execute(
        "SELECT source_id, id, name FROM tag_sources JOIN tags ON id = tag_id"
        " WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY name, id",
        (json.dumps(list(found)),),
    )
    for row in rows:
        found[row["source_id"]].append(describe_tag(row))
    return found
