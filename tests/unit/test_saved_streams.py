"""Saving a stream: whole or not at all."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from talkvalue_cli import files, signals
from talkvalue_cli.errors import Interrupted, LocalFileError, NetworkError
from talkvalue_cli.exit_codes import code_of


def chunks(*parts: bytes) -> Iterator[bytes]:
    yield from parts


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "out"
    path.mkdir()
    return path


@pytest.mark.parametrize("force", [True, False])
def test_a_saved_file_is_complete_and_private_to_its_owner(folder: Path, force: bool) -> None:
    before = os.umask(0)
    try:
        size = files.save_stream(chunks(b"a\n", b"", b"bc\r\n"), folder / "x.csv", force=force)
    finally:
        os.umask(before)
    assert size == 6
    assert (folder / "x.csv").read_bytes() == b"a\nbc\r\n"
    assert stat.S_IMODE((folder / "x.csv").stat().st_mode) == 0o600
    assert names(folder) == ["x.csv"]


def test_the_name_is_taken_only_when_everything_has_arrived(folder: Path) -> None:
    seen: list[list[str]] = []

    def slow() -> Iterator[bytes]:
        yield b"first"
        seen.append(names(folder))
        yield b"second"

    files.save_stream(slow(), folder / "x.csv")
    assert len(seen[0]) == 1
    assert seen[0][0].startswith(".x.csv.") and seen[0][0].endswith(".part")
    assert names(folder) == ["x.csv"]


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize(
    "error", [NetworkError("cut off"), Interrupted(signal.SIGINT), ValueError()]
)
def test_an_error_in_the_middle_leaves_nothing_behind(
    folder: Path, error: BaseException, force: bool
) -> None:
    def cut() -> Iterator[bytes]:
        yield b"half"
        raise error

    with pytest.raises(type(error)) as caught:
        files.save_stream(cut(), folder / "x.csv", force=force)
    assert caught.value is error
    assert names(folder) == []


def test_an_existing_file_is_left_as_it_is(folder: Path) -> None:
    path = folder / "x.csv"
    path.write_bytes(b"mine")
    with pytest.raises(LocalFileError) as caught:
        files.save_stream(chunks(b"new"), path)
    assert caught.value.message == f"{path} exists and was left as it is"
    assert (caught.value.code, caught.value.remedy) == ("FILE_EXISTS", ("force", ""))
    assert path.read_bytes() == b"mine"
    assert names(folder) == ["x.csv"]


def test_a_file_that_appears_meanwhile_is_left_as_it_is(folder: Path) -> None:
    path = folder / "x.csv"

    def race() -> Iterator[bytes]:
        yield b"new"
        path.write_bytes(b"theirs")

    with pytest.raises(LocalFileError, match="exists and was left as it is"):
        files.save_stream(race(), path)
    assert path.read_bytes() == b"theirs"
    assert names(folder) == ["x.csv"]


def test_without_hard_links_a_file_that_appears_meanwhile_is_safe_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = folder / "x.csv"
    assert files.save_stream(chunks(b"new"), path) == 3
    assert path.read_bytes() == b"new"

    def race() -> Iterator[bytes]:
        yield b"newer"
        (folder / "y.csv").write_bytes(b"theirs")

    with pytest.raises(LocalFileError, match="exists and was left as it is"):
        files.save_stream(race(), folder / "y.csv")
    assert (folder / "y.csv").read_bytes() == b"theirs"
    assert names(folder) == ["x.csv", "y.csv"]


def test_force_replaces_a_file_and_makes_it_private(folder: Path) -> None:
    path = folder / "x.csv"
    path.write_bytes(b"old")
    path.chmod(0o644)
    assert files.save_stream(chunks(b"new"), path, force=True) == 3
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_force_keeps_the_old_file_when_the_stream_breaks(folder: Path) -> None:
    path = folder / "x.csv"
    path.write_bytes(b"old")

    def cut() -> Iterator[bytes]:
        yield b"half"
        raise NetworkError("cut off")

    with pytest.raises(NetworkError):
        files.save_stream(cut(), path, force=True)
    assert path.read_bytes() == b"old"
    assert names(folder) == ["x.csv"]


def test_a_link_stays_a_link_and_its_target_is_written(folder: Path) -> None:
    target, link = folder / "target.csv", folder / "link.csv"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with pytest.raises(LocalFileError, match="exists"):
        files.save_stream(chunks(b"new"), link)
    files.save_stream(chunks(b"new"), link, force=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_link_to_nothing_creates_its_target(folder: Path) -> None:
    link = folder / "link.csv"
    link.symlink_to(folder / "target.csv")
    files.save_stream(chunks(b"new"), link)
    assert link.is_symlink()
    assert (folder / "target.csv").read_bytes() == b"new"


def test_a_device_is_written_to_directly() -> None:
    assert files.save_stream(chunks(b"a", b"bc"), Path("/dev/null")) == 3
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_named_pipe_is_written_to_directly(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    files.save_stream(chunks(b"a", b"bc"), pipe)
    reader.join()
    assert received == [b"abc"]
    assert names(folder) == ["pipe"]


def test_a_named_pipe_that_nobody_reads_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "READER_WAIT_S", 0.1)
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(LocalFileError, match="pipe: nobody reads this named pipe"):
        files.save_stream([b"rows"], pipe)
    assert pipe.is_fifo()


def test_a_named_pipe_waits_a_while_for_its_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    readers: list[int] = []

    def begin_to_read(seconds: float) -> None:
        readers.append(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))

    monkeypatch.setattr(signals, "sleep", begin_to_read)
    assert files.save_stream([b"ro", b"ws"], pipe) == 4
    with open(readers[0], "rb") as reader:
        assert reader.read() == b"rows"


def test_a_link_to_where_nothing_can_be_is_found_out_before(folder: Path) -> None:
    link = folder / "link.csv"
    link.symlink_to(folder / "none" / "target.csv")
    with pytest.raises(LocalFileError) as caught:
        files.check_target(link)
    assert caught.value.message == f"the folder {folder / 'none'} does not exist"


def test_a_working_folder_that_was_removed_is_found_out_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for check in (files.check_target, lambda path: files.save_stream([b""], path)):
        with pytest.raises(LocalFileError) as caught:
            check(Path("rows.csv"))
        assert caught.value.message == "cannot write rows.csv: the working folder was removed"


def test_a_pipe_without_a_name_is_written_to_directly() -> None:
    reading, writing = os.pipe()
    try:
        # what a shell hands over for >(command), and what /dev/stdout is in a pipe
        assert files.save_stream(chunks(b"abc"), Path(f"/dev/fd/{writing}")) == 3
        assert os.read(reading, 10) == b"abc"
    finally:
        os.close(reading)
        os.close(writing)


def test_a_full_disk_is_told_with_its_reason(folder: Path) -> None:
    with pytest.raises(LocalFileError) as caught:
        files.save_stream(chunks(b"abc"), Path("/dev/full"))
    assert caught.value.message == "cannot write /dev/full: No space left on device"
    assert (caught.value.code, code_of(caught.value)) == ("LOCAL_FILE", 1)


@pytest.mark.parametrize("force", [True, False])
def test_an_impossible_target_is_refused_before_anything_is_read(folder: Path, force: bool) -> None:
    def never() -> Iterator[bytes]:
        pytest.fail("it was read")
        yield b""

    for path, message in (
        (folder, f"{folder} is a folder; name a file in it"),
        (folder / "no" / "x.csv", f"the folder {folder / 'no'} does not exist"),
    ):
        with pytest.raises(LocalFileError) as caught:
            files.save_stream(never(), path, force=force)
        assert caught.value.message == message


def test_a_target_can_be_checked_alone(folder: Path) -> None:
    path = folder / "x.csv"
    files.check_target(path, force=False)
    path.touch()
    files.check_target(path)
    with pytest.raises(LocalFileError, match="exists"):
        files.check_target(path, force=False)
