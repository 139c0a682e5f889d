"""Endpoints of channels, the lists that imports put people into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

from talkvalue_cli.api import models, people
from talkvalue_cli.api.models import Channel, Page
from talkvalue_cli.api.people import Filters
from talkvalue_cli.api.people_shapes import NewPerson, PersonDetail
from talkvalue_cli.errors import NotFoundError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def list_channels(client: Client) -> list[Channel]:
    """`GET /path/channel`: all channels, not paged."""
    answer = client.get("/path/channel")
    return cast("list[Channel]", models.check_list(answer.value, answer.request, id=int, name=str))


def get_channel(client: Client, channel_id: int) -> Channel:
    """One channel out of `GET /path/channel`: the API has no endpoint for a single one.

    Raises NotFoundError for an id that is not in the list.
    """
    for channel in list_channels(client):
        if channel["id"] == channel_id:
            return channel
    raise NotFoundError(
        f"channel {channel_id} does not exist", hint="talkvalue path channel list shows the ids"
    )


def create_channel(
    client: Client, *, name: str, icon: str | None = None, color: str | None = None
) -> Channel:
    """`POST /path/channel`. Icon and color are left out of the request when None."""
    body = {"name": name, "icon": icon, "color": color}
    answer = client.post(
        "/path/channel", {key: value for key, value in body.items() if value is not None}
    )
    return _check(answer.value, answer.request)


def replace_channel(
    client: Client, channel_id: int, *, name: str, icon: str | None, color: str | None
) -> Channel:
    """`PUT /path/channel/{id}`: all that can be set is set; null empties icon or color."""
    body = {"name": name, "icon": icon, "color": color}
    answer = client.put(f"/path/channel/{channel_id}", body)
    return _check(answer.value, answer.request)


def delete_channel(client: Client, channel_id: int) -> None:
    """`DELETE /path/channel/{id}`: the channel and its memberships."""
    client.delete(f"/path/channel/{channel_id}")


def list_channel_people(
    client: Client,
    channel_id: int,
    filters: Filters,
    *,
    page: int | None = None,
    page_size: int | None = None,
) -> Page:
    """`GET /path/channel/{channelId}/person`: one page; has no filter by channel."""
    path = f"/path/channel/{channel_id}/person"
    return people.fetch_page(client, path, filters, page=page, page_size=page_size)


def add_channel_person(client: Client, channel_id: int, person: NewPerson) -> PersonDetail:
    """`POST /path/channel/{channelId}/person`."""
    return people.add_person(client, f"/path/channel/{channel_id}/person", person)


def export_channel_people(
    client: Client, channel_id: int
) -> AbstractContextManager[Iterator[bytes]]:
    """`GET /path/channel/{channelId}/person/export`: its people as CSV, as it arrives."""
    return client.download(f"/path/channel/{channel_id}/person/export")


def _check(value: Any, request: str) -> Channel:
    return cast(Channel, models.check_object(value, request, id=int, name=str))
