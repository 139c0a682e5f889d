"""Values as text of a cell."""

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
