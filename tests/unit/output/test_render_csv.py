"""CSV lines."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from talkvalue_cli.output import render_csv
from talkvalue_cli.output.columns import Column

COLUMNS = (Column("ID", "id"), Column("File Name", "name", format=lambda value: "for people"))


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("plain", "plain"),
        ("a,b", '"a,b"'),
        ('say "x"', '"say ""x"""'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
        (" blanks ", " blanks "),
        ("=1+1", "=1+1"),
        ("a\tb\x1b", "a\tb\x1b"),
        ("김", "김"),
        (None, ""),
        (False, "false"),
        (2**70, "1180591620717411303424"),
        (["a", {"b": None}], '"[""a"",{""b"":null}]"'),
    ],
)
def test_a_field_is_quoted_only_when_it_must_be(value: Any, field: str) -> None:
    assert render_csv.render_rows(COLUMNS[:1], [{"id": value}]) == f"ID\n{field}\n"


def test_a_list_has_the_headers_of_its_columns_and_the_values_of_the_server() -> None:
    items: list[dict[str, Any]] = [{"id": 1, "name": "x", "more": 1}, {"name": None}]
    assert render_csv.render_rows(COLUMNS, items) == "ID,File Name\n1,x\n,\n"


def test_an_empty_list_is_its_header() -> None:
    assert render_csv.render_rows(COLUMNS, []) == "ID,File Name\n"


def test_a_record_has_its_own_keys_and_can_be_read_back() -> None:
    record = {"id": 7, "a,b": 'x"\n', "tags": []}
    text = render_csv.render_record(record)
    assert "\r" not in text
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["id", "a,b", "tags"],
        ["7", 'x"\n', "[]"],
    ]
