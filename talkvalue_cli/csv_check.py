"""A look through a CSV file before any of it is sent: is it text, and are its rows whole?

Hashing, decoding and parsing happen in one pass, so a large file is read once.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from talkvalue_cli.errors import LocalFileError, UsageError

CHUNK = 1 << 16
#: a cell of more characters is an unclosed quote rather than a cell
LONGEST_CELL = 10 << 20
DELIMITERS = ",;\t|"
UTF8 = "utf-8"


class CheckedCsv(NamedTuple):
    """What a file holds, as it will be sent.

    sha256: of the UTF-8 bytes that are sent, as hexadecimal digits.
    size: how many bytes that are.
    header: the cells of the first row. rows: how many follow it.
    """

    sha256: str
    size: int
    header: list[str]
    rows: int


def check_csv(
    file: BinaryIO, label: str, *, encoding: str = UTF8, allow_ragged: bool = False
) -> CheckedCsv:
    """Read the file to its end and return what it holds.

    encoding: what the file is in; it is sent as UTF-8. A byte order mark is fine.
    Raises UsageError, which names label, the place and the reason, for bytes
    that the encoding does not have, a missing header, a header without rows,
    and rows whose length is not the header's.
    """
    sent = _Digest()
    # it asks for no more than read1, whatever its type says
    watched: Any = _Watched(open_utf8(file, encoding), sent.add)
    text = io.TextIOWrapper(watched, encoding="utf-8-sig", newline="")
    csv.field_size_limit(LONGEST_CELL)
    try:
        header, rows = _check_rows(text, label, allow_ragged=allow_ragged)
    except UnicodeDecodeError as error:
        offset = sent.size - len(error.object) + error.start
        raise UsageError(
            f"{label} is not {encoding.upper()}: byte {offset} cannot be read",
            hint="name its encoding, such as --encoding cp1252",
        ) from error
    return CheckedCsv(sent.hexdigest(), sent.size, header, rows)


def _check_rows(
    text: io.TextIOWrapper[Any], label: str, *, allow_ragged: bool
) -> tuple[list[str], int]:
    first = text.readline()
    if not first.strip():
        raise UsageError(f"{label} has no header row: its first line is empty")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(_lines(first, text), delimiter=delimiter)
    try:
        header = next(reader)
        if any("@" in cell and "." in cell for cell in header):
            raise UsageError(
                f"{label} has no header row: its first line holds an e-mail address",
                hint="put the names of the columns into the first line",
            )
        rows = 0
        for row in reader:
            rows += bool(row)
            if row and len(row) != len(header) and not allow_ragged:
                raise UsageError(
                    f"{label}: row {rows} (line {reader.line_num}) has {len(row)} cells, "
                    f"the header has {len(header)}",
                    hint="mend the row, or send the file as it is with --allow-ragged",
                )
    except csv.Error as error:
        raise UsageError(f"{label}, line {reader.line_num}: {error}") from error
    if not rows:
        raise UsageError(f"{label} has a header and no rows")
    return header, rows


def _lines(first: str, rest: io.TextIOWrapper[Any]) -> Iterator[str]:
    yield first
    yield from rest


def open_utf8(file: BinaryIO, encoding: str) -> Any:
    """Return a reader of the file's text as UTF-8, from the file's start.

    It has `read` and `read1`. UTF-8 is passed on byte for byte.
    Raises UsageError for an encoding that Python does not know.
    """
    try:
        name = codecs.lookup(encoding).name
    except LookupError as error:
        raise UsageError(f"the encoding {encoding!r} is not known") from error
    file.seek(0)
    return _Plain(file) if name == UTF8 else _Converting(file, name)


class _Plain:
    """Bytes as they are."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        return self._file.read(size)


class _Converting:
    """Bytes of another encoding as UTF-8."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._read = 0
        self._rest = b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size:
            chunk = self._file.read(CHUNK)
            try:
                text = self._decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                offset = self._read + len(chunk) - len(error.object) + error.start
                raise UsageError(
                    f"the file is not {self._encoding.upper()}: byte {offset} cannot be read"
                ) from error
            self._read += len(chunk)
            self._rest += text.encode()
            if not chunk:
                break
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


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


class _Watched:
    """What io.TextIOWrapper needs of a file, telling of each chunk."""

    closed = False

    def __init__(self, source: Any, tell: Callable[[bytes], None]) -> None:
        self._source, self._tell = source, tell

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        """Nothing is ever written."""

    def close(self) -> None:
        """The file belongs to somebody else."""

    def read1(self, size: int = -1) -> bytes:
        chunk: bytes = self._source.read(CHUNK if size < 0 else max(size, CHUNK))
        if b"\0" in chunk:
            raise UsageError("the file is not text: it holds NUL bytes")
        self._tell(chunk)
        return chunk

    read = read1


class UploadStream:
    """A checked file as it is sent: `read` and `len`, what is left, as multipart encoders want it.

    The file is hashed again on its way: one that changed since it was checked
    is an error when its end is reached, before anything is made from it.
    """

    def __init__(
        self,
        file: BinaryIO,
        checked: CheckedCsv,
        label: str,
        *,
        encoding: str = UTF8,
        on_sent: Callable[[int], None] = lambda size: None,
    ) -> None:
        self._source = open_utf8(file, encoding)
        self._checked, self._label, self._on_sent = checked, label, on_sent
        self._sent = _Digest()

    @property
    def len(self) -> int:
        """How many bytes are left to read."""
        return self._checked.size - self._sent.size

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise LocalFileError when the file has changed."""
        wanted = self.len if size < 0 else min(size, self.len)
        chunk: bytes = self._source.read(wanted)
        self._sent.add(chunk)
        is_end = self.len == 0
        if (wanted and not chunk) or (is_end and self._sent.hexdigest() != self._checked.sha256):
            raise LocalFileError(
                f"{self._label} has changed since it was checked; nothing was imported",
                code="FILE_CHANGED",
            )
        self._on_sent(len(chunk))
        return chunk
