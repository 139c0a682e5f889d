"""Endpoints of people, and of the people of a channel, an event or a company.

`of` says whose people: EVERYBODY, `/channel/{id}`, `/event/{id}` or `/company/{id}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Page, Record
from talkvalue_cli.errors import UnexpectedAnswerError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

#: query parameters that say which people a list holds, and in which order: `keyword`, `channelId`
#: and `eventId` (several), `companyId`, `companyName`, `jobTitle`, `sort` (several)
Filters = Mapping[str, Any]
EVERYBODY = ""


class Activity(NamedTuple):
    """A part of what happened to a person; the next one begins at `next_cursor`."""

    entries: list[Any]
    next_cursor: int | None
    has_next: bool


def list_people(
    client: Client, of: str, filters: Filters, *, page: int | None, page_size: int | None
) -> Page:
    """`GET /path{of}/person`: one page of people; none of the filters is about `of` itself."""
    params = {**filters, "pageNumber": page, "pageSize": page_size}
    return models.read_page(client.get(f"/path{of}/person", params), id=int)


def get_person(client: Client, person_id: int) -> Record:
    """`GET /path/person/{id}`; `primaryEmail` is an object here, and text in lists."""
    return models.read_object(client.get(f"/path/person/{person_id}"), id=int)


def add_person(client: Client, of: str, person: Mapping[str, Any]) -> Record:
    """`POST /path{of}/person`: link an existing person with this e-mail address, or make one.

    of: a channel or an event. person: `email` and `phones`, and more of what a person has.
    """
    return models.read_object(client.post(f"/path{of}/person", person), id=int)


def update_person(client: Client, person_id: int, changes: Mapping[str, Any]) -> Record:
    """`PATCH /path/person/{id}`: change what is named, and nothing else; null empties."""
    return models.read_object(client.patch(f"/path/person/{person_id}", changes), id=int)


def delete_person(client: Client, person_id: int) -> None:
    """`DELETE /path/person/{id}`."""
    client.delete(f"/path/person/{person_id}")


def merge_people(client: Client, source_id: int, target_id: int) -> Record:
    """`POST /path/person/{sourceId}/merge/{targetId}`: the target, which absorbed the source."""
    answer = client.post(f"/path/person/{source_id}/merge/{target_id}")
    return models.read_object(answer, id=int)


def undo_merge(client: Client, merge_operation_id: int) -> None:
    """`POST /path/person/merge/{mergeOperationId}/undo`."""
    client.trigger(f"/path/person/merge/{merge_operation_id}/undo")


def list_activity(
    client: Client, person_id: int, *, cursor: int | None = None, page_size: int | None = None
) -> Activity:
    """`GET /path/person/{personId}/activity`: what happened, from the cursor on.

    Raises UnexpectedAnswerError for more to come without a new place where it begins.
    """
    params = {"cursor": cursor, "pageSize": page_size}
    answer = client.get(f"/path/person/{person_id}/activity", params)
    found = models.read_object(answer, content=list, hasNext=bool)
    following = found.get("nextCursor")
    if found["hasNext"]:
        models.read_object(answer, nextCursor=int)
        if following == cursor:
            raise UnexpectedAnswerError(f"{answer.request} has cursor {cursor} follow itself")
    entries = models.read_list(answer._replace(value=found["content"]), id=int)
    return Activity(entries, following, found["hasNext"])


def walk_activity(
    client: Client, person_id: int, *, cursor: int | None = None, page_size: int | None = None
) -> Iterator[list[Any]]:
    """Yield the entries from the cursor to the end, as many at once as one request has.

    Raises UnexpectedAnswerError for a cursor that was there before.
    """
    seen: set[int | None] = set()
    while cursor not in seen:
        seen.add(cursor)
        found = list_activity(client, person_id, cursor=cursor, page_size=page_size)
        yield found.entries
        if not found.has_next:
            return
        cursor = found.next_cursor
    raise UnexpectedAnswerError(f"the server repeats itself: cursor {cursor} was there before")


def export_people(client: Client, of: str = EVERYBODY) -> AbstractContextManager[Iterator[bytes]]:
    """`GET /path{of}/person/export`: all people as CSV, as it arrives."""
    return client.download(f"/path{of}/person/export")
