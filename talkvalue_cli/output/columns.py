"""Tables described as data: what stands in a column or a line, and how a value becomes text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from talkvalue_cli import times

Record = Mapping[str, Any]

#: control characters, line separators and marks that turn the writing direction:
#: each could break a table, or make a terminal obey the data
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Reading(NamedTuple):
    """For whom values become text.

    now: epoch seconds. is_for_people: times are local, and relative when recent;
    otherwise they are in RFC 3339. is_short: a terminal has no room for more.
    """

    now: float = 0.0
    is_for_people: bool = False
    is_short: bool = False

    def show_time(self, moment: datetime) -> str:
        """Return a time as a cell of a table."""
        if not self.is_for_people:
            return times.format_timestamp(moment)
        return times.format_moment(moment, self.now, is_short=self.is_short)


#: as a program reads it
MACHINE = Reading()


class Column(NamedTuple):
    """A column of a list.

    key: what is taken from each item.
    is_right: aligned to the right in tables.
    format: turns the value into that of a table; JSON and CSV keep the value.
    style: names the style of the value in a table, see `output.style`.
    can_shrink: may be cut with an ellipsis where a terminal is too narrow.
    can_go: is left out of a table that is too wide for a terminal all the same;
        the highest number goes first, and of the same ones the last.
    is_time: the value is a timestamp.
    compute: makes the value out of the whole item; such a column is in tables only.
    """

    header: str
    key: str
    is_right: bool = False
    format: Callable[[Any], Any] | None = None
    style: Callable[[Any], str] | None = None
    can_shrink: bool = False
    can_go: int = 0
    is_time: bool = False
    compute: Callable[[Record, Reading], Any] | None = None

    def cell(self, item: Record, reading: Reading = MACHINE) -> str:
        """Return the text of the item in a table."""
        value = self.compute(item, reading) if self.compute else item.get(self.key)
        if self.is_time:
            value = times.parse_timestamp(value) or value
        return to_text(self.format(value) if self.format else value, reading)


class Field(NamedTuple):
    """A line of a single record in a table: a label, and the value made from the record."""

    label: str
    text: Callable[[Record], Any]
    style: Callable[[Record], str] | None = None


class Section(NamedTuple):
    """Rows below a single record: a title, the items, and their columns."""

    title: Callable[[Record], str]
    items: Callable[[Record], Sequence[Record]]
    columns: Sequence[Column]


class Layout(NamedTuple):
    """How a single record is shown as a table."""

    fields: Sequence[Field]
    sections: Sequence[Section] = ()


def make_layout(columns: Sequence[Column]) -> Layout:
    """Return a layout with a line for each column."""
    return Layout([Field(column.header, _reader(column)) for column in columns])


def _reader(column: Column) -> Callable[[Record], Any]:
    """Return what reads a column's value from a record; one that is a time stays one."""
    if not column.is_time:
        return column.cell
    return lambda record: times.parse_timestamp(record.get(column.key)) or record.get(column.key)


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


def make_field(
    label: str, path: str, format: Callable[[Any], Any] | None = None, style: str = ""
) -> Field:
    """Return a line with a member, as it is or as `format` makes text of it.

    style: of the text, where the member is more than nothing.
    """

    def text(record: Record) -> Any:
        value = find_member(record, path)
        return format(value) if format else value

    return Field(label, text, lambda record: style if find_member(record, path) else "")


def make_section(title: str, path: str, *columns: Column) -> Section:
    """Return the rows of a list of the record, below a title."""
    return Section(lambda record: title, lambda record: list_objects(record, path), columns)


def clean(text: str) -> str:
    """Return text with everything escaped that a terminal would obey instead of showing."""
    return UNSAFE.sub(lambda match: _escape(match[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def to_text(value: Any, reading: Reading = MACHINE) -> str:
    """Return a value as one line: null is empty, objects and arrays are compact JSON."""
    return clean(reading.show_time(value) if isinstance(value, datetime) else to_field(value))


def to_field(value: Any) -> str:
    """Return a value as the text of a CSV field, control characters and all."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return to_json(value, separators=(",", ":"))


def to_json(value: Any, **layout: Any) -> str:
    """Return a value as strict JSON, its text not escaped.

    Numbers that JSON has not, which a config file and a calculation can hold, become null,
    as JavaScript writes them. layout: as of json.dumps.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, **layout)
    except ValueError:
        return json.dumps(_without_infinity(value), ensure_ascii=False, **layout)


def _without_infinity(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _without_infinity(item) for key, item in value.items()}
    return [_without_infinity(item) for item in value] if isinstance(value, list) else value


def join_names(tags: Any) -> str:
    """Return the names of a list of objects, such as tags, separated by commas."""
    items = tags if isinstance(tags, list) else ()
    found = [tag.get("name") for tag in items if isinstance(tag, dict)]
    return ", ".join(str(name) for name in found if name is not None)
