"""Files that belong to somebody else, as text that closes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

#: bytes that are read at once, at least
CHUNK = 1 << 16


class BorrowedFile(io.RawIOBase):
    """A file for io.TextIOWrapper, which stays open when this one is closed.

    source: has `read`. on_chunk: called with each part that was read.
    """

    def __init__(self, source: Any, on_chunk: Callable[[bytes], None] = lambda chunk: None) -> None:
        self._source, self._on_chunk = source, on_chunk

    def readable(self) -> bool:
        """Tell that it is there to be read."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at least CHUNK of them while there are as many."""
        chunk: bytes = self._source.read(max(size, CHUNK))
        self._on_chunk(chunk)
        return chunk

    read = read1
