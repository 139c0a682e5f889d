"""`/path/person`: list, look at, change, remove, merge, activity, export (section 9)."""

from __future__ import annotations

from typing import Any

from flask import Response

from ..db.store import Transaction
from ..people import activity, listing, merges, person_changes, person_detail
from ..people.bodies import UpdatePerson
from ..people.people_filters import FILTERS, Scope
from ..web.answers import make_csv
from ..web.query import read_id, read_page, read_page_size
from .operations import Operations

PEOPLE = Operations()


@PEOPLE.add("GET /path/person", "PersonPage", query=FILTERS)
def list_people(tx: Transaction) -> dict[str, Any]:
    """All people."""
    return listing.list_people(tx, Scope(tx.organization_id), read_page())


@PEOPLE.add("GET /path/person/export", "CSV")
def export_people(tx: Transaction) -> Response:
    """All people."""
    return make_csv(listing.stream_people(tx, Scope(tx.organization_id)), "people.csv")


@PEOPLE.add("GET /path/person/{id}", "PersonDetail", 404)
def show_person(tx: Transaction, person_id: int) -> dict[str, Any]:
    """One person."""
    return person_detail.describe_person(tx, person_id)


@PEOPLE.add("PATCH /path/person/{id}", "PersonDetail", 404, 409, body=UpdatePerson)
def update_person(tx: Transaction, person_id: int, changes: UpdatePerson) -> dict[str, Any]:
    """Change a person; null clears."""
    person_changes.update_person(tx, person_id, changes)
    return person_detail.describe_person(tx, person_id)


@PEOPLE.add("DELETE /path/person/{id}", "-", 404)
def delete_person(tx: Transaction, person_id: int) -> None:
    """Delete a person."""
    person_changes.remove_person(tx, person_id)


@PEOPLE.add("POST /path/person/{sourceId}/merge/{targetId}", "PersonDetail", 404)
def merge_people(tx: Transaction, source_id: int, target_id: int) -> dict[str, Any]:
    """Make the source part of the target."""
    merges.merge_people(tx, source_id, target_id)
    return person_detail.describe_person(tx, target_id)


@PEOPLE.add("POST /path/person/merge/{mergeOperationId}/undo", "-", 404, 409)
def undo_merge(tx: Transaction, merge_id: int) -> None:
    """Restore the source of a merge."""
    merges.undo_merge(tx, merge_id)


@PEOPLE.add("GET /path/person/{personId}/activity", "Activity", 404, query=("cursor", "pageSize"))
def list_activity(tx: Transaction, person_id: int) -> dict[str, Any]:
    """What happened to a person, newest first."""
    cursor, size = read_id("cursor"), read_page_size()
    return activity.list_entries(tx, listing.find_person(tx, person_id), cursor, size)
