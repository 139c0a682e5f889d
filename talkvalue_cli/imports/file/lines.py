"""Which line of the user's file a row of what was sent comes from."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence


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
