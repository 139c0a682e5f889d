"""Tables, character by character."""

from __future__ import annotations

from typing import Any

import pytest
from wcwidth import wcswidth

from talkvalue_cli.output import table
from talkvalue_cli.output.columns import Column, Field, Layout, Section
from talkvalue_cli.output.style import Style

PLAIN, COLOUR = Style(False), Style(True)
COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("People", "count", is_right=True),
)


def lines(text: str) -> list[str]:
    assert text.endswith("\n")
    return text[:-1].split("\n")


def test_columns_are_aligned_and_lines_end_without_blanks() -> None:
    items: list[dict[str, Any]] = [
        {"id": 1, "name": "Fair", "count": 5},
        {"id": 22, "name": None, "count": 12345},
    ]
    assert lines(table.render_rows(COLUMNS, items, PLAIN)) == [
        "ID    Name      People",
        "----  ------  --------",
        "1     Fair           5",
        "22               12345",
    ]


def test_a_list_without_items_has_a_header_and_dashes() -> None:
    assert lines(table.render_rows(COLUMNS, [], PLAIN, 22)) == [
        "ID    Name      People",
        "----  ------  --------",
    ]
    assert lines(table.render_rows(COLUMNS, [], PLAIN, 20)) == [
        "ID  Name  People",
        "--  ----  ------",
    ]


def test_wide_characters_do_not_shift_the_columns_behind_them() -> None:
    items = [
        {"id": 1, "name": name, "count": 7}
        for name in ("plain", "김철수 東京", "🎉 party", "cafe\u0301")
    ]
    found = lines(table.render_rows(COLUMNS, items, PLAIN))
    assert {wcswidth(line) for line in found} == {wcswidth(found[0])}
    assert [line[-1] for line in found[2:]] == ["7"] * 4


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("bell\a nul\0 del\x7f csi\x9b", "bell\\x07 nul\\x00 del\\x7f csi\\x9b"),
        ("abc\u202efdp.exe", "abc\\u202efdp.exe"),
        ("\u2066x\u2069 \u200e\u200f\u061c", "\\u2066x\\u2069 \\u200e\\u200f\\u061c"),
        ("line\u2028and\u2029paragraph", "line\\u2028and\\u2029paragraph"),
        ("\ufeffbom", "\\ufeffbom"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(value: str, shown: str) -> None:
    found = lines(table.render_rows(COLUMNS, [{"id": 1, "name": value}], PLAIN))
    assert len(found) == 3
    assert found[2].split("  ", 1)[1].strip() == shown


@pytest.mark.parametrize(
    "text", ["+821012345678", "00491701234567", "1e5", "0x1F", "1,234.50", "007", "inf", "3.10"]
)
def test_text_that_looks_like_a_number_is_left_alone(text: str) -> None:
    found = lines(table.render_rows(COLUMNS, [{"name": text}, {"name": "1.5"}], PLAIN))
    assert found[2].split() == [text]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (0, "0"),
        (9007199254740993, "9007199254740993"),
        (0.98, "0.98"),
        (["a", 1], '["a",1]'),
        ({"k": "é"}, '{"k":"é"}'),
    ],
)
def test_a_value_becomes_one_cell(value: Any, text: str) -> None:
    found = lines(table.render_rows((Column("V", "v"),), [{"v": value}], PLAIN))
    assert found[2:] == [text]


@pytest.mark.parametrize("name", ["x" * 200, "김철수" * 40, "👨‍👩‍👧" * 40])
@pytest.mark.parametrize("width", [28, 40, 60, 79])
def test_a_table_shrinks_to_a_narrow_terminal(name: str, width: int) -> None:
    items = [{"id": 1, "name": name, "count": 7}, {"id": 2, "name": "short", "count": 7}]
    found = lines(table.render_rows(COLUMNS, items, PLAIN, width))
    assert max(wcswidth(line) for line in found) <= width
    assert "…" in found[2]
    assert "short" in found[3]


def test_only_columns_that_may_be_cut_are_cut_and_ten_cells_stay() -> None:
    items = [{"id": 123456789012345678, "name": "abcdefghijklmnopqrstuvwxyz", "count": 7}]
    found = lines(table.render_rows(COLUMNS, items, PLAIN, 10))
    assert found[2] == "123456789012345678  abcdefghi…       7"


def test_the_widest_column_is_cut_first() -> None:
    columns = (Column("A", "a", can_shrink=True), Column("B", "b", can_shrink=True))
    items = [{"a": "a" * 20, "b": "b" * 40}]
    found = lines(table.render_rows(columns, items, PLAIN, 50))
    assert found[2] == "a" * 20 + "  " + "b" * 27 + "…"


@pytest.mark.parametrize("header", ["First value", "A header that is long"])
def test_a_long_header_counts_when_a_table_shrinks(header: str) -> None:
    columns = (Column(header, "a", can_shrink=True), Column("B", "b", can_shrink=True))
    found = lines(table.render_rows(columns, [{"a": "a" * 60, "b": "b" * 60}], PLAIN, 60))
    assert max(map(len, found)) == 60


def test_in_a_pipe_nothing_is_cut() -> None:
    found = lines(table.render_rows(COLUMNS, [{"name": "x" * 500}], PLAIN, None))
    assert "x" * 500 in found[2]


def test_colour_does_not_count_as_width() -> None:
    columns = (
        Column("Status", "status", style=lambda status: "good" if status == "DONE" else ""),
        Column("N", "n", is_right=True),
    )
    items = [{"status": "DONE", "n": 1}, {"status": "OTHER", "n": 2}]
    assert lines(table.render_rows(columns, items, COLOUR)) == [
        "\x1b[1;36mStatus\x1b[0m      \x1b[1;36mN\x1b[0m",
        "--------  ---",
        "\x1b[32mDONE\x1b[0m        1",
        "OTHER       2",
    ]


def test_a_record_without_a_layout_has_a_line_for_each_key() -> None:
    record = {"id": 7, "name": "a\nb", "tags": [], "od\x1bd": None}
    assert lines(table.render_record(record, None, PLAIN, 80)) == [
        "Field    Value",
        "-------  -------",
        "id       7",
        "name     a\\nb",
        "tags     []",
        "od\\x1bd",
    ]


def test_a_long_value_of_a_record_goes_on_below_itself_between_words() -> None:
    long = "x" * 30
    record = {"id": 7, "note": f"one two three four {long} five"}
    assert lines(table.render_record(record, None, PLAIN, 30)) == [
        "Field    Value",
        "-------  ------------------------------",
        "id       7",
        "note     one two three four",
        # which can be copied as a whole
        f"         {long}",
        "         five",
    ]


LAYOUT = Layout(
    (
        Field("Name", lambda record: record.get("name")),
        Field("State", lambda record: record.get("state"), lambda record: "bad"),
    ),
    (
        Section(
            lambda record: f"Rows of {record['name']}",
            lambda record: record.get("rows", []),
            (Column("Row", "row", is_right=True), Column("Why", "why")),
        ),
    ),
)


def test_the_sections_of_a_layout_are_tables_below() -> None:
    record = {"name": "x\n", "state": "broken", "rows": [{"row": 3, "why": "no\tmail"}]}
    assert lines(table.render_record(record, LAYOUT, PLAIN, 80)) == [
        "Field    Value",
        "-------  -------",
        "Name     x\\n",
        "State    broken",
        "",
        "Rows of x\\n",
        "  Row  Why",
        "-----  --------",
        "    3  no\\tmail",
    ]


def test_a_section_without_rows_is_left_out() -> None:
    text = table.render_record({"name": "x", "state": "fine"}, LAYOUT, COLOUR, 80)
    assert "Rows" not in text
    assert "\x1b[31mfine\x1b[0m" in text


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
    assert table.display_width(text) == width


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
    assert table.cut(text, width) == expected


@pytest.mark.parametrize(
    "text", ["❤️" * 20, "👨‍👩‍👧" * 20, "🇰🇷" * 20, "e\u0301" * 40, "한글 abc 🎉" * 9]
)
@pytest.mark.parametrize("width", [1, 2, 7, 10])
def test_what_was_cut_is_never_wider_than_asked_for(text: str, width: int) -> None:
    assert table.display_width(table.cut(text, width)) <= width
