"""The endpoints of imports."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from io import BytesIO
from typing import Any

import pytest
import requests
import responses

from talkvalue_cli.api import imports
from talkvalue_cli.errors import NetworkError, UnexpectedAnswerError
from tests.unit.wire import make_client

BASE = "http://api.test"
JOB = {"id": 7, "status": "RUNNING", "totalRows": 10, "processedRows": 4, "failedRows": []}


def test_a_page_of_imports_is_asked_for_by_number_and_size(http: responses.RequestsMock) -> None:
    page = {"pageNumber": 2, "pageSize": 5, "totalElements": 6, "totalPages": 2}
    http.get(f"{BASE}/path/import", json={"content": [JOB], **page})
    found = imports.list_imports(make_client(BASE)[0], page=2, page_size=5)
    assert http.calls[0].request.url == f"{BASE}/path/import?pageNumber=2&pageSize=5"
    assert found == ([JOB], 2, 5, 6, 2)


def test_the_server_chooses_the_page_when_nothing_is_said(http: responses.RequestsMock) -> None:
    page = {"pageNumber": 1, "pageSize": 20, "totalElements": 0, "totalPages": 0}
    http.get(f"{BASE}/path/import", json={"content": [], **page})
    assert imports.list_imports(make_client(BASE)[0]).items == []
    assert http.calls[0].request.url == f"{BASE}/path/import"


def test_an_import_is_found_with_the_time_of_the_server(http: responses.RequestsMock) -> None:
    date = {"Date": "Mon, 23 Nov 2026 08:00:00 GMT"}
    http.get(f"{BASE}/path/import/7", json=JOB, headers=date)
    job, server_time = imports.fetch_import(make_client(BASE)[0], 7)
    assert job == JOB
    assert server_time == datetime(2026, 11, 23, 8, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([JOB], "GET /path/import/7 was answered with a list instead of an object"),
        ({**JOB, "id": 8}, "GET /path/import/7 was answered with import 8"),
        ({**JOB, "id": "7"}, "GET /path/import/7 was answered with no usable 'id'"),
        ({"id": 7}, "GET /path/import/7 was answered with no usable 'status'"),
        ({**JOB, "status": None}, "GET /path/import/7 was answered with no usable 'status'"),
    ],
)
def test_a_doubtful_answer_is_not_taken_for_the_import(
    http: responses.RequestsMock, value: Any, message: str
) -> None:
    http.get(f"{BASE}/path/import/7", json=value)
    with pytest.raises(UnexpectedAnswerError) as caught:
        imports.fetch_import(make_client(BASE, tries=1)[0], 7)
    assert caught.value.message == message
    assert caught.value.is_transient


ODD_JOBS: list[dict[str, Any]] = [
    {"id": 7},
    {**JOB, "status": None},
    {**JOB, "status": ["DONE"]},
    {**JOB, "totalRows": None, "processedRows": 10**400},
    {**JOB, "failedCount": "3", "failedRows": 3},
]


@pytest.mark.parametrize("job", ODD_JOBS, ids=str)
def test_a_look_shows_an_import_as_it_is(http: responses.RequestsMock, job: Any) -> None:
    http.get(f"{BASE}/path/import/7", json=job)
    assert imports.get_import(make_client(BASE)[0], 7) == job


def test_odd_imports_do_not_spoil_their_page(http: responses.RequestsMock) -> None:
    page = {"pageNumber": 1, "pageSize": 20, "totalElements": 2, "totalPages": 1}
    http.get(f"{BASE}/path/import", json={"content": ODD_JOBS, **page})
    assert imports.list_imports(make_client(BASE)[0]).items == ODD_JOBS


@pytest.mark.parametrize("job_id", [None, "7", [7], -1, 2**63])
def test_an_import_without_an_id_was_perhaps_not_created(
    http: responses.RequestsMock, job_id: Any
) -> None:
    http.post(f"{BASE}/path/import", json={"importJobId": job_id, "status": "PENDING"})
    with pytest.raises(UnexpectedAnswerError, match="no usable 'importJobId'") as caught:
        create()
    assert caught.value.may_have_arrived


def create() -> Any:
    return imports.create_import(
        make_client(BASE)[0],
        file_key="u/k",
        source_id=7,
        mode="UPDATE",
        mappings=[
            {"csvIndex": 0, "targetField": "EMAIL"},
            {"csvIndex": 1, "targetField": "NAME"},
        ],
    )


def test_an_import_is_created_with_the_documented_body(http: responses.RequestsMock) -> None:
    http.post(f"{BASE}/path/import", json={"importJobId": 42, "status": "PENDING"})
    assert create() == {"importJobId": 42, "status": "PENDING"}
    sent = http.calls[0].request.body
    assert isinstance(sent, bytes)
    assert json.loads(sent) == {
        "columnMappings": [
            {"csvIndex": 0, "targetField": "EMAIL"},
            {"csvIndex": 1, "targetField": "NAME"},
        ],
        "fileKey": "u/k",
        "mode": "UPDATE",
        "sourceId": 7,
    }


@pytest.mark.parametrize(
    "value", [{}, [], {"importJobId": "42", "status": "PENDING"}, {"status": "PENDING"}, None]
)
def test_an_answer_without_the_new_id_is_no_confirmation(
    http: responses.RequestsMock, value: Any
) -> None:
    http.post(f"{BASE}/path/import", json=value)
    with pytest.raises(UnexpectedAnswerError):
        create()
    assert len(http.calls) == 1


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"fileKey": "", "headers": [], "columnMappings": {}},
        {"fileKey": 7, "headers": [], "columnMappings": []},
        {"headers": [], "columnMappings": []},
    ],
)
def test_an_analysis_without_what_the_next_step_needs_is_refused(
    http: responses.RequestsMock, value: Any
) -> None:
    http.post(f"{BASE}/path/import/analyze", json=value)
    with pytest.raises(UnexpectedAnswerError):
        imports.analyze_file(make_client(BASE)[0], BytesIO(b"a\n"), 2, "c.csv")


def test_the_rejected_rows_are_fetched_as_they_are(http: responses.RequestsMock) -> None:
    url = f"{BASE}/path/import/7/failed/export"
    http.get(url, body=b"Email\r\nnobody\r\n", content_type="text/csv")
    with imports.export_failed_rows(make_client(BASE)[0], 7) as chunks:
        assert b"".join(chunks) == b"Email\r\nnobody\r\n"


def test_a_lost_answer_to_a_create_leaves_the_doubt_to_the_caller(
    http: responses.RequestsMock,
) -> None:
    http.post(f"{BASE}/path/import", body=requests.ConnectionError("reset"))
    with pytest.raises(NetworkError) as caught:
        create()
    assert not caught.value.was_never_sent
