"""`/auth/organization` and `/auth/overview`: who the token belongs to."""

from __future__ import annotations

from typing import Any

from flask import g

from ..db.store import Transaction
from .operations import Operations

ACCOUNT = Operations()

ORGANIZATIONS_SQL = """SELECT public_id AS id, name FROM organizations WHERE id IN
        (SELECT organization_id FROM organization_members WHERE member_id = ?1)
    OR (?1 IS NULL AND id = ?2) ORDER BY name"""
OVERVIEW_SQL = """SELECT (SELECT COUNT(*) FROM organization_members WHERE organization_id = ?)
    AS teamMemberCount, (SELECT first_name FROM members WHERE id = ?) AS memberFirstName"""


@ACCOUNT.add("GET /auth/organization", "OrganizationList")
def list_organizations(tx: Transaction) -> dict[str, Any]:
    """The organizations of the token's user.

    An API token belongs to one organization and to nobody.
    """
    rows = tx.execute(ORGANIZATIONS_SQL, (g.member_id, tx.organization_id))
    return {"data": [dict(row) for row in rows]}


@ACCOUNT.add("GET /auth/overview", "AccountOverview")
def show_account(tx: Transaction) -> dict[str, Any]:
    """The token's user."""
    return dict(tx.execute(OVERVIEW_SQL, (tx.organization_id, g.member_id)).fetchone())
