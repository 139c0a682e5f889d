"""What is inside of a file, whatever it is wrapped in, as rows that can be read again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import containers, decode, recognize
from talkvalue_cli.imports.file.containers import Contents, Rows
from talkvalue_cli.imports.file.decode import UTF8, Encoding
from talkvalue_cli.imports.file.dialect import SAMPLE, Dialect, find_dialect
from talkvalue_cli.imports.file.rows import CsvRows
from talkvalue_cli.imports.file.undecided import Question, UndecidedError
from talkvalue_cli.imports.options import FileOptions


class Opened(NamedTuple):
    """What a file holds: text, or the rows of a sheet.

    kind: of the container around it, None for a plain file.
    stream, encoding: of text. dialect: how its lines are cut into cells.
    sheet: of a workbook, with the names of those that are not read.
    name: what to call the text.
    """

    label: str
    name: str
    kind: str | None = None
    stream: BinaryIO | None = None
    encoding: Encoding = Encoding(UTF8, 0, "given")
    dialect: Dialect = Dialect()
    sheet: Contents | None = None

    def open_rows(self) -> Rows | CsvRows:
        """Return all rows from the start, each with the line of the user's file."""
        if self.sheet is not None and self.sheet.rows is not None:
            return self.sheet.rows
        assert self.stream is not None, "it is text, or a sheet"
        return CsvRows(decode.open_text(self.stream, self.encoding), self.dialect, self.label)


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
    stack: ExitStack,
    on_chunk: Callable[[], None] = lambda: None,
) -> Opened:
    """Return the text that a file holds.

    stack: closes what had to be unpacked.
    on_chunk: called with each part of the file that was read.
    Raises UsageError for one that holds no text, and for what was said about a workbook, or
    about text, and it is the other.
    """
    inside = containers.open_contents(file, name, label, options.sheet)
    kind = None if inside is None else inside.kind
    if inside is not None and inside.rows is not None:
        if options.encoding or options.delimiter:
            raise UsageError(f"{label} is a workbook, which has no encoding and no separator")
        if options.sheet is not None:
            inside = inside._replace(other_sheets=())
        others = ", ".join(map(repr, inside.other_sheets))
        called = f"{label} (its sheet {inside.name!r}, not {others})" if others else label
        return Opened(called, f"{name}.csv", kind, sheet=inside)
    stream = file
    if inside is not None and inside.stream is not None:
        stream, name = stack.enter_context(inside.stream), inside.name
    stream.seek(0)
    recognize.refuse_other(stream.read(recognize.HEAD), label)
    if options.sheet is not None:
        raise UsageError(f"{label} is no workbook, so it has no sheet {options.sheet!r}")
    watched: Any = _Ticking(stream, on_chunk)
    encoding = _find_encoding(watched, label, options)
    sample = decode.open_text(stream, encoding).read(SAMPLE)
    return Opened(label, name, kind, stream, encoding, find_dialect(sample, options.delimiter))


def _find_encoding(file: BinaryIO, label: str, options: FileOptions) -> Encoding:
    """Return the encoding of a text. Raises UndecidedError where several are as likely."""
    try:
        return decode.find_encoding(file, label, options.encoding)
    except decode.UnclearEncodingError as error:
        answers = [
            (f"{name}: {text}", options._replace(encoding=name))
            for name, text in error.readings.items()
        ]
        question = Question(f"{label}: which encoding makes this line what it should be?", answers)
        raise UndecidedError(error, question) from error
