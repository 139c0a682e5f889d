"""Reading staged CSV files as streams: encoding, delimiter, header, rows.

Blank lines are no rows: they are neither counted nor imported.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..web.problems import Problem, refuse_fields

BLOCK_BYTES = 1024 * 1024
SAMPLE_BYTES = 64 * 1024
SAMPLE_ROWS = 50
DELIMITERS = (",", ";", "\t", "|")
# A longer cell is almost surely an unclosed quote that swallows the file.
MAX_CELL_CHARACTERS = 1024 * 1024
MAX_COLUMNS = 1000

# Signatures of what people upload by mistake, checked before anything is decoded.
SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
)
# Guesses for files that are not Unicode; charset-normalizer picks among them.
LEGACY_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030"]

csv.field_size_limit(MAX_CELL_CHARACTERS)


def refuse_file(reason: str) -> Problem:
    """Return the 400 of an upload that is no CSV file as it should be."""
    return refuse_fields([("file", reason)])


@dataclass(frozen=True)
class Layout:
    """What has to be known to read a staged file again."""

    encoding: str
    delimiter: str


def detect_encoding(path: Path) -> str:
    """Return the Python codec of a file; the whole file is looked at.

    Raises the 400 for empty and binary files.
    """
    with open(path, "rb") as file:
        head = file.read(SAMPLE_BYTES)
    if not head:
        raise refuse_file("The file is empty.")
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            raise refuse_file(f"The file is not CSV: it is {name}.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise refuse_file("The file is not CSV: it has binary content.")
    if _is_utf8(path):
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    return _guess_legacy_encoding(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open(path, "rb") as file:
            while block := file.read(BLOCK_BYTES):
                decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _guess_legacy_encoding(path: Path) -> str:
    # Imported late: few files need it, and it takes longer to load than the rest.
    from charset_normalizer import from_bytes

    sample = bytearray()
    with open(path, "rb") as file:
        while len(sample) < SAMPLE_BYTES and (line := file.readline(SAMPLE_BYTES)):
            if not line.isascii():
                sample += line
    best = from_bytes(bytes(sample), cp_isolation=LEGACY_ENCODINGS).best()
    return best.encoding if best is not None else "cp1252"


@contextmanager
def open_rows(path: Path, layout: Layout, *, strict: bool = False) -> Iterator[Iterator[list[str]]]:
    """Open a file and yield an iterator over its rows, the header first.

    The iterator raises csv.Error for a cell that is too long.
    """
    with open(path, encoding=layout.encoding, errors="replace", newline="") as file:
        yield filter(None, csv.reader(file, delimiter=layout.delimiter, strict=strict))


def detect_delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that splits the first rows most evenly, comma when none does."""

    def rate(delimiter: str) -> tuple[bool, bool, float, int]:
        sample, is_strict = _read_sample(path, Layout(encoding, delimiter))
        width = len(sample[0]) if sample else 1
        even = sum(len(row) == width for row in sample) / max(len(sample), 1)
        return width > 1, is_strict, even, width

    # max() keeps the first of equals, and comma comes first.
    return max(DELIMITERS, key=rate)


def _read_sample(path: Path, layout: Layout) -> tuple[list[list[str]], bool]:
    """Return the first rows, and whether their quotes are all in order.

    With the wrong delimiter, quotes turn up in the middle of cells.
    """
    for strict in (True, False):
        with open_rows(path, layout, strict=strict) as reader:
            try:
                return list(islice(reader, SAMPLE_ROWS)), strict
            except csv.Error:
                continue
    return [], False
