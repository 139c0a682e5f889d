"""Making a table fit a terminal: by shorter texts, else fewer columns, else cells that are cut.

Where the width is None nobody looks at a terminal, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import MIN_PADDING

from talkvalue_cli.output.cells import cut, display_width
from talkvalue_cli.output.columns import Column, Record

GAP = 2
#: a column that may shrink keeps this many cells
NARROWEST = 12


def fill(columns: Sequence[Column], items: Sequence[Record]) -> list[list[str]]:
    """Return the text of each cell."""
    # tabulate strips them as well, and later pages are to line up
    return [[column.cell(item).strip() for column in columns] for item in items]


def measure(columns: Sequence[Column], cells: list[list[str]]) -> list[int]:
    """Return how wide each column is going to be drawn."""
    return [
        # tabulate makes every column wider than its header by its padding
        max([len(column.header) + MIN_PADDING, *(display_width(row[place]) for row in cells)])
        for place, column in enumerate(columns)
    ]


def choose_columns(
    columns: Sequence[Column], items: Sequence[Record], width: int | None
) -> Sequence[Column]:
    """Return columns that fit: all as they are, or with their short texts.

    Of those that can go, the last ones are left out until the others have room.
    """
    if width is None or _excess(measure(columns, fill(columns, items)), width) <= 0:
        return columns
    chosen = [column._replace(format=column.short or column.format) for column in columns]
    widths = [
        min(full, _narrowest(column)) if column.can_shrink else full
        for column, full in zip(chosen, measure(chosen, fill(chosen, items)), strict=True)
    ]
    for place in reversed(range(len(chosen))):
        if chosen[place].can_go and _excess(widths, width) > 0:
            del chosen[place], widths[place]
    return chosen


def shrink(columns: Sequence[Column], cells: list[list[str]], width: int | None) -> None:
    """Cut the cells of columns that allow it until the table fits, or they are narrowest."""
    if width is None:
        return
    widths = measure(columns, cells)
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
    return max(NARROWEST, len(column.header) + MIN_PADDING)
