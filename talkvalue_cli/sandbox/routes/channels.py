"""`/path/channel`: list, create, replace, delete, and its people (section 6)."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from flask import Blueprint, Response, g

from ..db.store import Store
from ..people import sources, tags
from ..web import timestamps
from ..web.answers import make_empty
from ..web.fields import Fields, read_json_object
from ..web.problems import Problem
from . import members

MAX_NAME = 200
MAX_LABEL = 100

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

    def find(connection: sqlite3.Connection, organization_id: int, channel_id: int) -> sqlite3.Row:
        return find_channel(connection, channel_id)

    def describe(connection: sqlite3.Connection, channel_id: int) -> dict[str, Any]:
        return describe_channels(connection, [find_channel(connection, channel_id)])[0]

    members.add_list(blueprint, store, "channel", find)
    members.add_create(blueprint, store, "channel", find)

    @blueprint.get("/path/channel")
    def list_channels() -> list[dict[str, Any]]:
        with store.read() as connection:
            rows = connection.execute(f"{CHANNEL_SQL} ORDER BY id", (g.organization_id,))
            return describe_channels(connection, rows.fetchall())

    @blueprint.post("/path/channel")
    def create_channel() -> dict[str, Any]:
        name, icon, color = _read_body()
        with store.write() as connection:
            channel_id = sources.take_id(connection, "channels")
            try:
                connection.execute(
                    "INSERT INTO channels (id, organization_id, name, icon, color, created_at)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (channel_id, g.organization_id, name, icon, color, timestamps.read_clock()),
                )
            except sqlite3.IntegrityError:
                raise _refuse_name(name) from None
            return describe(connection, channel_id)

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
            return describe(connection, channel_id)

    @blueprint.delete("/path/channel/<id:channel_id>")
    def delete_channel(channel_id: int) -> Response:
        with store.write() as connection:
            find_channel(connection, channel_id)
            sources.remove_source(connection, "channel", channel_id, timestamps.read_clock())
        return make_empty()

    return blueprint
