"""One person with all that is known of them: PersonDetail (section 9)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..db.store import Transaction
from . import companies, listing
from .listing import pick

# Addresses at these are a person's own; all others are taken for those of their work.
FREE_MAIL = frozenset(
    ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")
)
MERGES_SQL = """SELECT id, source_name, source_email, merged_at FROM merges
    WHERE target_id = ? AND undone_at IS NULL ORDER BY id"""


def list_emails(tx: Transaction, person: sqlite3.Row) -> list[str]:
    """Return all addresses of a person, the primary one first."""
    rows = tx.execute(
        "SELECT email FROM person_emails WHERE person_id = ? ORDER BY id", (person["id"],)
    )
    return [person["email"], *(row["email"] for row in rows)]


def list_phones(person: sqlite3.Row) -> list[str]:
    """Return all phone numbers of a person, the primary one first."""
    primary = [] if person["phone"] is None else [person["phone"]]
    return primary + list(json.loads(person["more_phones"]))


def describe_email(email: str) -> dict[str, Any]:
    """Return an address as it travels; its type is guessed from the domain."""
    domain = companies.read_domain(email)
    kind = "PERSONAL" if domain in FREE_MAIL else "WORK"
    return {"email": email, "type": kind, "domain": domain}


def describe_person(tx: Transaction, person_id: int) -> dict[str, Any]:
    """Return a person as PersonDetail; raises the 404."""
    row = listing.find_person(tx, person_id)
    channels = listing.list_sources(tx, "channel", [person_id])[person_id]
    events = listing.list_sources(tx, "event", [person_id])[person_id]
    merges = tx.execute(MERGES_SQL, (person_id,))
    emails = [describe_email(email) for email in list_emails(tx, row)]
    return {
        **pick(row, id="id", name="full_name", firstName="first_name", lastName="last_name"),
        "primaryEmail": emails[0],
        "emails": emails,
        "primaryPhone": row["phone"],
        "phones": list_phones(row),
        "company": listing.describe_company(row),
        **pick(row, jobTitle="job_title", address="address", avatarUrl="avatar_url"),
        **pick(row, linkedInUrl="linkedin_url", xUrl="x_url"),
        "channels": [
            pick(channel, id="id", name="name", icon="icon", color="color", joinedAt="joined_at")
            for channel in channels
        ],
        "events": [
            pick(
                event,
                id="id",
                name="name",
                startAt="start_at",
                location="location",
                joinedAt="joined_at",
            )
            for event in events
        ],
        "mergeOperations": [
            pick(
                merge,
                id="id",
                sourcePersonName="source_name",
                sourcePrimaryEmail="source_email",
                mergedAt="merged_at",
            )
            for merge in merges
        ],
        "createdAt": row["created_at"],
    }
