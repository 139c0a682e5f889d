"""The CSV file that is to be uploaded: found, opened, and looked at before anything is sent."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from talkvalue_cli import streams
from talkvalue_cli.errors import UsageError
from talkvalue_cli.files import STDIO
from talkvalue_cli.imports.file import recognize, spool

#: what a file from standard input is called unless the user says so
STDIN_NAME = "stdin.csv"
SAMPLE = 4096

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class CsvSource(NamedTuple):
    """An open file that can be read from its start more than once, its size and its name."""

    file: BinaryIO
    size: int
    name: str


def is_stream(path: str) -> bool:
    """Tell whether the file can be read only once: standard input or a named pipe."""
    if path == STDIO:
        return True
    try:
        mode = os.stat(path).st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    except OSError:
        return False


@contextmanager
def open_csv(
    path: str, stdin: TextIO | None, name: str | None = None, *, allow_packed: bool = False
) -> Iterator[CsvSource]:
    """Open a file for an upload.

    allow_packed: it may be something else than text, which is looked at later.

    path: a file, or `-` for standard input. What can be read only once is kept
    in a private temporary file, because a server wants to know the size first.

    Raises UsageError when there is no such file, it cannot be read, is empty,
    or is something else than text.
    """
    with open_rewindable(path, stdin) as file:
        try:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            _check_content(file, size, path, allow_packed=allow_packed)
        except OSError as error:
            raise _unreadable(path, error) from error
        yield CsvSource(file, size, name or _name(path))


def open_rewindable(path: str, stdin: TextIO | None) -> BinaryIO:
    """Open a file, or `-` for standard input, that can be read from its start again.

    Raises UsageError when there is no such file, it cannot be read, is a device, or has more
    than spool.LARGEST bytes and can be read only once; LocalFileError when it cannot be kept.
    """
    if path == STDIO and stdin is None:
        raise UsageError("standard input is closed")
    if path != STDIO and os.path.isdir(path):
        raise UsageError(f"{path} is a folder; name a CSV file")
    if path != STDIO and not os.path.exists(path):
        raise _missing(path)
    try:
        if not is_stream(path):
            return open(path, "rb")
        if stdin is not None and path == STDIO:
            return _keep(stdin.buffer, path)
        with streams.open_stream(path) as stream:
            return _keep(stream, path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _missing(path: str) -> UsageError:
    """Return the error for a file that is not there, with what may have been meant."""
    if not path:
        return UsageError("the name of a file is empty", hint="is a variable not set?")
    hint = None
    if "://" in path:
        hint = "download it first, or pipe it in: - is standard input"
    elif any(mark in path for mark in "*?["):
        hint = "no file has a name like that, so that the shell has left the pattern as it is"
    return UsageError(f"file not found: {path}", hint=hint)


def _keep(stream: BinaryIO, path: str) -> BinaryIO:
    """Return a file with what can be read only once."""
    if streams.is_device(stream):
        raise UsageError(f"{label(path)} is a device; name a CSV file")
    return spool.keep(stream.read, label(path))


def _unreadable(path: str, error: OSError) -> UsageError:
    return UsageError(f"cannot read {label(path)}: {error.strerror or error}")


def _check_content(file: BinaryIO, size: int, path: str, *, allow_packed: bool) -> None:
    if size == 0:
        raise UsageError(f"{label(path)} is empty")
    if allow_packed:
        return
    head = file.read(recognize.HEAD)
    file.seek(0)
    if (kind := recognize.find_binary(head)) is not None:
        raise UsageError(f"{label(path)} is {kind.name}, not CSV", hint="save it as CSV first")
    if b"\0" in head[:SAMPLE] and not head.startswith(_UTF16_MARKS):
        raise UsageError(f"{label(path)} is not text: it holds NUL bytes")


def label(path: str) -> str:
    """Return what to call the file in a message."""
    return "standard input" if path == STDIO else path


def _name(path: str) -> str:
    if path == STDIO:
        return STDIN_NAME
    # a name that is not UTF-8 cannot be sent; what it is called matters to nobody but people
    return os.fsencode(Path(path).name).decode("utf-8", "replace")
