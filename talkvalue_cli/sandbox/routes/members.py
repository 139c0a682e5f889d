"""The people of a channel, event or company: list, export, add (sections 6, 10 and 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g

from ..db.store import Transaction
from ..people import listing, people_export, person_changes, person_detail
from ..people.bodies import NewPerson
from ..people.people_filters import Scope, accept_filters
from ..web import bodies
from ..web.answers import make_csv
from ..web.query import read_page
from .request_store import RequestStore

Find = Callable[[Transaction, int], object]


def add_list(blueprint: Blueprint, store: RequestStore, kind: str, find: Find) -> None:
    """Add the list and the export of those whose `kind` is the one in the path.

    find: (transaction, id); raises the 404.
    """

    @blueprint.get(f"/path/{kind}/<id:parent_id>/person")
    @accept_filters(kind)
    def list_members(parent_id: int) -> dict[str, Any]:
        page = read_page()
        with store.read() as tx:
            find(tx, parent_id)
            return listing.list_people(tx, Scope(g.organization_id, kind, parent_id), page)

    @blueprint.get(f"/path/{kind}/<id:parent_id>/person/export")
    def export_members(parent_id: int) -> Response:
        with store.read() as tx:
            find(tx, parent_id)
        pieces = people_export.stream_people(store.store, Scope(g.organization_id, kind, parent_id))
        return make_csv(pieces, f"{kind}-{parent_id}-people.csv")


def add_create(blueprint: Blueprint, store: RequestStore, kind: str, find: Find) -> None:
    """Add the route that makes somebody a member; `find` as in `add_list`."""

    @blueprint.post(f"/path/{kind}/<id:source_id>/person")
    def create_member(source_id: int) -> dict[str, Any]:
        person = bodies.read_body(NewPerson)
        with store.write() as tx:
            find(tx, source_id)
            person_id = person_changes.add_person(tx, kind, source_id, person)
            return person_detail.describe_person(tx, person_id)
