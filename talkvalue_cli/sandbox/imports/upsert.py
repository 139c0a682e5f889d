"""Writing one batch of import rows: people, memberships, counters, rejected rows.

Everything of a batch is one transaction, the position in the file included, so that a process
killed at any moment leaves no row counted twice and no row lost.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..people import activity, companies, lookup
from .validation import Rejection, Values

COLUMNS = {
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "NAME": "name",
    "PHONE": "phone",
    "JOB_TITLE": "job_title",
    "COMPANY_NAME": "company_name",
    "ADDRESS": "address",
    "LINKEDIN_URL": "linkedin_url",
    "X_URL": "x_url",
}
NEW_PERSON_SQL = (
    "INSERT INTO people (id, organization_id, email, email_key, company_id, created_at,"
    " updated_at, "
    + ", ".join(COLUMNS.values())
    + f") VALUES ({', '.join('?' * (7 + len(COLUMNS)))})"
)
# COALESCE: an empty cell does not erase what is known.
UPDATE_PERSON_SQL = (
    "UPDATE people SET updated_at = ?, "
    + ", ".join(f"{column} = COALESCE(?, {column})" for column in COLUMNS.values())
    + " WHERE id = ?"
)
MEMBER_SQL = "INSERT INTO channel_people VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
DATED_MEMBER_SQL = """INSERT INTO channel_people VALUES (?, ?, ?)
    ON CONFLICT (channel_id, person_id) DO UPDATE SET joined_at = excluded.joined_at"""
COUNT_SQL = """UPDATE imports SET
    processed_rows = processed_rows + ?, new_count = new_count + ?,
    updated_count = updated_count + ?, duplicated_count = duplicated_count + ?,
    skip_count = skip_count + ?, failed_count = failed_count + ? WHERE id = ?"""
REJECT_SQL = """INSERT INTO import_rejects
    (job_id, row_num, error_code, error_message, raw_value, cells) VALUES (?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True)
class Target:
    """Where the people of a job go, and under which rule."""

    job_id: int
    organization_id: int
    channel_id: int
    mode: str


@dataclass
class Batch:
    """Checked rows, in file order: accepted values and rejected rows with their numbers."""

    accepted: list[Values] = field(default_factory=list)
    rejected: list[tuple[int, Rejection, Sequence[str]]] = field(default_factory=list)


@dataclass
class _Plan:
    """What a batch writes, as rows for executemany."""

    people: list[tuple[object, ...]] = field(default_factory=list)
    updates: list[tuple[object, ...]] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    members: list[tuple[object, ...]] = field(default_factory=list)
    dated_members: list[tuple[object, ...]] = field(default_factory=list)
    seen: list[tuple[int, int]] = field(default_factory=list)
    duplicated: int = 0
    skipped: int = 0


def write_batch(connection: sqlite3.Connection, target: Target, batch: Batch, now: str) -> None:
    """Write a batch and move the job's counters; inside a write transaction of the caller.

    now: ISO 8601 UTC; becomes the joining time of a row that has none.
    """
    plan = _plan_batch(connection, target, batch.accepted, now)
    connection.executemany(NEW_PERSON_SQL, plan.people)
    connection.executemany(UPDATE_PERSON_SQL, plan.updates)
    activity.add_import_changes(connection, plan.updated, plan.known, target.channel_id, now)
    connection.executemany(MEMBER_SQL, plan.members)
    connection.executemany(DATED_MEMBER_SQL, plan.dated_members)
    connection.executemany("INSERT INTO import_seen VALUES (?, ?)", plan.seen)
    connection.executemany(
        REJECT_SQL,
        (
            (target.job_id, number, why.code, why.message, why.raw_value, _encode_cells(cells))
            for number, why, cells in batch.rejected
        ),
    )
    rejected = len(batch.rejected)
    counts = (len(plan.people), len(plan.updates), plan.duplicated, plan.skipped, rejected)
    connection.execute(COUNT_SQL, (len(batch.accepted) + rejected, *counts, target.job_id))


def _plan_batch(
    connection: sqlite3.Connection, target: Target, rows: Sequence[Values], now: str
) -> _Plan:
    """Decide for each row whether it is new, a duplicate, skipped or an update.

    A repeated e-mail inside the file is a duplicate and changes nothing. In SKIP mode an
    existing person stays untouched but still becomes a member of the channel.
    """
    keys = [row["EMAIL"].lower() for row in rows]
    known = lookup.find_people(connection, target.organization_id, keys)
    seen = _find_seen(connection, target.job_id, known.values())
    domains = {key: key.rpartition("@")[2] for key in keys if key not in known}
    company_ids = companies.find_or_add_companies(
        connection, target.organization_id, domains.values()
    )
    next_id = lookup.take_person_id(connection)
    plan = _Plan()
    for row, key in zip(rows, keys, strict=True):
        person_id = known.get(key)
        if person_id is not None and person_id in seen:
            plan.duplicated += 1
            continue
        details = tuple(map(row.get, COLUMNS))
        joined_at = row.get("JOINED_AT")
        if person_id is None:
            person_id = known[key] = next_id
            next_id += 1
            company_id = company_ids[domains[key]]
            person = (person_id, target.organization_id, row["EMAIL"], key, company_id, now, now)
            plan.people.append((*person, *details))
        else:
            plan.known.append(person_id)
            if target.mode == "UPDATE":
                plan.updated.append(person_id)
                plan.updates.append((now, *details, person_id))
            else:
                plan.skipped += 1
                joined_at = None
        seen.add(person_id)
        plan.seen.append((target.job_id, person_id))
        members = plan.members if joined_at is None else plan.dated_members
        members.append((target.channel_id, person_id, joined_at or now))
    return plan


def _encode_cells(cells: Sequence[str]) -> str:
    return json.dumps(cells, ensure_ascii=False)


def _find_seen(connection: sqlite3.Connection, job_id: int, people: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in lookup.split_keys(people):
        marks = ",".join("?" * len(part))
        found.update(
            row[0]
            for row in connection.execute(
                f"SELECT person_id FROM import_seen WHERE job_id = ? AND person_id IN ({marks})",
                (job_id, *part),
            )
        )
    return found
