"""`/auth/organization` and `/auth/overview`: who the token belongs to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from ..db.store import Store
from ..sign_in import members


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of the account, reading from `store`."""
    blueprint = Blueprint("account", __name__)

    @blueprint.get("/auth/organization")
    def list_organizations() -> dict[str, Any]:
        """List those of the member; an API token belongs to one organization and to nobody."""
        connection = store.connect()
        if g.member_id is not None:
            return {"data": members.list_organizations(connection, g.member_id)}
        row = connection.execute(
            "SELECT public_id, name FROM organizations WHERE id = ?", (g.organization_id,)
        ).fetchone()
        return {"data": [{"id": row["public_id"], "name": row["name"]}]}

    @blueprint.get("/auth/overview")
    def show_overview() -> dict[str, Any]:
        connection = store.connect()
        first_name = None
        if g.member_id is not None:
            first_name = members.find_member(connection, g.member_id).first_name
        count = members.count_members(connection, g.organization_id)
        return {"teamMemberCount": count, "memberFirstName": first_name}

    return blueprint
