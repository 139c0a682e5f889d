"""Files that only their owner may read: written whole or not at all, by one process at a time."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from talkvalue_cli.errors import LocalFileError

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows has no flock
    fcntl = None

FILE_MODE, FOLDER_MODE = 0o600, 0o700
LOCK_POLL_S = 0.02
#: bytes that have to fit on the disk; config and tokens are smaller
ROOM = 1 << 16


def make_folder(folder: Path) -> None:
    """Create a folder that is its owner's alone; one that exists is left as it is.

    Raises LocalFileError.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise _cannot("create", folder, error) from error


def write(path: Path, content: bytes) -> None:
    """Replace a file by one with this content, and create its folder where it is missing.

    The content goes to a file beside it that was private from the start (mode
    0600), is on the disk before it takes the name, and leaves nothing behind
    when that fails. Behind a symbolic link the file that it names is replaced.
    Raises LocalFileError.
    """
    make_folder(path.parent)
    target = Path(os.path.realpath(path))
    part = _name_part(target)
    try:
        _write_part(part, content)
        os.replace(part, target)
    except OSError as error:
        raise _cannot("write", path, error) from error
    finally:
        _remove(part)


def try_write(path: Path) -> None:
    """Raise LocalFileError when `write` could not write this file, before there is a need to.

    A full disk is found out only by writing to it.
    """
    check_writable(path)
    part = _name_part(Path(os.path.realpath(path)))
    try:
        _write_part(part, b"\n" * ROOM)
    except OSError as error:
        raise _cannot("write", path, error) from error
    finally:
        _remove(part)


def remove_parts(path: Path) -> None:
    """Remove what a `write` that was killed has left behind, while nobody writes the file."""
    target = Path(os.path.realpath(path))
    for part in target.parent.glob(f".{target.name}.*.part"):
        with suppress(OSError):
            part.unlink()


def _name_part(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")


def _write_part(part: Path, content: bytes) -> None:
    with open(part, "xb", opener=_open_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(part: Path) -> None:
    # where the folder cannot be entered there is nothing to remove
    with suppress(OSError):
        part.unlink()


def check_writable(path: Path) -> None:
    """Raise LocalFileError when permissions, or a folder in its place, forbid to write a file."""
    make_folder(path.parent)
    folder = Path(os.path.realpath(path)).parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise LocalFileError(f"cannot write {path}: permission denied")
    if path.is_dir():
        raise LocalFileError(f"cannot write {path}: it is a folder")


def make_private(path: Path) -> None:
    """Take away what others may do with an existing file, where that is possible."""
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(FILE_MODE)
    except OSError:
        pass  # somebody else's file, or none: reading it will tell


@contextmanager
def lock(path: Path, wait_s: float) -> Iterator[None]:
    """Keep other processes out until the block ends; the kernel frees it when a process dies.

    path: a file for the lock alone, created where it is missing.
    Raises LocalFileError when another process does not let go within wait_s.
    """
    make_folder(path.parent)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise _cannot("lock", path, error) from error
    try:
        end = time.monotonic() + wait_s
        while fcntl is not None and not _try_lock(handle, path):
            if time.monotonic() > end:
                raise LocalFileError(f"another process holds {path} for too long", code="LOCKED")
            time.sleep(LOCK_POLL_S)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int, path: Path) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # not every network file system has locks
        raise _cannot("lock", path, error) from error
    return True


def _open_private(name: str, flags: int) -> int:
    return os.open(name, flags, FILE_MODE)


def _cannot(verb: str, path: Path, error: OSError) -> LocalFileError:
    return LocalFileError(f"cannot {verb} {path}: {error.strerror or error}")
