"""What is to be done with a file: how it is read, and which of its columns are used for what."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import (
    columns,
    date_language,
    decode,
    doubts,
    mapping,
    table,
    values,
)
from talkvalue_cli.imports.file.check import long_cells
from talkvalue_cli.imports.file.choice import Choice, ChosenColumn
from talkvalue_cli.imports.file.contents import Opened, open_inside
from talkvalue_cli.imports.file.date_order import DateOrder, OrderFinder, find_language_order
from talkvalue_cli.imports.file.rows import Row
from talkvalue_cli.imports.file.table import Table
from talkvalue_cli.imports.file.undecided import find_order
from talkvalue_cli.imports.options import FileOptions

#: rows that are looked at together
BATCH = 200
#: rows from which columns are chosen
SAMPLE_ROWS = 1000
#: a file of more columns is sent without those that are not used, because servers refuse it
MOST_COLUMNS = 500


class Plan(NamedTuple):
    """What was decided about a file, enough to convert it again.

    sample: rows from which the columns were chosen. skipped: columns nothing is taken from.
    converters: by the number of their column. orders: of the dates in columns that need one.
    sent: the numbers of the columns that are sent, None for all.
    states: columns that say whether people take part.
    is_encoding_said: another encoding, or none, would have been found than the one given.
    """

    opened: Opened
    table: Table
    sample: Sequence[Sequence[str]]
    choice: Choice
    skipped: frozenset[int]
    converters: dict[int, values.Converter]
    orders: dict[int, DateOrder]
    sent: Sequence[int] | None
    allow_ragged: bool = False
    is_encoding_said: bool = False
    states: tuple[int, ...] = ()

    def rebind(self, file: BinaryIO) -> Plan:
        """Return the same plan for a file that was opened again."""
        if self.opened.kind is not None:
            return self  # what was unpacked is still there
        return self._replace(opened=self.opened._replace(stream=file))

    @property
    def address_column(self) -> int | None:
        """The number of the column that addresses come from, None while that is not known."""
        found = (column.index for column in self.choice.columns if column.field == "EMAIL")
        return next(found, None)

    @property
    def places(self) -> dict[int, int]:
        """The place of each column that is sent, by its number in the file."""
        sent = range(len(self.table.header)) if self.sent is None else self.sent
        return {number: place for place, number in enumerate(sent)}

    @property
    def sent_header(self) -> list[str]:
        """The header as it is sent."""
        return [self.table.header[number] for number in self.places]


def make_plan(
    file: BinaryIO,
    name: str,
    label: str,
    options: FileOptions,
    stack: ExitStack,
    on_chunk: Callable[[], None] = lambda: None,
) -> Plan:
    """Return what a file is, and what is to be done with it.

    stack: closes what has to be unpacked.
    Raises UsageError for one that cannot be imported.
    """
    opened = open_inside(file, name, label, options, stack, on_chunk)
    with long_cells():
        found = table.find_table(opened.open_rows(), opened.label, header_row=options.header_row)
        sample = _read_sample(opened, found)
    header = found.header
    rules = {rule.column: rule.field for rule in mapping.resolve_rules(header, options.rules)}
    skipped = frozenset(mapping.find_columns(header, options.skip_columns))
    choice = columns.choose(header, sample, rules, skipped)
    used = [*choice.columns, *(each for asked in choice.undecided for each in asked.candidates)]
    usual = find_language_order(choice.languages)
    # without addresses nothing is imported, and nobody has to say how dates are written
    dated = used if any(column.field == "EMAIL" for column in used) else []
    orders = {
        column.index: _find_order(opened, found, sample, column, usual, options, on_chunk)
        for column in dated
        if column.field == "JOINED_AT"
    }
    converters = {
        column.index: values.make_converter(
            column.field,
            order.order if (order := orders.get(column.index)) else None,
            _cells(sample, column.index),
            column.header,
            choice.names.get(column.index),
            _find_language(column, sample, header),
        )
        for column in used
    }
    sent = sorted(converters) if len(header) > MOST_COLUMNS else None
    is_said = options.encoding is not None and _would_differ(opened)
    return Plan(
        opened,
        found,
        sample,
        choice,
        skipped,
        converters,
        {number: order for number, order in orders.items() if order is not None},
        sent,
        options.allow_ragged,
        is_said,
        doubts.find_columns(header, sample, {*converters}),
    )


def _read_sample(opened: Opened, found: Table) -> list[list[str]]:
    return [cells for _, cells in itertools.islice(_open_rows(opened, found), SAMPLE_ROWS)]


def _find_order(
    opened: Opened,
    found: Table,
    sample: Sequence[Sequence[str]],
    column: ChosenColumn,
    usual: str | None,
    options: FileOptions,
    on_chunk: Callable[[], None],
) -> DateOrder | None:
    """Return the order of a column's dates; all of it is read where its first rows do not tell."""
    number = column.index

    def read_all(finder: OrderFinder) -> None:
        with long_cells():
            rows = _open_rows(opened, found)
            while batch := [cells for _, cells in itertools.islice(rows, BATCH)]:
                on_chunk()
                finder.add(_cells(batch, number))

    label = f"{opened.label}: {column.header}"
    return find_order(label, options, _cells(sample, number), read_all, usual)


def _find_language(
    column: ChosenColumn, sample: Sequence[Sequence[str]], header: Sequence[str]
) -> str:
    """Return the language of a column's dates, "" for what has none."""
    is_dated = column.field == "JOINED_AT"
    return date_language.find(_cells(sample, column.index), header) if is_dated else ""


def _cells(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    return [row[number] for row in rows if number < len(row)]


def _open_rows(opened: Opened, found: Table) -> Iterator[Row]:
    """Return the rows of people, before it matters how long they are."""
    return table.read_rows(opened.open_rows(), found, opened.label, Counter(), allow_ragged=True)


def _would_differ(opened: Opened) -> bool:
    if opened.stream is None:
        return False
    try:
        return decode.find_encoding(opened.stream, opened.label).name != opened.encoding.name
    except UsageError:
        return True
