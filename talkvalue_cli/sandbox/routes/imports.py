"""`/path/import`: analyze, create, list, get, export of failed rows (section 5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, g, request

from ..db.store import Store
from ..imports import analysis, failed_rows, jobs, suggestions, uploads
from ..imports.bodies import CreateImport
from ..imports.csv_file import UnreadableFileError
from ..people.channels import find_channel
from ..web import bodies
from ..web.answers import make_csv
from ..web.multipart import Readable
from ..web.problems import Problem, refuse_fields
from ..web.query import accept_query, read_page


def _add_upload(store: Store, staged: uploads.StagedFile, found: analysis.Analysis) -> None:
    with store.write() as connection:
        connection.execute(
            """INSERT INTO uploads (organization_id, file_key, file_name, staged_name, encoding,
                   delimiter, headers, total_rows, created_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                g.organization_id,
                staged.file_key,
                staged.file_name,
                staged.path.name,
                found.layout.encoding,
                found.layout.delimiter,
                json.dumps(found.headers),
                found.total_rows,
                g.now,
            ),
        )


def make_blueprint(
    store: Store, wake_worker: Callable[[], None], is_silent: Callable[[int], bool]
) -> Blueprint:
    """Return the routes of imports.

    wake_worker: called after a job was queued. is_silent: job id -> hide its counters.
    """
    blueprint = Blueprint("imports", __name__)

    def describe(connection: Any, job: Any) -> dict[str, Any]:
        sample = jobs.sample_failed_rows(connection, job)
        return jobs.describe_job(job, sample, silent=is_silent(job["id"]))

    def find_job(connection: Any, job_id: int) -> Any:
        job = jobs.find_job(connection, g.organization_id, job_id)
        if job is None:
            raise Problem(404, f"Import {job_id} does not exist.")
        return job

    @blueprint.post("/path/import/analyze")
    def analyze_upload() -> dict[str, Any]:
        body = cast(Readable, request.stream)
        staged = uploads.receive_file(body, request.content_type or "", store.files, g.now)
        try:
            found = analysis.analyze_file(staged.path)
            _add_upload(store, staged, found)
        except BaseException as error:
            staged.path.unlink(missing_ok=True)
            if isinstance(error, UnreadableFileError):
                raise refuse_fields([("file", str(error))]) from None
            raise
        mappings = suggestions.suggest_mappings(found.headers, found.rows)
        return {
            "fileKey": staged.file_key,
            "totalRows": found.total_rows,
            "headers": found.headers,
            "preview": found.preview,
            "columnMappings": mappings,
            "missingRequired": suggestions.list_missing(mappings),
        }

    @blueprint.post("/path/import")
    def create_import() -> dict[str, Any]:
        """Queue a job; the same body twice queues two. An unknown fileKey is a 400."""
        body = bodies.read_body(CreateImport)
        with store.write() as connection:
            find_channel(connection, g.organization_id, body.source_id)
            upload = connection.execute(
                "SELECT * FROM uploads WHERE organization_id = ? AND file_key = ?",
                (g.organization_id, body.file_key),
            ).fetchone()
            if upload is None:
                raise refuse_fields([("fileKey", "is unknown; analyze the file first")])
            job_id = jobs.add_job(connection, g.organization_id, upload, body, g.now)
        wake_worker()
        return {"importJobId": job_id, "status": "PENDING"}

    @blueprint.get("/path/import")
    @accept_query("pageNumber", "pageSize")
    def list_imports() -> dict[str, Any]:
        page = read_page()
        with store.read() as connection:
            total, rows = jobs.list_jobs(connection, g.organization_id, page.offset, page.size)
            content = [describe(connection, row) for row in rows]
        return page.describe(content, total)

    @blueprint.get("/path/import/<id:job_id>")
    def show_import(job_id: int) -> dict[str, Any]:
        with store.read() as connection:
            return describe(connection, find_job(connection, job_id))

    @blueprint.get("/path/import/<id:job_id>/failed/export")
    def export_failed_rows(job_id: int) -> Response:
        job = find_job(store.connect(), job_id)
        if job["completed_at"] is None:
            raise Problem(400, f"Import {job_id} is {job['status']}; wait until it has finished.")
        return make_csv(failed_rows.stream_failed_rows(store, job), f"import-{job_id}-failed.csv")

    return blueprint
