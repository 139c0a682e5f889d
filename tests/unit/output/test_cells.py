"""Width of text on a terminal."""

from __future__ import annotations

import pytest

from talkvalue_cli.output import cells


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("日本", 4),
        ("김철수", 6),
        ("é", 1),
        ("e\u0301", 1),
        ("🎉", 2),
        ("a\u200bb", 2),
    ],
)
def test_wide_characters_take_two_cells_and_marks_none(text: str, width: int) -> None:
    assert cells.display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("日本語日本語", 7, "日本語…"),
        # half a character is none
        ("日本語日本語", 6, "日本…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("ab", -1, ""),
        ("", 0, ""),
    ],
)
def test_text_is_cut_between_characters(text: str, width: int, expected: str) -> None:
    assert cells.cut(text, width) == expected


@pytest.mark.parametrize(
    "text", ["❤️" * 20, "👨‍👩‍👧" * 20, "🇰🇷" * 20, "e\u0301" * 40, "한글 abc 🎉" * 9]
)
@pytest.mark.parametrize("width", [1, 2, 7, 10])
def test_what_was_cut_is_never_wider_than_asked_for(text: str, width: int) -> None:
    assert cells.display_width(cells.cut(text, width)) <= width
