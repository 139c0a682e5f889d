"""The encoding of a file: by its mark, else UTF-8, else what its bytes can only mean."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple, TextIO

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import file_bytes
from talkvalue_cli.imports.file.borrowed import BorrowedFile

_HEAD = 1 << 12
UTF8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: encodings whose mark tells the order of their bytes, and what they are called when it is known
_WITH_ORDER = {"utf-16": ("utf-16-le", "utf-16-be"), "utf-32": ("utf-32-le", "utf-32-be")}

#: of seven bits, and the escape that none is without
_WITH_ESCAPES = (
    ("iso2022_jp_2", rb"\x1b(\$[@B]|\$\(D)"),
    ("iso2022_kr", rb"\x1b\$\)C"),
)

#: encodings that have letters where an ISO 8859 has control characters; 0x85 ends lines in both
_OF_WINDOWS = {
    "iso8859-1": "cp1252",
    "iso8859-15": "cp1252",
    "iso8859-2": "cp1250",
    "iso8859-5": "cp1251",
    "iso8859-7": "cp1253",
    "iso8859-9": "cp1254",
    "iso8859-8": "cp1255",
    "iso8859-6": "cp1256",
    "iso8859-13": "cp1257",
}


class Encoding(NamedTuple):
    """How the bytes of a file become text.

    name: as Python calls it, such as utf-8, cp1252 or utf-16-le.
    mark: how many bytes of a byte order mark come first, 0 for none.
    how: "mark", "utf-8", "detected" or "given".
    """

    name: str
    mark: int
    how: str


class UnclearEncodingError(UsageError):
    """Several encodings are as likely.

    readings: by the name of each, the first line that differs as it would be.
    """

    def __init__(self, message: str, readings: Mapping[str, str]) -> None:
        super().__init__(message, remedy=("encoding", next(iter(readings), "cp1252")))
        self.readings = readings


def find_encoding(file: BinaryIO, label: str, given: str | None = None) -> Encoding:
    """Return the encoding of a file, which is read to its end in constant memory.

    label: what messages call the file. given: the encoding that the caller says it has.
    Raises UsageError, which names the byte and the line, for what is no text in
    any one encoding, and for a given encoding that is not known or that the bytes
    contradict; with the candidates and a line as each reads it when none is certain.
    """
    file.seek(0)
    head = file.read(_HEAD)
    mark = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), None)
    if given is not None:
        return _check_given(file, label, _known(given), head, mark)
    if mark is not None:
        _verify(file, label, mark[1], len(mark[0]))
        return Encoding(mark[1], len(mark[0]), "mark")
    wide = _find_wide(head)
    if wide is not None:
        _verify(file, label, wide, 0)
        return Encoding(wide, 0, "detected")
    _refuse_nul(file, label)
    broken_at = file_bytes.find_undecodable(file, UTF8)
    if broken_at is None:
        return _find_seven_bit(file, label)
    from talkvalue_cli.imports.file import legacy

    return Encoding(legacy.detect(file, label, broken_at), 0, "detected")


def open_text(file: BinaryIO, encoding: Encoding) -> TextIO:
    """Return the text of a file from its start, without its mark; line ends stay as they are.

    The file stays open when the text is closed or forgotten.
    """
    file.seek(encoding.mark)
    source: Any = BorrowedFile(file)
    return io.TextIOWrapper(source, encoding=encoding.name, newline="")


def _known(name: str) -> str:
    """Return Python's name of an encoding; raise UsageError for one that is not of text."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise UsageError(f"the encoding {name!r} is not known") from error
    return UTF8 if found == "utf-8-sig" else found


def _check_given(
    file: BinaryIO, label: str, name: str, head: bytes, mark: tuple[bytes, str] | None
) -> Encoding:
    if mark is not None:
        if name not in (mark[1], mark[1][:-3]):
            raise _contradiction(
                label, name, f"it begins with the mark of {mark[1].upper()}", mark[1]
            )
        _verify(file, label, mark[1], len(mark[0]))
        return Encoding(mark[1], len(mark[0]), "given")
    wide = _find_wide(head)
    if name in _WITH_ORDER:
        if wide not in _WITH_ORDER[name]:
            raise _contradiction(label, name, "its bytes are not", None)
        name = str(wide)
    if wide is not None and name != wide:
        raise _contradiction(label, name, f"it looks like {wide.upper()}", wide)
    if wide is None and name.startswith(("utf-16", "utf-32")):
        raise _contradiction(label, name, "its bytes are not", None)
    if wide is None:
        _refuse_nul(file, label)
        if name != UTF8:
            _refuse_utf8(file, label, name)
            _refuse_controls(file, label, name)
    _verify(file, label, name, 0)
    return Encoding(name, 0, "given")


def _refuse_utf8(file: BinaryIO, label: str, name: str) -> None:
    """Raise UsageError for another name of what is UTF-8, or has lines that are."""
    from talkvalue_cli.imports.file import legacy

    place = legacy.find_utf8(file, name)
    if place is None:
        return
    if file_bytes.find_undecodable(file, UTF8) is None:
        raise _contradiction(label, name, "it is UTF-8", UTF8)
    line = file_bytes.count_lines(file, place, UTF8)
    raise _contradiction(label, name, f"line {line} is UTF-8, and others are not", None)


def _refuse_controls(file: BinaryIO, label: str, name: str) -> None:
    """Raise UsageError for an ISO 8859 whose control characters stand for letters of Windows."""
    better = _OF_WINDOWS.get(name)
    if better is None:
        return
    for start, chunk in file_bytes.chunks(file):
        found = re.search(rb"[\x80-\x84\x86-\x9f]", chunk)
        if found:
            line = file_bytes.count_lines(file, start + found.start(), name)
            why = f"byte {start + found.start()} (line {line}) is no letter of it"
            raise _contradiction(label, name, why, better)


def _contradiction(label: str, name: str, why: str, better: str | None) -> UsageError:
    return UsageError(
        f"{label} is not {name.upper()}: {why}", remedy=("encoding", better) if better else None
    )


def _verify(file: BinaryIO, label: str, name: str, start: int) -> None:
    """Raise UsageError for a byte that the encoding does not have."""
    broken_at = file_bytes.find_undecodable(file, name, start)
    if broken_at is not None:
        line = file_bytes.count_lines(file, broken_at, name)
        raise UsageError(
            f"{label} is not {name.upper()}: byte {broken_at} (line {line}) cannot be read"
        )


def _refuse_nul(file: BinaryIO, label: str) -> None:
    place = file_bytes.find_nul(file)
    if place is not None:
        line = file_bytes.count_lines(file, place, UTF8)
        raise UsageError(f"{label} is not text: byte {place} (line {line}) is NUL")


def _find_wide(head: bytes) -> str | None:
    """Return which encoding of two or four bytes a character a file without a mark has."""
    if b"\0" not in head:
        return None
    zeros = [head[place::4].count(0) * 4 / len(head) for place in range(4)]
    if zeros[3] > 0.9 and zeros[2] > 0.6 and zeros[0] < 0.1:
        return "utf-32-le"
    if zeros[0] > 0.9 and zeros[1] > 0.6 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.05 and even < odd / 5:
        return "utf-16-le"
    return "utf-16-be" if even > 0.05 and odd < even / 5 else None


def _find_seven_bit(file: BinaryIO, label: str) -> Encoding:
    """Return UTF-8, or an encoding that switches with escapes and is all ASCII otherwise."""
    for _, chunk in file_bytes.chunks(file):
        for name, escape in _WITH_ESCAPES:
            if re.search(escape, chunk):
                _verify(file, label, name, 0)
                return Encoding(name, 0, "detected")
    return Encoding(UTF8, 0, "utf-8")
