"""Reading a multipart/form-data body part by part (RFC 2046, section 5.1), as a stream.

Werkzeug's own decoder takes twice as long (measured with 1 GB, disk included), and as of 3.1.9 adds
a CR where the body is cut within the line end before the last delimiter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from .problems import Problem

BLOCK_BYTES = 1024 * 1024
MAX_HEAD_BYTES = 16 * 1024


class MultipartReader:
    """Reads one part after the other: `read_head`, then `copy_content`, and again.

    All methods raise the 400 for a body that ends too early or is out of shape.
    """

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        """`boundary` as in the content type, without dashes."""
        self._stream = stream
        self._delimiter = b"\r\n--" + boundary
        # The first delimiter has no line end before it.
        self._buffer = b"\r\n"
        self._copy_until(self._delimiter, lambda data: None)

    def read_head(self) -> dict[str, str] | None:
        """Return the headers of the next part, names in lower case; None after the last."""
        self._fill(2)
        if self._buffer.startswith(b"--"):
            return None
        lines = bytearray()
        self._copy_until(b"\r\n\r\n", lines.extend, MAX_HEAD_BYTES)
        headers: dict[str, str] = {}
        for line in lines.decode("utf-8", "replace").split("\r\n"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return headers

    def copy_content(self, write: Callable[[bytes], object]) -> None:
        """Hand the content of the part to `write`, block by block."""
        self._copy_until(self._delimiter, write)

    def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            self._read_block()

    def _read_block(self) -> None:
        block = self._stream.read(BLOCK_BYTES)
        if not block:
            raise Problem(400, "The multipart body ends too early.")
        self._buffer += block

    def _copy_until(
        self, end: bytes, write: Callable[[bytes], object], most: int | None = None
    ) -> None:
        copied = 0
        while (found := self._buffer.find(end)) < 0:
            # What may be the beginning of the end stays in the buffer.
            safe = max(len(self._buffer) - len(end) + 1, 0)
            write(self._buffer[:safe])
            copied += safe
            self._buffer = self._buffer[safe:]
            if most is not None and copied > most:
                raise Problem(400, "The headers of a part are too long.")
            self._read_block()
        write(self._buffer[:found])
        self._buffer = self._buffer[found + len(end) :]
