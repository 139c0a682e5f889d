"""Endpoints of channels, the lists that imports put people into."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from talkvalue_cli.api import shapes
from talkvalue_cli.api.shapes import Channel
from talkvalue_cli.errors import NotFoundError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.api.client import Client


def list_channels(client: Client) -> list[Channel]:
    """`GET /path/channel`: all channels, not paged."""
    answer = client.get("/path/channel")
    return cast("list[Channel]", shapes.check_list(answer.value, answer.request, id=int, name=str))


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
    return cast(Channel, shapes.check_object(answer.value, answer.request, id=int, name=str))
