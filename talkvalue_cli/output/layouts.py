"""Parts of a record's table that read its members, whatever the server put there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talkvalue_cli.output.columns import Column, Field, Record, Section


def find_member(record: Record, path: str) -> Any:
    """Return a member of members, such as `growth.latestTotal`; None when it is not there."""
    value: Any = record
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def list_items(record: Record, path: str) -> list[Any]:
    """Return a list of the record, an empty one in place of anything else."""
    found = find_member(record, path)
    return found if isinstance(found, list) else []


def list_objects(record: Record, path: str) -> list[Record]:
    """Return the objects of a list of the record."""
    return [item for item in list_items(record, path) if isinstance(item, Mapping)]


def make_field(label: str, path: str) -> Field:
    """Return a line with a member as it is."""
    return Field(label, lambda record: find_member(record, path))


def make_section(title: str, path: str, *columns: Column) -> Section:
    """Return the rows of a list of the record, below a title."""
    return Section(lambda record: title, lambda record: list_objects(record, path), columns)
