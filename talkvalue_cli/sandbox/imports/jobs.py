"""Import jobs in the database: creating them and showing them (sections 5.2 to 5.4)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, cast

from .bodies import CreateImport

FAILED_ROW_SAMPLE = 20

JOB_SQL = """
    SELECT imports.*, uploads.file_name, uploads.staged_name, uploads.encoding,
           uploads.delimiter, uploads.headers
    FROM imports JOIN uploads ON uploads.id = imports.upload_id"""

COUNTERS = (
    ("processedRows", "processed_rows"),
    ("newCount", "new_count"),
    ("updatedCount", "updated_count"),
    ("duplicatedCount", "duplicated_count"),
    ("skipCount", "skip_count"),
    ("failedCount", "failed_count"),
)


def add_job(
    connection: sqlite3.Connection,
    organization_id: int,
    upload: sqlite3.Row,
    body: CreateImport,
    now: str,
) -> int:
    """Queue a job and return its id."""
    cursor = connection.execute(
        """INSERT INTO imports (organization_id, channel_id, upload_id, mappings, mode, status,
               total_rows, created_at) VALUES (?, ?, ?, ?, ?, 'PENDING', ?, ?)""",
        (
            organization_id,
            body.source_id,
            upload["id"],
            json.dumps(body.mapping),
            body.mode,
            upload["total_rows"],
            now,
        ),
    )
    return cast(int, cursor.lastrowid)


def find_job(
    connection: sqlite3.Connection, organization_id: int, job_id: int
) -> sqlite3.Row | None:
    """Return one job of an organization, or None."""
    return cast(
        "sqlite3.Row | None",
        connection.execute(
            f"{JOB_SQL} WHERE imports.organization_id = ? AND imports.id = ?",
            (organization_id, job_id),
        ).fetchone(),
    )


def list_jobs(
    connection: sqlite3.Connection, organization_id: int, offset: int, limit: int
) -> tuple[int, list[sqlite3.Row]]:
    """Return the number of all jobs and one stretch of them, newest first."""
    total: int = connection.execute(
        "SELECT COUNT(*) FROM imports WHERE organization_id = ?", (organization_id,)
    ).fetchone()[0]
    rows = connection.execute(
        f"{JOB_SQL} WHERE imports.organization_id = ? ORDER BY imports.id DESC LIMIT ? OFFSET ?",
        (organization_id, limit, offset),
    ).fetchall()
    return total, rows


def sample_failed_rows(connection: sqlite3.Connection, job: sqlite3.Row) -> list[dict[str, Any]]:
    """Return the first failed rows; a reason that concerns the whole file has rowNum 0."""
    sample: list[dict[str, Any]] = []
    if job["failure_code"] is not None:
        sample.append(_describe_failure((0, job["failure_code"], job["failure_message"], None)))
    if job["failed_count"]:
        rows = connection.execute(
            "SELECT row_num, error_code, error_message, raw_value FROM import_failed_rows"
            " WHERE job_id = ? ORDER BY row_num LIMIT ?",
            (job["id"], FAILED_ROW_SAMPLE - len(sample)),
        )
        sample.extend(_describe_failure(tuple(row)) for row in rows)
    return sample


def _describe_failure(values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("rowNum", "errorCode", "errorMessage", "rawValue"), values, strict=True))


def describe_job(
    job: sqlite3.Row, failed_rows: Iterable[dict[str, Any]], *, silent: bool = False
) -> dict[str, Any]:
    """Return an ImportJob as it travels (section 5.4).

    silent: show zeros for the counters of a job that has not finished.
    """
    hidden = silent and job["completed_at"] is None
    record: dict[str, Any] = {
        "id": job["id"],
        "status": job["status"],
        "mode": job["mode"],
        "fileName": job["file_name"],
        "totalRows": job["total_rows"],
    }
    for wire, column in COUNTERS:
        record[wire] = 0 if hidden else job[column]
    record["failedRows"] = [] if hidden else list(failed_rows)
    record["processStartedAt"] = job["process_started_at"]
    record["completedAt"] = job["completed_at"]
    return record
