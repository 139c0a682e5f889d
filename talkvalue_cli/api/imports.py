"""Endpoints of bulk imports: analyze, create, get and list, export the failed rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from talkvalue_cli.api import models, pages
from talkvalue_cli.api.models import Analysis, ColumnMapping, CreatedImport, Page, Record
from talkvalue_cli.errors import UnexpectedAnswerError, UsageError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client
    from talkvalue_cli.transport.responses import JsonResponse


def list_imports(client: Client, *, page: int | None = None, page_size: int | None = None) -> Page:
    """`GET /path/import`: one page of jobs, newest first."""
    return fetch_page(client, page=page, page_size=page_size)[0]


def fetch_page(
    client: Client, *, page: int | None = None, page_size: int | None = None
) -> tuple[Page, datetime | None]:
    """`GET /path/import`: one page of jobs, and the server's time from the Date header."""
    answer = client.get("/path/import", {"pageNumber": page, "pageSize": page_size})
    return models.read_page(answer, id=int), answer.server_time


def walk_pages(client: Client, page_size: int = pages.LARGEST_PAGE) -> Iterator[Page]:
    """`GET /path/import`: all pages, newest first, each asked for when it is wanted.

    New imports push the others on, so a page may begin with jobs of the last one.
    """
    return pages.walk_pages(partial(list_imports, client), page_size)


def fetch_import(client: Client, import_id: int) -> tuple[Record, datetime | None]:
    """`GET /path/import/{id}`: the job, and the server's time from the Date header."""
    answer = client.get(f"/path/import/{import_id}")
    return check_status(_read_import(answer, import_id)), answer.server_time


def check_status(job: Record) -> Record:
    """Return a job whose status can be judged; raise UnexpectedAnswerError for any other."""
    return models.check(job, f"GET /path/import/{job['id']}", status=str)


def get_import(client: Client, import_id: int) -> Record:
    """`GET /path/import/{id}`, for a look: its status may be anything, as all but its id.

    Raises NotFoundError for an id the server does not know.
    """
    return _read_import(client.get(f"/path/import/{import_id}"), import_id)


def _read_import(answer: JsonResponse, import_id: int) -> Record:
    job = models.read_object(answer, id=int)
    if job["id"] != import_id:
        raise UnexpectedAnswerError(
            f"{answer.request} was answered with import {job['id']}", is_transient=True
        )
    return job


def create_import(
    client: Client, *, file_key: str, source_id: int, mode: str, mappings: Sequence[ColumnMapping]
) -> CreatedImport:
    """`POST /path/import`: start a job. Not idempotent: the same call twice makes two jobs.

    Its status may be anything: that it has an id tells that there is a job.
    Raises NetworkError with `was_never_sent` False when nobody can tell whether
    the job was created.
    """
    body = {
        "columnMappings": list(mappings),
        "fileKey": file_key,
        "mode": mode,
        "sourceId": source_id,
    }
    answer = client.post("/path/import", body)
    return cast(CreatedImport, models.read_object(answer, importJobId=int))


def analyze_file(client: Client, file: BinaryIO, size: int, name: str) -> Analysis:
    """`POST /path/import/analyze`: upload a CSV file, streamed from the file's start.

    file: seekable; size: its bytes; name: what the server is told it is called.
    """

    def open_part() -> _Stream:
        file.seek(0)
        return _Stream(file, size, name)

    return analyze_stream(client, open_part, name)[0]


def analyze_stream(
    client: Client, open_part: Callable[[], Any], name: str
) -> tuple[Analysis, datetime | None]:
    """`POST /path/import/analyze`: the analysis, and the server's time from the Date header.

    open_part: returns the file's bytes from their start, with `read`, and
        `len`, what is left of them.
    """
    # slow to import, and only this needs it
    from requests_toolbelt.multipart.encoder import MultipartEncoder

    def open_body() -> Any:
        return MultipartEncoder({"file": (name, open_part(), "text/csv")})

    answer = client.upload("/path/import/analyze", open_body)
    analysis = models.read_object(answer, fileKey=str)
    return cast(Analysis, analysis), answer.server_time


def export_failed_rows(client: Client, import_id: int) -> AbstractContextManager[Iterator[bytes]]:
    """`GET /path/import/{id}/failed/export`: every failed row as CSV, as it arrives.

    Raises NoContentError when there are none.
    """
    return client.download(f"/path/import/{import_id}/failed/export")


class _Stream:
    """A file as the multipart encoder wants it: `len` is what is left to read.

    The size is fixed at the start, for it was announced as Content-Length: a
    file that grows meanwhile is read up to it, one that shrinks is an error.
    """

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self._file, self._name = file, name
        self.len = size

    def read(self, size: int = -1) -> bytes:
        wanted = self.len if size < 0 else min(size, self.len)
        chunk = self._file.read(wanted)
        if wanted and not chunk:
            raise UsageError(f"{self._name} became shorter while it was sent")
        self.len -= len(chunk)
        return chunk
