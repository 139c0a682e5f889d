"""Answers that end a wait at once, and the stub server that gives them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.harness import clean_environ, run_cli
from tests.process.stub import Stub
from tests.replies import Reply, job

WAYS = {
    "wait": "path import wait 7 --progress none",
    "get --wait": "path import get 7 --wait --progress none",
    "get --exit-status": "path import get 7 --exit-status",
}
#: status of the answer → exit code, code of the error
REFUSALS = {
    400: (1, "HTTP_ERROR"),
    401: (3, "AUTHENTICATION"),
    403: (5, "FORBIDDEN"),
    404: (4, "NOT_FOUND"),
    410: (4, "NOT_FOUND"),
    409: (1, "HTTP_ERROR"),
}


@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("way", WAYS)
def test_a_refusal_ends_it_after_one_request(
    start_stub: Callable[..., Stub], way: str, status: int
) -> None:
    stub = start_stub(Reply({"title": "no", "detail": "the server says no"}, status))
    done = stub.run(*WAYS[way].split())
    code, error_code = REFUSALS[status]
    assert done.code == code
    assert len(stub.requests) == 1
    assert done.error["code"] == error_code
    assert done.error["message"] == f"the server says no (HTTP {status}, GET /path/import/7)"
    if way == "get --exit-status":
        assert done.out == ""
    else:
        assert done.json["data"] is None
        assert done.json["wait"]["exitCode"] == code
        assert done.error["jobId"] == 7


@pytest.mark.parametrize("status", [401, 404])
@pytest.mark.parametrize("format", ["table", "csv"])
def test_a_refusal_before_the_first_look_leaves_stdout_empty_in_table_and_csv(
    start_stub: Callable[..., Stub], format: str, status: int
) -> None:
    stub = start_stub(Reply(b"<html>", status))
    done = stub.run("path", "import", "wait", "7", f"--format={format}", "--progress=none")
    assert (done.code, done.out) == (REFUSALS[status][0], "")
    assert f"(HTTP {status}, GET /path/import/7)" in done.err
    assert done.err.startswith("Error: " if format == "table" else "error,message\n")


def test_an_authentication_code_in_the_body_goes_before_the_status(
    start_stub: Callable[..., Stub],
) -> None:
    stub = start_stub(Reply({"detail": "session expired", "errorCode": 1200}, 404))
    done = stub.run("path", "import", "wait", "7", "--progress=none")
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")


def test_a_refusal_in_the_middle_still_prints_the_last_record(
    start_stub: Callable[..., Stub],
) -> None:
    stub = start_stub(Reply(job("RUNNING", processedRows=4)), Reply({}, 401))
    done = stub.run("path", "import", "wait", "7", "--interval=1s")
    assert done.code == 3
    assert done.json["data"]["processedRows"] == 4
    assert done.json["wait"]["outcome"] == "error"
    assert done.error["resumeCommand"].endswith("path import wait 7")


def test_an_unknown_id_cannot_be_resumed(start_stub: Callable[..., Stub]) -> None:
    done = start_stub(Reply({}, 404)).run("path", "import", "wait", "7", "--progress=none")
    assert done.json["wait"]["resumeCommand"] is None


def test_a_404_just_after_the_own_create_means_not_visible_yet(
    start_stub: Callable[..., Stub],
) -> None:
    stub = start_stub(
        Reply({"importJobId": 7, "status": "PENDING"}),
        Reply({"detail": "no such import"}, 404),
        Reply(job("COMPLETED")),
    )
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    done = stub.run(*create.split(), "--interval=1s")
    assert done.code == 0, done.err
    assert done.json["data"]["status"] == "COMPLETED"
    assert [request.method for request in stub.requests] == ["POST", "GET", "GET"]


def test_without_a_token_nothing_is_sent(start_stub: Callable[..., Stub]) -> None:
    stub = start_stub(Reply(job("COMPLETED")))
    for way in WAYS.values():
        done = run_cli(*way.split(), environ=clean_environ(stub.folder, TALKVALUE_API_URL=stub.url))
        assert (done.code, done.out) == (3, "")
        assert done.error["message"] == "not logged in"
    assert stub.requests == []
