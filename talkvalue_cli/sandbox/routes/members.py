"""The people of a channel, event or company: list, export, add (sections 6, 10 and 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from ..db.store import Transaction
from ..people import listing, person_changes, person_detail
from ..people.bodies import NewPerson
from ..people.people_filters import FILTERS, Scope
from ..web.answers import make_csv
from ..web.query import read_page
from .operations import Operations, with_article

Find = Callable[[Transaction, int], object]


def add_members(operations: Operations, kind: str, find: Find, *, can_grow: bool = True) -> None:
    """Add the operations on people of the `kind` that is in the path.

    find: (transaction, id); raises the 404. can_grow: whether there is one that adds somebody.
    """
    path, name = f"/path/{kind}/{{{kind}Id}}/person", kind.capitalize()
    summary = f"The people of {with_article(kind)}"
    filters = tuple(each for each in FILTERS if each != f"{kind}Id")
    # an event has what people said of themselves when they registered
    is_event = kind == "event"
    add = person_changes.add_changed_person if is_event else person_changes.add_person

    @operations.add(
        f"GET {path}", "PersonPage", 404, query=filters, name=f"list{name}People", summary=summary
    )
    def list_members(tx: Transaction, parent_id: int) -> dict[str, Any]:
        page = read_page()
        find(tx, parent_id)
        return listing.list_people(tx, Scope(tx.organization_id, kind, parent_id), page)

    if can_grow:

        @operations.add(
            f"POST {path}", "PersonDetail", 404, body=NewPerson, name=f"add{name}Person"
        )
        def add_member(tx: Transaction, parent_id: int, person: NewPerson) -> dict[str, Any]:
            """Add a person by e-mail address."""
            find(tx, parent_id)
            person_id = add(tx, kind, parent_id, person)
            return person_detail.describe_person(tx, person_id)

    @operations.add(f"GET {path}/export", "CSV", 404, name=f"export{name}People", summary=summary)
    def export_members(tx: Transaction, parent_id: int) -> Response:
        find(tx, parent_id)
        pieces = listing.stream_people(tx, Scope(tx.organization_id, kind, parent_id))
        return make_csv(pieces, f"{kind}-{parent_id}-people.csv")
