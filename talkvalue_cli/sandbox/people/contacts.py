"""Changing the e-mail addresses and phone numbers of a person."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from msgspec import UNSET

from ..db.store import Transaction
from ..web.problems import Problem
from . import companies, lookup, person_detail
from .bodies import UpdatePerson


def add_emails(tx: Transaction, person_id: int, emails: Iterable[str]) -> None:
    """Add addresses beside the primary one."""
    tx.executemany(
        "INSERT INTO person_emails (organization_id, person_id, email, email_key)"
        " VALUES (?, ?, ?, ?)",
        [(tx.organization_id, person_id, email, email.lower()) for email in emails],
    )


def write_emails(tx: Transaction, person: sqlite3.Row, changes: UpdatePerson) -> dict[str, Any]:
    """Write the other addresses; return the columns of the primary one and its company.

    Those that are given join those there are, and an empty list leaves the primary one alone.
    A primary address that makes way for another one stays beside it. Raises the 409.
    """
    if changes.primary_email is UNSET and changes.emails is UNSET:
        return {}
    primary = changes.primary_email or person["email"]
    listed = person_detail.list_emails(tx, person)
    if changes.emails is not UNSET:
        listed = [*listed, *changes.emails] if changes.emails else []
    others = {email.lower(): email for email in listed}
    others.pop(primary.lower(), None)
    _check_owner(tx, person["id"], [primary.lower(), *others])
    tx.execute("DELETE FROM person_emails WHERE person_id = ?", (person["id"],))
    add_emails(tx, person["id"], others.values())
    columns = {"email": primary, "email_key": primary.lower()}
    if person["company_domain"] != companies.read_domain(person["email"]):
        return columns  # somebody chose another company
    company_id = companies.find_or_add_company(tx, primary)
    return {**columns, "company_id": company_id}


def _check_owner(tx: Transaction, person_id: int, keys: Iterable[str]) -> None:
    for key, owner in lookup.find_people(tx, keys).items():
        if owner != person_id:
            raise Problem(409, f"The e-mail address {key} belongs to person {owner}.")


def plan_phones(person: sqlite3.Row, changes: UpdatePerson) -> dict[str, Any]:
    """Return the columns of the phone numbers.

    Those that are given join those there are, and an empty list takes all away; the first is
    the primary one of who had none. A primary number that makes way for another one stays.
    """
    phones = person_detail.list_phones(person)
    primary = person["phone"]
    if changes.primary_phone is None:
        phones = [phone for phone in phones if phone != primary]
    if changes.phones is not UNSET:
        phones = list(dict.fromkeys([*phones, *changes.phones])) if changes.phones else []
    if changes.primary_phone is not UNSET:
        primary = changes.primary_phone
    elif primary not in phones:
        primary = phones[0] if phones else None
    return join_phones(primary, phones)


def join_phones(primary: str | None, phones: Iterable[str]) -> dict[str, Any]:
    """Return the columns of a primary number and a list that may hold it."""
    return {
        "phone": primary,
        "more_phones": json.dumps([phone for phone in phones if phone != primary]),
    }
