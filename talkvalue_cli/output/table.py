"""Tables out of values: a header, a row of dashes, two blanks between columns.

One that is too wide for a terminal gets shorter texts, else fewer columns, else cells that are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wcwidth import wcswidth, wcwidth

from talkvalue_cli.output.columns import Column, Layout, Record, clean, to_text
from talkvalue_cli.output.style import Style

GAP = 2
#: a column that may shrink keeps this many cells
NARROWEST = 12
#: tabulate makes every column at least this much wider than its header
HEADER_PADDING = 2


def render_rows(
    columns: Sequence[Column], items: Sequence[Record], style: Style, width: int | None = None
) -> str:
    """Return a table of the items.

    width: cells of the terminal; None never cuts anything.
    """
    return "".join(render_pages(columns, [items], style, width))


def render_pages(
    columns: Sequence[Column],
    pages: Iterable[Sequence[Record]],
    style: Style,
    width: int | None = None,
) -> Iterator[str]:
    """Yield a table page by page; the columns are those that the first page with items needs.

    width: as for `render_rows`. Later cells that do not fit are cut where a column may
    shrink and a terminal is read, and push the others aside elsewhere.
    """
    widths: list[int] | None = None
    for items in filter(None, pages):
        if widths is None:
            columns = _choose_columns(columns, items, width)
            cells = _fill(columns, items)
            _shrink(columns, cells, width)
            widths = _measure(columns, cells)
            _style_cells(columns, items, cells, style)
            yield _draw_rows(columns, cells, style)
        else:
            cells = _fill(columns, items)
            _pad(columns, cells, widths, is_cut=width is not None)
            _style_cells(columns, items, cells, style)
            yield "".join((" " * GAP).join(row).rstrip() + "\n" for row in cells)
    if widths is None:
        yield _draw_rows(_choose_columns(columns, [], width), [], style)


def _pad(
    columns: Sequence[Column], cells: list[list[str]], widths: Sequence[int], *, is_cut: bool
) -> None:
    """Make cells as wide as the columns of a table that is begun already."""
    for row in cells:
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            text = cut(row[place], width) if is_cut and column.can_shrink else row[place]
            blanks = " " * (width - display_width(text))
            row[place] = blanks + text if column.is_right else text + blanks


def _style_cells(
    columns: Sequence[Column], items: Sequence[Record], cells: list[list[str]], style: Style
) -> None:
    for item, row in zip(items, cells, strict=True):
        for place, column in enumerate(columns):
            if column.style:
                row[place] = style(row[place], column.style(item.get(column.key)))


def render_record(record: Record, layout: Layout | None, style: Style, width: int | None) -> str:
    """Return a record as lines of label and value, with its sections as tables below."""
    if layout is None:
        pairs = [[clean(key), to_text(value)] for key, value in record.items()]
        return _draw([style("Field", "header"), style("Value", "header")], pairs, [False, False])
    lines = []
    for field in layout.fields:
        text = to_text(field.text(record))
        lines.append([field.label, style(text, field.style(record)) if field.style else text])
    parts = [_draw([style("Field", "header"), style("Value", "header")], lines, [False, False])]
    for section in layout.sections:
        items = section.items(record)
        if items:
            title = style(clean(section.title(record)), "header")
            parts.append(f"{title}\n{render_rows(section.columns, items, style, width)}")
    return "\n".join(parts)


def _draw_rows(columns: Sequence[Column], cells: list[list[str]], style: Style) -> str:
    headers = [style(column.header, "header") for column in columns]
    return _draw(headers, cells, [column.is_right for column in columns])


def _draw(headers: list[str], cells: list[list[str]], is_right: Sequence[bool]) -> str:
    # takes long to load, and a progress bar, which is measured here too, needs none of it
    from tabulate import tabulate

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


def _fill(columns: Sequence[Column], items: Sequence[Record]) -> list[list[str]]:
    """Return the text of each cell."""
    # tabulate strips them as well, and later pages are to line up
    return [[column.cell(item).strip() for column in columns] for item in items]


def _measure(columns: Sequence[Column], cells: list[list[str]]) -> list[int]:
    """Return how wide each column is going to be drawn."""
    return [
        max([len(column.header) + HEADER_PADDING, *(display_width(row[place]) for row in cells)])
        for place, column in enumerate(columns)
    ]


def _choose_columns(
    columns: Sequence[Column], items: Sequence[Record], width: int | None
) -> Sequence[Column]:
    """Return columns that fit a terminal: all as they are, or with their short texts.

    Of those that can go, the last ones are left out until the others have room.
    Where the width is None nobody looks at a terminal, and nothing is changed.
    """
    if width is None or _excess(_measure(columns, _fill(columns, items)), width) <= 0:
        return columns
    chosen = [column._replace(format=column.short or column.format) for column in columns]
    widths = [
        min(full, _narrowest(column)) if column.can_shrink else full
        for column, full in zip(chosen, _measure(chosen, _fill(chosen, items)), strict=True)
    ]
    for place in reversed(range(len(chosen))):
        if chosen[place].can_go and _excess(widths, width) > 0:
            del chosen[place], widths[place]
    return chosen


def _shrink(columns: Sequence[Column], cells: list[list[str]], width: int | None) -> None:
    """Cut the cells of columns that allow it until the table fits, or they are narrowest."""
    if width is None:
        return
    widths = _measure(columns, cells)
    excess = _excess(widths, width)
    places = [place for place, column in enumerate(columns) if column.can_shrink]
    for place in sorted(places, key=lambda place: -widths[place]):
        if excess <= 0:
            return
        target = max(_narrowest(columns[place]), widths[place] - excess)
        excess -= max(0, widths[place] - target)
        for row in cells:
            row[place] = cut(row[place], target)


def _excess(widths: Sequence[int], width: int) -> int:
    return sum(widths) + GAP * (len(widths) - 1) - width


def _narrowest(column: Column) -> int:
    return max(NARROWEST, len(column.header) + HEADER_PADDING)


def display_width(text: str) -> int:
    """Return how many cells of a terminal the text takes; wide characters take two."""
    if text.isascii() and text.isprintable():
        return len(text)  # most text, and a progress line is measured again and again
    return max(0, wcswidth(text))


def cut(text: str, width: int) -> str:
    """Return text that takes at most width cells, with an ellipsis where it was cut."""
    if display_width(text) <= width:
        return text
    if width <= 0:
        return ""
    used = end = 0
    for character in text:
        used += max(0, wcwidth(character))
        if used > width - 1:
            break
        end += 1
    # an emoji with a variation selector behind it is wider than its parts
    while display_width(text[:end]) > width - 1:
        end -= 1
    return text[:end] + "…"
