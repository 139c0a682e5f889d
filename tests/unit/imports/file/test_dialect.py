"""Separators, quotes and escapes, told by how even rows become."""

from __future__ import annotations

import random

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file.dialect import Dialect, find_dialect
from tests.unit.imports.file.reading import read

HEADER = ["First Name", "Last Name", "Email", "Phone", "Company", "Notes"]
COMPANIES = [
    "Acme",
    "Smith, Jones & Co",
    "O'Neil's; Sons",
    "A | B",
    "Zwei: drei",
    "^up^ ~down~",
    "tab\there",
    "",
]
NOTES = [
    "",
    "ok",
    'said "yes"',
    '"quoted"',
    "two\nlines",
    "it's; really, a | mess",
    "10:30:00",
    "C:\\new",
    "1,5",
]


def make_rows(seed: int, count: int) -> list[list[str]]:
    rng = random.Random(seed)
    return [
        [
            rng.choice(["Ann", "Bob", "Seán", "Jo'an"]),
            rng.choice(["Berg", "O'Neil", "van der Aa"]),
            f"p{place}@example.org",
            rng.choice(["+46 70 1", "", "030/123-4"]),
            rng.choice(COMPANIES),
            rng.choice(NOTES),
        ]
        for place in range(count)
    ]


def write(rows: list[list[str]], mark: str, quote: str, escape: str, quote_all: bool) -> str:
    """Write rows as programs do: doubled quotes, or quotes and backslashes after a backslash."""

    def cell(text: str) -> str:
        needs = quote_all or any(sign in text for sign in (mark, quote, "\n", "\r"))
        if escape:
            text = text.replace("\\", "\\\\")
        escaped = text.replace(quote, (escape or quote) + quote)
        return f"{quote}{escaped}{quote}" if needs or escape else escaped

    return "".join(mark.join(map(cell, row)) + "\n" for row in rows)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^", "~", "\x1f", ":"])
@pytest.mark.parametrize("quote_all", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_was_in_the_cells_comes_back(mark: str, quote_all: bool, end: str) -> None:
    for seed in range(12):
        rows = make_rows(seed, 1 + seed * 3)
        text = write([HEADER, *rows], mark, '"', "", quote_all).replace("\n", end)
        found = read(text)
        assert found.dialect.delimiter == mark
        wanted = [[cell.replace("\n", end) for cell in row] for row in rows]
        assert found.cells == wanted, f"seed {seed}"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("escape", ["", "\\"])
def test_other_quotes_and_escapes_come_back(mark: str, quote: str, escape: str) -> None:
    for seed in range(12):
        rows = [
            *make_rows(seed, 3 + seed * 3),
            ["An", "Ox", "x@example.org", "1", "Z", f"a{quote}b"],
        ]
        found = read(write([HEADER, *rows], mark, quote, escape, quote_all=True))
        assert found.cells == rows, f"seed {seed}"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Name,Phone (a; b; c; d; e),Email\nAnn,1,a@x.org\n", ","),
        ("Name;Phone (a, b, c, d, e);Email\nAnn;1;a@x.org\n", ";"),
        ("Name\tPhone, mobile, or work\tEmail\nAnn\t1\ta@x.org\n", "\t"),
        ("Name,Email,At\nAnn,a@x.org,10:15:00\nBob,b@x.org,10:16:00\n", ","),
        ("Name,Email,Roles\nAnn,a@x.org,a;b;c\nBob,b@x.org,d;e;f\n", ","),
        ("Email\na@x.org\nb@x.org\n", ","),
        ("Name,Email\nAnn,a@x.org; b@x.org\nBob,c@x.org; d@x.org\n", ","),
        ("Email;Tags\na@x.org;a,b,c\nb@x.org;a,b,c\n", ";"),
        ("Email|Date\na@x.org|1,5\nb@x.org|2,5\n", "|"),
    ],
)
def test_the_separator_is_what_makes_rows_even(text: str, mark: str) -> None:
    assert find_dialect(text).delimiter == mark
    assert read(text).dialect.delimiter == mark


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("sep=;", ";"),
        ("SEP=,", ","),
        ("\ufeffsep=|", "|"),
        ('"sep=;"', ";"),
        ("sep=\t", "\t"),
        ("sep=\\t", "\t"),
        ("sep=;;;", ";"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_that_names_the_separator_is_obeyed(line: str, mark: str, end: str) -> None:
    found = read(f"{line}{end}Name{mark}Email{end}Ann{mark}a@x.org{end}")
    assert found.dialect == Dialect(mark, has_sep_line=True)
    assert found.table.header == ["Name", "Email"]
    assert (found.table.header_line, found.rows) == (2, [(3, ["Ann", "a@x.org"])])


def test_a_separator_that_is_named_is_taken() -> None:
    found = read("Name;Email,Phone;Company\nAnn;a@x.org,1;Acme\n", delimiter=",")
    assert found.cells == [["Ann;a@x.org", "1;Acme"]]


def test_blanks_around_cells_are_no_part_of_them() -> None:
    found = read("First Name , Email , Company\nAnn , a@x.org , Smith & Co\nBob , b@x.org , X \n")
    assert found.table.header == ["First Name", "Email", "Company"]
    assert found.cells == [["Ann", "a@x.org", "Smith & Co"], ["Bob", "b@x.org", "X"]]


def test_blanks_behind_separators_are_no_part_of_cells() -> None:
    found = read("First Name, Email, Company\nAnn, a@x.org, Acme\nBob, b@x.org, Bolt\n")
    assert found.table.header == ["First Name", "Email", "Company"]
    assert found.cells == [["Ann", "a@x.org", "Acme"], ["Bob", "b@x.org", "Bolt"]]


def test_lines_in_quotes_as_a_whole_are_read() -> None:
    found = read(
        '"Name,Email,Company"\r\n"Ann,a@x.org,""Smith, Jones & Co"""\r\n"Bob,b@x.org,Bolt"\r\n'
    )
    assert found.table.header == ["Name", "Email", "Company"]
    assert found.rows == [
        (2, ["Ann", "a@x.org", "Smith, Jones & Co"]),
        (3, ["Bob", "b@x.org", "Bolt"]),
    ]


@pytest.mark.parametrize("mark", [",", ";"])
def test_quotes_of_a_word_processor_are_quotes(mark: str) -> None:
    found = read(
        mark.join(["\u201cName\u201d", "\u201cEmail\u201d", "Note"])
        + "\n"
        + mark.join([f"\u201cBerg{mark} Ann\u201d", "\u201ca@x.org\u201d", "\u201c\u201d"])
        + "\n"
    )
    assert found.table.header == ["Name", "Email", "Note"]
    assert found.cells == [[f"Berg{mark} Ann", "a@x.org", ""]]


def test_curly_quotes_inside_of_cells_stay() -> None:
    text = "Name,Email,Note\nAnn,a@x.org,\u201cyes\u201d she said\nBob,b@x.org,\u201cno\u201d\n"
    assert [cells[2] for cells in read(text).cells] == [
        "\u201cyes\u201d she said",
        "\u201cno\u201d",
    ]


def test_separators_at_both_ends_of_lines_do_no_harm() -> None:
    found = read("| Name | Email |\n| Ann | a@x.org |\n| Bob | b@x.org |\n")
    assert found.cells == [["", "Ann", "a@x.org", ""], ["", "Bob", "b@x.org", ""]]


def test_one_column_in_quotes_is_one() -> None:
    found = read('"Email"\n"a@x.org"\n"b@x.org"\n')
    assert found.cells == [["a@x.org"], ["b@x.org"]]


@pytest.mark.parametrize("gap", [", ", " , ", ",  "])
def test_a_quote_after_a_blank_is_one(gap: str) -> None:
    text = gap.join(['"Name"', '"Email"', '"Company"']) + "\n"
    text += gap.join(['"Ann"', '"a@x.org"', '"Smith, Jones & Co"']) + "\n"
    found = read(text)
    assert found.table.header == ["Name", "Email", "Company"]
    assert found.cells == [["Ann", "a@x.org", "Smith, Jones & Co"]]


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ('"Ann","a@x.org","Chief "Ada" Engineer"', ["Ann", "a@x.org", 'Chief "Ada" Engineer']),
        ('"Ann "A" B",a@x.org,"X"', ['Ann "A" B', "a@x.org", "X"]),
        ('Ann,a@x.org,5" pipe', ["Ann", "a@x.org", '5" pipe']),
    ],
)
def test_quotes_that_were_not_doubled_are_part_of_the_cell(row: str, cells: list[str]) -> None:
    assert read(f"Name,Email,Title\n{row}\nBob,b@x.org,Y\n").cells[0] == cells


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Name,Email,Company\nAnn,a@x.org,A\nBob,"b@x.org,x\nTom,t@x.org,T\n', 3),
        ('Name,Email,Company\nBob,"b@x.org,x\nTom,t@x.org,"T, U"\nSue,s@x.org,S\n', 2),
        ('Name,Email,Company\nAnn,"x\ny",A\nBob,"b@x.org,x\n', 4),
        ('Name,"Email,Company\nAnn,a@x.org,A\n', 1),
    ],
)
def test_a_quote_that_is_never_closed_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)
    assert f"line {line} " in caught.value.message
    assert "quote" in caught.value.message
