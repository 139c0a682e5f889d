"""Parts of a record's table, made from what a server may answer."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.output.columns import Column
from talkvalue_cli.output.layouts import find_member, list_items, list_objects, make_section

NAME = Column("Name", "name")


@pytest.mark.parametrize(
    ("path", "found"),
    [("a", {"b": 1}), ("a.b", 1), ("a.c", None), ("a.b.c", None), ("x", None), ("x.b", None)],
)
def test_a_member_of_a_member_is_found_by_its_path(path: str, found: Any) -> None:
    assert find_member({"a": {"b": 1}}, path) == found


@pytest.mark.parametrize("value", [None, "text", 3, {"name": "Ada"}])
def test_what_is_no_list_has_no_items(value: Any) -> None:
    assert list_items({"a": value}, "a") == list_objects({"a": value}, "a") == []


def test_a_section_has_the_objects_of_a_list_and_nothing_else() -> None:
    section = make_section("People", "all.people", NAME)
    record = {"all": {"people": [{"name": "Ada"}, None, "Bob", ["Eve"], {}]}}
    assert section.title(record) == "People"
    assert section.items(record) == [{"name": "Ada"}, {}]
    assert section.columns == (NAME,)
