"""Values as text of a cell, and the parts of a record's table."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.output import columns
from talkvalue_cli.output.columns import Column


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ([{"name": "a"}, {"name": "b"}], "a, b"),
        ([{"name": "a"}, None, {}, "b", {"name": None}, {"name": 7}], "a, 7"),
        ([], ""),
        (None, ""),
        ("text", ""),
        (5, ""),
        ({"name": "a"}, ""),
    ],
)
def test_tags_are_shown_by_name_whatever_stands_among_them(tags: Any, text: str) -> None:
    assert columns.join_names(tags) == text


def test_what_a_column_formats_is_cleaned_as_well() -> None:
    column = Column("Tags", "tags", format=columns.join_names)
    assert column.cell({"tags": [{"name": "a\x1b[0m"}]}) == "a\\x1b[0m"
    assert column.cell({}) == ""


def test_letters_of_every_script_are_left_alone() -> None:
    text = "Ünï 김철수 עברית العربية 🎉 a\u200bb"
    assert columns.clean(text) == text


@pytest.mark.parametrize(
    ("path", "found"),
    [("a", {"b": 1}), ("a.b", 1), ("a.c", None), ("a.b.c", None), ("x", None), ("x.b", None)],
)
def test_a_member_of_a_member_is_found_by_its_path(path: str, found: Any) -> None:
    assert columns.find_member({"a": {"b": 1}}, path) == found


@pytest.mark.parametrize("value", [None, "text", 3, {"name": "Ada"}])
def test_what_is_no_list_has_no_items(value: Any) -> None:
    assert columns.list_items({"a": value}, "a") == columns.list_objects({"a": value}, "a") == []


def test_a_section_has_the_objects_of_a_list_and_nothing_else() -> None:
    name = Column("Name", "name")
    section = columns.make_section("People", "all.people", name)
    record = {"all": {"people": [{"name": "Ada"}, None, "Bob", ["Eve"], {}]}}
    assert section.title(record) == "People"
    assert section.items(record) == [{"name": "Ada"}, {}]
    assert section.columns == (name,)
