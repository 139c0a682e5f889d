"""The people who can sign in, and the organizations that each of them belongs to."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..db.store import Transaction

#: who signs in: the page asks nobody who they are
SIGNED_IN_MEMBER_ID = 1


def list_organizations(tx: Transaction, member_id: int | None) -> list[dict[str, Any]]:
    """Return the organizations of a member as they travel, in the order of their names.

    Without a member it is the organization that asks.
    """
    rows = tx.execute(
        """SELECT public_id AS id, name FROM organizations WHERE id IN
               (SELECT organization_id FROM organization_members WHERE member_id = ?1)
           OR (?1 IS NULL AND id = ?2) ORDER BY name""",
        (member_id, tx.organization_id),
    )
    return [dict(row) for row in rows]


def find_organization(tx: Transaction, member_id: int, public_id: str) -> sqlite3.Row | None:
    """Return an organization if the member belongs to it: id, public_id, name."""
    row: sqlite3.Row | None = tx.execute(
        """SELECT id, public_id, name FROM organizations WHERE public_id = ? AND id IN
               (SELECT organization_id FROM organization_members WHERE member_id = ?)""",
        (public_id, member_id),
    ).fetchone()
    return row


def count_members(tx: Transaction) -> int:
    """Return how many belong to the organization that asks; nobody to none."""
    found: int = tx.execute(
        "SELECT COUNT(*) FROM organization_members WHERE organization_id = ?", (tx.organization_id,)
    ).fetchone()[0]
    return found
