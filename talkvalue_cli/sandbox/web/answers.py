"""Making answers: rows as JSON and as CSV, and what has no body."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Response


def make_empty() -> Response:
    """Return the answer of what has nothing to say but that it is done."""
    response = Response(status=200)
    del response.headers["Content-Type"]
    return response


@lru_cache(maxsize=256)
def _read_fields(fields: str) -> list[tuple[str, str]]:
    pairs = [field.partition("=") for field in fields.split()]
    return [
        (name, column or re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name))
        for name, _, column in pairs
    ]


def pick(row: sqlite3.Row | Mapping[str, Any], fields: str) -> dict[str, Any]:
    """Return columns of a row as they travel.

    fields: wire names, separated by blanks; NAME=COLUMN where the column is not just the name
    in lower case with underscores.
    """
    return {name: row[column] for name, column in _read_fields(fields)}


def encode_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as CSV in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


def make_csv(pieces: Iterable[bytes], file_name: str) -> Response:
    """Return a CSV download that is sent while it is made."""
    return Response(
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )
