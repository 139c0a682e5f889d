"""Endpoints of events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

#: what can be set; the zone is an IANA name, times are in ISO 8601
FIELDS = ("name", "timeZone", "startAt", "endAt", "location")
#: what no event can be without
_NEEDED = ("name", "timeZone", "startAt")
_REQUIRED = {"id": int}


def list_events(client: Client) -> list[Record]:
    """`GET /path/event`: all events, not paged."""
    return models.read_list(client.get("/path/event"), **_REQUIRED)


def get_event(client: Client, event_id: int) -> Record:
    """One event out of `GET /path/event`. Raises NotFoundError."""
    return models.find_record(list_events(client), "event", event_id)


def create_event(client: Client, fields: Mapping[str, Any]) -> Record:
    """`POST /path/event`: some of FIELDS; the end and the location may be left out."""
    body = {name: fields[name] for name in FIELDS if name in fields}
    return models.read_object(client.post("/path/event", body), **_REQUIRED)


def complete_changes(
    client: Client, event_id: int, changes: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the changes with all other FIELDS as they are now, which takes a request for them.

    Raises NotFoundError, and UnexpectedAnswerError for an event without a name,
    a start or a zone.
    """
    if changes.keys() >= set(FIELDS):
        return changes
    current = get_event(client, event_id)
    required = {name: str for name in _NEEDED if name not in changes}
    models.check(current, "GET /path/event", **required)
    return {name: changes.get(name, current.get(name)) for name in FIELDS}


def replace_event(client: Client, event_id: int, fields: Mapping[str, Any]) -> Record:
    """`PUT /path/event/{id}`: all of FIELDS are set; null empties one."""
    body = {name: fields[name] for name in FIELDS}
    return models.read_object(client.put(f"/path/event/{event_id}", body), **_REQUIRED)


def delete_event(client: Client, event_id: int) -> None:
    """`DELETE /path/event/{id}`."""
    client.delete(f"/path/event/{event_id}")
