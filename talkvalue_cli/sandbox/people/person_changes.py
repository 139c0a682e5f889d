"""Adding, changing and removing a person (section 9); inside a transaction of the caller."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict

from ..db.store import Transaction
from . import activity, companies, contacts, listing, lookup
from .bodies import Details, NewPerson, UpdatePerson

# column -> how activity calls it
CHANGE_NAMES = {
    "email": "primaryEmail", "phone": "primaryPhone", "first_name": "firstName",
    "last_name": "lastName", "name": "name", "job_title": "jobTitle", "address": "address",
    "avatar_url": "avatarUrl", "linkedin_url": "linkedInUrl", "x_url": "xUrl",
    "company_name": "companyName", "company_id": "companyId",
}  # fmt: skip
# what a person is added with and changed by
SHARED = ("phones", *Details.__struct_fields__)


def add_person(tx: Transaction, kind: str, source_id: int, person: NewPerson) -> int:
    """Make somebody a member of a channel or event, and return the person's id.

    Who has the address already is linked, and otherwise left alone. `kind`: channel or event.
    """
    key = person.email.lower()
    person_id = lookup.find_people(tx, [key]).get(key)
    if person_id is None:
        person_id = insert_person(
            tx,
            person.email,
            company_id=companies.find_or_add_company(tx, person.email),
            **contacts.join_phones(next(iter(person.phones), None), person.phones),
            **person.details,
        )
    add_member(tx, kind, source_id, person_id, person.joined_at)
    return person_id


def add_changed_person(tx: Transaction, kind: str, source_id: int, person: NewPerson) -> int:
    """Do as `add_person` does, and give who has the address already the fields that are given.

    Phone numbers join those there are; a null leaves what there is.
    """
    person_id = add_person(tx, kind, source_id, person)
    given: Any = {name: value or UNSET for name, value in asdict(person).items() if name in SHARED}
    update_person(tx, person_id, UpdatePerson(**given))
    return person_id


def insert_person(tx: Transaction, email: str, **columns: object) -> int:
    """Add a person with these columns, who belongs to nothing yet; return the id."""
    keys = {"id": lookup.take_person_id(tx), "email_key": email.lower()}
    stamps = {"organization_id": tx.organization_id, "created_at": tx.now, "updated_at": tx.now}
    return tx.insert("people", email=email, **keys, **stamps, **columns)


def add_member(
    tx: Transaction, kind: str, source_id: int, person_id: int, joined_at: str | None
) -> None:
    """Add a membership; one that exists gets `joined_at` unless that is None."""
    added = tx.execute(
        f"INSERT INTO {kind}_people VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (source_id, person_id, joined_at or tx.now),
    ).rowcount
    if added:
        activity.add_entry(tx, person_id, "SOURCE_CONNECTED", source_id=source_id)
    elif joined_at is not None:
        tx.execute(
            f"UPDATE {kind}_people SET joined_at = ? WHERE {kind}_id = ? AND person_id = ?",
            (joined_at, source_id, person_id),
        )


def update_person(tx: Transaction, person_id: int, changes: UpdatePerson) -> None:
    """Apply a PATCH; raises the 400, 404 and 409."""
    person = listing.find_person(tx, person_id)
    values: dict[str, Any] = changes.details
    if {"first_name", "last_name"} & values.keys():
        values["name"] = None  # the full name follows from its parts again
    values |= contacts.write_emails(tx, person, changes)
    values |= contacts.plan_phones(person, changes)
    if changes.remove_company:
        values |= {"company_name": None, "company_id": None}
    elif changes.company_id is not UNSET:
        if changes.company_id is not None:
            companies.find_company(tx, changes.company_id)
        values["company_id"] = changes.company_id
    noted = [
        {"field": CHANGE_NAMES[name], "before": _show(person[name]), "after": _show(value)}
        for name, value in values.items()
        if name in CHANGE_NAMES and person[name] != value
    ]
    tx.update("people", person_id, **values, updated_at=tx.now)
    if noted:
        activity.add_entry(tx, person_id, "UPDATED", changes=noted)


def _show(value: object) -> str | None:
    return None if value is None else str(value)


def remove_person(tx: Transaction, person_id: int) -> None:
    """Delete a person with all that is known of them; raises the 404. The id is not used again."""
    listing.find_person(tx, person_id)
    tx.execute("DELETE FROM activity WHERE person_id = ?", (person_id,))
    erase_person(tx, person_id)


def erase_person(tx: Transaction, person_id: int) -> None:
    """Take a person out of people, channels and events, and keep the activity."""
    tx.execute("DELETE FROM people WHERE id = ?", (person_id,))
    tx.execute("INSERT INTO removed_people (id) VALUES (?) ON CONFLICT DO NOTHING", (person_id,))
