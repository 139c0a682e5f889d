"""People as lists show them (section 9)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import found
from ..web.query import Page
from . import people_filters
from .people_filters import COMPANY_SQL, NAME_SQL, Scope

COLUMNS_SQL = f"""people.*, {NAME_SQL} AS full_name, {COMPANY_SQL} AS company,
    (SELECT domain FROM companies WHERE companies.id = people.company_id) AS company_domain"""
SOURCES_SQL = """
    SELECT person_id, {kind}s.*, joined_at FROM {kind}_people JOIN {kind}s ON id = {kind}_id
    WHERE person_id IN (SELECT value FROM json_each(?)) ORDER BY joined_at, id"""


def find_person(tx: Transaction, person_id: int) -> sqlite3.Row:
    """Return a person of an organization with what COLUMNS_SQL adds; raises the 404."""
    sql = f"SELECT {COLUMNS_SQL} FROM people WHERE organization_id = ? AND id = ?"
    return found(tx.find(sql, tx.organization_id, person_id), f"Person {person_id}")


def list_people(tx: Transaction, scope: Scope, page: Page) -> dict[str, Any]:
    """Return the page of people that the query of this request asks for."""
    condition, values = scope.make_condition()
    filters, more = people_filters.read_filters()
    order = people_filters.read_order()
    columns = f"{COLUMNS_SQL}, {scope.joined_sql} AS joined_at"
    source = f"{scope.tables} WHERE {condition}{filters}"
    rows, total = page.fetch(tx, columns, source, order, values + more)
    ids = [row["id"] for row in rows]
    channels = list_sources(tx, "channel", ids)
    events = list_sources(tx, "event", ids)
    content = [_describe(row, channels[row["id"]], events[row["id"]]) for row in rows]
    return page.describe(content, total)


def list_sources(tx: Transaction, kind: str, person_ids: list[int]) -> dict[int, list[sqlite3.Row]]:
    """Return person -> their channels or events, in the order of joining."""
    found: dict[int, list[sqlite3.Row]] = {person_id: [] for person_id in person_ids}
    for row in tx.execute(SOURCES_SQL.format(kind=kind), (json.dumps(person_ids),)):
        found[row["person_id"]].append(row)
    return found


def describe_company(row: sqlite3.Row) -> dict[str, Any] | None:
    """Return the company of a person, None when there is none.

    A name of the person's own goes before that of the company, and can be changed with them.
    """
    if row["company_id"] is None and row["company"] is None:
        return None
    return {
        **pick(row, "id=company_id domain=company_domain displayName=company"),
        "nameUpdatable": row["company_name"] is not None,
    }


def _describe(
    row: sqlite3.Row, channels: list[sqlite3.Row], events: list[sqlite3.Row]
) -> dict[str, Any]:
    return {
        **pick(row, "id name=full_name primaryEmail=email primaryPhone=phone"),
        "company": describe_company(row),
        "jobTitle": row["job_title"],
        "channels": [pick(channel, "id name icon joinedAt") for channel in channels],
        "events": [pick(event, "id name joinedAt") for event in events],
        **pick(row, "joinedAt createdAt"),
    }
