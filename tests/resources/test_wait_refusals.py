"""Answers that end a wait at once, and the stub server that gives them."""

from __future__ import annotations

import pytest

from tests.replies import Reply, job
from tests.world import World

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
def test_a_refusal_ends_it_after_one_request(world: World, way: str, status: int) -> None:
    world.answer(Reply({"title": "no", "detail": "the server says no"}, status))
    done = world.run(*WAYS[way].split())
    code, error_code = REFUSALS[status]
    assert done.code == code
    assert len(world.requests) == 1
    assert done.error["code"] == error_code
    asked = {"status": status, "method": "GET", "path": "/path/import/7"}
    assert done.error.items() >= {"message": "the server says no", **asked}.items()
    if way == "get --exit-status":
        assert done.out == ""
    else:
        assert done.json["data"] is None
        assert done.json["wait"]["exitCode"] == code
        assert done.error["jobId"] == 7


@pytest.mark.parametrize("status", [401, 404])
@pytest.mark.parametrize("format", ["table", "csv"])
def test_a_refusal_before_the_first_look_leaves_stdout_empty_in_table_and_csv(
    world: World, format: str, status: int
) -> None:
    world.answer(Reply(b"<html>", status))
    done = world.run("path import wait 7", f"--format={format}", "--progress=none")
    assert (done.code, done.out) == (REFUSALS[status][0], "")
    said = "not authenticated" if status == 401 else "not found"
    kind = "AuthError" if status == 401 else "NotFoundError"
    if format == "table":
        assert done.err.startswith(f"Error: {said} (HTTP {status}, GET /path/import/7)\n")
    else:
        assert done.err == f"error,message\n{kind},{said}\n"


def test_an_authentication_code_in_the_body_goes_before_the_status(
    world: World,
) -> None:
    world.answer(Reply({"detail": "session expired", "errorCode": 1200}, 404))
    done = world.run("path import wait 7 --progress=none")
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")


def test_a_refusal_in_the_middle_still_prints_the_last_record(
    world: World,
) -> None:
    world.answer(Reply(job("RUNNING", processedRows=4)), Reply({}, 401))
    done = world.run("path import wait 7 --interval=1s")
    assert done.code == 3
    assert done.json["data"]["processedRows"] == 4
    assert done.json["wait"]["outcome"] == "error"
    assert done.error["resumeCommand"].endswith("path import wait 7")


def test_an_unknown_id_cannot_be_resumed(world: World) -> None:
    world.answer(Reply({}, 404))
    done = world.run("path import wait 7 --progress=none")
    assert done.json["wait"]["resumeCommand"] is None


def test_a_404_just_after_the_own_create_means_not_visible_yet(
    world: World,
) -> None:
    world.answer(
        Reply({"importJobId": 7, "status": "PENDING"}),
        Reply({"detail": "no such import"}, 404),
        Reply(job("COMPLETED")),
    )
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    done = world.run(create, "--interval=1s")
    assert done.code == 0, done.err
    assert done.json["data"]["status"] == "COMPLETED"
    assert [request.method for request in world.requests] == ["POST", "GET", "GET"]


def test_without_a_token_nothing_is_sent(world: World) -> None:
    world.answer(Reply(job("COMPLETED")))
    for way in WAYS.values():
        done = world.run(way, TALKVALUE_TOKEN=None)
        assert (done.code, done.out) == (3, "")
        assert done.error["message"] == "not logged in"
    assert world.requests == []
