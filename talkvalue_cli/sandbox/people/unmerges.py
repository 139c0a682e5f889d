"""Taking a merge back: the source is restored, the target loses what it gained."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import Any, cast

from ..web import timestamps
from ..web.problems import Problem
from . import activity, contacts, listing, lookup, person_detail

RETENTION = timedelta(days=30)


def undo_merge(
    connection: sqlite3.Connection, organization_id: int, merge_id: int, now: str
) -> None:
    """Undo a merge; raises the 404 and 409.

    A value that was changed after the merge stays with the target, and so does an address that
    has become its primary one: then nothing is undone, for the source cannot be without it.
    """
    merge = _find_merge(connection, organization_id, merge_id, now)
    target = _find_target(connection, organization_id, merge)
    snapshot = json.loads(merge["source"])
    _free_emails(connection, organization_id, target, snapshot["emails"])
    _take_back(connection, target, json.loads(merge["gains"]), now)
    _restore(connection, organization_id, snapshot)
    connection.execute("UPDATE merges SET undone_at = ? WHERE id = ?", (now, merge_id))
    origin = {
        "personId": merge["source_id"],
        "name": merge["source_name"],
        "primaryEmail": merge["source_email"],
    }
    activity.add_entry(connection, target["id"], "UNMERGED", now, merged_from=origin)
    activity.add_entry(connection, merge["source_id"], "RESTORED", now)


def _find_merge(
    connection: sqlite3.Connection, organization_id: int, merge_id: int, now: str
) -> sqlite3.Row:
    merge = connection.execute(
        "SELECT * FROM merges WHERE organization_id = ? AND id = ?", (organization_id, merge_id)
    ).fetchone()
    if merge is None:
        raise Problem(404, f"Merge {merge_id} does not exist.")
    if merge["undone_at"] is not None:
        raise Problem(409, f"Merge {merge_id} has been undone already.")
    oldest = timestamps.format_utc(timestamps.read_utc(now) - RETENTION)
    if merge["merged_at"] < oldest:
        raise Problem(409, f"Merge {merge_id} is more than {RETENTION.days} days old.")
    return cast(sqlite3.Row, merge)


def _find_target(
    connection: sqlite3.Connection, organization_id: int, merge: sqlite3.Row
) -> sqlite3.Row:
    try:
        return listing.find_person(connection, organization_id, merge["target_id"])
    except Problem:
        raise Problem(
            409,
            f"Person {merge['target_id']}, into whom this one was merged, is not there any more."
            " If they were merged too, undo that first.",
        ) from None


def _free_emails(
    connection: sqlite3.Connection,
    organization_id: int,
    target: sqlite3.Row,
    emails: list[str],
) -> None:
    owners = lookup.find_people(connection, organization_id, [email.lower() for email in emails])
    for key, owner in owners.items():
        if owner != target["id"]:
            raise Problem(409, f"The e-mail address {key} belongs to person {owner} by now.")
        if key == target["email_key"]:
            raise Problem(409, f"{key} has become the primary address of person {owner}.")
    connection.executemany(
        "DELETE FROM person_emails WHERE organization_id = ? AND email_key = ?",
        [(organization_id, key) for key in owners],
    )


def _take_back(
    connection: sqlite3.Connection, target: sqlite3.Row, gains: dict[str, Any], now: str
) -> None:
    values: dict[str, Any] = {
        name: None for name, value in gains["details"].items() if target[name] == value
    }
    phones = [phone for phone in person_detail.list_phones(target) if phone not in gains["phones"]]
    primary = target["phone"] if target["phone"] in phones else None
    values |= contacts.join_phones(primary, phones)
    values["updated_at"] = now
    assignments = ", ".join(f"{name} = ?" for name in values)
    connection.execute(
        f"UPDATE people SET {assignments} WHERE id = ?", (*values.values(), target["id"])
    )
    for kind, source_id, joined_at, before in gains["members"]:
        member = (source_id, target["id"], joined_at)
        where = f"WHERE {kind}_id = ? AND person_id = ? AND joined_at = ?"
        if before is not None:
            connection.execute(f"UPDATE {kind}_people SET joined_at = ? {where}", (before, *member))
        elif connection.execute(f"DELETE FROM {kind}_people {where}", member).rowcount:
            activity.add_entry(
                connection, target["id"], "SOURCE_DISCONNECTED", now, source_id=source_id
            )


def _restore(
    connection: sqlite3.Connection, organization_id: int, snapshot: dict[str, Any]
) -> None:
    row = snapshot["row"]
    connection.execute(
        f"INSERT INTO people ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    connection.execute("DELETE FROM removed_people WHERE id = ?", (row["id"],))
    contacts.add_emails(connection, organization_id, row["id"], snapshot["emails"][1:])
    for kind, source_id, joined_at in snapshot["members"]:
        # A channel or event that was deleted since does not come back.
        connection.execute(
            f"INSERT INTO {kind}_people SELECT id, ?, ? FROM {kind}s WHERE id = ?",
            (row["id"], joined_at, source_id),
        )
