"""Endpoints of tags. A source, which can have tags, is a channel or an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def list_tags(client: Client, name: str | None = None) -> list[Record]:
    """`GET /path/tag`: all tags, not paged.

    name: only tags with this in their name.
    """
    return models.read_list(client.get("/path/tag", {"name": name}), id=int)


def create_tag(client: Client, *, name: str) -> Record:
    """`POST /path/tag`."""
    return models.read_object(client.post("/path/tag", {"name": name}), id=int)


def rename_tag(client: Client, tag_id: int, *, name: str) -> Record:
    """`PUT /path/tag/{id}`."""
    return models.read_object(client.put(f"/path/tag/{tag_id}", {"name": name}), id=int)


def delete_tag(client: Client, tag_id: int) -> None:
    """`DELETE /path/tag/{id}`: the tag, wherever it is attached."""
    client.delete(f"/path/tag/{tag_id}")


def attach_tag(client: Client, source_id: int, tag: Mapping[str, Any]) -> Record:
    """`POST /path/tag/source/{sourceId}`; by name, a tag that does not exist is made.

    tag: `tagId`, `name`, or both.
    """
    return models.read_object(client.post(f"/path/tag/source/{source_id}", tag), id=int)


def detach_tag(client: Client, source_id: int, tag_id: int) -> None:
    """`DELETE /path/tag/{tagId}/source/{sourceId}`."""
    client.delete(f"/path/tag/{tag_id}/source/{source_id}")
