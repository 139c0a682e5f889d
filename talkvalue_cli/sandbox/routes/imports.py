"""`/path/import`: analyze, create, list, get, export of failed rows (section 5)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from flask import Blueprint, Response, g, request

from ..db.store import Transaction
from ..faults import alterations
from ..imports import failed_rows, jobs, suggestions, uploads
from ..imports.analysis import Analysis, analyze_file
from ..imports.bodies import CreateImport
from ..imports.csv_file import UnreadableFileError
from ..people import sources
from ..web import bodies
from ..web.answers import make_csv
from ..web.multipart import Readable
from ..web.problems import Problem, refuse_fields
from ..web.query import accept_query, read_page
from .request_store import RequestStore


def _add_upload(tx: Transaction, staged: uploads.StagedFile, analysis: Analysis) -> None:
    tx.insert(
        "uploads",
        organization_id=tx.organization_id,
        file_key=staged.file_key,
        file_name=staged.file_name,
        staged_name=staged.path.name,
        encoding=analysis.layout.encoding,
        delimiter=analysis.layout.delimiter,
        headers=json.dumps(analysis.headers),
        total_rows=analysis.total_rows,
        created_at=tx.now,
    )


def make_blueprint(
    store: RequestStore, wake_worker: Callable[[], None], is_silent: Callable[[int], bool]
) -> Blueprint:
    """Return the routes of imports.

    wake_worker: called after a job was queued. is_silent: job id -> hide its counters.
    """
    blueprint = Blueprint("imports", __name__)

    def describe(tx: Transaction, job: sqlite3.Row) -> dict[str, Any]:
        return jobs.describe_job(tx, job, is_silent=is_silent(job["id"]))

    @blueprint.post("/path/import/analyze")
    def analyze_upload() -> dict[str, Any]:
        body = cast(Readable, request.stream)
        staged = uploads.receive_file(
            body,
            request.content_type or "",
            store.store.files,
            g.now,
            partial(alterations.rename_file, request.environ),
        )
        try:
            analysis = analyze_file(staged.path)
            with store.write() as tx:
                _add_upload(tx, staged, analysis)
        except BaseException as error:
            staged.path.unlink(missing_ok=True)
            if isinstance(error, UnreadableFileError):
                raise refuse_fields([("file", str(error))]) from None
            raise
        mappings = suggestions.suggest_mappings(analysis.headers, analysis.rows)
        return {
            "fileKey": staged.file_key,
            "totalRows": analysis.total_rows,
            "headers": analysis.headers,
            "preview": analysis.preview,
            "columnMappings": mappings,
            "missingRequired": suggestions.list_missing(mappings),
        }

    @blueprint.post("/path/import")
    def create_import() -> dict[str, Any]:
        """Queue a job; the same body twice queues two. An unknown fileKey is a 400."""
        body = bodies.read_body(CreateImport)
        with store.write() as tx:
            sources.find_source(tx, sources.CHANNEL, body.source_id)
            sql = "SELECT * FROM uploads WHERE organization_id = ? AND file_key = ?"
            upload = tx.find(sql, tx.organization_id, body.file_key)
            if upload is None:
                raise refuse_fields([("fileKey", "is unknown; analyze the file first")])
            job_id = jobs.add_job(tx, upload, body)
        wake_worker()
        return {"importJobId": job_id, "status": "PENDING"}

    @blueprint.get("/path/import")
    @accept_query("pageNumber", "pageSize")
    def list_imports() -> dict[str, Any]:
        page = read_page()
        with store.read() as tx:
            until = alterations.show_until(request.environ, g.now, by_id=False)
            rows, total = jobs.list_jobs(tx, page, until)
            return page.describe([describe(tx, row) for row in rows], total)

    @blueprint.get("/path/import/<id:job_id>")
    def show_import(job_id: int) -> dict[str, Any]:
        with store.read() as tx:
            until = alterations.show_until(request.environ, g.now, by_id=True)
            return describe(tx, jobs.find_job(tx, job_id, until))

    @blueprint.get("/path/import/<id:job_id>/failed/export")
    def export_failed_rows(job_id: int) -> Response:
        with store.read() as tx:
            job = jobs.find_job(tx, job_id)
        if job["completed_at"] is None:
            raise Problem(400, f"Import {job_id} is {job['status']}; wait until it has finished.")
        return make_csv(
            failed_rows.stream_failed_rows(store.store, job), f"import-{job_id}-failed.csv"
        )

    return blueprint
