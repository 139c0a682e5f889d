"""`/path/import`: analyze, create, list, get, export of failed rows (section 5)."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, g, request

from ..db.store import Transaction
from ..faults import alterations
from ..imports import jobs, suggestions, uploads
from ..imports.analysis import PREVIEW_ROWS, analyze_file
from ..imports.bodies import CreateImport
from ..people import sources
from ..web.answers import make_csv
from ..web.problems import Problem
from ..web.query import PAGE, read_page
from .operations import MULTIPART, Operations, Services

IMPORTS = Operations()


@IMPORTS.add("GET /path/import", "ImportJobPage", query=PAGE, opens_its_own=True)
def list_imports(services: Services) -> dict[str, Any]:
    """Import jobs, newest first."""
    page = read_page()
    with services.read() as tx:
        until = alterations.show_until(request.environ, g.now, by_id=False)
        rows, total = jobs.list_jobs(tx, page, until)
        content = [jobs.describe_job(tx, row, services.is_silent) for row in rows]
    return page.describe(content, total)


@IMPORTS.add("POST /path/import", "CreatedImport", 404, body=CreateImport, opens_its_own=True)
def create_import(services: Services, body: CreateImport) -> dict[str, Any]:
    """Queue an import job.

    The same body twice queues two. An unknown fileKey is a 400.
    """
    with services.write() as tx:
        sources.find_source(tx, sources.CHANNEL, body.source_id)
        job_id = jobs.add_job(tx, uploads.find_upload(tx, body.file_key), body)
    services.wake_worker()
    return {"importJobId": job_id, "status": "PENDING"}


@IMPORTS.add("POST /path/import/analyze", "Analysis", body=MULTIPART, opens_its_own=True)
def analyze_import(services: Services) -> dict[str, Any]:
    """Upload a file and look at it."""
    staged = uploads.receive_file(
        request.stream,
        request.content_type or "",
        services.store.files,
        g.now,
        partial(alterations.rename_file, request.environ),
    )
    try:
        analysis = analyze_file(staged.path)
        with services.write() as tx:
            uploads.add_upload(tx, staged, analysis)
    except BaseException:
        staged.path.unlink(missing_ok=True)
        raise
    mappings = suggestions.suggest_mappings(analysis.headers, analysis.rows)
    return {
        "fileKey": staged.file_key,
        "totalRows": analysis.total_rows,
        "headers": analysis.headers,
        "preview": analysis.rows[:PREVIEW_ROWS],
        "columnMappings": mappings,
        "missingRequired": suggestions.list_missing(mappings),
    }


@IMPORTS.add("GET /path/import/{id}", "ImportJob", 404, opens_its_own=True)
def show_import(services: Services, job_id: int) -> dict[str, Any]:
    """One import job."""
    with services.read() as tx:
        until = alterations.show_until(request.environ, g.now, by_id=True)
        return jobs.describe_job(tx, jobs.find_job(tx, job_id, until), services.is_silent)


@IMPORTS.add("GET /path/import/{id}/failed/export", "CSV", 404)
def export_failed_rows(tx: Transaction, job_id: int) -> Response:
    """The failed rows of a job that has ended."""
    job = jobs.find_job(tx, job_id)
    if job["completed_at"] is None:
        raise Problem(400, f"Import {job_id} is {job['status']}; wait until it has finished.")
    return make_csv(jobs.stream_failed_rows(tx, job), f"import-{job_id}-failed.csv")
