"""The people of a channel, event or company: list, export, add (sections 6, 10 and 11)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g

from ..db.store import Store
from ..people import listing, people_export, person_changes, person_detail
from ..people.bodies import NewPerson
from ..people.people_filters import Scope, accept_filters
from ..web import bodies
from ..web.answers import make_csv
from ..web.query import read_page

Find = Callable[[sqlite3.Connection, int, int], sqlite3.Row]


def add_list(blueprint: Blueprint, store: Store, kind: str, find: Find) -> None:
    """Add the list and the export of those whose `kind` is the one in the path.

    find: (connection, organization, id) -> row; raises the 404.
    """

    @blueprint.get(f"/path/{kind}/<id:parent_id>/person")
    @accept_filters(kind)
    def list_members(parent_id: int) -> dict[str, Any]:
        page = read_page()
        with store.read() as connection:
            find(connection, g.organization_id, parent_id)
            return listing.list_people(connection, Scope(g.organization_id, kind, parent_id), page)

    @blueprint.get(f"/path/{kind}/<id:parent_id>/person/export")
    def export_members(parent_id: int) -> Response:
        find(store.connect(), g.organization_id, parent_id)
        pieces = people_export.stream_people(store, Scope(g.organization_id, kind, parent_id))
        return make_csv(pieces, f"{kind}-{parent_id}-people.csv")


def add_create(blueprint: Blueprint, store: Store, kind: str, find: Find) -> None:
    """Add the route that makes somebody a member; `find` as in `add_list`."""

    @blueprint.post(f"/path/{kind}/<id:source_id>/person")
    def create_member(source_id: int) -> dict[str, Any]:
        person = bodies.read_body(NewPerson)
        organization_id = g.organization_id
        with store.write() as connection:
            find(connection, organization_id, source_id)
            person_id = person_changes.add_person(
                connection, organization_id, kind, source_id, person, g.now
            )
            return person_detail.describe_person(connection, organization_id, person_id)
