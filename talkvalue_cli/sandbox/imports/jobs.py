"""Import jobs in the database: creating and showing them (sections 5.2 to 5.5)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from ..db.store import Transaction
from ..faults.alterations import END_OF_TIME
from ..web.answers import encode_csv, pick
from ..web.problems import found
from ..web.query import Page
from .bodies import CreateImport

FAILED_ROW_SAMPLE = 20

SHOWN_SQL = "jobs WHERE organization_id = ? AND created_at <= ?"
COUNTERS = "processedRows newCount updatedCount duplicatedCount skipCount failedCount"
ADDED_COLUMNS = ["rowNum", "errorCode", "errorMessage"]

PAGE_SQL = """SELECT row_num, error_code, error_message, cells FROM import_failed_rows
    WHERE job_id = ? AND row_num > ? ORDER BY row_num LIMIT ?"""


def add_job(tx: Transaction, upload: sqlite3.Row, body: CreateImport) -> int:
    """Queue a job and return its id."""
    return tx.insert(
        "imports",
        organization_id=tx.organization_id,
        channel_id=body.source_id,
        upload_id=upload["id"],
        mappings=json.dumps(body.mapping),
        mode=body.mode,
        status="PENDING",
        total_rows=upload["total_rows"],
        created_at=tx.now,
    )


def find_job(tx: Transaction, job_id: int, until: str = END_OF_TIME) -> sqlite3.Row:
    """Return a job that was created by then; raises the 404."""
    sql = f"SELECT * FROM {SHOWN_SQL} AND id = ?"
    return found(tx.find(sql, tx.organization_id, until, job_id), f"Import {job_id}")


def list_jobs(tx: Transaction, page: Page, until: str) -> tuple[list[sqlite3.Row], int]:
    """Return one page of the jobs created by then, newest first, and the number of all."""
    return page.fetch(tx, "*", SHOWN_SQL, "id DESC", (tx.organization_id, until))


def _sample_failed_rows(tx: Transaction, job: sqlite3.Row) -> list[dict[str, Any]]:
    """Return the first failed rows; a reason that concerns the whole file has rowNum 0."""
    rows = tx.execute(
        """SELECT 0 AS rowNum, ?2 AS errorCode, ?3 AS errorMessage, NULL AS rawValue
            WHERE ?2 IS NOT NULL
        UNION ALL SELECT * FROM (SELECT row_num, error_code, error_message, raw_value
            FROM import_failed_rows WHERE job_id = ?1 ORDER BY row_num) LIMIT ?4""",
        (job["id"], job["failure_code"], job["failure_message"], FAILED_ROW_SAMPLE),
    )
    return [dict(row) for row in rows]


def describe_job(
    tx: Transaction, job: sqlite3.Row, is_silent: Callable[[int], bool]
) -> dict[str, Any]:
    """Return an ImportJob as it travels (section 5.4).

    is_silent: job id -> show zeros for its counters until it has finished.
    """
    is_hidden = job["completed_at"] is None and is_silent(job["id"])
    return {
        **pick(job, "id status mode fileName totalRows"),
        **(dict.fromkeys(COUNTERS.split(), 0) if is_hidden else pick(job, COUNTERS)),
        "failedRows": [] if is_hidden else _sample_failed_rows(tx, job),
        **pick(job, "processStartedAt completedAt"),
    }


def stream_failed_rows(tx: Transaction, job: sqlite3.Row) -> Iterator[bytes]:
    """Yield the failed rows as CSV, made to be corrected and imported again: UTF-8 with commas.

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
