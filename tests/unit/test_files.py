"""Files that only their owner may read."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli import files
from talkvalue_cli.errors import LocalFileError
from tests.fakes import FakeClock
from tests.harness import wait_for
from tests.unit.auth.sessions import mode_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def open_umask() -> Any:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def never() -> bool:
    """Refuse to wait for a lock."""
    return False


def fail_with(number: int) -> Callable[..., Any]:
    """Return a function that fails as the system does."""

    def fail(*arguments: object, **settings: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.usefixtures("open_umask")
def test_what_is_no_plain_file_is_never_replaced(tmp_path: Path) -> None:
    # a pipe stands for devices: who is root replaces /dev/null, and no program works any more
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(LocalFileError) as caught:
            files.write(path, b"text")
        assert caught.value.message == f"cannot write {path}: it is no plain file"
    assert pipe.is_fifo()


def test_a_file_and_its_folder_are_their_owners_alone(folder: Path) -> None:
    path = folder / "a" / "b" / "file"
    files.write(path, b"secret")
    assert path.read_bytes() == b"secret"
    assert (mode_of(path), mode_of(path.parent)) == ("0o600", "0o700")


@pytest.mark.usefixtures("open_umask")
def test_a_file_is_private_before_anything_is_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(handle: int) -> None:
        seen.append(oct(os.fstat(handle).st_mode & 0o777))

    monkeypatch.setattr(os, "fsync", look)
    opened: list[tuple[str, int, int]] = []
    really_open = os.open

    def watch(name: str, flags: int, mode: int = 0o777) -> int:
        opened.append((Path(name).name, flags & os.O_EXCL, mode))
        return really_open(name, flags, mode)

    monkeypatch.setattr(os, "open", watch)
    files.write(folder / "file", b"secret")
    assert seen == ["0o600"]
    ((name, exclusive, mode),) = opened
    assert name.startswith(".file.") and name.endswith(".part")
    assert (exclusive, mode) == (os.O_EXCL, 0o600)


def test_a_file_that_others_may_read_is_replaced_by_one_they_may_not(folder: Path) -> None:
    path = folder / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    files.write(path, b"new")
    assert (path.read_bytes(), mode_of(path)) == (b"new", "0o600")


def test_a_folder_that_exists_keeps_its_mode(folder: Path) -> None:
    folder.chmod(0o750)
    files.write(folder / "file", b"x")
    assert mode_of(folder) == "0o750"


def test_behind_a_link_the_file_that_it_names_is_replaced(folder: Path) -> None:
    target, link = folder / "there" / "file", folder / "here" / "link"
    target.parent.mkdir()
    link.parent.mkdir()
    target.write_bytes(b"old")
    link.symlink_to(target)
    files.write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert [path.name for path in link.parent.iterdir()] == ["link"]
    assert [path.name for path in target.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = folder / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, fail_with(errno.ENOSPC))
    with pytest.raises(LocalFileError) as caught:
        files.write(path, b"new")
    assert caught.value.message == f"cannot write {path}: No space left on device"
    assert path.read_bytes() == b"old"
    assert [each.name for each in folder.iterdir()] == ["file"]


def test_an_interrupt_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write(folder / "file", b"new")
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_entered_is_told_in_our_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "open", fail_with(errno.EACCES))
    monkeypatch.setattr(Path, "unlink", fail_with(errno.EACCES))
    for use in (lambda path: files.write(path, b"x"), files.try_write):
        with pytest.raises(LocalFileError, match=r"cannot write .*: Permission denied"):
            use(folder / "file")


def test_a_folder_that_is_a_file_is_told(folder: Path) -> None:
    (folder / "file").write_bytes(b"")
    for use in (
        lambda path: files.write(path, b"x"),
        files.check_writable,
        files.try_write,
    ):
        with pytest.raises(LocalFileError, match="cannot create "):
            use(folder / "file" / "config.yml")


def test_a_file_that_could_not_be_written_is_found_out_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "file"
    path.write_bytes(b"old")
    files.try_write(path)
    assert path.read_bytes() == b"old"
    assert [each.name for each in folder.iterdir()] == ["file"]
    monkeypatch.setattr(os, "fsync", fail_with(errno.ENOSPC))
    with pytest.raises(LocalFileError, match="No space left on device"):
        files.try_write(path)
    assert [each.name for each in folder.iterdir()] == ["file"]


def test_permissions_are_asked_before_anything_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    # in a folder that cannot be entered every other question fails
    monkeypatch.setattr(files, "make_folder", lambda folder: None)
    monkeypatch.setattr(Path, "is_dir", fail_with(errno.EACCES))
    with pytest.raises(LocalFileError) as caught:
        files.check_writable(folder / "file")
    assert caught.value.message == f"cannot write {folder / 'file'}: permission denied"


def test_a_folder_in_the_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "file").mkdir()
    with pytest.raises(LocalFileError, match=r"cannot write .*file: it is a folder"):
        files.check_writable(folder / "file")
    with pytest.raises(LocalFileError, match=r"cannot write .*file: Is a directory"):
        files.write(folder / "file", b"x")


def test_only_one_at_a_time_holds_a_lock(folder: Path) -> None:
    """A second handle is a second owner, in another thread as in another process."""
    path, order = folder / "folder" / "lock", list[str]()
    release = threading.Event()

    def hold() -> None:
        with files.lock(path, may_wait=files.for_at_most(5)):
            order.append("first")
            release.wait(5)
            order.append("first ends")

    thread = threading.Thread(target=hold)
    thread.start()
    wait_for(lambda: order, "the first lock")
    with (
        pytest.raises(LocalFileError) as caught,
        files.lock(path, may_wait=files.for_at_most(0.05)),
    ):
        pytest.fail("two hold it")
    assert caught.value.message == f"another process holds {path} for too long"
    assert caught.value.code == "LOCKED"
    release.set()
    with files.lock(path, may_wait=files.for_at_most(5)):
        order.append("second")
    thread.join()
    assert order == ["first", "first ends", "second"]
    assert (mode_of(path), mode_of(path.parent)) == ("0o600", "0o700")


def test_a_lock_is_free_after_a_failure(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), files.lock(folder / "lock", may_wait=never):
            _ = 1 / 0


def test_a_file_system_without_locks_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", fail_with(errno.ENOLCK))
    with (
        pytest.raises(LocalFileError, match=r"cannot lock .*: No locks available") as caught,
        files.lock(folder / "lock", may_wait=never),
    ):
        pytest.fail("nothing is locked")
    assert caught.value.hint == (
        "XDG_CONFIG_HOME and XDG_STATE_HOME name folders on a disk that has file locks"
    )


class FakeMsvcrt:
    """The locks of Windows, by those of this system."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def locking(self, handle: int, mode: int, size: int) -> None:
        self.calls.append((mode, size))
        how = fcntl.LOCK_EX | fcntl.LOCK_NB if mode == self.LK_NBLCK else fcntl.LOCK_UN
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            raise PermissionError(errno.EACCES, "Permission denied") from None


def test_windows_locks_a_byte_and_frees_it_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = FakeMsvcrt()
    monkeypatch.setattr(files, "fcntl", None)
    monkeypatch.setattr(files, "msvcrt", windows)
    path = folder / "lock"
    with files.lock(path, may_wait=never):
        with pytest.raises(LocalFileError) as caught, files.lock(path, may_wait=never):
            pytest.fail("two hold it")
        assert caught.value.code == "LOCKED"
    assert windows.calls == [(2, 1), (2, 1), (0, 1)]


def test_a_system_without_locks_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "fcntl", None)
    with (
        pytest.raises(LocalFileError, match=r"cannot lock .*: this system has no file locks"),
        files.lock(folder / "lock", may_wait=never),
    ):
        pytest.fail("nothing is locked")


def test_who_waits_sleeps_between_two_tries_and_may_be_refused_in_its_own_words(
    folder: Path,
) -> None:
    path, clock = folder / "lock", FakeClock()

    def may_wait() -> bool:
        if len(clock.slept) < 3:
            return True
        raise TimeoutError("my own words")

    with (
        files.lock(path, may_wait=never),
        pytest.raises(TimeoutError, match="my own words"),
        files.lock(path, may_wait=may_wait, sleep=clock.sleep),
    ):
        pytest.fail("two hold it")
    assert clock.slept == [0.05] * 3


def test_making_private_never_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.make_private(folder / "missing")
    path = folder / "file"
    path.write_bytes(b"")
    path.chmod(0o604)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", fail_with(errno.EPERM))
        files.make_private(path)
    assert mode_of(path) == "0o604"
    files.make_private(path)
    assert mode_of(path) == "0o600"


def test_what_is_read_whole_has_a_limit() -> None:
    assert files.read_whole(io.BytesIO(b"x" * 9), 9) == b"x" * 9
    assert files.read_whole(io.StringIO("é"), 9) == "é"
    with Path("/dev/zero").open("rb") as endless, pytest.raises(ValueError, match="than 1 MiB"):
        files.read_whole(endless, 1 << 20)


def test_folders_are_private_whatever_the_umask_is(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files.make_folder(tmp_path / ".local" / "state" / "talkvalue")
    finally:
        os.umask(before)
    for folder in (".local", ".local/state", ".local/state/talkvalue"):
        assert mode_of(tmp_path / folder) == "0o700"
