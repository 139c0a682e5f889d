"""Tables out of values: a header, a row of dashes, two blanks between columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tabulate import tabulate

from talkvalue_cli.output import table_fit
from talkvalue_cli.output.cells import cut, display_width
from talkvalue_cli.output.columns import Column, Layout, Record, clean, to_text
from talkvalue_cli.output.style import Paint
from talkvalue_cli.output.table_fit import GAP


def render_rows(
    columns: Sequence[Column], items: Sequence[Record], paint: Paint, width: int | None = None
) -> str:
    """Return a table of the items.

    width: cells of the terminal; None never cuts anything.
    """
    return "".join(render_pages(columns, [items], paint, width))


def render_pages(
    columns: Sequence[Column],
    pages: Iterable[Sequence[Record]],
    paint: Paint,
    width: int | None = None,
) -> Iterator[str]:
    """Yield a table page by page; the columns are those that the first page with items needs.

    width: as for `render_rows`. Later cells that do not fit are cut where a column may
    shrink and a terminal is read, and push the others aside elsewhere.
    """
    widths: list[int] | None = None
    for items in filter(None, pages):
        if widths is None:
            columns = table_fit.choose_columns(columns, items, width)
            cells = table_fit.fill(columns, items)
            table_fit.shrink(columns, cells, width)
            widths = table_fit.measure(columns, cells)
            _paint_cells(columns, items, cells, paint)
            yield _draw_rows(columns, cells, paint)
        else:
            cells = table_fit.fill(columns, items)
            _pad(columns, cells, widths, is_cut=width is not None)
            _paint_cells(columns, items, cells, paint)
            yield "".join((" " * GAP).join(row).rstrip() + "\n" for row in cells)
    if widths is None:
        yield _draw_rows(table_fit.choose_columns(columns, [], width), [], paint)


def _pad(
    columns: Sequence[Column], cells: list[list[str]], widths: Sequence[int], *, is_cut: bool
) -> None:
    """Make cells as wide as the columns of a table that is begun already."""
    for row in cells:
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            text = cut(row[place], width) if is_cut and column.can_shrink else row[place]
            blanks = " " * (width - display_width(text))
            row[place] = blanks + text if column.is_right else text + blanks


def _paint_cells(
    columns: Sequence[Column], items: Sequence[Record], cells: list[list[str]], paint: Paint
) -> None:
    for item, row in zip(items, cells, strict=True):
        for place, column in enumerate(columns):
            if column.style:
                row[place] = paint(row[place], column.style(item.get(column.key)))


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


def _draw_rows(columns: Sequence[Column], cells: list[list[str]], paint: Paint) -> str:
    headers = [paint(column.header, "header") for column in columns]
    return _draw(headers, cells, [column.is_right for column in columns])


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
