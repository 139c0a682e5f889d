"""Lines of a file with bytes above 127: a sample that shows what encoding it may have."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from talkvalue_cli.imports.file import file_bytes

#: how many lines are kept; some more where a byte is new, or a line is UTF-8
_MANY = 400
#: bytes of a line that are looked at, and how many of them come before the first above 127
_LONGEST, _BEFORE = 400, 100
_LINE = re.compile(rb"[^\r\n]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_LIKE_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ASCII = bytes(range(128))
_END = re.compile(rb"[\r\n]")


class SpecialLine(NamedTuple):
    """A line of the file with bytes above 127, and the place where it begins."""

    place: int
    content: bytes


class Sample(NamedTuple):
    """header: the first lines of all. lines: some with bytes above 127.

    high_lines, all_lines: how many there are, of the first at least that there is one or more.
    high: the bytes above 127 of the whole file.
    """

    header: list[bytes]
    lines: list[SpecialLine]
    high_lines: int
    all_lines: int
    high: bytes


def take_sample(file: BinaryIO) -> Sample:
    """Go through a file and keep lines that show something, at most some hundreds."""
    seen: set[int] = set()
    lines: list[SpecialLine] = []
    header: list[bytes] = []
    high = total = 0
    for start, text in _whole_lines(file):
        if not start:
            header = [match[0][:_LONGEST] for match in _LINE.finditer(text[:4096])][:3]
        total += text.count(b"\n") or text.count(b"\r")
        if text.isascii():
            continue
        special = text.translate(None, _ASCII)
        new = set(special) - seen
        # quick for what has no such bytes at all, even if ASCII between them is left out
        suspicious = len(lines) < 4 * _MANY and _LIKE_UTF8.search(special) is not None
        suspicious = suspicious and _LIKE_UTF8.search(text) is not None
        room = max(0, _MANY - len(lines))
        for place, line in _find_high_lines(text):
            high += 1
            suspicious = suspicious and len(lines) < 4 * _MANY  # a piece has many lines
            is_new = bool(new) and not new.isdisjoint(line)
            if room or is_new or (suspicious and is_utf8(line)):
                room -= room > 0
                new -= set(line)
                lines.append(SpecialLine(start + place, line))
            elif not new and not suspicious:
                break
        seen |= set(special)
    return Sample(header, lines, high, total, bytes(sorted(seen)))


def _find_high_lines(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield lines with bytes above 127, cut around the first of these, and where each begins."""
    place = 0
    while found := _HIGH.search(text, place):
        first = found.start()
        begin = text.rfind(b"\n", place, first) + 1 or place
        begin = text.rfind(b"\r", begin, first) + 1 or begin
        end = _END.search(text, first)
        place = end.start() if end else len(text)
        # what comes before the first is ASCII, so that no letter of several bytes is torn
        start = max(begin, first - _BEFORE)
        yield begin, text[start : min(place, start + _LONGEST)]


def _whole_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield a file in pieces that end with a line where that is possible."""
    rest, begin = b"", 0
    for start, chunk in file_bytes.chunks(file):
        begin, text = start - len(rest), rest + chunk
        cut = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 or len(text)
        yield begin, text[:cut]
        rest = text[cut:]
        begin += cut
    if rest:
        yield begin, rest


def decode_line(line: bytes, name: str) -> str:
    """Return the text of a line, without the last letter if that was cut in two."""
    return codecs.getincrementaldecoder(name)().decode(line, final=len(line) < _LONGEST)


def is_utf8(line: bytes) -> bool:
    try:
        return not line.isascii() and bool(decode_line(line, "utf-8"))
    except UnicodeDecodeError:
        return False
