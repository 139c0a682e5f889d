"""`/auth/organization` and `/auth/overview`: who the token belongs to."""

from __future__ import annotations

from typing import Any

from flask import g

from ..db.store import Transaction
from ..sign_in import members
from .operations import Operations

ACCOUNT = Operations()


@ACCOUNT.add("GET /auth/organization", "OrganizationList")
def list_organizations(tx: Transaction) -> dict[str, Any]:
    """The organizations of the token's user.

    An API token belongs to one organization and to nobody.
    """
    return {"data": members.list_organizations(tx, g.member_id)}


@ACCOUNT.add("GET /auth/overview", "AccountOverview")
def show_account(tx: Transaction) -> dict[str, Any]:
    """The token's user."""
    member = tx.find("SELECT first_name FROM members WHERE id = ?", g.member_id)
    return {
        "teamMemberCount": members.count_members(tx),
        "memberFirstName": member and member["first_name"],
    }
