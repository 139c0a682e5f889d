"""Streams that may keep whoever reads them waiting, until a signal ends that."""

from __future__ import annotations

import io
import os
import stat
from typing import Any, BinaryIO, TextIO

from talkvalue_cli import signals


class _PointedFile(io.FileIO):
    """A file of which each read is a point at which a signal is answered."""

    def readinto(self, buffer: Any) -> int | None:
        with signals.point():
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with signals.point():
            return super().readall()


def open_stream(path: str) -> BinaryIO:
    """Open a named pipe or a device; a signal ends the wait for its writer and for each read."""
    with signals.point():
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    return io.BufferedReader(_PointedFile(handle))


def is_device(stream: BinaryIO) -> bool:
    """Tell whether a stream is a device whose content is no file, and may have no end.

    A terminal is none, nor is the device that is empty.
    """
    try:
        handle = stream.fileno()
    except OSError:  # a test's
        return False
    found = os.fstat(handle)
    if not (stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode)) or os.isatty(handle):
        return False
    return not os.path.samestat(found, os.stat(os.devnull))


def make_interruptible(stream: TextIO | None) -> TextIO | None:
    """Return standard input such that a signal ends the wait for it; None for one that is closed.

    A stream that is no file of the system is returned as it is.
    """
    try:
        handle = stream.fileno() if stream is not None else None
    except OSError:  # a test's
        return stream
    if stream is None or handle is None:
        return None
    raw = _PointedFile(handle, closefd=False)
    return io.TextIOWrapper(io.BufferedReader(raw), encoding=stream.encoding, errors=stream.errors)
