"""`/path/channel`: list, create, replace, delete, and its people (section 6)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from msgspec.structs import asdict

from ..db.store import Transaction
from ..people import channels, sources
from ..people.bodies import ChannelBody
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem
from . import members
from .request_store import RequestStore


def _refuse_name(body: ChannelBody) -> Problem:
    return Problem(409, f'A channel named "{body.name}" exists already.')


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of channels, kept in `store`."""
    blueprint = Blueprint("channels", __name__)
    members.add_list(blueprint, store, "channel", channels.find_channel)
    members.add_create(blueprint, store, "channel", channels.find_channel)

    def describe(tx: Transaction, channel_id: int) -> dict[str, Any]:
        return channels.describe_channels(tx, [channels.find_channel(tx, channel_id)])[0]

    @blueprint.get("/path/channel")
    def list_channels() -> list[dict[str, Any]]:
        with store.read() as tx:
            return channels.describe_channels(tx, channels.list_channels(tx))

    @blueprint.post("/path/channel")
    def create_channel() -> dict[str, Any]:
        body = bodies.read_body(ChannelBody)
        with store.write(_refuse_name(body)) as tx:
            return describe(tx, sources.add_source(tx, "channels", **asdict(body)))

    @blueprint.put("/path/channel/<id:channel_id>")
    def replace_channel(channel_id: int) -> dict[str, Any]:
        body = bodies.read_body(ChannelBody)
        with store.write(_refuse_name(body)) as tx:
            channels.find_channel(tx, channel_id)
            tx.update("channels", channel_id, **asdict(body))
            return describe(tx, channel_id)

    @blueprint.delete("/path/channel/<id:channel_id>")
    def delete_channel(channel_id: int) -> Response:
        with store.write() as tx:
            channels.find_channel(tx, channel_id)
            sources.remove_source(tx, "channel", channel_id)
        return make_empty()

    return blueprint
