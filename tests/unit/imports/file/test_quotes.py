"""Rows of which quotes that are part of a cell were not doubled."""

from __future__ import annotations

import itertools

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import quotes
from talkvalue_cli.imports.file.dialect import Dialect
from tests.unit.imports.file.reading import convert

COMMA = Dialect()


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('a@b.org,"She said "hi", and left",Ada', ["a@b.org", 'She said "hi", and left', "Ada"]),
        ('a@b.org,"Said "hi", "ho", b",Ada', ["a@b.org", 'Said "hi", "ho", b', "Ada"]),
        ('"a@b.org","Bob "The B" Ek","x"', ["a@b.org", 'Bob "The B" Ek', "x"]),
        ('"Ek, "Bob"",a@b.org,', ['Ek, "Bob"', "a@b.org", ""]),
        ('"a "b","c" d","e"', ['a "b', 'c" d', "e"]),
        ('a@b.org, "5" disk",x', ["a@b.org", '5" disk', "x"]),
        ('"5" disk",Bob "B" Ek,x', ['5" disk', 'Bob "B" Ek', "x"]),
        ('"say ""hi"", you","b "c" d",x', ['say "hi", you', 'b "c" d', "x"]),
    ],
)  # fmt: skip
def test_a_quote_ends_a_cell_where_another_cell_can_begin(line: str, cells: list[str]) -> None:
    assert quotes.split(line, COMMA, 3) == cells


def test_of_several_ways_the_one_counts_that_is_as_long_as_other_rows() -> None:
    line = '"x "b","c" y","d"'
    assert quotes.split(line, COMMA, 3) == ['x "b', 'c" y', "d"]
    assert quotes.split(line, COMMA, 1) == ['x "b","c" y","d']
    with pytest.raises(quotes.UnclearQuoteError):
        quotes.split(line, COMMA, 2)
    assert quotes.split('"a" b,c', COMMA, 2) is None


def test_no_line_takes_long() -> None:
    assert quotes.split('"a"b' + '","' * 5000 + '"', COMMA, 3) is not None
    with pytest.raises(quotes.UnclearQuoteError):
        quotes.split('"a"b' + '","' * 15 + '"', COMMA, 3)


PARTS = ["plain", 'said "hi", and left', '5" disk', '"quoted"', "x, y", 'Ek, "Bob"', "", 'end "x"']


@pytest.mark.parametrize("mark", [",", ";"])
def test_what_is_read_was_written_or_is_asked_for(mark: str) -> None:
    dialect = Dialect(mark)
    unclear = 0
    for cells in itertools.product(PARTS, repeat=3):
        written = [cell.replace(",", mark) for cell in cells]
        line = mark.join(f'"{cell}"' for cell in written)
        try:
            assert quotes.split(line, dialect, 3) == written
        except quotes.UnclearQuoteError:
            unclear += 1
    assert unclear < 20


def test_a_sentence_with_quotes_does_not_cost_the_file() -> None:
    sent = convert('Email,Q,Name\na@b.org,"She said "hi", and left",Ada\nb@b.org,"x",Bo\n')
    assert sent.rows[0] == ["a@b.org", 'She said "hi", and left', "Ada"]


def test_what_is_not_clear_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError) as caught:
        convert('Email,Name\na@b.org,Ada\n"b@b.org "x","y" z","w"\n')
    assert "which quotes in line 3 end a cell is not clear" in caught.value.message
    assert caught.value.hint == "double the quotes that are part of a cell"
