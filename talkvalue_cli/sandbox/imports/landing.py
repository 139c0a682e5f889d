"""Landing rows that were put aside: people, memberships, activity.

That begins when a job cannot fail any more, goes on batch by batch, and is taken up again by
the next process where this one was killed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..db.store import Transaction
from ..people import activity, companies, lookup
from .staging import Target
from .suggestions import TARGET_FIELDS
from .validation import Values

COLUMNS = {field: field.lower() for field in TARGET_FIELDS if field not in ("EMAIL", "JOINED_AT")}
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
BATCHES_SQL = "SELECT id, known, content FROM import_batches WHERE job_id = ? ORDER BY id"
# The people of some rows came or went since these were checked.
CORRECT_SQL = """UPDATE imports SET new_count = new_count - ?1,
    updated_count = updated_count + ?1 * (mode = 'UPDATE'),
    skip_count = skip_count + ?1 * (mode <> 'UPDATE') WHERE id = ?2"""


@dataclass
class _Plan:
    """What rows write, for executemany."""

    people: list[tuple[object, ...]] = field(default_factory=list)
    updates: list[tuple[object, ...]] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    members: list[tuple[object, ...]] = field(default_factory=list)
    dated_members: list[tuple[object, ...]] = field(default_factory=list)


def land_rows(tx: Transaction, target: Target, most: int) -> int:
    """Land about `most` rows that were put aside, and return their number; 0 when none is left.

    Inside a write transaction of the caller, whose time becomes the joining time of a row that
    has none. A channel that was deleted since gets no members.
    """
    rows: list[Values] = []
    known = 0
    for batch in tx.execute(BATCHES_SQL, (target.job_id,)):
        rows += json.loads(batch["content"])
        known += batch["known"]
        last = batch["id"]
        if len(rows) >= most:
            break
    if not rows:
        return 0
    tx.execute("DELETE FROM import_batches WHERE job_id = ? AND id <= ?", (target.job_id, last))
    plan = _plan_rows(tx, target, rows)
    tx.executemany(NEW_PERSON_SQL, plan.people)
    tx.executemany(UPDATE_PERSON_SQL, plan.updates)
    if has_channel(tx, target):
        members = plan.known, target.channel_id
        activity.add_import_changes(tx, plan.updated, *members)
        tx.executemany(MEMBER_SQL, plan.members)
        tx.executemany(DATED_MEMBER_SQL, plan.dated_members)
    if len(plan.known) != known:
        tx.execute(CORRECT_SQL, (len(plan.known) - known, target.job_id))
    return len(rows)


def has_channel(tx: Transaction, target: Target) -> bool:
    """Return whether the channel of a job is still there."""
    found = tx.execute("SELECT 1 FROM channels WHERE id = ?", (target.channel_id,))
    return found.fetchone() is not None


def _plan_rows(tx: Transaction, target: Target, rows: Sequence[Values]) -> _Plan:
    """Decide for each row whether it is new, skipped or an update.

    In SKIP mode an existing person stays untouched but still becomes a member of the channel.
    """
    keys = [row["EMAIL"].lower() for row in rows]
    known = lookup.find_people(tx, keys)
    domains = {key: key.rpartition("@")[2] for key in keys if key not in known}
    company_ids = companies.find_or_add_companies(tx, domains.values())
    next_id = lookup.take_person_id(tx)
    plan = _Plan()
    for row, key in zip(rows, keys, strict=True):
        person_id = known.get(key)
        details = tuple(map(row.get, COLUMNS))
        joined_at = row.get("JOINED_AT")
        if person_id is None:
            person_id, next_id = next_id, next_id + 1
            company_id = company_ids[domains[key]]
            person = (person_id, tx.organization_id, row["EMAIL"], key, company_id, tx.now, tx.now)
            plan.people.append((*person, *details))
        else:
            plan.known.append(person_id)
            if target.mode == "UPDATE":
                plan.updated.append(person_id)
                plan.updates.append((tx.now, *details, person_id))
            else:
                joined_at = None
        members = plan.members if joined_at is None else plan.dated_members
        members.append((target.channel_id, person_id, joined_at or tx.now))
    return plan
