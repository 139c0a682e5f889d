"""Endpoints of the sources of people: channels, which imports put people into, and events.

`kind` says which of the two: CHANNELS or EVENTS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


class Kind(NamedTuple):
    """The word for one, as paths have it; what can be set; what none can be without."""

    name: str
    fields: Sequence[str]
    needed: Sequence[str]

    @property
    def path(self) -> str:
        """The path that all are below."""
        return f"/path/{self.name}"


CHANNELS = Kind("channel", fields=("name", "icon", "color"), needed=("name",))
#: the zone is an IANA name, times are in ISO 8601
EVENTS = Kind(
    "event",
    fields=("name", "timeZone", "startAt", "endAt", "location"),
    needed=("name", "timeZone", "startAt"),
)


def list_sources(client: Client, kind: Kind) -> list[Record]:
    """`GET /path/{kind}`: all of a kind, not paged."""
    return models.read_list(client.get(kind.path), id=int)


def get_source(client: Client, kind: Kind, source_id: int) -> Record:
    """One out of `GET /path/{kind}`. Raises NotFoundError."""
    return models.find_record(list_sources(client, kind), kind.name, source_id)


def create_source(client: Client, kind: Kind, fields: Mapping[str, Any]) -> Record:
    """`POST /path/{kind}`: those fields that are given; all but the needed may be left out."""
    body = {name: fields[name] for name in kind.fields if name in fields}
    return models.read_object(client.post(kind.path, body), id=int)


def complete_changes(
    client: Client, kind: Kind, source_id: int, changes: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the changes with all other fields as they are now, which takes a request for them.

    Raises NotFoundError, and UnexpectedAnswerError for a source that lacks what none can
    be without.
    """
    if changes.keys() >= set(kind.fields):
        return changes
    current = get_source(client, kind, source_id)
    required = {name: str for name in kind.needed if name not in changes}
    models.check(current, f"GET {kind.path}", **required)
    return {name: changes.get(name, current.get(name)) for name in kind.fields}


def replace_source(client: Client, kind: Kind, source_id: int, fields: Mapping[str, Any]) -> Record:
    """`PUT /path/{kind}/{id}`: all fields are set; null empties one."""
    body = {name: fields[name] for name in kind.fields}
    return models.read_object(client.put(f"{kind.path}/{source_id}", body), id=int)


def delete_source(client: Client, kind: Kind, source_id: int) -> None:
    """`DELETE /path/{kind}/{id}`: it and who belongs to it; the people stay."""
    client.delete(f"{kind.path}/{source_id}")
