"""`/path/event`: list, create, replace, delete, and its people (section 10)."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, Response, g

from ..db.store import Store
from ..people import events, sources
from ..people.bodies import EventBody
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem
from . import members

INSERT_SQL = """INSERT INTO events (id, organization_id, created_at, name, time_zone, start_at,
    end_at, location) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
UPDATE_SQL = """UPDATE events SET name = ?, time_zone = ?, start_at = ?, end_at = ?,
    location = ? WHERE id = ?"""


def _refuse_name(name: str) -> Problem:
    return Problem(409, f'An event named "{name}" exists already.')


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of events, kept in `store`."""
    blueprint = Blueprint("events", __name__)
    members.add_list(blueprint, store, "event", events.find_event)
    members.add_create(blueprint, store, "event", events.find_event)

    def describe(connection: sqlite3.Connection, event_id: int) -> dict[str, Any]:
        row = events.find_event(connection, g.organization_id, event_id)
        return events.describe_events(connection, [row])[0]

    @blueprint.get("/path/event")
    def list_events() -> list[dict[str, Any]]:
        with store.read() as connection:
            sql = f"{events.EVENT_SQL} ORDER BY id"
            rows = connection.execute(sql, (g.organization_id,)).fetchall()
            return events.describe_events(connection, rows)

    @blueprint.post("/path/event")
    def create_event() -> dict[str, Any]:
        body = bodies.read_body(EventBody)
        with store.write() as connection:
            event_id = sources.take_id(connection, "events")
            values = (event_id, g.organization_id, g.now, *body.values)
            try:
                connection.execute(INSERT_SQL, values)
            except sqlite3.IntegrityError:
                raise _refuse_name(body.name) from None
            return describe(connection, event_id)

    @blueprint.put("/path/event/<id:event_id>")
    def replace_event(event_id: int) -> dict[str, Any]:
        body = bodies.read_body(EventBody)
        with store.write() as connection:
            events.find_event(connection, g.organization_id, event_id)
            try:
                connection.execute(UPDATE_SQL, (*body.values, event_id))
            except sqlite3.IntegrityError:
                raise _refuse_name(body.name) from None
            return describe(connection, event_id)

    @blueprint.delete("/path/event/<id:event_id>")
    def delete_event(event_id: int) -> Response:
        with store.write() as connection:
            events.find_event(connection, g.organization_id, event_id)
            sources.remove_source(connection, "event", event_id, g.now)
        return make_empty()

    return blueprint
