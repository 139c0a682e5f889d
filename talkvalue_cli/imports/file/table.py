"""The table of a file: its header, and the rows of people below it without what is none."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import header as headers
from talkvalue_cli.imports.file.rows import CsvRows as CsvRows
from talkvalue_cli.imports.file.rows import Row

#: how many rows are looked at for the header
_ROWS = 2000
_LINE_OF_SIGNS = re.compile(r"[\s|+:=_~*.#-]*")
_FOOTER = re.compile(
    r"confidential|do not distribute|copyright|©|\(c\) |all rights reserved|generated|vertraulich|confidentiel|"
    r"export(ed|iert)|page \d|seite \d|end of (report|file)|powered by|report run|as of \d|records?\b.*\d|\d.*records?\b|rows? ",
    re.IGNORECASE,
)


class Table(NamedTuple):
    """Where the table of a file is.

    header: names of the columns. header_line: the line that they begin in, from 1.
    probe: a column that has addresses in most rows, to tell people from other rows quickly.
    skipped: how many rows above the header are none, by reason.
    sections: whether other tables come before or after it.
    """

    header: list[str]
    header_line: int
    probe: int
    skipped: dict[str, int]
    has_sections: bool = False


class _NoHeaderError(Exception):
    """There is no row that names columns."""


def find_table(rows: Iterable[Row], label: str, *, header_row: int | None = None) -> Table:
    """Return where the table is, from the first rows of a file.

    rows: of the file's start; of this iterable only some thousand are taken.
    header_row: the line of the header, from 1, when the caller says it.
    Raises UsageError for a file that is empty or has no header.
    """
    first = [
        (line, [cell.lstrip("\ufeff") for cell in cells])
        for line, cells in itertools.islice(rows, _ROWS)
    ]
    if not any(headers.filled(cells) for _, cells in first):
        raise UsageError(f"{label} is empty: it has no header row and no rows")
    if header_row is not None:
        return _take_given(first, label, header_row)
    sections = headers.find_sections(first)
    chosen = headers.choose_section(sections)
    if chosen is None:
        raise _no_header(label, first)
    return _make_table(first, chosen.place, len(sections) > 1)


def _take_given(first: Sequence[Row], label: str, header_row: int) -> Table:
    lines = [line for line, _ in first]
    place = max((place for place, line in enumerate(lines) if line <= header_row), default=0)
    # a line inside of a row that has several, or an empty one
    if header_row < 1 or header_row > lines[-1] or not headers.filled(first[place][1]):
        raise UsageError(
            f"{label} has no header in line {header_row}", remedy=("header_row", str(_guess(first)))
        )
    return _make_table(first, place, False)


def _guess(first: Sequence[Row]) -> int:
    chosen = headers.choose_section(headers.find_sections(first))
    return first[chosen.place][0] if chosen else 1


def _no_header(label: str, first: Sequence[Row]) -> UsageError:
    line, cells = next((line, cells) for line, cells in first if headers.filled(cells))
    with_address = any(headers.ADDRESS.search(cell) for cell in cells)
    why = "its first line holds an e-mail address" if with_address else f"line {line} is none"
    return UsageError(
        f"{label} has no header row: {why}",
        hint="put the names of the columns into the first line",
    )


def _make_table(first: Sequence[Row], place: int, has_sections: bool) -> Table:
    cells = _join_header(first, place)
    skipped = Counter(_name_preamble(row) for _, row in first[:place])
    skipped.pop("", None)
    probe = _find_probe(first[place + 1 :], len(cells))
    return Table(cells, first[place][0], probe, dict(skipped), has_sections)


def _join_header(first: Sequence[Row], place: int) -> list[str]:
    """Return the cells of a header, completed by those of the row above if there are two."""
    cells = [cell.strip() for cell in first[place][1]]
    above = first[place - 1][1] if place else []
    if (
        len(above) == len(cells)
        and len(headers.filled(above)) > 1
        and headers.could_be_header(above)
        and not all(cells)
    ):
        cells = [cell or upper.strip() for cell, upper in zip(cells, above, strict=True)]
    return [" ".join(cell.split()) for cell in cells]


def _name_preamble(cells: Sequence[str]) -> str:
    texts = headers.filled(cells)
    if not texts:
        return "separators" if len(cells) > 1 else ""
    return "comment" if texts[0].startswith(("#", "//")) else "preamble"


def _find_probe(rows: Sequence[Row], width: int) -> int:
    counts = Counter(
        column for _, cells in rows for column, cell in enumerate(cells[:width]) if "@" in cell
    )
    return counts.most_common(1)[0][0] if counts else 0


def read_rows(
    rows: Iterable[Row],
    table: Table,
    label: str,
    left_out: Counter[str],
    *,
    allow_ragged: bool = False,
) -> Iterator[Row]:
    """Yield the rows of people, with the line that each begins in, as wide as the header.

    rows: of the whole file, from its start, as for `find_table`.
    left_out: counts what is left out, by reason.
    Raises UsageError for a row that has not as many cells as the header, unless
    allow_ragged lets it through as it is; and when there are no rows at all.
    """
    left_out.update(table.skipped)
    source = iter(rows)
    for line, _ in source:
        if line >= table.header_line:
            break
    judge = _Judge(table, label, left_out, allow_ragged=allow_ragged)
    width, probe = len(table.header), table.probe
    found = False
    for row in source:
        cells = row[1]
        if len(cells) == width and "@" in cells[probe] and not judge.is_elsewhere:
            if judge.pending:
                yield from judge.release()
            found = True
            yield row
        else:
            for kept in judge.judge(row):
                found = True
                yield kept
    judge.finish()
    if not found:
        raise UsageError(f"{label} has a header and no rows")


class _Judge:
    """Says of each row that is not plainly a person what it is."""

    def __init__(
        self, table: Table, label: str, left_out: Counter[str], *, allow_ragged: bool
    ) -> None:
        self._header, self._label, self._left_out = table.header, label, left_out
        self._width = len(table.header)
        self._least = max(
            (place for place, name in enumerate(table.header, 1) if name), default=self._width
        )
        self._names = [_normalize(cell) for cell in table.header]
        self._allow_ragged = allow_ragged
        #: rows of one cell, which are a footer or a title if nobody comes after them
        self.pending: list[Row] = []
        #: in a section that has another header
        self.is_elsewhere = False
        self._after_gap = False
        self._after_header = True

    def judge(self, row: Row) -> list[Row]:
        """Return the rows that are people; none if it is not."""
        line, cells = row
        texts = headers.filled(cells)
        if not texts or texts == ["\x1a"]:
            self._left_out["separators" if len(cells) > 1 else "empty"] += len(cells) > 1 or bool(
                cells
            )
            self._after_gap = True
            return []
        reason = self._find_reason(cells, texts)
        if reason:
            self._left_out[reason] += 1
            return []
        self._after_header = False
        if self.is_elsewhere:
            self._left_out["other section"] += 1
            return []
        if len(texts) == 1 and "@" not in texts[0] and len(cells) < self._least:
            self.pending.append(row)
            return []
        kept = self.release()
        return [*kept, self._fit(line, cells)]

    def _find_reason(self, cells: Sequence[str], texts: Sequence[str]) -> str:
        if self._is_header(cells):
            if self._follows_title():
                self._leave_pending("other section")
            self.is_elsewhere = False
            return "repeated header"
        if all(_LINE_OF_SIGNS.fullmatch(text) and len(text) > 1 for text in texts):
            return "separators"
        if headers.is_total(cells) and len(texts) <= max(2, self._width // 2):
            return "total"
        if len(texts) == 1 and texts[0].startswith(("#", "//")) and len(cells) < self._width:
            return "comment"
        if self._is_other_header(cells, texts):
            self._leave_pending("other section")
            self.is_elsewhere = True
            return "other section"
        if self._after_header and len(cells) <= self._width and self._is_second_header(texts):
            return "repeated header"
        return ""

    def _is_header(self, cells: Sequence[str]) -> bool:
        names = [_normalize(cell) for cell in cells]
        while len(names) > self._width and not names[-1]:
            names.pop()
        return names == self._names or names == self._names[: self._least]

    def _follows_title(self) -> bool:
        return bool(self.pending)

    def _is_other_header(self, cells: Sequence[str], texts: Sequence[str]) -> bool:
        """Tell whether another table begins here."""
        if len(texts) < 2 or not headers.could_be_header(cells):
            return False
        words = headers.count_words(cells)
        after_title = bool(self.pending) or self._after_gap
        return (
            (words >= 2
            and (after_title or words * 2 >= len(texts))
            and len(cells) != self._width)
            or (after_title and words >= 2)
        )

    def _is_second_header(self, texts: Sequence[str]) -> bool:
        """Tell whether a row says what the header has said, in other words or as units."""
        if any(headers.is_data(text) for text in texts) or len(texts) < 2:
            return False
        in_brackets = sum(text[0] in "([{<" for text in texts)
        return in_brackets * 2 > len(texts) or headers.count_words(texts) * 2 >= len(texts) + 1

    def release(self) -> list[Row]:
        """Return what was kept back, as people come after it; raise UsageError if it is ragged."""
        pending, self.pending = self.pending, []
        self._after_gap = False
        return [row for line, cells in pending for row in self._release(line, cells)]

    def _release(self, line: int, cells: list[str]) -> list[Row]:
        text = headers.filled(cells)[0]
        if (
            _FOOTER.search(text)
            or len(text.split()) > 4
            or (self._width - len(cells) > 1
            and len(cells) == 1
            and text.endswith(":"))
        ):
            self._left_out["footer"] += 1
            return []
        return [self._fit(line, cells)]

    def _leave_pending(self, reason: str) -> None:
        self._left_out[reason] += len(self.pending)
        self.pending = []

    def _fit(self, line: int, cells: list[str]) -> Row:
        """Return a row as wide as the header; raise UsageError for one that cannot be."""
        size = len(cells)
        if size == self._width:
            return line, cells
        if size > self._width and not any(map(str.strip, cells[self._width :])):
            return line, cells[: self._width]
        if self._least <= size < self._width:
            return line, cells + [""] * (self._width - size)
        if self._allow_ragged:
            return line, cells
        raise UsageError(
            f"{self._label}: the row of line {line} has {size} cells, the header has {self._width}",
            remedy=("allow_ragged", ""),
        )

    def finish(self) -> None:
        """Count what was kept back, as nobody comes after it."""
        self._leave_pending("footer")


def _normalize(cell: str) -> str:
    return " ".join(cell.lstrip("\ufeff").split()).casefold()
