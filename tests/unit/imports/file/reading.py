"""Reads bytes as the way of a file does: encoding, dialect, header, rows."""

from __future__ import annotations

import io
from collections import Counter
from typing import NamedTuple

from talkvalue_cli.imports.file import decode, dialect, recognize, table


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

    def rows() -> table.CsvRows:
        return table.CsvRows(decode.open_text(file, found), cut, "people.csv")

    place = table.find_table(rows(), "people.csv", header_row=header_row)
    left_out: Counter[str] = Counter()
    kept = list(table.read_rows(rows(), place, "people.csv", left_out, allow_ragged=allow_ragged))
    return Read(found, cut, place, kept, dict(left_out))
