"""`/openapi.json`: the description of this server, for everybody who asks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ..openapi import document
from ..sign_in.accounts import allow_anyone


def make_blueprint() -> Blueprint:
    """Return the route of the description."""
    blueprint = Blueprint("description", __name__)
    described = document.make_document()

    @blueprint.get("/openapi.json")
    @allow_anyone
    def show_description() -> dict[str, Any]:
        return described

    return blueprint
