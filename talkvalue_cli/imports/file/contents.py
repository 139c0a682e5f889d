"""The text of a file, whatever it is wrapped in, as something that can be read again and again."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, TextIO

from talkvalue_cli.imports.file import containers, decode, recognize
from talkvalue_cli.imports.file.containers import Rows
from talkvalue_cli.imports.file.decode import UTF8, Encoding
from talkvalue_cli.imports.file.lines import LineMap
from talkvalue_cli.imports.options import FileOptions


class Opened(NamedTuple):
    """Bytes of text, and what is known of them.

    kind: of the container around them, None for a plain file.
    sheet: name of a workbook's sheet, which is CSV here. lines: the row of the sheet for each
        line of that.
    """

    stream: BinaryIO
    encoding: Encoding
    kind: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    lines: LineMap | None = None

    def open_text(self) -> TextIO:
        """Return its text from the start, with line ends as they are; nothing needs closing."""
        return decode.open_text(self.stream, self.encoding)

    def find_line(self, line: int) -> int:
        """Return the line of the user's file for one of this text."""
        found = None if self.lines is None else self.lines.find(line)
        return line if found is None else found


class _Ticking:
    """A file that tells of each part that is read of it."""

    def __init__(self, file: BinaryIO, on_chunk: Callable[[], None]) -> None:
        self._file, self._on_chunk = file, on_chunk
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        self._on_chunk()
        return self._file.read(size)


def open_inside(
    file: BinaryIO,
    name: str,
    label: str,
    options: FileOptions,
    on_chunk: Callable[[], None] = lambda: None,
) -> Opened:
    """Return the text that a file holds.

    on_chunk: called with each part of the file that was read.
    Raises UsageError for one that holds no text.
    """
    inside = containers.open_contents(file, name, label, options.sheet)
    if inside is not None and inside.rows is not None:
        return _spool_sheet(inside.rows, inside)
    stream: BinaryIO = file
    if inside is not None and inside.stream is not None:
        stream = inside.stream
    stream.seek(0)
    recognize.refuse_other(stream.read(recognize.HEAD), label)
    stream.seek(0)
    watched: Any = _Ticking(stream, on_chunk)
    found = decode.find_encoding(watched, label, options.encoding)
    return Opened(stream, found, None if inside is None else inside.kind)


def _spool_sheet(rows: Rows, inside: containers.Contents) -> Opened:
    """Write a sheet as CSV into a private temporary file."""
    # closed by the garbage collector, when nobody reads from it any more
    spool: Any = tempfile.SpooledTemporaryFile(8 << 20)  # noqa: SIM115
    lines, next_line, text = LineMap(), 1, io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row, cells in rows:
        writer.writerow(cells)
        written = text.getvalue()
        spool.write(written.encode())
        text.seek(0)
        text.truncate()
        lines.add(next_line, row)
        next_line += written.count("\n")
    return Opened(
        spool, Encoding(UTF8, 0, "given"), inside.kind, inside.name, inside.other_sheets, lines
    )
