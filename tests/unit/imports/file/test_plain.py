"""The quick look through plain files: it never says more than reading row by row does."""

from __future__ import annotations

import io
from contextlib import ExitStack

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import conversion, plain, table
from talkvalue_cli.imports.file import plan as plans
from talkvalue_cli.imports.file.plan import Plan, make_plan
from talkvalue_cli.imports.file.tally import Tally
from talkvalue_cli.imports.options import FileOptions

LINES = [f"p{number}@example.org,Ann,Weiß,+49 30 {number:07},2026-03-04" for number in range(400)]
HEADER = "Email,First name,Last name,Phone,Joined"
#: what stands in the place of one line, and whether the file can be sent byte for byte
ODD_LINES = {
    "another person": ("zoe@example.org,Zoë,Ng,,", True),
    "an address in another column": ("zoe@example.org,Zoë @home,Ng,,", True),
    "an address in the wrong column": ("Zoë,zoe@example.org,Ng,,", True),
    "no address": ("Zoë,,Ng,,", True),
    "a quote": ('zoe@example.org,"Zoë",Ng,,', True),
    "a line in a cell": ('zoe@example.org,"Zoë\nMaria",Ng,,', True),
    "another line end": ("zoe@example.org,Zoë,Ng,,\r", False),
    "only a return": ("zoe@example.org,Zoë,Ng,,\rann@example.org,Ann,,,", False),
    "a mark": ("\ufeffzoe@example.org,Zoë,Ng,,", False),
    "a letter that begins like a mark": ("zoe@example.org,\uff3aoë,Ng,,", True),
    "too few cells": ("zoe@example.org,Zoë,Ng,", None),
    "too many cells": ("zoe@example.org,Zoë,Ng,,,x", None),
    "cells that make up for each other": ("zoe@example.org,Zoë\nbob@example.org,B,C,,,,,", None),
    "a space before an address": (" zoe@example.org,Zoë,Ng,,", True),
    "an address in brackets": ("<zoe@example.org>,Zoë,Ng,,", False),
    "nothing in words": ("zoe@example.org,Zoë,n/a,,", False),
    "a character that shows nothing": ("zoe@example.org,Zo\u200bë,Ng,,", False),
    "another date": ("zoe@example.org,Zoë,Ng,,4. März 2026", False),
    "a number in short": ("zoe@example.org,Zoë,Ng,4.9301234567E+10,", False),
    "a number with signs": ("zoe@example.org,Zoë,Ng,030/123-45.67,", True),
    "a number with .0": ("zoe@example.org,Zoë,Ng,4930123456.0,", False),
    "an empty line": ("", True),
    "separators": (",,,,", False),
    "the header again": (HEADER, False),
}


def plan(content: bytes, stack: ExitStack) -> Plan:
    return make_plan(io.BytesIO(content), "a.csv", "a.csv", FileOptions(), stack)


def convert(content: bytes) -> conversion.Conversion:
    """Return what came out of a file."""
    with ExitStack() as stack:
        found = conversion.Conversion(io.BytesIO(content), plan(content, stack), lambda: None)
        found.run()
        return found


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at so few lines together that there are others, and one across two parts."""
    monkeypatch.setattr(plain, "_PART", 1 << 12)
    for module, name in ((plans, "SAMPLE_ROWS"), (table, "_ROWS"), (conversion, "BATCH")):
        monkeypatch.setattr(module, name, 100)


@pytest.mark.parametrize("place", [0, 180, len(LINES)])
@pytest.mark.parametrize(("line", "is_plain"), ODD_LINES.values(), ids=list(ODD_LINES))
def test_one_line_says_whether_a_file_is_plain(
    line: str, is_plain: bool | None, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "\n".join([HEADER, *LINES[:place], line, *LINES[place:], ""]).encode()
    if is_plain is None:
        with pytest.raises(UsageError, match="cells"):
            convert(content)
        return
    quick = convert(content)
    monkeypatch.setattr(plain, "is_plain", lambda *args: False)
    slow = convert(content)
    assert quick.prepared == slow.prepared
    assert quick.checked == slow.checked
    assert quick.prepared.is_unchanged is is_plain
    last = quick.checked.rows
    assert [quick.lines.find(row) for row in (1, last, last + 1)] == [
        slow.lines.find(row) for row in (1, last, last + 1)
    ]


def test_a_plain_file_is_read_once_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "convert_rows", None)
    found = convert("\n".join([HEADER, *LINES]).encode())
    assert (found.checked.rows, found.prepared.is_unchanged) == (400, True)


def test_an_address_in_another_column_is_no_reason_to_read_row_by_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversion, "convert_rows", None)
    found = convert("\n".join([HEADER, *LINES, "zoe@example.org,Zoë @home,Ng,,"]).encode())
    assert found.checked.rows == 401


@pytest.mark.parametrize("cells", [4, 6])
def test_lines_that_are_all_of_another_width_are_not_plain(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where a part has no others beside them, and each cell is fit for its column."""
    monkeypatch.setattr(plain, "_PART", 1)
    other = ",".join([*LINES[0].split(","), "q@example.org"][:cells])
    with ExitStack() as stack:
        found = plan("\n".join([HEADER, *LINES, other]).encode(), stack)
        assert not plain.is_plain(found, Tally(), lambda: None)


def test_a_line_longer_than_a_cell_may_be_is_not_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LONGEST_CELL", 200_000)
    with ExitStack() as stack:
        for size, is_plain in ((100_000, True), (250_000, False), (2_000_000, False)):
            content = f"Email,Note\na@example.org,{'x' * size}\nb@example.org,y\n".encode()
            found = plan(content, stack)
            assert plain.is_plain(found, Tally(), lambda: None) is is_plain
