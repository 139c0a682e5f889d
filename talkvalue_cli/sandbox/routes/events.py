"""`/path/event`: list, create, replace, delete, and its people (section 10)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ..db.store import Transaction
from ..people import events, sources
from ..people.bodies import EventBody
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem
from . import members
from .request_store import RequestStore


def _refuse_name(body: EventBody) -> Problem:
    return Problem(409, f'An event named "{body.name}" exists already.')


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of events, kept in `store`."""
    blueprint = Blueprint("events", __name__)
    members.add_list(blueprint, store, "event", events.find_event)
    members.add_create(blueprint, store, "event", events.find_event)

    def describe(tx: Transaction, event_id: int) -> dict[str, Any]:
        return events.describe_events(tx, [events.find_event(tx, event_id)])[0]

    @blueprint.get("/path/event")
    def list_events() -> list[dict[str, Any]]:
        with store.read() as tx:
            return events.describe_events(tx, events.list_events(tx))

    @blueprint.post("/path/event")
    def create_event() -> dict[str, Any]:
        body = bodies.read_body(EventBody)
        with store.write(_refuse_name(body)) as tx:
            return describe(tx, sources.add_source(tx, "events", **body.columns))

    @blueprint.put("/path/event/<id:event_id>")
    def replace_event(event_id: int) -> dict[str, Any]:
        body = bodies.read_body(EventBody)
        with store.write(_refuse_name(body)) as tx:
            events.find_event(tx, event_id)
            tx.update("events", event_id, **body.columns)
            return describe(tx, event_id)

    @blueprint.delete("/path/event/<id:event_id>")
    def delete_event(event_id: int) -> Response:
        with store.write() as tx:
            events.find_event(tx, event_id)
            sources.remove_source(tx, "event", event_id)
        return make_empty()

    return blueprint
