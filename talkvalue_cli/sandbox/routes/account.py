"""`/auth/organization` and `/auth/overview`: who the token belongs to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from ..sign_in import members
from .request_store import RequestStore


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of the account, reading from `store`."""
    blueprint = Blueprint("account", __name__)

    @blueprint.get("/auth/organization")
    def list_organizations() -> dict[str, Any]:
        """List those of the member; an API token belongs to one organization and to nobody."""
        with store.read() as tx:
            return {"data": members.list_organizations(tx, g.member_id)}

    @blueprint.get("/auth/overview")
    def show_overview() -> dict[str, Any]:
        with store.read() as tx:
            member = tx.find("SELECT first_name FROM members WHERE id = ?", g.member_id)
            return {
                "teamMemberCount": members.count_members(tx),
                "memberFirstName": member and member["first_name"],
            }

    return blueprint
