"""Null, None and Na: names of people, and what databases write where there is none."""

from __future__ import annotations

import pytest

from talkvalue_cli.imports.file import name_words
from tests.unit.imports.file.reading import convert

NO_VALUE = "n/a and the like left out"


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["Ada", "Null", "Bob"], ["Ada", "Null", "Bob"]),
        (["Null"], ["Null"]),
        (["None", "Na", "Nan", "Nil"], ["None", "Na", "Nan", "Nil"]),
        (["ADA", "NULL", "BOB"], ["ADA", "NULL", "BOB"]),
        (["ada", "null", "bob"], ["ada", "null", "bob"]),
        (["J.P.", "N.A.", "M."], ["J.P.", "N.A.", "M."]),
        (["\u5f20\u4f1f", "Na", "NULL"], ["\u5f20\u4f1f", "Na", ""]),
        (["Ada", "NULL", "Bob"], ["Ada", "", "Bob"]),
        (["Ada", "null", "nan", "NONE", "na", "N.A."], ["Ada", "", "", "", "", ""]),
        (["NULL"], [""]),
        (["null"], [""]),
        (["ADA", "NULL", "NULL", "BOB", "NULL"], ["ADA", "", "", "BOB", ""]),
        (["Ada", "None", "None", "Bob", "None"], ["Ada", "", "", "Bob", ""]),
        (["ADA BO", "NULL", "NULL"], ["ADA BO", "", ""]),
        (["Ada", "None", "None", "Bob"], ["Ada", "", "", "Bob"]),
        (["Ada", "Null", "Null", *"BCDEFGHI"], ["Ada", "Null", "Null", *"BCDEFGHI"]),
        (["ADA", "N/A", "#N/A", "-", "(NULL)"], ["ADA", "", "", "", ""]),
    ],
)
def test_a_word_is_a_name_where_it_is_written_as_one_and_rare(
    cells: list[str], names: list[str]
) -> None:
    words = name_words.learn(cells)
    assert ["" if words.is_nothing(cell) else cell for cell in cells] == names


def test_three_of_many_are_still_people() -> None:
    words = name_words.learn([*(f"Name{number}" for number in range(200)), *["Null"] * 3])
    assert not words.is_nothing("Null")


def test_the_names_of_other_columns_show_how_names_are_written() -> None:
    assert not name_words.learn(["NULL"], ["CHRIS", "BO"]).is_nothing("NULL")
    assert name_words.learn(["NULL"], ["Chris", "Bo"]).is_nothing("NULL")
    assert name_words.learn(["Ek", "NULL"], ["CHRIS", "BO"]).is_nothing("NULL")


@pytest.mark.parametrize(
    ("first", "last"),
    [("Chris", "Null"), ("CHRIS", "NULL"), ("Chris", "None"), ("Na", "Li")],
)
def test_the_only_person_of_a_file_may_be_called_null(first: str, last: str) -> None:
    sent = convert(f"Email,First Name,Last Name\nnull@example.org,{first},{last}\n")
    assert (sent.column("FIRST_NAME"), sent.column("LAST_NAME")) == ([first], [last])
    assert sent.changed == {}


def test_what_a_database_writes_is_no_name_and_counted() -> None:
    rows = "".join(f"p{number}@example.org,Ada,NULL\n" for number in range(4))
    sent = convert(f"Email,First Name,Last Name\n{rows}q@example.org,NULL,Ek\n")
    assert sent.column("FIRST_NAME") == ["Ada"] * 4 + [""]
    assert sent.column("LAST_NAME") == [""] * 4 + ["Ek"]
    assert sent.changed == {NO_VALUE: 5}


def test_a_column_without_any_name_is_not_used() -> None:
    sent = convert("Email,First Name,Last Name\na@example.org,Ada,NULL\nb@example.org,Bo,\n")
    assert sent.unused == {"Last Name": "no values seen"}
