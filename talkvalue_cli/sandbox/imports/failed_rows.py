"""The export of failed rows (section 5.5), made to be corrected and imported again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from ..db.store import Transaction
from ..web.answers import encode_csv

ADDED_COLUMNS = ["rowNum", "errorCode", "errorMessage"]

PAGE_SQL = """SELECT row_num, error_code, error_message, cells FROM import_failed_rows
    WHERE job_id = ? AND row_num > ? ORDER BY row_num LIMIT ?"""


def stream_failed_rows(tx: Transaction, job: sqlite3.Row) -> Iterator[bytes]:
    """Yield the CSV in pieces, UTF-8 with commas; the header alone when none failed.

    The original columns come first and unchanged, then rowNum, errorCode, errorMessage. In a
    file that already ends with these three, they are replaced, so that the same mapping fits
    however often a file goes around. A row that is too short is filled up with empty cells; one
    that is too long keeps its cells, and its three columns stand behind them.
    """
    headers: list[str] = json.loads(job["headers"])
    width = len(headers)
    if headers[-len(ADDED_COLUMNS) :] == ADDED_COLUMNS:
        width -= len(ADDED_COLUMNS)
    yield encode_csv([[*headers[:width], *ADDED_COLUMNS]])
    for rows in tx.fetch_pages(PAGE_SQL, (job["id"],), "row_num"):
        yield encode_csv(_join_row(row, width, len(headers)) for row in rows)


def _join_row(row: sqlite3.Row, width: int, full_width: int) -> list[object]:
    cells: list[str] = json.loads(row["cells"])
    if len(cells) <= full_width:
        cells = cells[:width] + [""] * (width - len(cells))
    return [*cells, row["row_num"], row["error_code"], row["error_message"]]
