"""Endpoints of events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

from talkvalue_cli.api import models, people
from talkvalue_cli.api.models import Event, Page
from talkvalue_cli.api.people import Filters
from talkvalue_cli.api.people_shapes import NewPerson, PersonDetail
from talkvalue_cli.errors import NotFoundError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

#: what an update sends back, so each event is to have it
_REQUIRED = {"id": int, "name": str, "timeZone": str, "startAt": str}


def list_events(client: Client) -> list[Event]:
    """`GET /path/event`: all events, not paged."""
    answer = client.get("/path/event")
    return cast("list[Event]", models.check_list(answer.value, answer.request, **_REQUIRED))


def get_event(client: Client, event_id: int) -> Event:
    """One event out of `GET /path/event`: the API has no endpoint for a single one.

    Raises NotFoundError for an id that is not in the list.
    """
    for event in list_events(client):
        if event["id"] == event_id:
            return event
    raise NotFoundError(
        f"event {event_id} does not exist", hint="talkvalue path event list shows the ids"
    )


def create_event(
    client: Client,
    *,
    name: str,
    time_zone: str,
    start_at: str,
    end_at: str | None = None,
    location: str | None = None,
) -> Event:
    """`POST /path/event`. End and location are left out of the request when None.

    time_zone: an IANA name. start_at, end_at: ISO 8601.
    """
    body = {"name": name, "timeZone": time_zone, "startAt": start_at}
    extra = {"endAt": end_at, "location": location}
    body |= {key: value for key, value in extra.items() if value is not None}
    answer = client.post("/path/event", body)
    return _check(answer.value, answer.request)


def replace_event(
    client: Client,
    event_id: int,
    *,
    name: str,
    time_zone: str,
    start_at: str,
    end_at: str | None,
    location: str | None,
) -> Event:
    """`PUT /path/event/{id}`: all that can be set is set; null empties end or location."""
    body = {
        "name": name,
        "timeZone": time_zone,
        "startAt": start_at,
        "endAt": end_at,
        "location": location,
    }
    answer = client.put(f"/path/event/{event_id}", body)
    return _check(answer.value, answer.request)


def delete_event(client: Client, event_id: int) -> None:
    """`DELETE /path/event/{id}`."""
    client.delete(f"/path/event/{event_id}")


def list_event_people(
    client: Client,
    event_id: int,
    filters: Filters,
    *,
    page: int | None = None,
    page_size: int | None = None,
) -> Page:
    """`GET /path/event/{eventId}/person`: one page; has no filter by event."""
    path = f"/path/event/{event_id}/person"
    return people.fetch_page(client, path, filters, page=page, page_size=page_size)


def add_event_person(client: Client, event_id: int, person: NewPerson) -> PersonDetail:
    """`POST /path/event/{eventId}/person`."""
    return people.add_person(client, f"/path/event/{event_id}/person", person)


def export_event_people(client: Client, event_id: int) -> AbstractContextManager[Iterator[bytes]]:
    """`GET /path/event/{eventId}/person/export`: its people as CSV, as it arrives."""
    return client.download(f"/path/event/{event_id}/person/export")


def _check(value: Any, request: str) -> Event:
    return cast(Event, models.check_object(value, request, **_REQUIRED))
