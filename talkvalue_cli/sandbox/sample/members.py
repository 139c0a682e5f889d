"""Sample data for signing in: three members, and two organizations beside that of `seed`."""

from __future__ import annotations

import random

from ..db.store import Store, Transaction
from ..people import companies, person_changes, sources
from ..people.sources import CHANNEL

MEMBERS = (
    (1, "user_ada", "ada.baker@example.com", "Ada"),
    (2, "user_ben", "ben.costa@example.com", "Ben"),
    (3, "user_chloe", "chloe.dietz@example.com", "Chloe"),
)
#: id, public id, name, channels; 1 is the organization of `seed`
ORGANIZATIONS = (
    (2, "org_harbor", "Harbor Meetups", ("Newsletter", "Speakers", "Volunteers")),
    (3, "org_academy", "Northwind Academy", ("Students", "Alumni")),
)
#: organization, member
MEMBERSHIPS = ((1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (1, 3))
FIRST_NAMES = ("Amal", "Bo", "Carla", "Dev", "Esi", "Finn", "Gita", "Hugo")
LAST_NAMES = ("Quist", "Rao", "Silva")
CREATED_AT = "2026-02-02T08:00:00Z"


def add_members(store: Store, seed: int) -> None:
    """Put members and their organizations into a database that has no members.

    That is a fresh one, or one of a release without sign-in: ids are those that are free.
    """
    dice = random.Random(f"{seed}/members")
    with store.write() as tx:
        if tx.execute("SELECT 1 FROM members").fetchone():
            return
        tx.executemany("INSERT INTO members VALUES (?, ?, ?, ?)", MEMBERS)
        for number, public_id, name, channels in ORGANIZATIONS:
            tx.organization_id, tx.now = number, CREATED_AT
            tx.insert("organizations", id=number, public_id=public_id, name=name)
            ids = [sources.add_source(tx, CHANNEL, name=channel) for channel in channels]
            _add_people(tx, ids, dice)
            companies.link_people(tx)
        tx.executemany("INSERT INTO organization_members VALUES (?, ?)", MEMBERSHIPS)


def _add_people(tx: Transaction, channels: list[int], dice: random.Random) -> None:
    for first in FIRST_NAMES:
        for last in LAST_NAMES:
            email = f"{first}.{last}@org{tx.organization_id}.example".lower()
            names = {"first_name": first, "last_name": last}
            values = (person_changes.insert_person(tx, email, **names), tx.now)
            tx.execute(
                "INSERT INTO channel_people VALUES (?, ?, ?)", (dice.choice(channels), *values)
            )
