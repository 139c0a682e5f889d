"""Failed rows by the reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.imports.failed_rows import iter_lines
from talkvalue_cli.imports.file.check import long_cells

CODE = "errorCode"
#: the columns that say what is wrong with a row; those of the file are before them
NAMES = (CODE, "errorMessage", "rowNum")


def summarize(chunks: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return a record for each error code: how often, and the first row with it.

    Reads the export while it arrives; only one row of each kind is kept. The
    layout is not specified: the columns are found by their headers. Raises
    UnexpectedAnswerError for an export without them.
    """
    try:
        with long_cells():
            return _count(csv.reader(iter_lines(chunks)))
    except csv.Error as error:
        raise UnexpectedAnswerError(f"the export is not CSV: {error}") from error


def _count(rows: Iterator[list[str]]) -> list[dict[str, Any]]:
    header = next(rows, [])
    if CODE not in header:
        raise UnexpectedAnswerError(
            f"the export has no column {CODE}: {', '.join(header) or 'it is empty'}"
        )
    # an export of a file that was an export itself has the names twice: the last ones count
    places = {name: len(header) - 1 - header[::-1].index(name) for name in NAMES if name in header}
    found: dict[str, dict[str, Any]] = {}
    for row in filter(None, rows):
        texts = {name: row[place] for name, place in places.items() if place < len(row)}
        said = {name: texts.get(name, "") for name in NAMES}
        example = ",".join(row[: min(places.values())])
        found.setdefault(said[CODE], {"count": 0, **said, "example": example})["count"] += 1
    return sorted(found.values(), key=lambda record: (-record["count"], record[CODE]))
