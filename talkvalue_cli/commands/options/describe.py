"""What a question calls the thing that it is about: its id, its name, and how many people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import models, people, sources, tags
from talkvalue_cli.api.models import Record
from talkvalue_cli.api.sources import Kind
from talkvalue_cli.counts import read_count

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client


def describe_source(client: Client, kind: Kind, source_id: int) -> str:
    """Return a channel or an event with its name and its people. Raises NotFoundError."""
    return _describe(kind.name, sources.get_source(client, kind, source_id))


def describe_tag(client: Client, tag_id: int) -> str:
    """Return a tag with its name. Raises NotFoundError."""
    return _describe("tag", models.find_record(tags.list_tags(client), "tag", tag_id))


def describe_person(client: Client, person_id: int) -> str:
    """Return a person with their name and address. Raises NotFoundError."""
    record = people.get_person(client, person_id)
    email = record.get("primaryEmail")
    address = _text(email.get("email") if isinstance(email, dict) else email)
    name = " ".join(filter(None, [_text(record.get("name")), address and f"<{address}>"]))
    return f"person {person_id}" + (f" ({name})" if name else "")


def _describe(kind: str, record: Record) -> str:
    name, count = _text(record.get("name")), read_count(record.get("peopleCount"))
    people = "" if count is None else f" ({count:,} {'person' if count == 1 else 'people'})"
    return f"{kind} {record['id']}" + (f" {name!r}" if name else "") + people


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
