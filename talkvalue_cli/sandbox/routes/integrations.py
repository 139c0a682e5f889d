"""`/path/integration`: imports from a made-up ticket service (section 15)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ..imports import integrations
from ..imports.bodies import CreateIntegrationImport
from ..web import bodies
from ..web.problems import found, refuse_fields
from .request_store import RequestStore


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of integration imports, kept in `store`."""
    blueprint = Blueprint("integrations", __name__)

    @blueprint.get("/path/integration/<id:integration_id>/import/candidates")
    def list_candidates(integration_id: int) -> list[dict[str, Any]]:
        integrations.check_integration(integration_id)
        return [
            {"externalId": event.external_id, "name": event.name}
            for event in integrations.EXTERNAL_EVENTS
        ]

    @blueprint.post("/path/integration/<id:integration_id>/import")
    def create_job(integration_id: int) -> dict[str, Any]:
        integrations.check_integration(integration_id)
        body = bodies.read_body(CreateIntegrationImport)
        external = integrations.find_external_event(body.external_event_id)
        if external is None:
            raise refuse_fields([("externalEventId", "is not among the candidates")])
        with store.write() as tx:
            return {"jobId": integrations.add_job(tx, external, body.mode)}

    @blueprint.get("/path/integration/<id:integration_id>/import/<id:job_id>")
    def show_job(integration_id: int, job_id: int) -> dict[str, Any]:
        integrations.check_integration(integration_id)
        sql = "SELECT * FROM integration_imports WHERE organization_id = ? AND id = ?"
        with store.read() as tx:
            row = tx.find(sql, tx.organization_id, job_id)
            return integrations.describe_job(found(row, f"Integration import {job_id}"), tx.now)

    return blueprint
