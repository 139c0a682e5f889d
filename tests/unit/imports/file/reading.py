"""Reads bytes as the way of a file does: encoding, dialect, header, rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple

from talkvalue_cli.imports.file import choice, decode, dialect, plan, recognize, table
from talkvalue_cli.imports.file.conversion import Conversion
from talkvalue_cli.imports.file.rows import CsvRows
from talkvalue_cli.imports.options import FileOptions


class Read(NamedTuple):
    """What was read: the table, its rows with their lines, and what was left out."""

    encoding: decode.Encoding
    dialect: dialect.Dialect
    table: table.Table
    rows: list[tuple[int, list[str]]]
    left_out: dict[str, int]

    @property
    def cells(self) -> list[list[str]]:
        """The rows without their lines."""
        return [cells for _, cells in self.rows]


def read(
    content: bytes | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    allow_ragged: bool = False,
) -> Read:
    """Read a file whose content is given; text stands for its UTF-8."""
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    recognize.refuse_other(file.getvalue()[: recognize.HEAD], "people.csv")
    found = decode.find_encoding(file, "people.csv", encoding)
    sample = decode.open_text(file, found).read(dialect.SAMPLE)
    cut = dialect.find_dialect(sample, delimiter)

    def rows() -> CsvRows:
        return CsvRows(decode.open_text(file, found), cut, "people.csv")

    place = table.find_table(rows(), "people.csv", header_row=header_row)
    left_out: Counter[str] = Counter()
    kept = list(table.read_rows(rows(), place, "people.csv", left_out, allow_ragged=allow_ragged))
    return Read(found, cut, place, kept, dict(left_out))


class Sent(NamedTuple):
    """What is sent of a file.

    fields: by the number of their column, from 0. rows: their cells, without the header.
    unused: why each other column is not, by its header. The other ones count, by kind.
    """

    fields: dict[int, str]
    rows: list[list[str]]
    unused: dict[str, str]
    changed: dict[str, int]
    left_out: dict[str, int]
    in_doubt: dict[str, int]

    def column(self, field: str) -> list[str]:
        """Return the values that a field gets."""
        [index] = [index for index, name in self.fields.items() if name == field]
        return [row[index] for row in self.rows]


def convert(content: bytes | str, options: FileOptions | None = None) -> Sent:
    """Return what is sent of a file; text stands for its UTF-8. Raises UsageError."""
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    with ExitStack() as stack:
        made = plan.make_plan(file, "a.csv", "a.csv", options or FileOptions(), stack)
        choice.check_choice(made.choice, "a.csv")
        conversion = Conversion(file, made, lambda: None)
        sent = b"".join(conversion.chunks())
    rows = [row for row in csv.reader(io.StringIO(sent.decode("utf-8-sig"), newline="")) if row]
    return Sent(
        {column.index: column.field for column in made.choice.columns},
        rows[1:],
        {column.header: column.why for column in made.choice.unused},
        dict(conversion.prepared.changed),
        dict(conversion.prepared.left_out),
        dict(conversion.prepared.in_doubt),
    )
