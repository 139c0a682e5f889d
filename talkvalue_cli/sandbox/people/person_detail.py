"""One person with all that is known of them: PersonDetail (section 9)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from . import companies, listing

# Addresses at these are a person's own; all others are taken for those of their work.
FREE_MAIL = frozenset(
    ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")
)
MERGE_FIELDS = "id sourcePersonName=source_name sourcePrimaryEmail=source_email mergedAt"
MERGES_SQL = """SELECT id, source_name, source_email, merged_at FROM merges
    WHERE target_id = ? AND undone_at IS NULL ORDER BY id DESC"""


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
        **pick(row, "id name=full_name firstName lastName"),
        "primaryEmail": emails[0],
        "emails": emails,
        "primaryPhone": row["phone"],
        "phones": list_phones(row),
        "company": listing.describe_company(row),
        **pick(row, "jobTitle address avatarUrl linkedInUrl=linkedin_url xUrl"),
        "channels": [pick(channel, "id name icon color joinedAt") for channel in channels],
        "events": [pick(event, "id name startAt location joinedAt") for event in events],
        "mergeOperations": [pick(merge, MERGE_FIELDS) for merge in merges],
        "createdAt": row["created_at"],
    }
