"""Endpoints of tags. A source, which can have tags, is a channel or an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Tag

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def list_tags(client: Client, name: str | None = None) -> list[Tag]:
    """`GET /path/tag`: all tags, not paged.

    name: only tags with this in their name.
    """
    answer = client.get("/path/tag", {"name": name})
    return cast("list[Tag]", models.check_list(answer.value, answer.request, id=int, name=str))


def create_tag(client: Client, *, name: str) -> Tag:
    """`POST /path/tag`."""
    answer = client.post("/path/tag", {"name": name})
    return _check(answer.value, answer.request)


def rename_tag(client: Client, tag_id: int, *, name: str) -> Tag:
    """`PUT /path/tag/{id}`."""
    answer = client.put(f"/path/tag/{tag_id}", {"name": name})
    return _check(answer.value, answer.request)


def delete_tag(client: Client, tag_id: int) -> None:
    """`DELETE /path/tag/{id}`: the tag, wherever it is attached."""
    client.delete(f"/path/tag/{tag_id}")


def attach_tag(
    client: Client, source_id: int, *, tag_id: int | None = None, name: str | None = None
) -> Tag:
    """`POST /path/tag/source/{sourceId}`; by name, a tag that does not exist is made."""
    body = {"tagId": tag_id, "name": name}
    answer = client.post(
        f"/path/tag/source/{source_id}",
        {key: value for key, value in body.items() if value is not None},
    )
    return _check(answer.value, answer.request)


def detach_tag(client: Client, source_id: int, tag_id: int) -> None:
    """`DELETE /path/tag/{tagId}/source/{sourceId}`."""
    client.delete(f"/path/tag/{tag_id}/source/{source_id}")


def _check(value: Any, request: str) -> Tag:
    return cast(Tag, models.check_object(value, request, id=int, name=str))
