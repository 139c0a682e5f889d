"""Saving a stream to a file: whole or not at all, and never over another file."""

from __future__ import annotations

import filecmp
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from talkvalue_cli.errors import LocalFileError


def check_target(path: Path, *, force: bool = True) -> None:
    """Raise LocalFileError when nothing could be saved under this path, before there is anything.

    force: an existing file may be replaced.
    """
    if path.is_file() and not force:
        raise _exists(path)
    if path.is_dir():
        raise LocalFileError(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise LocalFileError(f"the folder {path.parent} does not exist")


def save_stream(
    chunks: Iterable[bytes], path: Path, *, force: bool = False, may_be_there: bool = False
) -> int:
    """Write the chunks to the path while they arrive, and return how many bytes they were.

    They go to a temporary file beside it, private to its owner (mode 0600: rows
    of an import are personal data), which takes the name only when it is
    complete. An error of the chunks leaves nothing behind. A device or a named
    pipe is written to directly.

    may_be_there: a file that has these very bytes already is as good as one that was written.
    Raises LocalFileError when another file exists and force is not set, or when
    it cannot be written.
    """
    check_target(path, force=force or may_be_there)
    # only a file has another path to itself: /dev/stdout may lead to a pipe without a name
    target = Path(os.path.realpath(path))
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with path.open("wb") as device:
                return _copy(chunks, device)
        return _save_beside(chunks, target, path, force=force, may_be_there=may_be_there)
    except OSError as error:
        raise LocalFileError(f"cannot write {path}: {error.strerror or error}") from error


def _save_beside(
    chunks: Iterable[bytes], target: Path, path: Path, *, force: bool, may_be_there: bool
) -> int:
    # the name is known before there is a file, so that no signal can leave one behind
    part = str(target.with_name(f".{target.name}.{secrets.token_hex(4)}.part"))
    try:
        with open(part, "xb", opener=_open_private) as file:
            size = _copy(chunks, file)
        if force:
            os.replace(part, target)
        elif not (may_be_there and target.exists() and filecmp.cmp(part, target, shallow=False)):
            _rename_new(part, target, path)
        return size
    finally:
        Path(part).unlink(missing_ok=True)


def _open_private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _rename_new(part: str, target: Path, path: Path) -> None:
    """Give the file its name unless another took it meanwhile."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:  # a file system without hard links
        if target.exists():
            raise _exists(path) from None
        os.rename(part, target)


def _copy(chunks: Iterable[bytes], file: BinaryIO) -> int:
    size = 0
    for chunk in chunks:
        file.write(chunk)
        size += len(chunk)
    return size


def _exists(path: Path) -> LocalFileError:
    return LocalFileError(
        f"{path} exists and was left as it is", remedy=("force", ""), code="FILE_EXISTS"
    )
