"""Tables out of values: a header, a row of dashes, two blanks between columns."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import MIN_PADDING, tabulate

from talkvalue_cli.output.cells import cut, display_width
from talkvalue_cli.output.columns import Column, Layout, Record, clean, to_text
from talkvalue_cli.output.paint import Paint

GAP = 2
#: a column that may shrink keeps this many cells
NARROWEST = 12


def render_rows(
    columns: Sequence[Column], items: Sequence[Record], paint: Paint, width: int | None = None
) -> str:
    """Return a table of the items.

    width: cells of the terminal; None never cuts anything.
    """
    cells = [[column.cell(item) for column in columns] for item in items]
    if width is not None:
        _shrink(columns, cells, width)
    for item, row in zip(items, cells, strict=True):
        for place, column in enumerate(columns):
            if column.style:
                row[place] = paint(row[place], column.style(item.get(column.key)))
    headers = [paint(column.header, "header") for column in columns]
    return _draw(headers, cells, [column.is_right for column in columns])


def render_record(record: Record, layout: Layout | None, paint: Paint, width: int | None) -> str:
    """Return a record as lines of label and value, with its sections as tables below."""
    if layout is None:
        pairs = [[clean(key), to_text(value)] for key, value in record.items()]
        return _draw([paint("Field", "header"), paint("Value", "header")], pairs, [False, False])
    lines = []
    for field in layout.fields:
        text = to_text(field.text(record))
        lines.append([field.label, paint(text, field.style(record)) if field.style else text])
    parts = [_draw([paint("Field", "header"), paint("Value", "header")], lines, [False, False])]
    for section in layout.sections:
        items = section.items(record)
        if items:
            title = paint(clean(section.title(record)), "header")
            parts.append(f"{title}\n{render_rows(section.columns, items, paint, width)}")
    return "\n".join(parts)


def _draw(headers: list[str], cells: list[list[str]], is_right: Sequence[bool]) -> str:
    aligns = ["right" if right else "left" for right in is_right]
    text = tabulate(
        # a table without rows is drawn from an empty one: tabulate aligns only columns it has
        cells or [[""] * len(headers)],
        headers=headers,
        tablefmt="simple",
        # numbers arrive as text, and a phone number or an id is not to be "1e+10"
        disable_numparse=True,
        colalign=aligns,
    )
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(lines if cells else lines[:2]) + "\n"


def _shrink(columns: Sequence[Column], cells: list[list[str]], width: int) -> None:
    """Cut the cells of columns that allow it until the table fits, or they are narrowest."""
    # tabulate makes every column wider than its header by its padding
    narrowest = [max(NARROWEST, len(column.header) + MIN_PADDING) for column in columns]
    widths = [
        max([len(column.header) + MIN_PADDING, *(display_width(row[place]) for row in cells)])
        for place, column in enumerate(columns)
    ]
    excess = sum(widths) + GAP * (len(columns) - 1) - width
    places = [place for place, column in enumerate(columns) if column.can_shrink]
    for place in sorted(places, key=lambda place: -widths[place]):
        if excess <= 0:
            return
        target = max(narrowest[place], widths[place] - excess)
        excess -= max(0, widths[place] - target)
        for row in cells:
            row[place] = cut(row[place], target)
