"""Files: written whole or not at all, private to their owner, by one process at a time."""

from __future__ import annotations

import errno
import io
import itertools
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, AnyStr, BinaryIO

from talkvalue_cli import signals
from talkvalue_cli.errors import LocalFileError

fcntl: Any = None
msvcrt: Any = None
try:
    import fcntl
except ImportError:  # Windows
    with suppress(ImportError):
        import msvcrt

#: a path that stands for standard input or standard output
STDIO = "-"
FILE_MODE, FOLDER_MODE = 0o600, 0o700
LOCK_POLL_S = 0.05
#: a named pipe that nobody reads for so long is given up, in seconds
READER_WAIT_S = 10.0
#: what flock(2) and _locking of the C runtime of Windows say of a lock that another has
_LOCKED = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
#: bytes that have to fit on the disk; config and tokens are smaller
ROOM = 1 << 16


def make_folder(folder: Path) -> None:
    """Create a folder that is its owner's alone; one that exists is left as it is.

    So are those above it, as the XDG Base Directory Specification wants them:
    the umask may be one that lets everybody write. Raises LocalFileError.
    """
    try:
        missing = [folder, *itertools.takewhile(lambda above: not above.is_dir(), folder.parents)]
        for each in reversed(missing):
            each.mkdir(FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise _cannot("create", folder, error) from error


def write(path: Path, content: bytes, *, mode: int = FILE_MODE) -> None:
    """Replace a file by one with this content, and create its folder where it is missing.

    It is written as `_put` says. Behind a symbolic link the file that it names
    is replaced; a device or a pipe never is. Raises LocalFileError.
    """
    make_folder(path.parent)
    check_plain(path)

    def take_name(part: Path, target: Path) -> None:
        if mode != FILE_MODE:
            part.chmod(mode)
        os.replace(part, target)

    try:
        _put(_resolve(path), [content], take_name)
    except OSError as error:
        raise _cannot("write", path, error) from error


def check_plain(path: Path) -> None:
    """Raise LocalFileError for a device or a pipe, which a file would take the place of."""
    with suppress(OSError):
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise LocalFileError(f"cannot write {path}: it is no plain file")


def try_write(path: Path) -> None:
    """Raise LocalFileError when `write` could not write this file, before there is a need to.

    A full disk is found out only by writing to it.
    """
    check_writable(path)
    try:
        _put(_resolve(path), [b"\n" * ROOM], lambda part, target: None)
    except OSError as error:
        raise _cannot("write", path, error) from error


def remove_parts(path: Path) -> None:
    """Remove what a `write` that was killed has left behind, while nobody writes the file."""
    target = _resolve(path)
    for part in target.parent.glob(f".{target.name}.*.part"):
        with suppress(OSError):
            part.unlink()


def check_writable(path: Path) -> None:
    """Raise LocalFileError when permissions, or a folder in its place, forbid to write a file."""
    make_folder(path.parent)
    folder = _resolve(path).parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise LocalFileError(f"cannot write {path}: permission denied")
    if path.is_dir():
        raise LocalFileError(f"cannot write {path}: it is a folder")


def make_private(path: Path) -> None:
    """Take away what others may do with an existing file, where that is possible."""
    with suppress(OSError):  # somebody else's file, or none: reading it will tell
        if path.stat().st_mode & 0o077:
            path.chmod(FILE_MODE)


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Give a private folder that is removed in the end. Raises LocalFileError for none."""
    import tempfile  # which few commands need

    try:
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        raise LocalFileError(
            f"cannot make a temporary folder: {error.strerror or error}",
            hint="TMPDIR names another place for it",
        ) from error
    with folder as path:
        yield path


@contextmanager
def lock(
    path: Path, *, may_wait: Callable[[], bool], sleep: Callable[[float], None] = signals.sleep
) -> Iterator[None]:
    """Keep other processes out until the block ends; the system frees it when a process dies.

    path: a file for the lock alone, created where it is missing.
    may_wait: asked before each pause while another process holds the lock. It
        may raise an error of its own instead of saying no.
    Raises LocalFileError when another process holds it for too long, and where
    nothing can be locked.
    """
    make_folder(path.parent)
    try:
        # Python's handles are not inherited, so that no child keeps the lock
        handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    except OSError as error:
        raise _cannot("lock", path, error) from error
    try:
        while not _try_lock(handle, path):
            if not may_wait():
                raise LocalFileError(f"another process holds {path} for too long", code="LOCKED")
            sleep(LOCK_POLL_S)
        try:
            yield
        finally:
            if fcntl is None:  # Windows frees it only some time after the file was closed
                with suppress(OSError):
                    msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    finally:
        os.close(handle)


def for_at_most(seconds: float) -> Callable[[], bool]:
    """Return a `may_wait` that says no when so much time has passed from now on."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() <= end


def _try_lock(handle: int, path: Path) -> bool:
    """Take the lock and return True, or return False when another process has it."""
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            raise OSError(errno.ENOLCK, "this system has no file locks")
    except OSError as error:
        if error.errno in _LOCKED:
            return False
        # not every network file system has locks
        raise _cannot("lock", path, error).evolve(
            hint="XDG_CONFIG_HOME and XDG_STATE_HOME name folders on a disk that has file locks"
        ) from error
    return True


def check_target(path: Path, *, force: bool = True, apart_from: Iterable[str | Path] = ()) -> None:
    """Raise LocalFileError when nothing could be saved under this path, before there is anything.

    force: an existing file may be replaced. apart_from: files that are read, none of which it
        may be, by any name.
    """
    for source in apart_from:
        with suppress(OSError):
            if path.is_file() and path.samefile(source):
                raise LocalFileError(f"{path} is the file that is read; name another one")
    if path.is_file() and not force:
        raise _exists(path)
    if path.is_dir():
        raise LocalFileError(f"{path} is a folder; name a file in it")
    try:
        folder = _resolve(path).parent
    except FileNotFoundError:
        raise LocalFileError(f"cannot write {path}: the working folder was removed") from None
    if not folder.is_dir():
        named = folder if path.is_symlink() else path.parent
        raise LocalFileError(f"the folder {named} does not exist")
    is_device = path.exists() and not path.is_file()
    if not is_device and not os.access(folder, os.W_OK | os.X_OK):
        raise LocalFileError(f"cannot write {path}: permission denied")


def save_stream(
    chunks: Iterable[bytes], path: Path, *, force: bool = False, may_be_there: bool = False
) -> int:
    """Write the chunks to the path while they arrive, and return how many bytes they were.

    A file is written as `_put` says; a device or a named pipe is written to
    directly, once somebody reads it. Each chunk is a point at which a signal is
    answered.

    may_be_there: a file that has these very bytes already is as good as one that was written.
    Raises LocalFileError when another file exists and force is not set, or when
    it cannot be written.
    """
    check_target(path, force=force or may_be_there)

    def take_name(part: Path, target: Path) -> None:
        if force:
            os.replace(part, target)
            return
        if may_be_there and target.exists():
            import filecmp  # which few commands need, and all would load

            if filecmp.cmp(part, target, shallow=False):
                return
        try:
            rename_new(part, target)
        except FileExistsError as error:
            raise _exists(path) from error

    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with _open_device(path) as device:
                return _copy(chunks, device)
        # only a file has another path to itself: /dev/stdout may lead to a pipe without a name
        return _put(_resolve(path), chunks, take_name)
    except OSError as error:
        raise _cannot("write", path, error) from error


def _open_device(path: Path) -> io.FileIO:
    """Open a device or a named pipe to write to it.

    Raises LocalFileError for a pipe that nobody reads, after some time in
    which somebody might begin to.
    """
    if not path.is_fifo():
        with signals.point():
            return path.open("wb", buffering=0)
    may_wait = for_at_most(READER_WAIT_S)
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
        else:
            os.set_blocking(handle, True)
            return io.FileIO(handle, "wb")
        if not may_wait():
            raise LocalFileError(f"cannot write {path}: nobody reads this named pipe")
        signals.sleep(LOCK_POLL_S)


def _put(target: Path, chunks: Iterable[bytes], take_name: Callable[[Path, Path], None]) -> int:
    """Write a file whole or not at all, and return its size.

    The content goes to a file beside the target that is private from the start
    (mode 0600: tokens, and rows of people's data), and is on the disk before
    `take_name` gives it the name. Nothing stays behind when that fails.
    """
    # the name is known before there is a file, so that no failure can leave one behind
    part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, FILE_MODE)) as file:
            size = _copy(chunks, file)
            file.flush()
            os.fsync(file.fileno())
        take_name(part, target)
        return size
    finally:
        # where the folder cannot be entered there is nothing to remove
        with suppress(OSError):
            part.unlink()


def _copy(chunks: Iterable[bytes], file: BinaryIO | io.FileIO) -> int:
    size = 0
    for chunk in chunks:
        with signals.point():
            file.write(chunk)
        size += len(chunk)
    return size


def rename_new(part: Path, target: Path) -> None:
    """Give a file its name. Raises FileExistsError when another took it meanwhile."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        os.rename(part, target)


def _resolve(path: Path) -> Path:
    """Return the file that a symbolic link names, else the path itself."""
    return Path(os.path.realpath(path))


def _exists(path: Path) -> LocalFileError:
    return LocalFileError(
        f"{path} exists and was left as it is", remedy=("force", ""), code="FILE_EXISTS"
    )


def _cannot(verb: str, path: Path, error: OSError) -> LocalFileError:
    return LocalFileError(f"cannot {verb} {path}: {error.strerror or error}")


def read_whole(stream: IO[AnyStr], limit: int) -> AnyStr:
    """Return everything that comes; raise ValueError when it is more than the limit.

    limit: bytes, or characters of text; what is larger is a mistake, such as a device without end.
    """
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"larger than {limit >> 20} MiB")
    return content
