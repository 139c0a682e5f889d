"""`/path/channel`: list, create, replace, delete, and its people (section 6)."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, Response, g

from ..db.store import Store
from ..people import channels, sources
from ..people.bodies import ChannelBody
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem
from . import members


def _refuse_name(name: str) -> Problem:
    return Problem(409, f'A channel named "{name}" exists already.')


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of channels, kept in `store`."""
    blueprint = Blueprint("channels", __name__)

    def describe(connection: sqlite3.Connection, channel_id: int) -> dict[str, Any]:
        row = channels.find_channel(connection, g.organization_id, channel_id)
        return channels.describe_channels(connection, [row])[0]

    members.add_list(blueprint, store, "channel", channels.find_channel)
    members.add_create(blueprint, store, "channel", channels.find_channel)

    @blueprint.get("/path/channel")
    def list_channels() -> list[dict[str, Any]]:
        with store.read() as connection:
            rows = connection.execute(f"{channels.CHANNEL_SQL} ORDER BY id", (g.organization_id,))
            return channels.describe_channels(connection, rows.fetchall())

    @blueprint.post("/path/channel")
    def create_channel() -> dict[str, Any]:
        body = bodies.read_body(ChannelBody)
        with store.write() as connection:
            channel_id = sources.take_id(connection, "channels")
            try:
                connection.execute(
                    "INSERT INTO channels (id, organization_id, name, icon, color, created_at)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        channel_id,
                        g.organization_id,
                        body.name,
                        body.icon,
                        body.color,
                        g.now,
                    ),
                )
            except sqlite3.IntegrityError:
                raise _refuse_name(body.name) from None
            return describe(connection, channel_id)

    @blueprint.put("/path/channel/<id:channel_id>")
    def replace_channel(channel_id: int) -> dict[str, Any]:
        body = bodies.read_body(ChannelBody)
        with store.write() as connection:
            channels.find_channel(connection, g.organization_id, channel_id)
            try:
                connection.execute(
                    "UPDATE channels SET name = ?, icon = ?, color = ? WHERE id = ?",
                    (body.name, body.icon, body.color, channel_id),
                )
            except sqlite3.IntegrityError:
                raise _refuse_name(body.name) from None
            return describe(connection, channel_id)

    @blueprint.delete("/path/channel/<id:channel_id>")
    def delete_channel(channel_id: int) -> Response:
        with store.write() as connection:
            channels.find_channel(connection, g.organization_id, channel_id)
            sources.remove_source(connection, "channel", channel_id, g.now)
        return make_empty()

    return blueprint
