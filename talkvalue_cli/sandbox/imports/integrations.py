"""A made-up ticket service, whose guest lists become events (section 15).

The connection becomes a channel, which all the guests of its events join. They land when a job
is created; only its report takes its time.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any, NamedTuple, cast

from ..db.store import Transaction
from ..people import activity, fields, lookup, person_changes, sources
from ..people.bodies import NewPerson
from ..people.sources import CHANNEL, EVENT, Kind
from ..web import timestamps
from ..web.problems import Problem, found, refuse_fields

INTEGRATION_ID = 1
CHANNEL_NAME = "Ticket service"
PENDING_S = 1.0
RUNNING_S = 2.0

COUNTERS = ("newCount", "updatedCount", "duplicatedCount", "skipCount", "failedCount")


class ExternalEvent(NamedTuple):
    """An event of the ticket service; the guests are e-mail addresses."""

    external_id: str
    name: str
    time_zone: str
    start_at: str
    guests: tuple[str, ...]


# fmt: off
EXTERNAL_EVENTS = (
    ExternalEvent(
        "tix-101", "Ticketed Dinner", "Europe/Paris", "2026-07-09T17:00:00Z",
        ("ada.abbott@example.com", "ben.baker@example.com", "chloe.costa@example.com",
         "marie.dubois@lumiere.example.org", "paul.martin@lumiere.example.org",
         "lea.bernard@quai.example.net"),
    ),
    ExternalEvent(
        "tix-102", "Ticketed Workshop", "America/New_York", "2026-07-16T13:00:00Z",
        ("diego.dietz@example.com", "elif.engel@example.com", "Elif.Engel@example.com",
         "nora.king@brooklyn.example.com", "owen.hill@brooklyn.example.com", "no-address"),
    ),
    ExternalEvent(
        "tix-103", "Ticketed Livestream", "Asia/Tokyo", "2026-07-23T09:00:00Z", (),
    ),
)
# fmt: on


def find_external_event(external_id: str) -> ExternalEvent:
    """Return an event of the ticket service; raises the 400."""
    for event in EXTERNAL_EVENTS:
        if event.external_id == external_id:
            return event
    raise refuse_fields([("externalEventId", "is not among the candidates")])


def check_integration(integration_id: int) -> None:
    """Raise the 404 of an integration that does not exist."""
    if integration_id != INTEGRATION_ID:
        raise Problem(404, f"Integration {integration_id} not found")


def add_job(tx: Transaction, external: ExternalEvent, mode: str) -> int:
    """Import the guests of an event, and return the id of the job."""
    times = {"time_zone": external.time_zone, "start_at": external.start_at}
    event_id = _find_or_add_source(tx, EVENT, external.name, times)
    channel_id = _find_or_add_source(tx, CHANNEL, CHANNEL_NAME, {})
    counts: Counter[str] = Counter()
    seen: set[int] = set()
    for guest in external.guests:
        counter, person_id = _add_guest(tx, event_id, guest, mode, seen)
        counts[counter] += 1
        if person_id is not None:
            seen.add(person_id)
            person_changes.add_member(tx, "channel", channel_id, person_id, None)
    return tx.insert(
        "integration_imports",
        organization_id=tx.organization_id,
        integration_id=INTEGRATION_ID,
        mode=mode,
        counts=json.dumps(counts),
        started_at=tx.now,
    )


def _find_or_add_source(tx: Transaction, kind: Kind, name: str, values: dict[str, str]) -> int:
    row = tx.find(f"{kind.sql} AND name = ?", tx.organization_id, name)
    if row is not None:
        return cast(int, row["id"])
    return sources.add_source(tx, kind, name=name, **values)


def _add_guest(
    tx: Transaction, event_id: int, guest: str, mode: str, seen: set[int]
) -> tuple[str, int | None]:
    """Add one guest; return the counter that this one moves, and the person."""
    email = fields.normalize_email(guest)
    if email is None:
        return "failedCount", None
    key = email.lower()
    first, last = (part.capitalize() for part in key.partition("@")[0].split("."))
    known = lookup.find_people(tx, [key]).get(key)
    if known is not None and known in seen:
        return "duplicatedCount", known
    person = NewPerson(email=email, phones=[], first_name=first, last_name=last)
    person_id = person_changes.add_person(tx, "event", event_id, person)
    if known is None:
        return "newCount", person_id
    if mode == "SKIP":
        return "skipCount", person_id
    names = {"first_name": first, "last_name": last, "name": None}
    tx.update("people", known, **names, updated_at=tx.now)
    activity.add_entry(tx, known, "UPDATED")
    return "updatedCount", person_id


def describe_job(tx: Transaction, job_id: int) -> dict[str, Any]:
    """Return a job as it travels, as it looks by now; raises the 404."""
    sql = "SELECT * FROM integration_imports WHERE organization_id = ? AND id = ?"
    row = found(tx.find(sql, tx.organization_id, job_id), f"Integration import {job_id}")
    started_at = timestamps.read_utc(row["started_at"])
    ends_at = started_at + timedelta(seconds=RUNNING_S)
    age_s = (timestamps.read_utc(tx.now) - started_at).total_seconds()
    counts: dict[str, int] = json.loads(row["counts"])
    total = sum(counts.values())
    if age_s >= RUNNING_S:
        failed = counts.get("failedCount", 0)
        status = "PARTIAL_SUCCESS" if failed else "COMPLETED"
    else:
        status = "PENDING" if age_s < PENDING_S else "RUNNING"
        counts = {}
    return {
        "id": row["id"],
        "status": status,
        "mode": row["mode"],
        "totalCount": total,
        "processedCount": sum(counts.values()),
        **{name: counts.get(name, 0) for name in COUNTERS},
        "startedAt": None if status == "PENDING" else row["started_at"],
        "completedAt": timestamps.format_utc(ends_at) if age_s >= RUNNING_S else None,
    }
