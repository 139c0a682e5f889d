"""From the file that somebody has to the plainest CSV there is.

First it is found out what the file is: its encoding, its dialect, its table, its columns and
the order of its dates. Then it is converted, and what is done is counted: once when the file is
checked, and again while it is sent, so that nothing is kept but what was decided.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import columns, decode, dialect, mapping, values
from talkvalue_cli.imports.file import table as tables
from talkvalue_cli.imports.file.check import CHUNK, UTF8, CheckedCsv, long_cells
from talkvalue_cli.imports.file.contents import Opened, open_inside
from talkvalue_cli.imports.file.lines import LineMap
from talkvalue_cli.imports.file.prepared import Prepared, UnusedColumn, UsedColumn
from talkvalue_cli.imports.options import FileOptions

#: rows that are converted together
BATCH = 1024
#: rows from which columns are chosen
SAMPLE_ROWS = 1000
#: a file of more columns is sent without those that are not used, because servers refuse it
MOST_COLUMNS = 500
_LINE_ENDS = (None, "\n", "\r\n")


class Plan(NamedTuple):
    """What was decided about a file, enough to convert it again.

    chosen: the columns that are used. converters: by their number.
    sent: the numbers of the columns that are sent, None for all.
    """

    label: str
    opened: Opened
    table: tables.Table
    chosen: Sequence[columns.ChosenColumn]
    converters: dict[int, values.Converter]
    sent: Sequence[int] | None
    allow_ragged: bool
    skipped: frozenset[int] = frozenset()
    is_encoding_said: bool = False

    def rebind(self, file: BinaryIO) -> Plan:
        """Return the same plan for a file that was opened again."""
        if self.opened.kind is not None:
            return self  # what was unpacked is still there
        return self._replace(opened=self.opened._replace(stream=file))

    @property
    def places(self) -> dict[int, int]:
        """The place of each column that is sent, by its number in the file."""
        sent = range(len(self.table.header)) if self.sent is None else self.sent
        return {index: place for place, index in enumerate(sent)}

    @property
    def sent_header(self) -> list[str]:
        """The header as it is sent."""
        header = self.table.header
        return header if self.sent is None else [header[index] for index in self.sent]


class Tally:
    """What a conversion has done so far."""

    def __init__(self) -> None:
        self.rows = 0
        self.left_out: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.lines = LineMap()
        self.line_ends: object = None
        self.was_cut = False


def make_plan(
    file: BinaryIO,
    name: str,
    label: str,
    options: FileOptions,
    on_chunk: Callable[[], None] = lambda: None,
) -> Plan:
    """Return what a file is, and what is to be done with it.

    Raises UsageError for one that cannot be imported, and Undecided for one of which
    something has to be said.
    """
    opened = open_inside(file, name, label, options, on_chunk)
    with long_cells():
        table = _find_table(opened, label, options)
        sample = _read_sample(opened, table)
    rules = mapping.resolve_rules(table.header, options.rules)
    skipped = mapping.find_columns(table.header, options.skip_columns)
    chosen = columns.choose(
        table.header,
        sample,
        {rule.column: rule.field for rule in rules},
        skipped,
        None,
    )
    converters = {
        column.index: values.make_converter(
            column.field, _cells_of(sample, column.index), options.date_order
        )
        for column in chosen
    }
    is_wide = len(table.header) > MOST_COLUMNS
    sent = sorted(column.index for column in chosen) if is_wide else None
    is_said = options.encoding is not None and _finds_other(opened, label)
    return Plan(
        label,
        opened,
        table,
        chosen,
        converters,
        sent,
        options.allow_ragged,
        frozenset(skipped),
        is_said,
    )


def _finds_other(opened: Opened, label: str) -> bool:
    """Tell whether another encoding, or none, would be found than the one that was given."""
    try:
        return decode.find_encoding(opened.stream, label, None).name != opened.encoding.name
    except UsageError:
        return True


def _find_table(opened: Opened, label: str, options: FileOptions) -> tables.Table:
    text = opened.open_text()
    if opened.sheet is not None:
        found = dialect.Dialect()
    else:
        found = dialect.find_dialect(text.read(dialect.SAMPLE), options.delimiter)
    return tables.find_table(opened.open_text(), found, label, options.header_row)


def _read_sample(opened: Opened, table: tables.Table) -> list[list[str]]:
    rows = tables.read_rows(opened.open_text(), table)
    return [row.cells for row in itertools.islice(rows, SAMPLE_ROWS)]


def _cells_of(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index] for row in rows if index < len(row)]


def convert(
    plan: Plan, tally: Tally, on_chunk: Callable[[], None] = lambda: None
) -> Iterator[bytes]:
    """Yield the file as it is sent, in parts.

    Raises UsageError for rows that cannot be sent.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(plan.sent_header)
    source = plan.opened.open_text()
    rows = tables.read_rows(source, plan.table, tally.left_out)
    with long_cells():
        while batch := list(itertools.islice(rows, BATCH)):
            on_chunk()
            lines = [row.line for row in batch]
            writer.writerows(_convert_rows(plan, tally, batch))
            text = out.getvalue()
            if "\0" in text:
                raise _nul(plan, batch)
            tally.lines.add_all(tally.rows + 1, lines)
            tally.rows += len(batch)
            yield text.encode()
            out.seek(0)
            out.truncate()
    tally.line_ends = source.newlines


def _convert_rows(plan: Plan, tally: Tally, batch: Sequence[tables.Row]) -> Iterator[Sequence[str]]:
    cells = [row.cells for row in batch]
    width = len(plan.table.header)
    if set(map(len, cells)) != {width}:
        cells = [
            _fit(plan, tally, row, tally.rows + place) for place, row in enumerate(batch, start=1)
        ]
        if set(map(len, cells)) != {width}:
            return (_convert_row(plan, tally, row) for row in cells)
    found: list[Sequence[str]] = list(zip(*cells, strict=True))
    for index, converter in plan.converters.items():
        found[index] = _convert_cells(converter, found[index], tally.changed)
    if plan.sent is not None:
        found = [found[index] for index in plan.sent]
    return zip(*found, strict=True)


def _convert_cells(
    converter: values.Converter, cells: Sequence[str], changed: Counter[str]
) -> list[str]:
    converted = []
    for cell in cells:
        value = converter.convert(cell)
        if value.change is not None:
            changed[value.change] += 1
        converted.append(value.text)
    return converted


def _convert_row(plan: Plan, tally: Tally, row: list[str]) -> Sequence[str]:
    """Convert one row that is too short or too long."""
    for index, converter in plan.converters.items():
        if index < len(row):
            [row[index]] = _convert_cells(converter, [row[index]], tally.changed)
    return row if plan.sent is None else [row[index] for index in plan.sent if index < len(row)]


def _fit(plan: Plan, tally: Tally, row: tables.Row, number: int) -> list[str]:
    """Return a row of as many cells as the header; of more or fewer where that is allowed.

    Raises UsageError for a row that is too short, or too long.
    """
    width, cells = len(plan.table.header), row.cells
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        tally.was_cut = True
        return cells[:width]
    if len(cells) != width and not plan.allow_ragged:
        raise UsageError(
            f"{plan.label}: row {number} (line {plan.opened.find_line(row.line)}) has "
            f"{len(cells)} cells, the header has {width}",
            remedy=("allow_ragged", ""),
        )
    return cells


def _nul(plan: Plan, batch: Sequence[tables.Row]) -> UsageError:
    line = next(row.line for row in batch if any("\0" in cell for cell in row.cells))
    return UsageError(
        f"{plan.label} is not text: line {plan.opened.find_line(line)} holds NUL bytes"
    )


def check(
    file: BinaryIO,
    plan: Plan,
    on_chunk: Callable[[], None] = lambda: None,
    take: Callable[[bytes], object] = lambda chunk: None,
) -> tuple[CheckedCsv, Prepared, LineMap]:
    """Convert a file, and return what comes out of it; nothing is kept of that.

    take: gets each part of what is to be sent.
    """
    tally, sent, size = Tally(), hashlib.sha256(), 0
    for chunk in convert(plan, tally, on_chunk):
        sent.update(chunk)
        size += len(chunk)
        take(chunk)
    if not tally.rows:
        raise UsageError(f"{plan.label} has a header and no rows")
    source, source_size = _digest(file, on_chunk)
    header, is_unchanged = plan.table.header, _is_plain(plan, tally)
    if is_unchanged:
        checked = CheckedCsv(source, source, source_size, header, tally.rows)
    else:
        checked = CheckedCsv(source, sent.hexdigest(), size, header, tally.rows)
    return checked, _describe(plan, tally, is_unchanged=is_unchanged), tally.lines


def _digest(file: BinaryIO, on_chunk: Callable[[], None]) -> tuple[str, int]:
    """Return the SHA-256 of a file, and its size."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        on_chunk()
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _is_plain(plan: Plan, tally: Tally) -> bool:
    """Tell whether a file can be sent byte for byte."""
    opened, table = plan.opened, plan.table
    is_plain_text = opened.kind is None and opened.encoding[:2] == (UTF8, 0)
    is_plain_table = table.dialect == dialect.Dialect() and table.header_line == 1
    was_touched = tally.left_out or tally.changed or tally.was_cut or plan.sent is not None
    return is_plain_text and is_plain_table and not was_touched and tally.line_ends in _LINE_ENDS


def _describe(plan: Plan, tally: Tally, *, is_unchanged: bool) -> Prepared:
    table, used = plan.table, {column.index for column in plan.chosen}
    return Prepared(
        encoding=plan.opened.encoding.name,
        separator=table.dialect.delimiter,
        header_line=plan.opened.find_line(table.header_line),
        rows=tally.rows,
        used=[UsedColumn(c.index, c.header, c.field, c.why) for c in plan.chosen],
        unused=[
            UnusedColumn(index, header)
            for index, header in enumerate(table.header)
            if index not in used
        ],
        left_out=dict(tally.left_out),
        changed=dict(tally.changed),
        is_unchanged=is_unchanged,
        sheet=plan.opened.sheet,
    )
