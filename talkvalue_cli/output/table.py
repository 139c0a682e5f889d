"""Tables out of values: a header, a row of dashes, two blanks between columns.

One that is too wide for a terminal gets shorter texts and no blanks to spare, else fewer
columns, else cells that are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wcwidth import wcswidth, wcwidth

from talkvalue_cli.output.columns import MACHINE, Column, Layout, Reading, Record, clean, to_text
from talkvalue_cli.output.style import Style

GAP = 2
#: a column that may shrink keeps this many cells, or in a table without blanks to spare
NARROWEST, TIGHTEST = 12, 10
#: where there is room for it, a column is at least this much wider than its header
HEADER_PADDING = 2
#: columns of a record
_LABEL, _VALUE = Column("Field", ""), Column("Value", "")

Cells = list[list[str]]


def render_rows(
    columns: Sequence[Column],
    items: Sequence[Record],
    style: Style,
    width: int | None = None,
    reading: Reading = MACHINE,
) -> str:
    """Return a table of the items.

    width: cells of the terminal; None never cuts anything.
    """
    return "".join(render_pages(columns, [items], style, width, reading))


def render_pages(
    columns: Sequence[Column],
    pages: Iterable[Sequence[Record]],
    style: Style,
    width: int | None = None,
    reading: Reading = MACHINE,
) -> Iterator[str]:
    """Yield a table page by page; the columns are those that the first page with items needs.

    width: as for `render_rows`. Later cells that do not fit are cut where a column may
    shrink and a terminal is read, and push the others aside elsewhere.
    """
    begun: _Plan | None = None
    for items in filter(None, pages):
        if begun is None:
            begun = _plan(columns, items, width, reading)
            yield _draw(begun, _fill_styled(begun, items, style, width), style)
        else:
            yield _draw_more(begun, items, style, width)
    if begun is None:
        yield _draw(_plan(columns, [], width, reading), [], style)


class _Plan:
    """How a table is drawn: its columns, how wide each is, and how values become text."""

    def __init__(self, columns: Sequence[Column], reading: Reading, padding: int) -> None:
        self.columns, self.reading, self.padding = list(columns), reading, padding
        self.widths: list[int] = []
        self._filled: list[int] = []

    def measure(self, items: Sequence[Record]) -> None:
        """Make each column as wide as its header and its cells are."""
        cells = self.fill(items)
        self._filled = [
            max((display_width(row[place]) for row in cells), default=0)
            for place in range(len(self.columns))
        ]
        self.widths = [
            max(self._header_width(column), filled)
            for column, filled in zip(self.columns, self._filled, strict=True)
        ]

    def is_empty(self, place: int) -> bool:
        """Tell whether nothing stands in a column."""
        return self._filled[place] == 0

    def fill(self, items: Sequence[Record]) -> Cells:
        """Return the text of each cell."""
        return [
            [column.cell(item, self.reading).strip() for column in self.columns] for item in items
        ]

    def fill_to(self, items: Sequence[Record], width: int | None) -> Cells:
        """Return the text of each cell, cut where a terminal is read and a column may shrink."""
        if width is None:
            return self.fill(items)
        return [
            [
                cut(text, room) if column.can_shrink else text
                for text, room, column in zip(row, self.widths, self.columns, strict=True)
            ]
            for row in self.fill(items)
        ]

    def narrowest(self, place: int) -> int:
        """Return how wide a column has to be at least."""
        column, width = self.columns[place], self.widths[place]
        least = max(NARROWEST if self.padding else TIGHTEST, self._header_width(column))
        return min(width, least) if column.can_shrink else width

    def _header_width(self, column: Column) -> int:
        return len(column.header) + self.padding

    def drop(self, place: int) -> None:
        """Leave a column out."""
        del self.columns[place], self.widths[place], self._filled[place]


def _plan(
    columns: Sequence[Column], items: Sequence[Record], width: int | None, reading: Reading
) -> _Plan:
    """Return a plan that fits a terminal: all columns as they are, or as many as there is room for.

    Where the width is None nobody looks at a terminal, and nothing is changed.
    """
    plan = _Plan(columns, reading, HEADER_PADDING)
    plan.measure(items)
    if width is None or _excess(plan.widths, width) <= 0:
        return plan
    short = reading._replace(is_short=True)
    for padding in (HEADER_PADDING, 0):
        plan = _Plan(columns, short, padding)
        plan.measure(items)
        if _least_excess(plan, width) <= 0:
            break
    while _least_excess(plan, width) > 0 and any(column.can_go for column in plan.columns):
        ranks = [
            # a column without a value tells least
            (column.can_go > 0, plan.is_empty(place), column.can_go, place)
            for place, column in enumerate(plan.columns)
        ]
        plan.drop(max(ranks)[-1])
    _shrink(plan, width)
    return plan


def _least_excess(plan: _Plan, width: int) -> int:
    """Return by how much a table is too wide when all that may be cut is."""
    return _excess([plan.narrowest(place) for place in range(len(plan.columns))], width)


def _shrink(plan: _Plan, width: int) -> None:
    """Make columns that allow it narrower until the table fits, or they are narrowest."""
    excess = _excess(plan.widths, width)
    for place in sorted(range(len(plan.columns)), key=lambda place: -plan.widths[place]):
        if excess > 0:
            target = max(plan.narrowest(place), plan.widths[place] - excess)
            excess -= plan.widths[place] - target
            plan.widths[place] = target


def _excess(widths: Sequence[int], width: int) -> int:
    return sum(widths) + GAP * (len(widths) - 1) - width


def _draw(plan: _Plan, cells: Cells, style: Style) -> str:
    """Return a table with its head, and the columns as wide as the plan says."""
    # takes long to load, and a progress bar, which is measured here too, needs none of it
    import tabulate

    # how much wider than its header it makes a column
    tabulate.MIN_PADDING = plan.padding
    text = tabulate.tabulate(
        # a table without rows is drawn from an empty one: tabulate aligns only columns it has
        cells or [[""] * len(plan.columns)],
        headers=[style(column.header, "header") for column in plan.columns],
        tablefmt="simple",
        # numbers arrive as text, and a phone number or an id is not to be "1e+10"
        disable_numparse=True,
        colalign=["right" if column.is_right else "left" for column in plan.columns],
    )
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(lines if cells else lines[:2]) + "\n"


def _draw_more(plan: _Plan, items: Sequence[Record], style: Style, width: int | None) -> str:
    """Return further lines of a table that is drawn already, and whose widths are known."""
    texts = plan.fill_to(items, width)
    styled = _style_cells(plan, items, texts, style)
    lines = []
    for row, shown in zip(texts, styled, strict=True):
        cells = []
        for column, room, text, cell in zip(plan.columns, plan.widths, row, shown, strict=True):
            blanks = " " * (room - display_width(text))
            cells.append(blanks + cell if column.is_right else cell + blanks)
        lines.append((" " * GAP).join(cells).rstrip() + "\n")
    return "".join(lines)


def _fill_styled(plan: _Plan, items: Sequence[Record], style: Style, width: int | None) -> Cells:
    return _style_cells(plan, items, plan.fill_to(items, width), style)


def _style_cells(plan: _Plan, items: Sequence[Record], cells: Cells, style: Style) -> Cells:
    return [
        [
            style(text, column.style(item.get(column.key))) if column.style else text
            for text, column in zip(row, plan.columns, strict=True)
        ]
        for item, row in zip(items, cells, strict=True)
    ]


def render_record(
    record: Record,
    layout: Layout | None,
    style: Style,
    width: int | None,
    reading: Reading = MACHINE,
) -> str:
    """Return a record as lines of label and value, with its sections as tables below."""
    if layout is None:
        pairs = [(clean(key), to_text(value), "") for key, value in record.items()]
        return _draw_record(pairs, style, width)
    lines = []
    for field in layout.fields:
        text = to_text(field.text(record), reading)
        lines.append((field.label, text, field.style(record) if field.style else ""))
    parts = [_draw_record(lines, style, width)]
    for section in layout.sections:
        items = section.items(record)
        if items:
            title = style(clean(section.title(record)), "header")
            shown = render_rows(section.columns, items, style, width, reading)
            parts.append(f"{title}\n{shown}")
    return "\n".join(parts)


def _draw_record(lines: Sequence[tuple[str, str, str]], style: Style, width: int | None) -> str:
    """Return a line for each label, its value, and the style of that.

    A value that is too long for the terminal goes on below itself.
    """
    label_width = max(
        [len(_LABEL.header) + HEADER_PADDING, *(display_width(label) for label, _, _ in lines)]
    )
    room = None if width is None else max(NARROWEST, width - label_width - GAP)
    cells = [
        [label if number == 0 else "", style(part.strip(), name)]
        for label, value, name in lines
        for number, part in enumerate(fold(value, room))
    ]
    return _draw(_Plan((_LABEL, _VALUE), MACHINE, HEADER_PADDING), cells, style)


def fold(text: str, width: int | None) -> list[str]:
    """Return text in lines of at most width cells, broken at blanks.

    A word that is wider than a line stays whole, so that it can be copied. What goes on below
    an indented line is indented once more. None breaks nothing.
    """
    if width is None or display_width(text) <= width:
        return [text]
    words = text.lstrip(" ").split(" ")
    indent = text[: -len(" ".join(words))]
    lines = [indent + words[0]]
    for word in words[1:]:
        wider = f"{lines[-1]} {word}"
        if display_width(wider) <= width:
            lines[-1] = wider
            continue
        lines.append(indent * 2 + word)
    return list(filter(None, lines))


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
