"""`/path/channel` and `/path/event`: list, create, replace, delete, and their people."""

from __future__ import annotations

from typing import Any

from ..db.store import Transaction
from ..people import sources
from ..people.bodies import ChannelBody, EventBody
from ..people.sources import CHANNEL, EVENT, Kind
from ..web.problems import Problem, on_taken_name
from . import members
from .operations import Operations, with_article


def _make_operations(
    kind: Kind, body_type: type[ChannelBody] | type[EventBody], replace: str, delete: str
) -> Operations:
    """Return the operations on channels or events; replace, delete: what these two do."""
    operations = Operations()
    path, name = f"/path/{kind.name}", kind.name.capitalize()
    a_source = with_article(kind.name)

    def find(tx: Transaction, source_id: int) -> object:
        return sources.find_source(tx, kind, source_id)

    def refuse_name(body: ChannelBody | EventBody) -> Problem:
        return Problem(409, f'{a_source.capitalize()} named "{body.name}" exists already.')

    @operations.add(f"GET {path}", f"{name}[]", name=f"list{name}s", summary=f"All {kind.name}s")
    def list_sources(tx: Transaction) -> list[dict[str, Any]]:
        return sources.list_sources(tx, kind)

    @operations.add(
        f"POST {path}", name, 409, body=body_type, name=f"create{name}", summary=f"Add {a_source}"
    )
    def create_source(tx: Transaction, body: ChannelBody | EventBody) -> dict[str, Any]:
        with on_taken_name(refuse_name(body)):
            source_id = sources.add_source(tx, kind, **body.columns)
        return sources.describe_source(tx, kind, source_id)

    @operations.add(
        f"PUT {path}/{{id}}", name, 404, 409, body=body_type, name=f"replace{name}", summary=replace
    )
    def replace_source(
        tx: Transaction, source_id: int, body: ChannelBody | EventBody
    ) -> dict[str, Any]:
        find(tx, source_id)
        with on_taken_name(refuse_name(body)):
            tx.update(f"{kind.name}s", source_id, **body.columns)
        return sources.describe_source(tx, kind, source_id)

    @operations.add(f"DELETE {path}/{{id}}", "-", 404, name=f"delete{name}", summary=delete)
    def delete_source(tx: Transaction, source_id: int) -> None:
        find(tx, source_id)
        sources.remove_source(tx, kind, source_id)

    members.add_members(operations, kind.name, find)
    return operations


CHANNELS = _make_operations(
    CHANNEL, ChannelBody, "Replace name, icon and color", "Delete a channel and its memberships"
)
EVENTS = _make_operations(
    EVENT, EventBody, "Replace an event", "Delete an event and its registrations"
)
