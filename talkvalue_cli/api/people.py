"""Endpoints of people; those below a channel, an event or a company use what is shared here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Page
from talkvalue_cli.api.people_shapes import Activity, NewPerson, PersonChanges, PersonDetail
from talkvalue_cli.errors import UnexpectedAnswerError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


class Filters(NamedTuple):
    """Which people a list is to hold, and in which order. None and () do not filter."""

    keyword: str | None = None
    channel_ids: tuple[int, ...] = ()
    event_ids: tuple[int, ...] = ()
    company_id: int | None = None
    company_name: str | None = None
    job_title: str | None = None
    sort: tuple[str, ...] = ()

    def to_params(self) -> dict[str, Any]:
        """Return the query parameters; the names of those that repeat are singular."""
        return {
            "keyword": self.keyword,
            "channelId": list(self.channel_ids),
            "eventId": list(self.event_ids),
            "companyId": self.company_id,
            "companyName": self.company_name,
            "jobTitle": self.job_title,
            "sort": list(self.sort),
        }


def list_people(
    client: Client,
    filters: Filters,
    *,
    page: int | None = None,
    page_size: int | None = None,
) -> Page:
    """`GET /path/person`: one page of people."""
    return fetch_page(client, "/path/person", filters, page=page, page_size=page_size)


def fetch_page(
    client: Client, path: str, filters: Filters, *, page: int | None, page_size: int | None
) -> Page:
    """One page of any of the four lists of people."""
    paging = {"pageNumber": page, "pageSize": page_size}
    answer = client.get(path, {**filters.to_params(), **paging})
    return models.check_page(answer.value, answer.request, id=int, name=str)


def get_person(client: Client, person_id: int) -> PersonDetail:
    """`GET /path/person/{id}`."""
    answer = client.get(f"/path/person/{person_id}")
    return _check_detail(answer.value, answer.request)


def add_person(client: Client, path: str, person: NewPerson) -> PersonDetail:
    """Link an existing person with this e-mail address to a channel or an event, or make one."""
    answer = client.post(path, cast("Mapping[str, Any]", person))
    return _check_detail(answer.value, answer.request)


def update_person(client: Client, person_id: int, changes: PersonChanges) -> PersonDetail:
    """`PATCH /path/person/{id}`: change what is named, and nothing else."""
    answer = client.patch(f"/path/person/{person_id}", cast("Mapping[str, Any]", changes))
    return _check_detail(answer.value, answer.request)


def delete_person(client: Client, person_id: int) -> None:
    """`DELETE /path/person/{id}`."""
    client.delete(f"/path/person/{person_id}")


def merge_people(client: Client, source_id: int, target_id: int) -> PersonDetail:
    """`POST /path/person/{sourceId}/merge/{targetId}`: the target, which absorbed the source."""
    answer = client.post(f"/path/person/{source_id}/merge/{target_id}")
    return _check_detail(answer.value, answer.request)


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
    found = models.check_object(answer.value, answer.request, content=list, hasNext=bool)
    following = found.get("nextCursor")
    if found["hasNext"]:
        models.check_object(found, answer.request, nextCursor=int)
        if following == cursor:
            raise UnexpectedAnswerError(f"{answer.request} has cursor {cursor} follow itself")
    entries = models.check_list(found["content"], answer.request, id=int)
    return Activity(entries, following, found["hasNext"])


def walk_activity(
    client: Client, person_id: int, *, cursor: int | None = None, page_size: int | None = None
) -> Iterator[list[Any]]:
    """Yield the entries from the cursor to the end, as many at once as one request has."""
    while True:
        found = list_activity(client, person_id, cursor=cursor, page_size=page_size)
        yield found.entries
        if not found.has_next:
            return
        cursor = found.next_cursor


def export_people(client: Client) -> AbstractContextManager[Iterator[bytes]]:
    """`GET /path/person/export`: everybody as CSV, as it arrives."""
    return client.download("/path/person/export")


def _check_detail(value: Any, request: str) -> PersonDetail:
    return cast(PersonDetail, models.check_object(value, request, id=int, name=str))
