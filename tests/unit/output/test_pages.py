"""Lists that are printed page by page, in each format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from talkvalue_cli.errors import LocalFileError, NetworkError
from talkvalue_cli.output.columns import Column, Record
from talkvalue_cli.output.style import Style
from talkvalue_cli.output.table import render_pages
from talkvalue_cli.output.writer import Output
from tests.fakes import FakeStream

COLUMNS = (
    Column("ID", "id", is_right=True),
    Column("Name", "name", can_shrink=True),
    Column("Note", "note"),
)
ITEMS: list[Record] = [
    {"id": 1, "name": "Ada", "tags": [{"x": 1}], "text": "a\nb"},
    {"id": 20, "name": "Zoë 東京", "note": None},
    {"id": 3, "name": "somebody with a long name", "note": 'x,"y"'},
]
PAGES = [ITEMS[:2], [], ITEMS[2:]]
FORMATS = ["json", "csv", "table"]


def make_output(format: str) -> tuple[Output, FakeStream, FakeStream]:
    stdout, stderr = FakeStream(), FakeStream()
    return Output(stdout, stderr, {}, format=format, no_color=True), stdout, stderr


def printed(format: str, pages: Sequence[Sequence[Record]], *, at_once: bool = False) -> str:
    output, stdout, _ = make_output(format)
    if at_once:
        output.rows([item for items in pages for item in items], COLUMNS)
    else:
        output.pages(pages, COLUMNS)
    return stdout.text


@pytest.mark.parametrize("format", ["json", "csv"])
@pytest.mark.parametrize("pages", [PAGES, [[], ITEMS], [ITEMS[:1]], [[], []], []], ids=len)
def test_pages_are_the_same_bytes_as_everything_at_once(
    format: str, pages: Sequence[Sequence[Record]]
) -> None:
    assert printed(format, pages) == printed(format, pages, at_once=True)


def test_json_of_pages_is_written_out_here_too() -> None:
    assert printed("json", [[{"id": 1}], [{"id": 2, "a": []}]]) == (
        '{\n  "data": [\n    {\n      "id": 1\n    },\n'
        '    {\n      "id": 2,\n      "a": []\n    }\n  ]\n}\n'
    )


def test_a_table_has_one_header_and_the_widths_of_its_first_page() -> None:
    assert printed("table", PAGES).splitlines() == [
        "  ID  Name      Note",
        "----  --------  ------",
        "   1  Ada",
        "  20  Zoë 東京",
        # in a pipe nothing is cut
        '   3  somebody with a long name  x,"y"',
    ]


def test_on_a_terminal_later_names_are_cut_to_the_column() -> None:
    text = "".join(render_pages(COLUMNS, PAGES, Style(False), 60))
    assert text.splitlines()[-1] == '   3  somebod…  x,"y"'


def test_colour_does_not_move_later_rows() -> None:
    columns = (Column("S", "s", style=lambda value: "good"), Column("N", "n"))
    text = "".join(render_pages(columns, [[{"s": "abcd", "n": 1}], [{"s": "a"}]], Style(True)))
    assert text.splitlines()[-1] == "\x1b[32ma\x1b[0m"


@pytest.mark.parametrize(
    ("format", "out", "err"),
    [
        ("json", '{\n  "data": []\n}\n', ""),
        ("csv", "ID,Name,Note\n", ""),
        ("table", "  ID  Name    Note\n----  ------  ------\n", "There is nothing.\n"),
    ],
)
@pytest.mark.parametrize("pages", [[], [[], []]], ids=len)
def test_pages_without_items_are_an_empty_document(
    format: str, out: str, err: str, pages: Sequence[Sequence[Record]]
) -> None:
    output, stdout, stderr = make_output(format)
    output.pages(pages, COLUMNS, empty="There is nothing.")
    assert (stdout.text, stderr.text) == (out, err)


@pytest.mark.parametrize("format", FORMATS)
def test_a_page_is_printed_before_the_next_is_asked_for(format: str) -> None:
    output, stdout, _ = make_output(format)
    seen: list[str] = []

    def load() -> Iterator[list[Record]]:
        yield ITEMS[:1]
        seen.append(stdout.text)
        yield ITEMS[1:]

    output.pages(load(), COLUMNS)
    assert "Ada" in seen[0] and "Zoë" not in seen[0]


def break_after(pages: Sequence[Sequence[Record]]) -> Iterator[Sequence[Record]]:
    yield from pages
    raise NetworkError("gone")


@pytest.mark.parametrize("format", FORMATS)
def test_an_error_before_the_first_page_leaves_standard_output_empty(format: str) -> None:
    output, stdout, _ = make_output(format)
    with pytest.raises(NetworkError):
        output.pages(break_after([]), COLUMNS)
    assert stdout.text == ""


def test_json_that_broke_off_has_no_end() -> None:
    output, stdout, _ = make_output("json")
    with pytest.raises(NetworkError):
        output.pages(break_after([[{"id": 1}]]), COLUMNS)
    assert stdout.text == '{\n  "data": [\n    {\n      "id": 1\n    }'


def test_a_full_disk_stops_the_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    output, stdout, _ = make_output("csv")
    asked: list[int] = []

    def load() -> Iterator[list[Record]]:
        for number in range(5):
            asked.append(number)
            yield ITEMS[:1]

    def fail(text: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stdout, "write", fail)
    with pytest.raises(LocalFileError, match="No space left on device"):
        output.pages(load(), COLUMNS)
    assert asked == [0]


def test_further_members_stand_beside_the_data_of_a_list() -> None:
    output, stdout, _ = make_output("json")
    output.rows([], COLUMNS, beside={"pagination": {"hasNext": False}})
    assert stdout.text == '{\n  "data": [],\n  "pagination": {\n    "hasNext": false\n  }\n}\n'
