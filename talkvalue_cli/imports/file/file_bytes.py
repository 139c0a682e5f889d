"""Bytes of a file, read in pieces: where they cannot be decoded, and which line that is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 17


def chunks(file: BinaryIO, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces of a file from a place on, and where each begins."""
    file.seek(start)
    while chunk := file.read(CHUNK):
        yield start, chunk
        start += len(chunk)


def find_undecodable(file: BinaryIO, encoding: str, start: int = 0) -> int | None:
    """Return the place of the first byte that an encoding does not have, None if it has all."""
    decoder = codecs.getincrementaldecoder(encoding)()
    is_ascii_based = not encoding.startswith(("utf-16", "utf-32", "iso2022", "hz"))
    end = start
    for begin, chunk in chunks(file, start):
        end = begin + len(chunk)
        if is_ascii_based and chunk.isascii() and not decoder.getstate()[0]:
            continue
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return end - len(error.object) + error.start
        except UnicodeError:
            return begin
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return end - len(error.object) + error.start
    return None


def find_nul(file: BinaryIO) -> int | None:
    """Return the place of the first NUL of a file."""
    for start, chunk in chunks(file):
        place = chunk.find(b"\0")
        if place >= 0:
            return start + place
    return None


def count_lines(file: BinaryIO, place: int, encoding: str) -> int:
    """Return the line, from 1, that a byte of a file is in."""
    width = {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)
    pad = b"\0" * (width - 1)
    feed, back = (mark + pad if encoding.endswith("le") else pad + mark for mark in (b"\n", b"\r"))
    feeds = backs = 0
    for start, chunk in chunks(file):
        part = chunk[: max(0, place - start)]
        feeds += part.count(feed)
        backs += part.count(back)
        if start + len(chunk) >= place:
            break
    return 1 + (feeds or backs)
