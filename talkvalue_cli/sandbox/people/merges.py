"""Absorbing one person into another (section 9); `unmerges` takes it back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import refuse_fields
from . import activity, contacts, listing, person_changes, person_detail

# What the target takes over where it has nothing itself.
FILLED = (
    "first_name", "last_name", "name", "job_title", "address", "avatar_url", "linkedin_url",
    "x_url", "company_name", "company_id",
)  # fmt: skip


def merge_people(tx: Transaction, source_id: int, target_id: int) -> None:
    """Make the source part of the target and remove it; raises the 400 and 404.

    Of two values the target's stays. Addresses, phone numbers and memberships add up, and of
    two times of joining the earlier one counts.
    """
    source = listing.find_person(tx, source_id)
    target = listing.find_person(tx, target_id)
    if source_id == target_id:
        raise refuse_fields([("targetId", "is the source itself")])
    snapshot = _take_snapshot(tx, source)
    gains: dict[str, Any] = {
        "details": {
            name: source[name]
            for name in FILLED
            if target[name] is None and source[name] is not None
        },
        "phones": _find_new_phones(source, target),
        "members": _find_new_members(tx, snapshot["members"], target_id),
    }
    _join_names(target, gains["details"])
    tx.insert(
        "merges",
        organization_id=tx.organization_id,
        source_id=source_id,
        target_id=target_id,
        source_name=source["full_name"],
        source_email=source["email"],
        source=json.dumps(snapshot),
        gains=json.dumps(gains),
        merged_at=tx.now,
    )
    person_changes.erase_person(tx, source_id)
    _apply(tx, target, snapshot["emails"], gains)
    activity.add_entry(
        tx,
        target_id,
        "MERGED",
        merged_from=pick(source, "personId=id name=full_name primaryEmail=email"),
    )


def _take_snapshot(tx: Transaction, source: sqlite3.Row) -> dict[str, Any]:
    row = tx.execute("SELECT * FROM people WHERE id = ?", (source["id"],)).fetchone()
    sql = "SELECT kind, source_id, joined_at FROM memberships WHERE person_id = ?"
    members = [list(member) for member in tx.execute(sql, (source["id"],))]
    emails = person_detail.list_emails(tx, source)
    return {"row": dict(row), "emails": emails, "members": members}


def _find_new_phones(source: sqlite3.Row, target: sqlite3.Row) -> list[str]:
    known = person_detail.list_phones(target)
    return [phone for phone in person_detail.list_phones(source) if phone not in known]


def _find_new_members(tx: Transaction, members: list[list[Any]], target_id: int) -> list[list[Any]]:
    """Return kind, source, joining time and the target's own time, None where it had none."""
    sql = "SELECT kind, source_id, joined_at FROM memberships WHERE person_id = ?"
    own = {(kind, source_id): at for kind, source_id, at in tx.execute(sql, (target_id,))}
    return [
        [kind, source_id, joined_at, own.get((kind, source_id))]
        for kind, source_id, joined_at in members
        if joined_at < own.get((kind, source_id), "~")
    ]


def _join_names(target: sqlite3.Row, details: dict[str, Any]) -> None:
    """Take the three parts of a name from one person only, lest half a name is mixed in."""
    if any(target[name] for name in ("first_name", "last_name", "name")):
        for name in ("first_name", "last_name", "name"):
            details.pop(name, None)


def _apply(tx: Transaction, target: sqlite3.Row, emails: list[str], gains: dict[str, Any]) -> None:
    phones = person_detail.list_phones(target) + gains["phones"]
    primary = target["phone"] or next(iter(phones), None)
    values = {**gains["details"], **contacts.join_phones(primary, phones)}
    tx.update("people", target["id"], **values, updated_at=tx.now)
    contacts.add_emails(tx, target["id"], emails)
    for kind, source_id, joined_at, _ in gains["members"]:
        person_changes.add_member(tx, kind, source_id, target["id"], joined_at)
