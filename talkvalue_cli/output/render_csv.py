"""CSV out of values, spelled as the existing CLI spells it: LF ends each line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from talkvalue_cli.output.columns import Column, Record, to_field

_NEEDS_QUOTES = re.compile('[,"\r\n]')


def render_rows(columns: Sequence[Column], items: Iterable[Record]) -> str:
    """Return a header of the columns and a line for each item."""
    return "".join(render_pages(columns, [list(items)]))


def render_pages(columns: Sequence[Column], pages: Iterable[Sequence[Record]]) -> Iterator[str]:
    """Yield, page by page, what `render_rows` returns of all items."""
    columns = [column for column in columns if column.compute is None]
    header = render_line(column.header for column in columns)
    for items in pages:
        lines = ([to_field(item.get(column.key)) for column in columns] for item in items)
        yield header + "".join(map(render_line, lines))
        header = ""
    yield header


def render_record(record: Record) -> str:
    """Return a header of the record's own keys, and its values."""
    return render_line(list(record)) + render_line([to_field(value) for value in record.values()])


def render_line(fields: Iterable[Any]) -> str:
    """Return one line; a field with a comma, a quote or a line break is quoted."""
    return ",".join(map(_quote, map(str, fields))) + "\n"


def _quote(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if _NEEDS_QUOTES.search(field) else field
