"""Endpoints of channels, the lists that imports put people into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

#: what can be set
FIELDS = ("name", "icon", "color")
_REQUIRED = {"id": int}


def list_channels(client: Client) -> list[Record]:
    """`GET /path/channel`: all channels, not paged."""
    return models.read_list(client.get("/path/channel"), **_REQUIRED)


def get_channel(client: Client, channel_id: int) -> Record:
    """One channel out of `GET /path/channel`. Raises NotFoundError."""
    return models.find_record(list_channels(client), "channel", channel_id)


def create_channel(client: Client, fields: Mapping[str, Any]) -> Record:
    """`POST /path/channel`: `name`, and `icon` and `color` where there are any."""
    return models.read_object(client.post("/path/channel", fields), **_REQUIRED)


def complete_changes(
    client: Client, channel_id: int, changes: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the changes with all other FIELDS as they are now, which takes a request for them.

    Raises NotFoundError, and UnexpectedAnswerError for a channel without a name.
    """
    if changes.keys() >= set(FIELDS):
        return changes
    current = get_channel(client, channel_id)
    required = {name: str for name in ("name",) if name not in changes}
    models.check(current, "GET /path/channel", **required)
    return {name: changes.get(name, current.get(name)) for name in FIELDS}


def replace_channel(client: Client, channel_id: int, fields: Mapping[str, Any]) -> Record:
    """`PUT /path/channel/{id}`: all of FIELDS are set; null empties one."""
    body = {name: fields[name] for name in FIELDS}
    return models.read_object(client.put(f"/path/channel/{channel_id}", body), **_REQUIRED)


def delete_channel(client: Client, channel_id: int) -> None:
    """`DELETE /path/channel/{id}`: the channel and its memberships."""
    client.delete(f"/path/channel/{channel_id}")
