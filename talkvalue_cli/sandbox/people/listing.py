"""People as lists and their CSV show them (section 9)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from ..db.store import Transaction
from ..web.answers import encode_csv, pick
from ..web.problems import found
from ..web.query import Page
from . import people_filters
from .people_filters import Scope

SOURCES_SQL = """
    SELECT person_id, {kind}s.*, joined_at FROM {kind}_people JOIN {kind}s ON id = {kind}_id
    WHERE person_id IN (SELECT value FROM json_each(?)) ORDER BY joined_at, id"""
EXPORT_COLUMNS = {
    "Person ID": "id", "Email": "email", "Name": "full_name", "First Name": "first_name",
    "Last Name": "last_name", "Phone": "phone", "Company": "company", "Job Title": "job_title",
    "Address": "address", "LinkedIn URL": "linkedin_url", "X URL": "x_url",
    "Joined At": "joined_at", "Created At": "created_at",
}  # fmt: skip


def find_person(tx: Transaction, person_id: int) -> sqlite3.Row:
    """Return a person of an organization; raises the 404."""
    sql = "SELECT * FROM persons WHERE organization_id = ? AND id = ?"
    return found(tx.find(sql, tx.organization_id, person_id), f"Person {person_id}")


def list_people(tx: Transaction, scope: Scope, page: Page) -> dict[str, Any]:
    """Return the page of people that the query of this request asks for."""
    condition, values = scope.make_condition()
    filters, more = people_filters.read_filters()
    order = people_filters.read_order()
    columns = f"people.*, {scope.joined_sql} AS joined_at"
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

    A name of their own takes precedence over that of the company, and can be changed.
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


def stream_people(tx: Transaction, scope: Scope) -> Iterator[bytes]:
    """Yield the CSV in pieces, ordered by id; analyze recognizes its columns."""
    yield encode_csv([list(EXPORT_COLUMNS)])
    condition, values = scope.make_condition()
    id_sql = f"{scope.kind}_people.person_id" if scope.is_source else "people.id"
    page_sql = (
        f"SELECT people.*, {scope.joined_sql} AS joined_at FROM {scope.tables}"
        f" WHERE {condition} AND {id_sql} > ? ORDER BY {id_sql} LIMIT ?"
    )
    for rows in tx.fetch_pages(page_sql, values, "id"):
        yield encode_csv([row[column] for column in EXPORT_COLUMNS.values()] for row in rows)
