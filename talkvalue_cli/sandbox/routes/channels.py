"""`/path/channel`: list, create, replace, delete (section 6 of the API reference)."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from flask import Blueprint, Response, g

from .. import timestamps
from ..fields import Fields, read_json_object
from ..problems import Problem
from ..store import Store

MAX_NAME = 200
MAX_LABEL = 100

CHANNEL_SQL = """
    SELECT id, name, icon, color, created_at,
           (SELECT COUNT(*) FROM channel_people WHERE channel_id = channels.id) AS people
    FROM channels WHERE organization_id = ?"""


def describe_channel(row: sqlite3.Row) -> dict[str, Any]:
    """Return a channel as it travels; tags are always empty, this sandbox has none."""
    return {
        "id": row["id"],
        "name": row["name"],
        "icon": row["icon"],
        "color": row["color"],
        "peopleCount": row["people"],
        "tags": [],
        "createdAt": row["created_at"],
    }


def find_channel(connection: sqlite3.Connection, channel_id: int) -> sqlite3.Row:
    """Return the channel of this organization; raises the 404."""
    row = connection.execute(
        f"{CHANNEL_SQL} AND id = ?", (g.organization_id, channel_id)
    ).fetchone()
    if row is None:
        raise Problem(404, f"Channel {channel_id} does not exist.")
    return cast(sqlite3.Row, row)


def _read_body() -> tuple[str, str | None, str | None]:
    fields = Fields(read_json_object())
    name = fields.take_text("name", MAX_NAME).strip()
    icon = fields.take_optional_text("icon", MAX_LABEL)
    color = fields.take_optional_text("color", MAX_LABEL)
    fields.finish()
    return name, icon, color


def _refuse_name(name: str) -> Problem:
    return Problem(409, f'A channel named "{name}" exists already.')


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of channels, kept in `store`."""
    blueprint = Blueprint("channels", __name__)

    @blueprint.get("/path/channel")
    def list_channels() -> list[dict[str, Any]]:
        rows = store.connect().execute(f"{CHANNEL_SQL} ORDER BY id", (g.organization_id,))
        return [describe_channel(row) for row in rows]

    @blueprint.post("/path/channel")
    def create_channel() -> dict[str, Any]:
        name, icon, color = _read_body()
        with store.write() as connection:
            try:
                cursor = connection.execute(
                    "INSERT INTO channels (organization_id, name, icon, color, created_at)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (g.organization_id, name, icon, color, timestamps.read_clock()),
                )
            except sqlite3.IntegrityError:
                raise _refuse_name(name) from None
            return describe_channel(find_channel(connection, cast(int, cursor.lastrowid)))

    @blueprint.put("/path/channel/<id:channel_id>")
    def replace_channel(channel_id: int) -> dict[str, Any]:
        name, icon, color = _read_body()
        with store.write() as connection:
            find_channel(connection, channel_id)
            try:
                connection.execute(
                    "UPDATE channels SET name = ?, icon = ?, color = ? WHERE id = ?",
                    (name, icon, color, channel_id),
                )
            except sqlite3.IntegrityError:
                raise _refuse_name(name) from None
            return describe_channel(find_channel(connection, channel_id))

    @blueprint.delete("/path/channel/<id:channel_id>")
    def delete_channel(channel_id: int) -> Response:
        with store.write() as connection:
            find_channel(connection, channel_id)
            connection.execute("DELETE FROM channels WHERE id = ?", (channel_id,))
        return Response(status=200)

    return blueprint
