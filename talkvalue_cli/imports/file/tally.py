"""What was done with a file so far: counted, with the line of each row."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talkvalue_cli.imports.file.date_order import OrderFinder


class LineMap:
    """The line of each row, from 1; kept as the places where rows and lines part.

    Rows that follow each other without a break cost nothing, so that it is small for files
    of any size.
    """

    def __init__(self) -> None:
        self._rows, self._lines = array("Q"), array("Q")
        self._offset = -1

    def add(self, row: int, line: int) -> None:
        """Note that a row begins in a line. Rows are added in their order, from 1."""
        if line - row != self._offset:
            self._offset = line - row
            self._rows.append(row)
            self._lines.append(line)

    def add_all(self, first_row: int, rows: Sequence[tuple[int, object]]) -> None:
        """Note the lines of rows that follow each other. rows: each begins with its line."""
        last = first_row + len(rows) - 1
        if rows[0][0] - first_row == self._offset == rows[-1][0] - last:
            return
        for number, (line, _) in enumerate(rows, start=first_row):
            self.add(number, line)

    def find(self, row: int) -> int | None:
        """Return the line in which a row begins, None for one that there is not."""
        place = bisect_right(self._rows, row) - 1
        if place < 0:
            return None
        return row - self._rows[place] + self._lines[place]


class Tally:
    """What a conversion has done so far.

    finders: see all dates of their column, so that none in another order goes unnoticed.
    in_doubt: rows of people who may not take part, by what their column says.
    """

    def __init__(self, finders: Mapping[int, OrderFinder] | None = None) -> None:
        self.finders = finders or {}
        self.rows = 0
        self.left_out: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.in_doubt: Counter[str] = Counter()
        self.lines = LineMap()
