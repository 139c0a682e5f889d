"""`/auth/organization` and `/auth/overview`: who the token belongs to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from ..store import Store

TEAM = {"teamMemberCount": 1, "memberFirstName": "Sandbox"}


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of the account, reading from `store`."""
    blueprint = Blueprint("account", __name__)

    @blueprint.get("/auth/organization")
    def list_organizations() -> dict[str, Any]:
        row = (
            store.connect()
            .execute("SELECT public_id, name FROM organizations WHERE id = ?", (g.organization_id,))
            .fetchone()
        )
        return {"data": [{"id": row["public_id"], "name": row["name"]}]}

    @blueprint.get("/auth/overview")
    def show_overview() -> dict[str, Any]:
        return TEAM

    return blueprint
