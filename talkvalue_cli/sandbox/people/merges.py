"""Absorbing one person into another, and taking it back (section 9)."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import Any

from ..db.store import Transaction
from ..web import timestamps
from ..web.answers import pick
from ..web.problems import Problem, found, refuse_fields
from . import activity, contacts, listing, lookup, person_changes, person_detail

# What the target takes over where it has nothing itself.
FILLED = (
    "first_name", "last_name", "name", "job_title", "address", "avatar_url", "linkedin_url",
    "x_url", "company_name", "company_id",
)  # fmt: skip
RETENTION = timedelta(days=30)


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
    members = _list_members(tx, source["id"])
    emails = person_detail.list_emails(tx, source)
    return {"row": dict(row), "emails": emails, "members": members}


def _find_new_phones(source: sqlite3.Row, target: sqlite3.Row) -> list[str]:
    known = person_detail.list_phones(target)
    return [phone for phone in person_detail.list_phones(source) if phone not in known]


def _list_members(tx: Transaction, person_id: int) -> list[list[Any]]:
    """Return kind, source and joining time of what a person belongs to."""
    sql = "SELECT kind, source_id, joined_at FROM memberships WHERE person_id = ?"
    return [list(member) for member in tx.execute(sql, (person_id,))]


def _find_new_members(tx: Transaction, members: list[list[Any]], target_id: int) -> list[list[Any]]:
    """Return kind, source, joining time and the target's own time, None where it had none."""
    own = {(kind, source_id): at for kind, source_id, at in _list_members(tx, target_id)}
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


def undo_merge(tx: Transaction, merge_id: int) -> None:
    """Undo a merge; raises the 404 and 409.

    A value that was changed after the merge stays with the target, and so does an address that
    has become its primary one: then nothing is undone, for the source cannot be without it.
    """
    merge = _find_merge(tx, merge_id)
    target = _find_target(tx, merge)
    snapshot = json.loads(merge["source"])
    _free_emails(tx, target, snapshot["emails"])
    _take_back(tx, target, json.loads(merge["gains"]))
    _restore(tx, snapshot)
    tx.update("merges", merge_id, undone_at=tx.now)
    origin = pick(merge, "personId=source_id name=source_name primaryEmail=source_email")
    activity.add_entry(tx, target["id"], "UNMERGED", merged_from=origin)
    activity.add_entry(tx, merge["source_id"], "RESTORED")


def _find_merge(tx: Transaction, merge_id: int) -> sqlite3.Row:
    sql = "SELECT * FROM merges WHERE organization_id = ? AND id = ?"
    merge = found(tx.find(sql, tx.organization_id, merge_id), f"Merge {merge_id}")
    if merge["undone_at"] is not None:
        raise Problem(409, f"Merge {merge_id} has been undone already.")
    oldest = timestamps.format_utc(timestamps.read_utc(tx.now) - RETENTION)
    if merge["merged_at"] < oldest:
        raise Problem(409, f"Merge {merge_id} is more than {RETENTION.days} days old.")
    return merge


def _find_target(tx: Transaction, merge: sqlite3.Row) -> sqlite3.Row:
    try:
        return listing.find_person(tx, merge["target_id"])
    except Problem:
        raise Problem(
            409,
            f"Person {merge['target_id']}, into whom this one was merged, is not there any more."
            " If they were merged too, undo that first.",
        ) from None


def _free_emails(tx: Transaction, target: sqlite3.Row, emails: list[str]) -> None:
    owners = lookup.find_people(tx, [email.lower() for email in emails])
    for key, owner in owners.items():
        if owner != target["id"]:
            raise Problem(409, f"The e-mail address {key} belongs to person {owner} by now.")
        if key == target["email_key"]:
            raise Problem(409, f"{key} has become the primary address of person {owner}.")
    tx.executemany(
        "DELETE FROM person_emails WHERE organization_id = ? AND email_key = ?",
        [(tx.organization_id, key) for key in owners],
    )


def _take_back(tx: Transaction, target: sqlite3.Row, gains: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        name: None for name, value in gains["details"].items() if target[name] == value
    }
    phones = [phone for phone in person_detail.list_phones(target) if phone not in gains["phones"]]
    primary = target["phone"] if target["phone"] in phones else None
    values |= contacts.join_phones(primary, phones)
    tx.update("people", target["id"], **values, updated_at=tx.now)
    for kind, source_id, joined_at, before in gains["members"]:
        member = (source_id, target["id"], joined_at)
        where = f"WHERE {kind}_id = ? AND person_id = ? AND joined_at = ?"
        if before is not None:
            tx.execute(f"UPDATE {kind}_people SET joined_at = ? {where}", (before, *member))
        elif tx.execute(f"DELETE FROM {kind}_people {where}", member).rowcount:
            activity.add_entry(tx, target["id"], "SOURCE_DISCONNECTED", source_id=source_id)


def _restore(tx: Transaction, snapshot: dict[str, Any]) -> None:
    row = snapshot["row"]
    tx.insert("people", **row)
    tx.execute("DELETE FROM removed_people WHERE id = ?", (row["id"],))
    contacts.add_emails(tx, row["id"], snapshot["emails"][1:])
    for kind, source_id, joined_at in snapshot["members"]:
        # A channel or event that was deleted since does not come back.
        tx.execute(
            f"INSERT INTO {kind}_people SELECT id, ?, ? FROM {kind}s WHERE id = ?",
            (row["id"], joined_at, source_id),
        )
