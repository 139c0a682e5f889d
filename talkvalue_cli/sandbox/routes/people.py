"""`/path/person`: list, look at, change, remove, merge, activity, export (section 9)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g

from ..people import (
    activity,
    listing,
    merges,
    people_export,
    person_changes,
    person_detail,
    unmerges,
)
from ..people.bodies import UpdatePerson
from ..people.people_filters import Scope, accept_filters
from ..web import bodies
from ..web.answers import make_csv, make_empty
from ..web.query import (
    DEFAULT_PAGE_SIZE,
    LARGEST_PAGE_SIZE,
    accept_query,
    read_id,
    read_page,
    read_query_int,
)
from .request_store import RequestStore


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of people, kept in `store`."""
    blueprint = Blueprint("people", __name__)

    @blueprint.get("/path/person")
    @accept_filters(None)
    def list_people() -> dict[str, Any]:
        page = read_page()
        with store.read() as tx:
            return listing.list_people(tx, Scope(g.organization_id), page)

    @blueprint.get("/path/person/<id:person_id>")
    def show_person(person_id: int) -> dict[str, Any]:
        with store.read() as tx:
            return person_detail.describe_person(tx, person_id)

    @blueprint.patch("/path/person/<id:person_id>")
    def update_person(person_id: int) -> dict[str, Any]:
        changes = bodies.read_body(UpdatePerson)
        with store.write() as tx:
            person_changes.update_person(tx, person_id, changes)
            return person_detail.describe_person(tx, person_id)

    @blueprint.delete("/path/person/<id:person_id>")
    def remove_person(person_id: int) -> Response:
        with store.write() as tx:
            person_changes.remove_person(tx, person_id)
        return make_empty()

    @blueprint.post("/path/person/<id:source_id>/merge/<id:target_id>")
    def merge_people(source_id: int, target_id: int) -> dict[str, Any]:
        with store.write() as tx:
            merges.merge_people(tx, source_id, target_id)
            return person_detail.describe_person(tx, target_id)

    @blueprint.post("/path/person/merge/<id:merge_id>/undo")
    def undo_merge(merge_id: int) -> Response:
        with store.write() as tx:
            unmerges.undo_merge(tx, merge_id)
        return make_empty()

    @blueprint.get("/path/person/<id:person_id>/activity")
    @accept_query("cursor", "pageSize")
    def list_activity(person_id: int) -> dict[str, Any]:
        cursor = read_id("cursor")
        size = read_query_int("pageSize", DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)
        with store.read() as tx:
            person = listing.find_person(tx, person_id)
            return activity.list_entries(tx, person, cursor, size)

    @blueprint.get("/path/person/export")
    def export_people() -> Response:
        pieces = people_export.stream_people(store.store, Scope(g.organization_id))
        return make_csv(pieces, "people.csv")

    return blueprint
