"""Rows of a text: lines cut into cells, with the number of the line that each begins in."""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import quotes
from talkvalue_cli.imports.file.dialect import Dialect, straighten, unwrap

#: a line of the file, from 1, and the cells of the row that begins there
Row = tuple[int, list[str]]
#: characters of lines that are taken at a time
_BATCH = 1 << 16
_MARK = "\ufeff"


class CsvRows:
    """The rows of a text, in the order of the file, once; an empty line is a row without cells.

    Marks of byte order at the start of lines are dropped, as they are left where
    files were put together. Iterating raises UsageError for a quote that is never
    closed. Cells may be as long as `csv.field_size_limit` lets them be.
    """

    def __init__(self, text: TextIO, dialect: Dialect, label: str) -> None:
        self._text, self._dialect, self._label = text, dialect, label
        #: batches of lines that the current row may be in, and the line that the first begins with
        self._recent: deque[list[str]] = deque(maxlen=2)
        self._recent_line = 1
        #: marks were dropped, or quotes that are not as they should be were understood
        self.was_mended = False

    @property
    def line_ends(self) -> object:
        """The ends that lines have had so far: one, or a tuple of several; None for none yet."""
        return self._text.newlines

    def __iter__(self) -> Iterator[Row]:
        rows = self._parse()
        if not self._dialect.strip:
            return rows
        return ((line, [cell.strip(" ") for cell in cells]) for line, cells in rows)

    def _parse(self) -> Iterator[Row]:
        lines: Iterator[str] = itertools.chain.from_iterable(self._batches())
        if self._dialect.has_sep_line:
            next(lines, None)
        if self._dialect.is_wrapped:
            lines = unwrap(lines)
        if self._dialect.is_curly:
            lines = straighten(lines)
        before = int(self._dialect.has_sep_line)
        reader = self._dialect.reader(lines, strict=True)
        line = before + 1
        cells: list[str] = []
        while True:
            try:
                for cells in reader:
                    yield line, cells
                    line = reader.line_num + before + 1
                return
            except csv.Error as error:
                yield line, self._repair(line, reader.line_num + before, error, len(cells))
                line = reader.line_num + before + 1

    def _batches(self) -> Iterator[list[str]]:
        """Yield lines, some at a time."""
        while lines := self._text.readlines(_BATCH):
            if _MARK in "".join(lines):
                lines = [line.lstrip(_MARK) for line in lines]
                self.was_mended = True
            if len(self._recent) == self._recent.maxlen:
                self._recent_line += len(self._recent[0])
            self._recent.append(lines)
            yield lines

    def _repair(self, first: int, last: int, error: csv.Error, width: int) -> list[str]:
        """Return the cells of a row with quotes inside of quotes.

        first, last: the lines that the row begins with and that the error is in.
        width: how many cells the row before it has.
        Raises UsageError when a quote has no end in its line, and when that is not clear.
        """
        self.was_mended = True
        recent = list(itertools.chain.from_iterable(self._recent))
        start = first - self._recent_line
        if (
            "field larger than" in str(error)
            or start < 0
            or first != last
            or self._dialect.is_wrapped
        ):
            raise self._unclosed(first)
        try:
            cells = quotes.split(recent[start].rstrip("\r\n"), self._dialect, width)
        except quotes.UnclearQuoteError as unclear:
            raise UsageError(
                f"{self._label}: which quotes in line {first} end a cell is not clear",
                hint="double the quotes that are part of a cell",
            ) from unclear
        if cells is None:
            raise self._unclosed(first)
        return cells

    def _unclosed(self, line: int) -> UsageError:
        return UsageError(
            f"{self._label}: a quote in the row of line {line} is never closed",
            hint="close it, or double the quotes that are part of a cell",
        )
