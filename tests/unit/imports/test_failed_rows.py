"""Files of failed rows: recognized when they come back, and without reasons of earlier imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.imports import failed_rows
from talkvalue_cli.imports.failed_rows import drop_old_reasons, find_origin
from talkvalue_cli.imports.file import check

HEADER = "Email,Name,rowNum,errorCode,errorMessage"
AGAIN = f"{HEADER},rowNum,errorCode,errorMessage"


def drop(content: bytes, size: int = 7) -> bytes:
    """Return what is saved of an export that comes in chunks of this size."""
    return b"".join(drop_old_reasons(cut(content, size)))


def cut(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("import-7-failed.csv", 7),
        ("import-123456789012345678-failed.csv", 123456789012345678),
        ("import-1234567890123456789-failed.csv", None),
        ("import--failed.csv", None),
        ("import-x-failed.csv", None),
        ("import-7-failed (1).csv", None),
        ("my-import-7-failed.csv", None),
        ("import-\u0667-failed.csv", None),
        ("contacts.csv", None),
        ("-", None),
    ],
)
def test_the_name_tells_whose_failed_rows_they_are(name: str, origin: int | None) -> None:
    assert find_origin(f"/data/{name}", HEADER.split(",")) == origin


@pytest.mark.parametrize(
    "header",
    [[], ["Email", "Name"], ["Email", "rowNum", "errorCode"], ["rownum", "errorcode", "error"]],
)
def test_a_file_without_reasons_is_one_like_any_other(header: list[str]) -> None:
    assert find_origin("import-7-failed.csv", header) is None


@pytest.mark.parametrize(
    ("content", "origin"),
    [
        (HEADER.encode() + b"\nbad,Bob,1,X,y\n", 7),
        (HEADER.encode(), 7),
        (b"\xef\xbb\xbferrorCode,errorMessage,rowNum\r\n", 7),
        (b'"Mail\nof them",Name,rowNum,errorCode,errorMessage\nbad,Bob,1,X,y\n', 7),
        (b"Email,\xff,rowNum,errorCode,errorMessage\n", 7),
        (b"Email,Name\nrowNum,errorCode,errorMessage\n", None),
        (b"", None),
        (b"being corrected", None),
        (b'"never closed', None),
        (b"x" * 200_000 + b",rowNum,errorCode,errorMessage\n", 7),
        (b'"' + b"x" * 11_000_000, None),
        (b"\0\0\0\n", None),
    ],
)
def test_its_header_is_read_from_the_file(
    tmp_path: Path, content: bytes, origin: int | None
) -> None:
    path = tmp_path / "import-7-failed.csv"
    path.write_bytes(content)
    assert find_origin(str(path)) == origin


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert find_origin(str(tmp_path / "import-7-failed.csv")) is None


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"Email\n",
        HEADER.encode() + b"\nbad,Bob,1,X,y\n",
        HEADER.encode() + b"\r\nbad,Bob,1,X,y\r\n",
        HEADER.encode(),
        b"\xef\xbb\xbf" + HEADER.encode() + b'\n"bad, worse","B ""b"" ",1,X,"two\nlines"\n',
        b"\xff\xfe not UTF-8 \x00\n\r\n,,\n",
        b'"never closed\n' * 9,
        # of one of the three only; and what is called so in the file only, in a later row
        b"rowNum,Email\n1,bad\n" + AGAIN.encode() + b"\n",
        b"x" * 20_000 + b"\n",
        b"a\rb," + AGAIN.encode() + b"\n",
    ],
)
def test_an_export_without_old_reasons_is_passed_on_byte_for_byte(
    content: bytes, size: int
) -> None:
    assert drop(content, size) == content


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    ("content", "saved"),
    [
        (
            f"{AGAIN}\nbad,Bob,1,OLD,was,4,NEW,is\n",
            f"{HEADER}\nbad,Bob,4,NEW,is\n",
        ),
        # of three imports
        (
            f"{AGAIN},rowNum,errorCode,errorMessage\nbad,Bob,1,A,a,2,B,b,3,C,c\n",
            f"{HEADER}\nbad,Bob,3,C,c\n",
        ),
        (
            f"\ufeff{AGAIN}\r\nbad,Bob,1,OLD,was,4,NEW,is\r\n",
            f"{HEADER}\nbad,Bob,4,NEW,is\n",
        ),
        # cells with commas, quotes and line breaks stay what they are
        (
            f'{AGAIN}\n"b, ""c""","two\nlines",1,OLD,"w\r\nas",4,NEW,"a\nb"\n',
            f'{HEADER}\n"b, ""c""","two\nlines",4,NEW,"a\nb"\n',
        ),
        (f"{AGAIN}\nZoë,東京,1,OLD,was,4,NEW,ist so", f"{HEADER}\nZoë,東京,4,NEW,ist so\n"),
        # only some of them, and not side by side
        ("rowNum,Email,rowNum\n1,bad,4\n", "Email,rowNum\nbad,4\n"),
        # a row that is too short, and one that is too long
        (f"{AGAIN}\nbad\na,b,1,c,d,4,e,f,g\n", f"{HEADER}\nbad\na,b,4,e,f,g\n"),
        (
            AGAIN.replace("Email", '"Mail\nof them"') + "\nbad,Bob,1,OLD,was,4,NEW,is\n",
            HEADER.replace("Email", '"Mail\nof them"') + "\nbad,Bob,4,NEW,is\n",
        ),
    ],
)
def test_old_reasons_are_dropped(content: str, saved: str, size: int) -> None:
    assert drop(content.encode(), size) == saved.encode()


@pytest.fixture
def short_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cells have a million characters instead of ten."""
    for module in (failed_rows, check):
        monkeypatch.setattr(module, "LONGEST_CELL", 1 << 20)


@pytest.mark.usefixtures("short_cells")
@pytest.mark.parametrize("content", [b"x" * 1_100_000, b'"' + b"x\n" * 600_000])
def test_what_has_no_end_of_a_header_is_passed_on_byte_for_byte(content: bytes) -> None:
    assert drop(content, 1 << 16) == content


@pytest.mark.usefixtures("short_cells")
@pytest.mark.parametrize("row", ["a\rb,c,1", "x" * 1_100_000, '"' + "x\n" * 600_000])
def test_rows_that_are_no_csv_are_told(row: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        drop(f"{AGAIN}\n{row}\n".encode(), 1 << 16)
    assert caught.value.message.startswith("the failed rows are no CSV file: ")


def test_huge_cells_are_kept_whole() -> None:
    cell = "x" * 1_000_000
    content = f"{AGAIN}\n{cell},Bob,1,OLD,was,4,NEW,is\n"
    assert drop(content.encode(), 1 << 16) == f"{HEADER}\n{cell},Bob,4,NEW,is\n".encode()


def test_an_export_is_passed_on_while_it_comes() -> None:
    taken = 0

    def come() -> Iterator[bytes]:
        nonlocal taken
        yield f"{AGAIN}\n".encode()
        for number in range(1000):
            taken += 1
            yield f"bad{number},Bob,1,OLD,was,4,NEW,is\n".encode()

    saved = drop_old_reasons(come())
    assert next(saved) == f"{HEADER}\n".encode()
    assert next(saved) == b"bad0,Bob,4,NEW,is\n"
    assert taken < 5
