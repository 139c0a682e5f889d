"""`/path/channel` and `/path/event`: list, create, replace, delete, and their people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ..db.store import Transaction
from ..people import sources
from ..people.bodies import ChannelBody, EventBody
from ..people.sources import Kind
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem
from . import members
from .request_store import RequestStore


def make_blueprint(
    store: RequestStore, kind: Kind, body_type: type[ChannelBody] | type[EventBody]
) -> Blueprint:
    """Return the routes of channels or events, kept in `store`."""
    blueprint = Blueprint(f"{kind.name}s", __name__)
    article = "An" if kind is sources.EVENT else "A"

    def find(tx: Transaction, source_id: int) -> object:
        return sources.find_source(tx, kind, source_id)

    def refuse_name(name: str) -> Problem:
        return Problem(409, f'{article} {kind.name} named "{name}" exists already.')

    members.add_list(blueprint, store, kind.name, find)
    members.add_create(blueprint, store, kind.name, find)

    @blueprint.get(f"/path/{kind.name}")
    def list_sources() -> list[dict[str, Any]]:
        with store.read() as tx:
            return sources.list_sources(tx, kind)

    @blueprint.post(f"/path/{kind.name}")
    def create_source() -> dict[str, Any]:
        body = bodies.read_body(body_type)
        with store.write(refuse_name(body.name)) as tx:
            source_id = sources.add_source(tx, kind, **body.columns)
            return sources.describe_source(tx, kind, source_id)

    @blueprint.put(f"/path/{kind.name}/<id:source_id>")
    def replace_source(source_id: int) -> dict[str, Any]:
        body = bodies.read_body(body_type)
        with store.write(refuse_name(body.name)) as tx:
            find(tx, source_id)
            tx.update(f"{kind.name}s", source_id, **body.columns)
            return sources.describe_source(tx, kind, source_id)

    @blueprint.delete(f"/path/{kind.name}/<id:source_id>")
    def delete_source(source_id: int) -> Response:
        with store.write() as tx:
            find(tx, source_id)
            sources.remove_source(tx, kind.name, source_id)
        return make_empty()

    return blueprint
