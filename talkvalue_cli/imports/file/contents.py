"""The text of a file, whatever it is wrapped in, as something that can be read again and again."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, TextIO

from talkvalue_cli.imports.file import containers, decode, recognize
from talkvalue_cli.imports.file.check import UTF8, Watched
from talkvalue_cli.imports.file.containers import Rows
from talkvalue_cli.imports.file.lines import LineMap
from talkvalue_cli.imports.options import FileOptions


class Opened(NamedTuple):
    """Bytes of text, and what is known of them.

    encoding: as Python names it. has_mark: it begins with a byte order mark.
    kind: of the container around them, None for a plain file.
    sheet: name of a workbook's sheet, which is CSV here. lines: the row of the sheet for each
        line of that.
    """

    stream: BinaryIO
    encoding: str
    has_mark: bool
    kind: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    lines: LineMap | None = None

    def open_text(self, on_chunk: Callable[[], None] = lambda: None) -> TextIO:
        """Return its text from the start, with line ends as they are; nothing needs closing."""
        self.stream.seek(0)
        # one mark is no part of the text
        name = "utf-8-sig" if self.encoding == UTF8 else self.encoding
        watched: Any = Watched(self.stream, lambda chunk: on_chunk())
        return io.TextIOWrapper(watched, encoding=name, newline="")

    def find_line(self, line: int) -> int:
        """Return the line of the user's file for one of this text."""
        found = None if self.lines is None else self.lines.find(line)
        return line if found is None else found


def open_inside(file: BinaryIO, name: str, label: str, options: FileOptions) -> Opened:
    """Return the text that a file holds. Raises UsageError for one that holds none."""
    inside = containers.open_contents(file, name, label, options.sheet)
    if inside is not None and inside.rows is not None:
        return _spool_sheet(inside.rows, inside)
    stream: BinaryIO = file
    if inside is not None and inside.stream is not None:
        stream = inside.stream
    stream.seek(0)
    recognize.refuse_other(stream.read(recognize.HEAD), label)
    stream.seek(0)
    found = decode.find_encoding(stream, label, options.encoding)
    return Opened(stream, found.name, found.mark, None if inside is None else inside.kind)


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
    return Opened(spool, UTF8, False, inside.kind, inside.name, inside.other_sheets, lines)
