"""Rejected rows by reason, out of an export that arrives in pieces."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator

import pytest

from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.imports.summary import summarize

EXPORT = (
    "Email,Name,rowNum,errorCode,errorMessage\r\n"
    'no-address,김철수,4,INVALID_EMAIL,"not, an address"\r\n'
    ',"two\r\nlines, and a ""quote""",7,MISSING_EMAIL,EMAIL 없음\r\n'
    'also-none,Zoë 🙂,9,INVALID_EMAIL,"not, an address"\r\n'
).encode()
SUMMARY = [
    {
        "count": 2,
        "errorCode": "INVALID_EMAIL",
        "errorMessage": "not, an address",
        "rowNum": "4",
        "example": "no-address,김철수",
    },
    {
        "count": 1,
        "errorCode": "MISSING_EMAIL",
        "errorMessage": "EMAIL 없음",
        "rowNum": "7",
        "example": ',two\r\nlines, and a "quote"',
    },
]


def test_rows_are_counted_by_code_the_most_frequent_first() -> None:
    assert summarize([EXPORT]) == SUMMARY


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_pieces_may_be_cut_anywhere(size: int) -> None:
    chunks = [EXPORT[start : start + size] for start in range(0, len(EXPORT), size)]
    assert summarize(chunks) == SUMMARY


def test_two_pieces_may_be_cut_at_every_place() -> None:
    for place in range(len(EXPORT) + 1):
        assert summarize([EXPORT[:place], b"", EXPORT[place:]]) == SUMMARY, place


@pytest.mark.parametrize(
    "export",
    [
        b"\xef\xbb\xbf" + EXPORT,
        EXPORT.replace(b"\r\n", b"\n"),
        EXPORT.removesuffix(b"\r\n"),
        EXPORT + b"\r\n\r\n",
    ],
    ids=["byte order mark", "LF", "no last line end", "empty lines"],
)
def test_other_ways_to_write_the_same_mean_the_same(export: bytes) -> None:
    expected = [dict(record) for record in SUMMARY]
    if b"\r" not in export:
        expected[1]["example"] = ',two\nlines, and a "quote"'
    assert summarize([export]) == expected


def test_codes_that_are_as_frequent_are_in_the_order_of_the_alphabet() -> None:
    found = summarize([b"errorCode\nB\nC\nA\nC\n"])
    assert [(record["errorCode"], record["count"]) for record in found] == [
        *(("C", 2), ("A", 1), ("B", 1))
    ]


def test_columns_may_stand_anywhere_and_some_may_be_missing() -> None:
    found = summarize([b"errorCode,Email\nBAD,x@example.org\n"])
    assert found == [
        {"count": 1, "errorCode": "BAD", "errorMessage": "", "rowNum": "", "example": ""}
    ]


def test_of_columns_that_are_there_twice_the_last_ones_count() -> None:
    export = b"Email,rowNum,errorCode,rowNum,errorCode\nx,4,OLD,2,NEW\n"
    assert summarize([export])[0]["errorCode"] == "NEW"
    assert summarize([export])[0]["rowNum"] == "2"
    assert summarize([export])[0]["example"] == "x,4,OLD"


def test_a_row_that_is_too_short_has_empty_cells() -> None:
    found = summarize([b"Email,rowNum,errorCode\nx\ny,2,BAD\n"])
    assert [record["errorCode"] for record in found] == ["", "BAD"]


def test_an_export_without_rows_has_no_reasons() -> None:
    assert summarize([b"Email,rowNum,errorCode,errorMessage\r\n"]) == []


@pytest.mark.parametrize(
    ("export", "message"),
    [
        (b"", "the export has no column errorCode: it is empty"),
        (b"Email,Name\nx,y\n", "the export has no column errorCode: Email, Name"),
        (b"errorCode,x\nBAD,a\rb\n", "the export is not CSV: new-line character seen"),
    ],
)
def test_an_export_that_is_none_is_an_unexpected_answer(export: bytes, message: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        summarize([export])
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("beginning", [b'errorCode\n"', b"errorCode\n"])
def test_a_quote_that_is_never_closed_does_not_fill_the_memory(beginning: bytes) -> None:
    endless = itertools.chain([beginning], itertools.repeat(b"x" * (1 << 20)))
    with pytest.raises(UnexpectedAnswerError, match="the export is not CSV"):
        summarize(itertools.islice(endless, 50))


def test_bytes_that_are_no_text_do_not_matter() -> None:
    found = summarize([b"Email,errorCode\n\xff\xfe,BAD\n"])
    assert (found[0]["count"], found[0]["example"]) == (1, "��")


def test_only_one_row_of_each_kind_is_kept() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"Email,rowNum,errorCode\n"
        for number in range(20):
            yield b"".join(
                b"%d-%d@example.org,%d,BAD_%d\n" % (number, row, row, row % 3) for row in range(500)
            )

    tracemalloc.start()
    try:
        found = summarize(chunks())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [record["count"] for record in found] == [3340, 3340, 3320]
    assert peak < 1 << 18
