"""`failed-export --summary`: failed rows by the reason."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from typing import Any

from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.imports.file.check import LONGEST_CELL, long_cells
from talkvalue_cli.output.columns import Column

CODE, MESSAGE, ROW = "errorCode", "errorMessage", "rowNum"

COLUMNS = (
    Column("Count", "count", is_right=True),
    Column("Error", "errorCode"),
    Column("Message", "errorMessage", can_shrink=True),
    Column("Row", "rowNum", is_right=True),
    Column("Example", "example", can_shrink=True),
)


def summarize(chunks: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return a record for each error code: how often, and the first row with it.

    Reads the export while it arrives; only one row of each kind is kept. The
    layout is not specified: the columns are found by their headers. Raises
    UnexpectedAnswerError for an export without them.
    """
    try:
        with long_cells():
            return _count(csv.reader(_lines(chunks)))
    except csv.Error as error:
        raise UnexpectedAnswerError(f"the export is not CSV: {error}") from error


def _count(rows: Iterator[list[str]]) -> list[dict[str, Any]]:
    header = next(rows, [])
    if CODE not in header:
        raise UnexpectedAnswerError(
            f"the export has no column {CODE}: {', '.join(header) or 'it is empty'}"
        )
    # an export of a file that was an export itself has the names twice: the last ones count
    places = {name: len(header) - 1 - header[::-1].index(name) for name in header}
    found: dict[str, dict[str, Any]] = {}
    for row in filter(None, rows):
        code = _cell(row, places, CODE)
        record = found.setdefault(code, {"count": 0, **_example(code, row, places)})
        record["count"] += 1
    return sorted(found.values(), key=lambda record: (-record["count"], record["errorCode"]))


def _example(code: str, row: list[str], places: dict[str, int]) -> dict[str, Any]:
    return {
        "errorCode": code,
        "errorMessage": _cell(row, places, MESSAGE),
        "rowNum": _cell(row, places, ROW),
        "example": ",".join(
            row[: min(places.get(name, len(row)) for name in (CODE, MESSAGE, ROW))]
        ),
    }


def _cell(row: list[str], places: dict[str, int], name: str) -> str:
    place = places.get(name)
    return row[place] if place is not None and place < len(row) else ""


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield lines of UTF-8 text, with their ends, out of chunks that end anywhere."""
    decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
    rest = ""
    for chunk in chunks:
        # not splitlines(): it also splits at characters that are none of CSV's business
        *lines, rest = (rest + decode(chunk)).split("\n")
        yield from (f"{line}\n" for line in lines)
        if len(rest) > LONGEST_CELL:
            raise csv.Error("a line is too long")
    if rest:
        yield rest
