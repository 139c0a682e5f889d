"""What can be read only once, kept in a private temporary file that goes away when it is closed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, BinaryIO, cast

from talkvalue_cli.errors import LocalFileError, UsageError

#: bytes that are kept; input may have no end, and an archive can pretend any size
LARGEST = 4 << 30
CHUNK = 1 << 20
#: bytes that are kept in memory before a file is made
_IN_MEMORY = 8 << 20


def keep(read: Callable[[int], bytes], label: str) -> BinaryIO:
    """Return all that can be read, as a file that its reader closes.

    read: returns up to so many bytes, none at the end. label: what messages call it.
    Raises UsageError for more than LARGEST bytes, LocalFileError when the temporary file cannot
    be written, and what `read` raises.
    """
    with ExitStack() as unless_done:
        spool: Any = unless_done.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        size = 0
        while chunk := read(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise UsageError(f"{label} is too large: more than {LARGEST >> 30} GiB")
            try:
                spool.write(chunk)
            except OSError as error:
                raise LocalFileError(
                    f"cannot keep {label} in a temporary file: {error.strerror or error}",
                    hint="TMPDIR names the folder of temporary files",
                ) from error
        spool.seek(0)
        unless_done.pop_all()
        return cast(BinaryIO, spool)
