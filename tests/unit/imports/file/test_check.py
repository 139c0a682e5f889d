"""The look through a CSV file before it is sent, and the file as it is sent."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from talkvalue_cli.errors import LocalFileError, UsageError
from talkvalue_cli.imports.file.check import CheckedCsv, UploadStream, check_csv

GOOD = b"Email,Name\na@example.org,Ann\nb@example.org,Bob\n"
#: the size of the pieces that a file is read in
PIECE = 65_536


class CountingFile(io.BytesIO):
    """A file that counts the bytes read from it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        self.bytes_read += len(chunk)
        return chunk


def check(content: bytes, encoding: str = "utf-8", *, allow_ragged: bool = False) -> CheckedCsv:
    return check_csv(
        io.BytesIO(content), "people.csv", encoding=encoding, allow_ragged=allow_ragged
    )


def refuse(content: bytes, encoding: str = "utf-8", **options: bool) -> UsageError:
    with pytest.raises(UsageError) as caught:
        check(content, encoding, **options)
    return caught.value


def test_a_good_file_is_described() -> None:
    digest = hashlib.sha256(GOOD).hexdigest()
    assert check(GOOD) == CheckedCsv(digest, digest, size=47, header=["Email", "Name"], rows=2)


def test_a_digest_is_of_the_bytes_that_are_there_and_one_of_those_that_are_sent() -> None:
    text = "Email,Name\na@b,Zoë\n"
    checked = check(text.encode("cp1252"), "cp1252")
    assert checked.source_sha256 == hashlib.sha256(text.encode("cp1252")).hexdigest()
    assert checked.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_file_is_read_once() -> None:
    file = CountingFile(b"Email,Name\n" + b"a@example.org,Ann\n" * 50_000)
    assert check_csv(file, "people.csv").rows == 50_000
    assert file.bytes_read == 900_011


@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        (b"\xef\xbb\xbfEmail\na@b\n", ["Email"], 1),
        (b"Email;Name\na@b;Ann\n", ["Email", "Name"], 1),
        (b"Email\tName\na@b\tAnn\n", ["Email", "Name"], 1),
        (b"Email|Name\na@b|Ann\n", ["Email", "Name"], 1),
        (b"Email,Name\r\na@b,Ann\r\n", ["Email", "Name"], 1),
        (b"Email,Name\ra@b,Ann\rc@d,Cid\r", ["Email", "Name"], 2),
        (b"Email,Name\na@b,Ann", ["Email", "Name"], 1),
        (b"Email,Name\n\na@b,Ann\n\n\nc@d,Cid\n\n", ["Email", "Name"], 2),
        (b'Email,Name\na@b,"Ann\nof\r\nHere"\nc@d,Cid\n', ["Email", "Name"], 2),
        (b'Email,"Full\nName"\na@b,Ann\n', ["Email", "Full\nName"], 1),
        (b'"Last, first";Email\nx;a@b\n', ["Last, first", "Email"], 1),
        (b'Email,Name\na@b,"Ann ""A"" Bee"\n', ["Email", "Name"], 1),
        (b'Email,Name\na@b,"Ann"', ["Email", "Name"], 1),
        (b"Contact @ Acme Inc.,Email\nx,a@b\n", ["Contact @ Acme Inc.", "Email"], 1),
        (b"Email,\na@b,x\n", ["Email", ""], 1),
    ],
)
def test_what_a_csv_file_may_look_like(content: bytes, header: list[str], rows: int) -> None:
    checked = check(content)
    assert (checked.header, checked.rows) == (header, rows)
    assert (checked.size, checked.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("content", [b"\n", b"\r\n", b"\xef\xbb\xbf", b"  \na@b\n", b",,\na,b,c\n"])
def test_an_empty_first_line_is_no_header(content: bytes) -> None:
    assert refuse(content).message == "people.csv has no header row: its first line is empty"


@pytest.mark.parametrize("first", [b"a@example.org,Ann", b"Ann, b.c@example.org "])
def test_an_address_in_the_first_line_is_no_header(first: bytes) -> None:
    error = refuse(first + b"\nc@example.org,Cid\n")
    assert error.message == ("people.csv has no header row: its first line holds an e-mail address")
    assert error.hint == "put the names of the columns into the first line"


@pytest.mark.parametrize("content", [b"Email,Name", b"Email,Name\n", b"Email,Name\r\n\r\n"])
def test_a_header_alone_is_refused(content: bytes) -> None:
    assert refuse(content).message == "people.csv has a header and no rows"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"Email,Name\na@b,Ann\nc@d\n",
            "people.csv: row 2 (line 3) has 1 cells, the header has 2",
        ),
        (
            b"Email,Name\na@b,Ann,x\n",
            "people.csv: row 1 (line 2) has 3 cells, the header has 2",
        ),
        # blank lines are no rows; a cell may span lines
        (
            b'Email,Name\n\n\na@b,"Ann\nBee"\nc@d\n',
            "people.csv: row 2 (line 6) has 1 cells, the header has 2",
        ),
        (
            b"Email,Name\ra@b,Ann\rc@d\r",
            "people.csv: row 2 (line 3) has 1 cells, the header has 2",
        ),
    ],
)
def test_a_ragged_row_is_named(content: bytes, message: str) -> None:
    error = refuse(content)
    assert error.message == message
    assert error.remedy == ("allow_ragged", "")


def test_ragged_rows_may_be_allowed() -> None:
    assert check(b"Email,Name\na@b\nc@d,Cid,x\n", allow_ragged=True).rows == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'Email,Name\na@b,"Ann\nc@d,Cid\n', "people.csv: a quote in row 1 is never closed"),
        (b'Email,Name\na@b,Ann\nc@d,"', "people.csv: a quote in row 2 is never closed"),
        (b'Email,"Name\na@b,Ann\n', "people.csv: a quote in the header is never closed"),
    ],
)
@pytest.mark.parametrize("allow_ragged", [False, True])
def test_a_quote_without_an_end_is_refused(
    content: bytes, message: str, allow_ragged: bool
) -> None:
    assert refuse(content, allow_ragged=allow_ragged).message == message


def test_a_quote_that_swallows_megabytes_is_refused_before_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("talkvalue_cli.imports.file.check.LONGEST_CELL", 1000)
    error = refuse(b'Email,Name\na@b,Ann\nc@d,"Cid\n' + b"e@f,Eve\n" * 1000)
    assert error.message.startswith("people.csv: row 2 (line ")
    assert "cannot be read: field larger than field limit (1000)" in error.message
    assert error.hint == "a quote may be missing its end"


def test_a_cell_may_have_ten_million_characters_and_no_more() -> None:
    cell = b"x" * (10 << 20)
    assert check(b"Email\n" + cell + b"\n").rows == 1
    assert "row 1 (line 2) cannot be read" in refuse(b"Email\n" + cell + b"x\n").message


def test_the_limit_of_other_readers_in_the_process_stays_as_it_was() -> None:
    before = csv.field_size_limit()
    check(GOOD)
    refuse(b"Email\n")
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("offset", [20, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 1_000_003])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_not_utf_8_is_named_by_its_offset(offset: int, bom: bytes) -> None:
    content = bytearray(bom + b"Email,Name\n" + b"a@example.org,Ann\n" * 60_000)
    content[offset] = 0xE9
    error = refuse(bytes(content))
    assert error.message == f"people.csv is not UTF-8: byte {offset} cannot be read"
    assert error.remedy == ("encoding", "cp1252")


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_a_character_across_two_pieces_is_whole(shift: int) -> None:
    head = b"Email,Name\na@b,"
    text = head + b"x" * (PIECE - len(head) - shift) + "😀é\n".encode()
    checked = check(text)
    assert (checked.rows, checked.size) == (1, len(text))


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_character_that_is_cut_off_at_the_end_is_named(cut: int) -> None:
    whole = "Email,Name\na@b,😀".encode()
    error = refuse(whole[:-cut])
    assert error.message == "people.csv is not UTF-8: byte 15 cannot be read"


@pytest.mark.parametrize(
    ("offset", "size"), [(0, 10), (PIECE - 1, 100_000), (PIECE, 100_000), (200_000, 300_000)]
)
def test_nul_is_no_text(offset: int, size: int) -> None:
    content = bytearray((b"Email\n" + b"a@example.org\n" * 25_000)[:size])
    content[offset] = 0
    assert refuse(bytes(content)).message == f"people.csv is not text: byte {offset} is NUL"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognized_and_the_way_out_is_told(encoding: str) -> None:
    content = "\ufeffEmail\na@b\n".encode(encoding)
    error = refuse(content)
    assert error.message == "people.csv is not UTF-8: byte 0 cannot be read"
    assert error.remedy == ("encoding", "utf-16")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "UTF-16", "cp1250"])
def test_another_encoding_is_hashed_as_the_utf_8_that_is_sent(encoding: str) -> None:
    text = "Email,Name\n" + "a@example.org,Zoë Müller\n" * 10_000
    checked = check(text.encode(encoding), encoding)
    assert checked.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (checked.rows, checked.size) == (10_000, len(text.encode()))


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "u8"])
def test_utf_8_has_many_names(encoding: str) -> None:
    text = "Email\né@b\n".encode()
    assert check(text, encoding).sha256 == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize("offset", [30, PIECE - 1, PIECE, 200_000])
def test_bytes_that_another_encoding_does_not_have_are_named(offset: int) -> None:
    content = bytearray(b"Email,Name\n" + b"a@example.org,Ann\n" * 20_000)
    content[offset] = 0x81  # not in code page 1252
    error = refuse(bytes(content), "cp1252")
    assert error.message == f"people.csv is not CP1252: byte {offset} cannot be read"
    assert (error.hint, error.remedy) == (None, None)


def test_half_a_character_of_utf_16_at_the_end_is_named() -> None:
    error = refuse("Email\na@b\n".encode("utf-16") + b"x", "utf-16")
    assert error.message == "people.csv is not UTF-16: byte 22 cannot be read"


def test_utf_16_without_a_mark_has_to_be_named_exactly() -> None:
    content = "Email\na@b\n".encode("utf-16-le")
    assert refuse(content, "utf-16").message == ("people.csv is not UTF-16: byte 0 cannot be read")
    assert check(content, "utf-16-le").header == ["Email"]


@pytest.mark.parametrize("encoding", ["klingon", "hex", "zlib", "rot13", "", "\0"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    assert refuse(GOOD, encoding).message == f"the encoding {encoding!r} is not known"


def open_stream(
    content: bytes, later: bytes | None = None, encoding: str = "utf-8"
) -> UploadStream:
    """Return a stream of a file that was checked as `content` and then became `later`."""
    checked = check(content, encoding)
    file = io.BytesIO(content if later is None else later)
    return UploadStream(file, checked, "people.csv", encoding=encoding)


def drain(stream: UploadStream, size: int) -> bytes:
    parts = []
    while stream.len:
        parts.append(stream.read(size))
    return b"".join(parts)


@pytest.mark.parametrize("size", [1, 7, 47, 1000, -1])
def test_an_unchanged_file_is_sent_as_it_is(size: int) -> None:
    stream = open_stream(GOOD)
    assert stream.len == 47
    assert drain(stream, size) == GOOD
    assert stream.len == 0
    assert stream.read(10) == b""


def test_nothing_is_read_when_nothing_is_asked_for() -> None:
    stream = open_stream(GOOD)
    assert stream.read(0) == b""
    assert stream.len == 47


@pytest.mark.parametrize("size", [1, 100, 70_000])
def test_another_encoding_is_sent_as_utf_8(size: int) -> None:
    text = "Email,Name\n" + "a@example.org,Zoë\n" * 10_000
    stream = open_stream(text.encode("cp1252"), encoding="cp1252")
    assert stream.len == len(text.encode())
    assert drain(stream, size) == text.encode()


def test_each_piece_that_is_sent_is_told() -> None:
    told: list[int] = []
    stream = UploadStream(io.BytesIO(GOOD), check(GOOD), "people.csv", on_sent=told.append)
    drain(stream, 20)
    assert told == [20, 20, 7]


@pytest.mark.parametrize(
    "later",
    [
        GOOD.replace(b"Bob", b"Bib"),
        GOOD[:-1],
        GOOD + b"c@example.org,Cid\n",
        b"",
        b"x" + GOOD,
    ],
)
@pytest.mark.parametrize("size", [10, 1000, -1])
def test_a_file_that_changed_after_its_check_is_never_sent_to_its_end(
    later: bytes, size: int
) -> None:
    stream = open_stream(GOOD, later)
    with pytest.raises(LocalFileError) as caught:
        drain(stream, size)
    assert caught.value.message == (
        "people.csv has changed since it was checked; nothing was imported"
    )
    assert caught.value.code == "FILE_CHANGED"


def test_no_more_is_read_than_was_checked() -> None:
    stream = open_stream(GOOD, GOOD + b"c@example.org,Cid\n")
    with pytest.raises(LocalFileError):
        stream.read()


def test_a_file_that_became_undecodable_has_changed() -> None:
    stream = open_stream(b"Email\nab\n", b"Email\na\x81\n", "cp1252")
    with pytest.raises(LocalFileError) as caught:
        drain(stream, 5)
    assert caught.value.code == "FILE_CHANGED"
