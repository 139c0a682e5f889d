"""The endpoints of imports."""

from __future__ import annotations

from datetime import datetime, timezone
from io import BytesIO
from typing import Any

import pytest
import responses

from talkvalue_cli.api import imports
from talkvalue_cli.errors import UnexpectedAnswerError
from tests.unit.wire import make_client

BASE = "http://api.test"
JOB = {"id": 7, "status": "RUNNING", "totalRows": 10, "processedRows": 4, "failedRows": []}


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
