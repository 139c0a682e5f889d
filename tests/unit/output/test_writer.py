"""What goes to which stream, in which format."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from talkvalue_cli.errors import LocalFileError, NotFoundError, TalkValueError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.output.columns import Column
from talkvalue_cli.output.terminal import terminal_width
from talkvalue_cli.output.writer import Output
from tests.fakes import FakeStream

COLUMNS = (Column("ID", "id"), Column("Name", "name"))
PAGE = {"page": 1, "pageSize": 2, "totalElements": 5, "totalPages": 3}
SECRET = "tok-3f9a1c77e2"


class Streams:
    """An output and its two streams."""

    def __init__(
        self,
        format: str,
        *,
        is_terminal: bool = False,
        environ: dict[str, str] | None = None,
        no_color: bool = True,
    ) -> None:
        self.stdout = FakeStream(is_terminal=is_terminal)
        self.stderr = FakeStream(is_terminal=is_terminal)
        self.output = Output(
            self.stdout, self.stderr, environ or {}, format=format, no_color=no_color
        )

    @property
    def texts(self) -> tuple[str, str]:
        return self.stdout.text, self.stderr.text


@pytest.mark.parametrize(
    ("format", "out"),
    [
        ("json", '{\n  "data": [\n    {\n      "id": 7,\n      "more": 1\n    }\n  ]\n}\n'),
        ("csv", "ID,Name\n7,\n"),
        ("table", "ID    Name\n----  ------\n7\n"),
    ],
)
def test_a_list_is_printed_in_each_format(format: str, out: str) -> None:
    streams = Streams(format)
    streams.output.rows([{"id": 7, "more": 1}], COLUMNS, empty="There is nothing.")
    assert streams.texts == (out, "")


@pytest.mark.parametrize(
    ("format", "out", "err"),
    [
        ("json", '{\n  "data": []\n}\n', ""),
        ("csv", "ID,Name\n", ""),
        ("table", "ID    Name\n----  ------\n", "There is nothing.\n"),
    ],
)
def test_an_empty_list_is_still_a_document(format: str, out: str, err: str) -> None:
    streams = Streams(format)
    streams.output.rows([], COLUMNS, empty="There is nothing.")
    assert streams.texts == (out, err)


@pytest.mark.parametrize(
    ("format", "page_out", "err"),
    [
        ("csv", "", "page 1 of 3; --page 2 has more\n"),
        ("table", "Page 1 of 3 (5 total)\n", ""),
    ],
)
def test_people_see_that_there_are_more_pages(format: str, page_out: str, err: str) -> None:
    streams = Streams(format, is_terminal=True)
    streams.output.rows([{"id": 7}], COLUMNS, pagination=PAGE)
    assert streams.stdout.text.endswith("7,\n" if format == "csv" else "7\n" + page_out)
    assert streams.stderr.text == err


@pytest.mark.parametrize(("is_tty", "page"), [(False, 1), (True, 3)])
def test_csv_says_nothing_about_pages_to_a_log_or_on_the_last_one(is_tty: bool, page: int) -> None:
    streams = Streams("csv", is_terminal=is_tty)
    streams.output.rows([{"id": 7}], COLUMNS, pagination={**PAGE, "page": page})
    assert streams.texts == ("ID,Name\n7,\n", "")


def test_json_has_the_pagination_beside_the_data() -> None:
    streams = Streams("json")
    streams.output.rows([], COLUMNS, pagination=PAGE)
    assert streams.stdout.text == (
        '{\n  "data": [],\n  "pagination": {\n    "page": 1,\n    "pageSize": 2,\n'
        '    "totalElements": 5,\n    "totalPages": 3\n  }\n}\n'
    )


@pytest.mark.parametrize(
    ("format", "out"),
    [
        ("json", '{\n  "data": {\n    "id": 7\n  },\n  "wait": {\n    "exitCode": 0\n  }\n}\n'),
        ("csv", "id\n7\n"),
        ("table", "Field    Value\n-------  -------\nid       7\n"),
    ],
)
def test_a_record_is_printed_in_each_format(format: str, out: str) -> None:
    streams = Streams(format)
    streams.output.record({"id": 7}, beside={"wait": {"exitCode": 0}})
    assert streams.texts == (out, "")


@pytest.mark.parametrize(
    ("format", "out"), [("json", '{\n  "data": null\n}\n'), ("csv", ""), ("table", "")]
)
def test_a_record_that_was_never_seen_is_null(format: str, out: str) -> None:
    streams = Streams(format)
    streams.output.record(None)
    assert streams.texts == (out, "")


@pytest.mark.parametrize(
    ("format", "err"),
    [
        (
            "json",
            '{\n  "error": {\n    "message": "no\\tü",\n    "code": "NOT_FOUND",\n'
            '    "status": 404,\n    "errors": [\n      "x"\n    ],\n    "hint": "look"\n  }\n}\n',
        ),
        ("csv", "error,message\nNotFoundError,no\tü\n"),
        ("table", "Error: no\\tü\nHint: look\n"),
    ],
)
def test_an_error_is_printed_in_the_format_of_the_data(format: str, err: str) -> None:
    streams = Streams(format)
    details = {"status": 404, "errors": ["x"]}
    streams.output.error(NotFoundError("no\tü", hint="look", details=details))
    assert streams.texts == ("", err)


def test_a_csv_error_with_a_comma_or_lines_is_quoted() -> None:
    streams = Streams("csv")
    streams.output.error(TalkValueError('a, "b"\n  c'))
    assert streams.stderr.text == 'error,message\nCliError,"a, ""b""\n  c"\n'


def test_an_error_for_people_keeps_its_lines_and_nothing_else() -> None:
    streams = Streams("table", is_terminal=True)
    streams.output.error(TalkValueError("bad\n  name: \x1b]0;title\x07\u202e"))
    assert streams.stderr.text == "Error: bad\n  name: \\x1b]0;title\\x07\\u202e\n"


@pytest.mark.parametrize("method", ["note", "warn"])
def test_notes_and_warnings_are_cleaned(method: str) -> None:
    streams = Streams("json")
    getattr(streams.output, method)("a\x1b[2J\nb")
    prefix = "Warning: " if method == "warn" else ""
    assert streams.texts == ("", f"{prefix}a\\x1b[2J\nb\n")


def test_each_stream_decides_about_its_own_colour() -> None:
    stdout, stderr = FakeStream(is_terminal=True), FakeStream()
    output = Output(stdout, stderr, {}, format="table")
    output.rows([], COLUMNS)
    output.warn("careful")
    output.error(TalkValueError("broken"))
    assert "\x1b[1;36mID\x1b[0m" in stdout.text
    assert stderr.text == "Warning: careful\nError: broken\n"


def test_colour_is_forced_in_a_pipe() -> None:
    streams = Streams("table", environ={"FORCE_COLOR": "1"}, no_color=False)
    streams.output.error(TalkValueError("broken"))
    assert streams.stderr.text == "\x1b[1;31mError\x1b[0m: broken\n"


def everything(output: Output) -> None:
    """Say a secret in every way there is."""
    output.note(f"a {SECRET} b")
    output.warn(SECRET)
    output.error(TalkValueError(f"the server said {SECRET}", hint=SECRET, details={"x": SECRET}))
    output.record({"name": SECRET, "list": [SECRET]})
    output.rows([{"name": SECRET}], COLUMNS)
    output.write_error(f"{SECRET}{SECRET}\n")


@pytest.mark.parametrize("format", ["json", "csv", "table"])
def test_a_secret_is_never_printed(format: str) -> None:
    streams = Streams(format)
    streams.output.keep_secret(SECRET)
    everything(streams.output)
    out, err = streams.texts
    assert SECRET not in out + err
    assert "***" in out and "***" in err


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_too_short_to_be_one_does_not_tear_words_apart(secret: str) -> None:
    streams = Streams("table")
    streams.output.keep_secret(secret)
    streams.output.note("a short note")
    assert streams.stderr.text == "a short note\n"


def test_notes_that_are_held_back_come_out_before_an_error() -> None:
    streams = Streams("table")
    streams.output.hold_notes()
    streams.output.note("first")
    streams.output.warn("second")
    assert streams.stderr.text == ""
    streams.output.error(TalkValueError("third"))
    streams.output.note("fourth")
    assert streams.stderr.text == "first\nWarning: second\nError: third\nfourth\n"


def test_bytes_are_passed_on_unchanged_while_they_arrive() -> None:
    streams = Streams("json")
    seen: list[bytes] = []

    def chunks() -> Iterator[bytes]:
        for part in (b"\xef\xbb\xbfa\r\n", b"\xff\0"):
            yield part
            seen.append(streams.stdout.buffer.getvalue())  # type: ignore[attr-defined]

    streams.output.write_bytes(chunks())
    assert seen == [b"\xef\xbb\xbfa\r\n", b"\xef\xbb\xbfa\r\n\xff\0"]
    assert streams.stderr.text == ""


HOSTILE = "a\x1b[31mb\x9b31mc\x1b]0;t\x07d\u202ee\u2066f\rg"
CLEANED = r"a\x1b[31mb\x9b31mc\x1b]0;t\x07d\u202ee\u2066f\rg"


def test_bytes_for_a_terminal_are_cleaned_also_where_a_character_is_cut() -> None:
    streams = Streams("json", is_terminal=True)
    data = f"\ufeffé\t{HOSTILE}\r\n東\n".encode() + b"\xff"
    streams.output.write_bytes(bytes([byte]) for byte in data)
    assert streams.stdout.text == f"é\t{CLEANED}\r\n東\n\\xff"


@pytest.mark.parametrize("format", ["csv", "json", "table"])
def test_nothing_that_a_terminal_obeys_is_written_to_one(format: str) -> None:
    streams = Streams(format, is_terminal=True)
    record = {"id": 1, "name": HOSTILE, HOSTILE: [HOSTILE]}
    streams.output.rows([record], COLUMNS)
    streams.output.pages([[record]], COLUMNS)
    streams.output.record(record)
    streams.output.error(TalkValueError(HOSTILE, hint=HOSTILE, details={HOSTILE: [HOSTILE]}))
    for text in streams.texts:
        strange = {each for each in text if unicodedata.category(each) in ("Cc", "Cf")}
        assert strange <= {"\n"}


def test_csv_keeps_what_a_terminal_would_obey_for_programs() -> None:
    streams = Streams("csv")
    streams.output.rows([{"id": 1, "name": HOSTILE}], COLUMNS)
    assert HOSTILE in streams.stdout.text


@pytest.mark.parametrize("format", ["csv", "json", "table"])
def test_an_error_in_a_log_holds_nothing_that_a_terminal_obeys(format: str) -> None:
    streams = Streams(format)
    streams.output.error(TalkValueError(HOSTILE))
    strange = {each for each in streams.stderr.text if unicodedata.category(each) in ("Cc", "Cf")}
    assert strange == {"\n"}


@pytest.mark.parametrize("write", ["write", "write_bytes"])
def test_standard_output_that_is_closed_is_an_error(write: str) -> None:
    output = Output(None, FakeStream(), {}, format="json")
    with pytest.raises(LocalFileError) as caught:
        getattr(output, write)("x" if write == "write" else [b"x"])
    assert caught.value.message == "standard output is closed"
    assert (caught.value.code, code_of(caught.value)) == ("STDOUT_CLOSED", 1)


def test_output_that_cannot_be_written_raises_and_is_not_tried_again_at_exit() -> None:
    with open("/dev/full", "w") as stdout:
        output = Output(stdout, FakeStream(), {}, format="json")
        with pytest.raises(LocalFileError, match="No space left on device"):
            output.write("x")
        # leaving the block flushes again, as the interpreter does at its end


def test_a_reader_that_goes_away_is_told_apart() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as stdout:
        output = Output(stdout, FakeStream(), {}, format="json")
        with pytest.raises(BrokenPipeError):
            output.write("x" * 100_000)


def test_standard_error_that_is_closed_or_full_is_nobody_to_tell() -> None:
    stdout = FakeStream()
    Output(stdout, None, {}, format="json").error(TalkValueError("x"))
    with open("/dev/full", "w") as stderr:
        output = Output(stdout, stderr, {}, format="json")
        output.note("x")
        output.error(TalkValueError("y"))
        os.dup2(os.open(os.devnull, os.O_WRONLY), stderr.fileno())
    assert stdout.text == ""


def test_a_terminal_is_asked_for_its_width_and_80_is_the_answer_of_anything_else() -> None:
    first, second = pty.openpty()
    try:
        with open(second, "w") as terminal:
            assert terminal_width(terminal) == 80
            # struct winsize: rows, columns, and two that nobody uses
            fcntl.ioctl(second, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 43, 0, 0))
            assert terminal_width(terminal) == 43
    finally:
        os.close(first)
    assert terminal_width(FakeStream(is_terminal=True)) == 80


def test_a_table_is_cut_only_where_somebody_looks_at_it() -> None:
    columns = (Column("Name", "name", can_shrink=True),)
    items: list[dict[str, Any]] = [{"name": "x" * 200}]
    for is_tty, width in ((True, 80), (False, 200)):
        streams = Streams("table", is_terminal=is_tty)
        streams.output.rows(items, columns)
        assert len(streams.stdout.text.split("\n")[2]) == width
