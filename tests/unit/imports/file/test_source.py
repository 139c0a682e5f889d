"""The file that is to be uploaded."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import spool
from talkvalue_cli.imports.file.source import is_stream, open_csv
from tests.fakes import FakeStream

TEXT = b"\xef\xbb\xbfEmail,Name\r\na@b,\xc3\xa9\r\n"


def read_by(fill: Callable[[Any], int]) -> io.TextIOWrapper:
    """Return a stream whose every read is a call that fills a buffer and returns how far."""

    class Raw(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return fill(buffer)

    return io.TextIOWrapper(io.BufferedReader(Raw()))


def test_a_file_is_opened_unchanged_with_its_size_and_base_name(tmp_path: Path) -> None:
    path = tmp_path / "contacts 2026.csv"
    path.write_bytes(TEXT)
    with open_csv(str(path), None) as source:
        assert (source.size, source.name) == (len(TEXT), "contacts 2026.csv")
        assert source.file.read() == TEXT
        source.file.seek(0)
        assert source.file.read() == TEXT
    assert source.file.closed


def test_the_user_may_give_it_another_name(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(TEXT)
    with open_csv(str(path), None, "contacts.csv") as source:
        assert source.name == "contacts.csv"


def test_a_name_that_is_not_utf_8_can_still_be_sent(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    Path(os.fsdecode(path)).write_bytes(TEXT)
    with open_csv(os.fsdecode(path), None) as source:
        assert source.name == "caf\ufffd.csv"


def test_standard_input_is_kept_so_that_it_can_be_read_twice() -> None:
    with open_csv("-", FakeStream("Email\na@b\n")) as source:
        assert (source.size, source.name) == (10, "stdin.csv")
        assert source.file.read() == b"Email\na@b\n"
        source.file.seek(0)
        assert source.file.read() == b"Email\na@b\n"


def test_a_named_pipe_is_kept_as_well(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(TEXT,))
    writer.start()
    with open_csv(str(pipe), None) as source:
        assert (source.size, source.name, source.file.read()) == (len(TEXT), "pipe.csv", TEXT)
    writer.join()


def test_input_larger_than_one_piece_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talkvalue_cli.imports.file.spool.CHUNK", 3)
    with open_csv("-", FakeStream("Email\na@b\n")) as source:
        assert source.file.read() == b"Email\na@b\n"


def test_input_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(buffer: Any) -> int:
        buffer[:] = b"a" * len(buffer)
        return len(buffer)

    monkeypatch.setattr(spool, "LARGEST", 3 << 20)
    with pytest.raises(UsageError) as caught, open_csv("-", read_by(fill)):
        pytest.fail("it was opened")
    assert caught.value.message.startswith("standard input is too large: more than ")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/full"])
def test_a_device_is_no_file(path: str) -> None:
    with open(path, encoding="ascii") as device:
        for name, shown in ((path, path), ("-", "standard input")):
            with pytest.raises(UsageError) as caught, open_csv(name, device):
                pytest.fail("it was opened")
            assert caught.value.message == f"{shown} is a device; name a CSV file"


def test_the_device_that_is_empty_is_empty() -> None:
    with pytest.raises(UsageError) as caught, open_csv("/dev/null", None):
        pytest.fail("it was opened")
    assert caught.value.message == "/dev/null is empty"


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"", "{} is empty", None),
        (b"PK\x03\x04rest", "{} is a ZIP archive, not CSV", "save it as CSV first"),
        (b"\x1f\x8brest", "{} is compressed with gzip, not CSV", "save it as CSV first"),
        (b"Email\0Name\n", "{} is not text: it holds NUL bytes", None),
    ],
)
def test_what_is_certainly_no_csv_is_refused(
    tmp_path: Path, content: bytes, message: str, hint: str | None
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    stdin = io.TextIOWrapper(io.BytesIO(content))
    for name, shown in ((str(path), str(path)), ("-", "standard input")):
        with pytest.raises(UsageError) as caught, open_csv(name, stdin):
            pytest.fail("it was opened")
        assert caught.value.message == message.format(shown)
        assert caught.value.hint == hint


@pytest.mark.parametrize(
    "content",
    [
        "Email\na@b\n".encode("utf-16"),
        b"Email\n\xe9\n",
        b"Email;Name\n",
        # a header may begin like an archive's, as long as it goes on differently
        b"PK,Email\n",
        b"x" * 4096 + b"\0",
    ],
)
def test_text_of_any_encoding_is_left_to_the_server(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    with open_csv(str(path), None) as source:
        assert source.file.read() == content


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught, open_csv(str(tmp_path / "no.csv"), None):
        pytest.fail("it was opened")
    assert caught.value.message == f"file not found: {tmp_path / 'no.csv'}"


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("", "the name of a file is empty", "is a variable not set?"),
        (
            "s3://bucket/a.csv",
            "file not found: s3://bucket/a.csv",
            "download it first, or pipe it in: - is standard input",
        ),
        (
            "no-such-*.csv",
            "file not found: no-such-*.csv",
            "no file has a name like that, so that the shell has left the pattern as it is",
        ),
    ],
)
def test_what_is_no_path_is_answered_with_what_it_may_be(
    path: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught, open_csv(path, None):
        pytest.fail("it was opened")
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught, open_csv(str(tmp_path), None):
        pytest.fail("it was opened")
    assert caught.value.message == f"{tmp_path} is a folder; name a CSV file"


def test_standard_input_that_is_closed_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught, open_csv("-", None):
        pytest.fail("it was opened")
    assert caught.value.message == "standard input is closed"


def test_a_failure_to_read_is_told_with_its_reason() -> None:
    def fail(buffer: Any) -> int:
        raise OSError(5, "Input/output error")

    with pytest.raises(UsageError) as caught, open_csv("-", read_by(fail)):
        pytest.fail("it was opened")
    assert caught.value.message == "cannot read standard input: Input/output error"


def test_only_what_can_be_read_once_is_a_stream(tmp_path: Path) -> None:
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.touch()
    os.mkfifo(pipe)
    found = [is_stream(str(path)) for path in (file, pipe, "-", tmp_path / "none")]
    assert found == [False, True, True, False]
