"""`/path/integration`: imports from a made-up ticket service (section 15)."""

from __future__ import annotations

from typing import Any

from ..db.store import Transaction
from ..imports import integrations
from ..imports.bodies import CreateIntegrationImport
from .operations import Operations

INTEGRATIONS = Operations()
PATH = "/path/integration/{integrationId}/import"


@INTEGRATIONS.add(f"POST {PATH}", "CreatedIntegrationImport", 404, body=CreateIntegrationImport)
def create_integration_import(
    tx: Transaction, integration_id: int, body: CreateIntegrationImport
) -> dict[str, Any]:
    """Import the guests of an external event."""
    integrations.check_integration(integration_id)
    external = integrations.find_external_event(body.external_event_id)
    return {"jobId": integrations.add_job(tx, external, body.mode)}


@INTEGRATIONS.add(f"GET {PATH}/candidates", "ExternalEvent[]", 404)
def list_integration_candidates(tx: Transaction, integration_id: int) -> list[dict[str, Any]]:
    """External events."""
    integrations.check_integration(integration_id)
    return [
        {"externalId": event.external_id, "name": event.name}
        for event in integrations.EXTERNAL_EVENTS
    ]


@INTEGRATIONS.add(f"GET {PATH}/{{jobId}}", "IntegrationImportJob", 404)
def show_integration_import(tx: Transaction, integration_id: int, job_id: int) -> dict[str, Any]:
    """One integration import."""
    integrations.check_integration(integration_id)
    return integrations.describe_job(tx, job_id)
