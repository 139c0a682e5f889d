"""From the file that somebody has to the plainest CSV there is, in constant memory.

It is converted once when the file is checked, to count what is done and to know the size, and
again while it is sent, so that nothing is kept but what was decided.
"""

from __future__ import annotations

import calendar
import csv
import hashlib
import io
import itertools
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import addresses, changes, doubts, plain, table
from talkvalue_cli.imports.file.borrowed import CHUNK
from talkvalue_cli.imports.file.check import CheckedCsv, long_cells
from talkvalue_cli.imports.file.date_order import OrderFinder
from talkvalue_cli.imports.file.dates import SharedMonthError
from talkvalue_cli.imports.file.decode import UTF8
from talkvalue_cli.imports.file.dialect import Dialect
from talkvalue_cli.imports.file.plan import Plan
from talkvalue_cli.imports.file.prepared import Prepared
from talkvalue_cli.imports.file.rows import CsvRows, Row
from talkvalue_cli.imports.file.tally import LineMap, Tally
from talkvalue_cli.imports.file.undecided import SAID

#: rows that are converted together: so few that Python's garbage collector, which counts lists
#: and tuples, does not look at them again and again
BATCH = 200


def convert(
    plan: Plan, tally: Tally, on_chunk: Callable[[], None] = lambda: None
) -> Iterator[bytes]:
    """Yield the file as it is sent, in parts.

    Raises UsageError for rows that cannot be sent.
    """
    header = plan.sent_header
    yield _write([header], len(header))
    for rows in convert_rows(plan, tally, on_chunk):
        yield _write(rows, len(header))


def _write(rows: Sequence[Sequence[str]], width: int) -> bytes:
    """Return rows as CSV. The csv module is asked only when something may have to be quoted."""
    text = "\n".join(map(",".join, rows)) + "\n"
    is_simple = text.count(",") == len(rows) * (width - 1) and text.count("\n") == len(rows)
    if width == 1 or not is_simple or '"' in text or "\r" in text:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        text = out.getvalue()
    return text.encode()


def convert_rows(
    plan: Plan,
    tally: Tally,
    on_chunk: Callable[[], None] = lambda: None,
    source: Iterable[Row] | None = None,
) -> Iterator[Sequence[Sequence[str]]]:
    """Yield the cells of the rows that are sent, some rows at a time.

    source: all rows of the file, where they were opened already.
    """
    rows = table.read_rows(
        plan.opened.open_rows() if source is None else source,
        plan.table,
        plan.opened.label,
        tally.left_out,
        allow_ragged=plan.allow_ragged,
    )
    for converter in plan.converters.values():
        converter.changes.clear()
    with long_cells():
        while batch := list(itertools.islice(rows, BATCH)):
            on_chunk()
            cells = [row[1] for row in batch]
            tally.lines.add_all(tally.rows + 1, batch)
            tally.rows += len(batch)
            yield _convert_batch(plan, tally, cells)
    for converter in plan.converters.values():
        tally.changed.update(converter.changes)


def _convert_batch(plan: Plan, tally: Tally, rows: list[list[str]]) -> Sequence[Sequence[str]]:
    """Convert rows in place; a column of which nothing is changed costs little."""
    _fill_addresses(plan, tally, rows)
    shortest = min(map(len, rows)) if plan.allow_ragged else len(plan.table.header)
    for number, converter in plan.converters.items():
        reached = rows if number < shortest else [row for row in rows if number < len(row)]
        cells = list(map(itemgetter(number), reached))
        if number in tally.finders:
            tally.finders[number].add(cells)
        converted = converter.convert_all(cells)
        if converted is not cells:
            for row, cell in zip(reached, converted, strict=True):
                row[number] = cell
    for number in plan.states:
        cells = [row[number] for row in rows if number < len(row)]
        tally.in_doubt.update(doubts.count(plan.table.header[number], cells))
    if plan.sent is None:
        return rows
    return [[row[number] for number in plan.sent if number < len(row)] for row in rows]


def _fill_addresses(plan: Plan, tally: Tally, rows: list[list[str]]) -> None:
    """Give those whose address is missing one that they have in another column."""
    place = plan.address_column
    if place is None or not plan.choice.spare:
        return
    cells = "".join(f"{row[place]}\n" for row in rows if place < len(row))
    if cells.isascii() and addresses.are_valid(cells.encode()):
        return
    for row in rows:
        if place < len(row) and addresses.find_address(row[place]) is None:
            others = (row[number] for number in plan.choice.spare if number < len(row))
            found = next((cell for cell in others if addresses.find_address(cell)), None)
            if found is not None:
                row[place] = found
                tally.changed[changes.OTHER_COLUMN] += 1


class Conversion:
    """Reads a file to its end; nothing is kept of what is sent of it but its digest.

    A file that can be sent byte for byte is read once, and so is any other that is seen to be
    one from its beginning.

    checked, prepared, lines: what came out of it, once all chunks were taken.
    """

    checked: CheckedCsv
    prepared: Prepared
    lines: LineMap

    def __init__(self, file: BinaryIO, plan: Plan, on_chunk: Callable[[], None]) -> None:
        self._file, self._plan, self._on_chunk = file, plan, on_chunk

    def run(self) -> None:
        """Do it without a use for the chunks. Raises UsageError."""
        for _ in self._convert():
            pass

    def chunks(self) -> Iterator[bytes]:
        """Yield the file as it is sent. Raises UsageError."""
        yield from self._convert()
        if self.prepared.is_unchanged:
            self._file.seek(0)
            yield from iter(lambda: self._file.read(CHUNK), b"")

    def _convert(self) -> Iterator[bytes]:
        try:
            yield from self._convert_file()
        except SharedMonthError as error:
            raise _refuse_month(self._plan, error) from error

    def _convert_file(self) -> Iterator[bytes]:
        plan, (source, size) = self._plan, _digest(self._file, self._on_chunk)
        if _may_be_plain(plan) and (tally := self._find_plain()) is not None:
            self._end(tally, source, source, size, is_unchanged=True)
            return
        tally, digest, size = _watch(plan), hashlib.sha256(), 0
        for chunk in convert(plan, tally, self._on_chunk):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        self._end(tally, source, digest.hexdigest(), size, is_unchanged=False)

    def _find_plain(self) -> Tally | None:
        """Return what is in a file that can be sent byte for byte, None for any other."""
        plan, tally = self._plan, _watch(self._plan)
        if plain.is_plain(plan, tally, self._on_chunk):
            return tally
        tally, rows = _watch(plan), _PlainRows(plan)
        for _ in convert_rows(plan, tally, self._on_chunk, rows):
            if (
                tally.left_out
                or tally.changed
                or any(each.changes for each in plan.converters.values())
            ):
                return None
        return tally if rows.are_plain and not tally.left_out else None

    def _end(self, tally: Tally, source: str, sent: str, size: int, *, is_unchanged: bool) -> None:
        _check_orders(self._plan, tally)
        self.checked = CheckedCsv(source, sent, size, self._plan.table.header, tally.rows)
        self.prepared = _describe(self._plan, tally, is_unchanged=is_unchanged)
        self.lines = tally.lines


def _watch(plan: Plan) -> Tally:
    return Tally(
        {number: OrderFinder() for number, found in plan.orders.items() if found.why != SAID}
    )


def _check_orders(plan: Plan, tally: Tally) -> None:
    """Raise UsageError for a column in which a later date shows another order."""
    for number, finder in tally.finders.items():
        finder.find(f"{plan.opened.label}: {plan.table.header[number]}", plan.orders[number].order)


def _refuse_month(plan: Plan, error: SharedMonthError) -> UsageError:
    """Return what is said of a month that two languages share."""
    dated = (number for number, each in plan.converters.items() if each.field == "JOINED_AT")
    header = plan.table.header[next(dated)]
    months = " or ".join(calendar.month_name[number] for number in error.months)
    return UsageError(
        f"{plan.opened.label}: {header}: whether {error.word!r} is {months} depends on the "
        "language, which neither the other dates nor the headers show",
        remedy=("month", shlex.quote(header)),
    )


class _PlainRows:
    """The rows of a file, of which it is seen on the way whether they can stay as they are."""

    def __init__(self, plan: Plan) -> None:
        rows = plan.opened.open_rows()
        assert isinstance(rows, CsvRows), "a sheet is no text"
        self._rows = rows
        self._width = None if plan.allow_ragged else len(plan.table.header)
        self._is_uneven = False

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            if len(row[1]) != self._width and row[1]:
                self._is_uneven = True
            yield row

    @property
    def are_plain(self) -> bool:
        """Tell whether a server reads the same rows out of the text."""
        has_plain_ends = self._rows.line_ends in (None, "\n", "\r\n")
        is_even = self._width is None or not self._is_uneven
        return has_plain_ends and is_even and not self._rows.was_mended


def _digest(file: BinaryIO, on_chunk: Callable[[], None]) -> tuple[str, int]:
    """Return the SHA-256 of a file, and its size."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        on_chunk()
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _may_be_plain(plan: Plan) -> bool:
    """Tell whether a file can be sent byte for byte, if no row and no value says otherwise."""
    opened = plan.opened
    return (
        opened.kind is None
        and opened.encoding[:2] == (UTF8, 0)
        and opened.dialect == Dialect()
        and plan.table.header_line == 1
        and plan.sent is None
    )


def _describe(plan: Plan, tally: Tally, *, is_unchanged: bool) -> Prepared:
    opened, choice = plan.opened, plan.choice
    return Prepared(
        encoding=opened.encoding.name,
        separator=opened.dialect.delimiter,
        header_line=plan.table.header_line,
        rows=tally.rows,
        used=choice.columns,
        unused=choice.unused,
        left_out=dict(tally.left_out),
        changed=dict(tally.changed),
        in_doubt=dict(tally.in_doubt),
        is_unchanged=is_unchanged,
        date_order=next(iter(plan.orders.values()), None),
        sheet=None if opened.sheet is None else opened.sheet.name,
        other_sheets=() if opened.sheet is None else opened.sheet.other_sheets,
    )
