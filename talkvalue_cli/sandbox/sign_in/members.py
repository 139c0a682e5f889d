"""The people who can sign in, and the organizations that each of them belongs to."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

#: who signs in: the page asks nobody who they are
SIGNED_IN_MEMBER_ID = 1


class Member(NamedTuple):
    """Somebody who can sign in; `public_id` is what the outside sees."""

    id: int
    public_id: str
    email: str
    first_name: str


def find_member(connection: sqlite3.Connection, member_id: int) -> Member:
    """Return a member who exists."""
    row = connection.execute(
        "SELECT id, public_id, email, first_name FROM members WHERE id = ?", (member_id,)
    ).fetchone()
    return Member(*row)


def list_organizations(connection: sqlite3.Connection, member_id: int) -> list[dict[str, Any]]:
    """Return the organizations of a member as they travel, in the order of their names."""
    rows = connection.execute(
        """SELECT public_id, name FROM organizations WHERE id IN
               (SELECT organization_id FROM organization_members WHERE member_id = ?)
           ORDER BY name""",
        (member_id,),
    )
    return [{"id": row["public_id"], "name": row["name"]} for row in rows]


def find_organization(
    connection: sqlite3.Connection, member_id: int, public_id: str
) -> sqlite3.Row | None:
    """Return an organization if the member belongs to it: id, public_id, name."""
    row: sqlite3.Row | None = connection.execute(
        """SELECT id, public_id, name FROM organizations WHERE public_id = ? AND id IN
               (SELECT organization_id FROM organization_members WHERE member_id = ?)""",
        (public_id, member_id),
    ).fetchone()
    return row


def count_members(connection: sqlite3.Connection, organization_id: int | None) -> int:
    """Return how many belong to an organization; nobody to none."""
    found: int = connection.execute(
        "SELECT COUNT(*) FROM organization_members WHERE organization_id = ?", (organization_id,)
    ).fetchone()[0]
    return found
