"""A look through a CSV file before any of it is sent: is it text, and are its rows whole?

Hashing, decoding and parsing happen in one pass, so a large file is read once.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import hashlib
import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, NoReturn

from talkvalue_cli.errors import LocalFileError, UsageError
from talkvalue_cli.imports.file.borrowed import CHUNK, BorrowedFile

#: a cell of more characters is an unclosed quote rather than a cell
LONGEST_CELL = 10 << 20
DELIMITERS = ",;\t|"
UTF8 = "utf-8"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class CheckedCsv(NamedTuple):
    """What a file holds, as it will be sent.

    source_sha256: of the bytes of the file, as hexadecimal digits.
    sha256: of the UTF-8 bytes that are sent; the same for a file that is UTF-8.
    size: how many bytes that are.
    header: the cells of the first row. rows: how many follow it.
    """

    source_sha256: str
    sha256: str
    size: int
    header: list[str]
    rows: int


def check_csv(
    file: BinaryIO,
    label: str,
    *,
    encoding: str = UTF8,
    allow_ragged: bool = False,
    on_chunk: Callable[[], None] = lambda: None,
) -> CheckedCsv:
    """Read the file to its end and return what it holds.

    encoding: the file's encoding; it is sent as UTF-8. A byte order mark is fine.
    on_chunk: called with each part of the file that was read.
    Raises UsageError, which names label, the place and the reason, for bytes
    that the encoding does not have, a missing header, a header without rows,
    rows whose length is not the header's, and a quote without an end.
    """
    sent, raw = _Digest(), _Digest()

    def add(chunk: bytes) -> None:
        on_chunk()
        _refuse_binary(chunk, label, sent.size)
        sent.add(chunk)

    watched: Any = BorrowedFile(open_utf8(file, encoding, raw.add), add)
    text = io.TextIOWrapper(watched, encoding="utf-8-sig", newline="")
    # a setting of the whole process
    try:
        with long_cells():
            header, rows = _check_rows(text, label, allow_ragged=allow_ragged)
    except UnicodeDecodeError as error:
        offset = sent.size - len(error.object) + error.start
        raise _wrong_encoding(label, UTF8, offset, "cp1252") from error
    except _UndecodableError as error:
        raise _wrong_encoding(label, encoding, error.offset) from error
    source = raw if raw.size else sent
    return CheckedCsv(source.hexdigest(), sent.hexdigest(), sent.size, header, rows)


@contextlib.contextmanager
def long_cells() -> Iterator[None]:
    """Let the csv module read cells up to LONGEST_CELL; its limit is one for the whole process."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _check_rows(
    text: io.TextIOWrapper[Any], label: str, *, allow_ragged: bool
) -> tuple[list[str], int]:
    first = text.readline()
    end = _End()
    reader = csv.reader(
        itertools.chain([first], text, end), delimiter=_choose_delimiter(first, label)
    )
    rows = 0
    try:
        header = next(reader)
        if end.was_reached:
            raise UsageError(f"{label}: a quote in the header is never closed")
        if not any(cell.strip() for cell in header):
            raise UsageError(f"{label} has no header row: its first line is empty")
        if any(_EMAIL.fullmatch(cell.strip()) for cell in header):
            raise UsageError(
                f"{label} has no header row: its first line holds an e-mail address",
                hint="put the names of the columns into the first line",
            )
        for row in reader:
            rows += bool(row)
            if end.was_reached:
                raise UsageError(f"{label}: a quote in row {rows} is never closed")
            if row and len(row) != len(header) and not allow_ragged:
                raise UsageError(
                    f"{label}: row {rows} (line {reader.line_num}) has {len(row)} cells, "
                    f"the header has {len(header)}",
                    remedy=("allow_ragged", ""),
                )
    except csv.Error as error:
        raise UsageError(
            f"{label}: row {rows + 1} (line {reader.line_num}) cannot be read: {error}",
            hint="a quote may be missing its end",
        ) from error
    if not rows:
        raise UsageError(f"{label} has a header and no rows")
    return header, rows


def _choose_delimiter(first: str, label: str) -> str:
    """Return what splits the first line into the most cells, the comma when nothing does."""

    def count_cells(delimiter: str) -> int:
        return max(map(len, csv.reader([first], delimiter=delimiter)), default=0)

    try:
        return max(DELIMITERS, key=count_cells)
    except csv.Error as error:
        raise UsageError(f"{label}: the header cannot be read: {error}") from error


class _End:
    """The empty end of a chain, which remembers that it was asked for more.

    csv.reader does so in the middle of a row only when a quote is still open.
    """

    was_reached = False

    def __iter__(self) -> _End:
        return self

    def __next__(self) -> NoReturn:
        self.was_reached = True
        raise StopIteration


def _refuse_binary(chunk: bytes, label: str, offset: int) -> None:
    """Raise UsageError for bytes that no text has.

    offset: how many bytes came before the chunk.
    """
    if offset == 0 and chunk.startswith(_UTF16_MARKS):
        raise _wrong_encoding(label, UTF8, 0, "utf-16")
    if (place := chunk.find(b"\0")) >= 0:
        raise UsageError(f"{label} is not text: byte {offset + place} is NUL")


def _wrong_encoding(
    label: str, encoding: str, offset: int, better: str | None = None
) -> UsageError:
    """Return the error for bytes that cannot be decoded; better: an encoding to try."""
    return UsageError(
        f"{label} is not {encoding.upper()}: byte {offset} cannot be read",
        remedy=("encoding", better) if better else None,
    )


def open_utf8(
    file: BinaryIO, encoding: str, on_raw: Callable[[bytes], None] = lambda chunk: None
) -> Any:
    """Return a reader of the file's text as UTF-8, from the file's start.

    It has `read`. UTF-8 is passed on byte for byte.
    on_raw: gets the bytes of a file that has to be converted.
    Raises UsageError for an encoding that Python does not know.
    """
    try:
        # also refuses codecs that are not for text, such as hex
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    except (LookupError, ValueError) as error:
        raise UsageError(f"the encoding {encoding!r} is not known") from error
    name = codecs.lookup(encoding).name
    file.seek(0)
    return file if name == UTF8 else _Chunks(_recode(file, name, on_raw))


class _Chunks:
    """Parts of any size, as something that is read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, bytearray()

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (chunk := next(self._chunks, None)) is not None:
            self._rest += chunk
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken


class _UndecodableError(Exception):
    """The byte at the offset cannot be decoded."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def _recode(file: BinaryIO, encoding: str, on_raw: Callable[[bytes], None]) -> Iterator[bytes]:
    """Yield the bytes of another encoding as UTF-8."""
    decoder, start, chunk = codecs.getincrementaldecoder(encoding)(), 0, b"not read yet"
    while chunk:
        chunk = file.read(CHUNK)
        on_raw(chunk)
        try:
            yield decoder.decode(chunk, final=not chunk).encode()
        except UnicodeDecodeError as error:
            raise _UndecodableError(start + len(chunk) - len(error.object) + error.start) from error
        except UnicodeError as error:  # a UTF-16 without a byte order mark fails as a whole
            raise _UndecodableError(start) from error
        start += len(chunk)


class _Digest:
    """Counts and hashes bytes."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._hash.update(chunk)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class UploadStream:
    """A checked file as it is sent: `read` and `len`, what is left, as multipart encoders want it.

    The file is hashed again on its way: one that changed since it was checked
    is an error when its end is reached, before anything is made from it.

    chunks: what is sent where that is not the file, made from it again.
    """

    def __init__(
        self,
        file: BinaryIO,
        checked: CheckedCsv,
        label: str,
        *,
        encoding: str = UTF8,
        chunks: Iterator[bytes] | None = None,
        on_sent: Callable[[int], None] = lambda size: None,
    ) -> None:
        self._source = open_utf8(file, encoding) if chunks is None else _Chunks(chunks)
        self._checked, self._label, self._on_sent = checked, label, on_sent
        self._sent = _Digest()

    @property
    def len(self) -> int:
        """How many bytes are left to read."""
        return self._checked.size - self._sent.size

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise LocalFileError when the file has changed."""
        wanted = self.len if size < 0 else min(size, self.len)
        try:
            chunk: bytes = self._source.read(wanted)
            self._sent.add(chunk)
            has_changed = bool(wanted and not chunk) or (
                self.len == 0 and not self._is_as_checked()
            )
        except (_UndecodableError, UnicodeError, csv.Error, UsageError):
            has_changed = True
        if has_changed:
            raise describe_change(self._label)
        self._on_sent(len(chunk))
        return chunk

    def _is_as_checked(self) -> bool:
        """Tell whether what was read is what was checked, and nothing comes after it."""
        return self._sent.hexdigest() == self._checked.sha256 and not self._source.read(1)


def describe_change(label: str) -> LocalFileError:
    """Return the error for a file that is no longer what was checked. label: what to call it."""
    return LocalFileError(
        f"{label} has changed since it was checked; nothing was imported",
        code="FILE_CHANGED",
        hint="run it again when nobody writes to the file any more",
    )
