"""Answers that are no JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask import Response


def make_empty() -> Response:
    """Return the answer of what has nothing to say but that it is done."""
    response = Response(status=200)
    del response.headers["Content-Type"]
    return response


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
