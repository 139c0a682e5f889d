"""Import jobs in the database: creating them and showing them (sections 5.2 to 5.4)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from ..db.store import Transaction
from ..faults.alterations import END_OF_TIME
from ..web.answers import pick
from ..web.problems import found
from ..web.query import Page
from .bodies import CreateImport

FAILED_ROW_SAMPLE = 20

COLUMNS = """imports.*, uploads.file_name, uploads.staged_name, uploads.encoding,
    uploads.delimiter, uploads.headers"""
JOBS = "imports JOIN uploads ON uploads.id = imports.upload_id"
SHOWN = "imports.organization_id = ? AND imports.created_at <= ?"
JOB_SQL = f"SELECT {COLUMNS} FROM {JOBS}"

COUNTERS = "processedRows newCount updatedCount duplicatedCount skipCount failedCount"


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
    sql = f"{JOB_SQL} WHERE {SHOWN} AND imports.id = ?"
    return found(tx.find(sql, tx.organization_id, until, job_id), f"Import {job_id}")


def list_jobs(tx: Transaction, page: Page, until: str) -> tuple[list[sqlite3.Row], int]:
    """Return one page of the jobs created by then, newest first, and the number of all."""
    source = f"{JOBS} WHERE {SHOWN}"
    return page.fetch(tx, COLUMNS, source, "imports.id DESC", (tx.organization_id, until))


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
