"""Sample data for signing in: three members, and two organizations beside that of `seed`."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

from ..db.store import Store
from ..people import companies

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
CREATED_AT = "2026-02-02T08:00:00.000Z"


def add_members(store: Store, seed: int) -> None:
    """Put members and their organizations into a database that has no members.

    That is a fresh one, or one of a release without sign-in: ids are those that are free.
    """
    dice = random.Random(f"{seed}/members")
    with store.write() as connection:
        if connection.execute("SELECT 1 FROM members").fetchone():
            return
        connection.executemany("INSERT INTO members VALUES (?, ?, ?, ?)", MEMBERS)
        for number, public_id, name, channels in ORGANIZATIONS:
            connection.execute(
                "INSERT INTO organizations VALUES (?, ?, ?)", (number, public_id, name)
            )
            _add_people(connection, number, list(_add_channels(connection, number, channels)), dice)
            companies.link_people(connection, number)
        connection.executemany("INSERT INTO organization_members VALUES (?, ?)", MEMBERSHIPS)


def _add_channels(
    connection: sqlite3.Connection, organization_id: int, names: tuple[str, ...]
) -> Iterator[int]:
    for name in names:
        cursor = connection.execute(
            "INSERT INTO channels (organization_id, name, created_at) VALUES (?, ?, ?)",
            (organization_id, name, CREATED_AT),
        )
        assert cursor.lastrowid is not None
        yield cursor.lastrowid


def _add_people(
    connection: sqlite3.Connection, organization_id: int, channels: list[int], dice: random.Random
) -> None:
    for first in FIRST_NAMES:
        for last in LAST_NAMES:
            email = f"{first}.{last}@org{organization_id}.example".lower()
            cursor = connection.execute(
                """INSERT INTO people (organization_id, email, email_key, first_name, last_name,
                       created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (organization_id, email, email, first, last, CREATED_AT, CREATED_AT),
            )
            connection.execute(
                "INSERT INTO channel_people VALUES (?, ?, ?)",
                (dice.choice(channels), cursor.lastrowid, CREATED_AT),
            )
