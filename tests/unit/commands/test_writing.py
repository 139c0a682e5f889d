"""What a write says when nobody knows whether it happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses
from urllib3.exceptions import NewConnectionError, ProtocolError

from talkvalue_cli.errors import Interrupted
from tests.unit.commands.command_line import API, run

#: each write with its request and the command that shows whether it happened
WRITES = {
    "channel create --name x": ("POST /path/channel", "path channel list"),
    "channel update 7 --name x": ("PUT /path/channel/7", "path channel get 7"),
    "channel delete 7 --confirm": ("DELETE /path/channel/7", "path channel get 7"),
    "channel add-person 7 -e a@x.org": (
        "POST /path/channel/7/person",
        "path channel people 7 --keyword a@x.org",
    ),
    "event create --name x --start-at 2026-01-01 --time-zone UTC": (
        "POST /path/event",
        "path event list",
    ),
    "event update 7 --name x": ("PUT /path/event/7", "path event get 7"),
    "event delete 7 --confirm": ("DELETE /path/event/7", "path event get 7"),
    "event person add 7 -e a@x.org": (
        "POST /path/event/7/person",
        "path event person list 7 --keyword a@x.org",
    ),
    "company update 3 --display-name x": ("PUT /path/company/3", "path company get 3"),
    "tag create --name x": ("POST /path/tag", "path tag list"),
    "tag update 9 --name x": ("PUT /path/tag/9", "path tag list"),
    "tag delete 9 --confirm": ("DELETE /path/tag/9", "path tag list"),
    "tag attach 7 --tag-id 9": ("POST /path/tag/source/7", "path event list"),
    "tag detach 7 --tag-id 9": ("DELETE /path/tag/9/source/7", "path event list"),
    "person update 5 --x-url x": ("PATCH /path/person/5", "path person get 5"),
    "person delete 5 --confirm": ("DELETE /path/person/5", "path person get 5"),
    "person merge 4 5 --confirm": ("POST /path/person/4/merge/5", "path person get 5"),
    "person merge-undo 31 --confirm": (
        "POST /path/person/merge/31/undo",
        "path person list --sort createdAt:desc",
    ),
}
THING = {"id": 7, "name": "x", "timeZone": "UTC", "startAt": "2026-01-01"}


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def fail(http: responses.RequestsMock, line: str, **answer: Any) -> dict[str, Any]:
    """Run a write that is answered like this, and return its error."""
    method, _, path = WRITES[line][0].partition(" ")
    if method == "PUT" and line.startswith(("channel", "event")):
        http.get(API + path.rpartition("/")[0], json=[THING])
    http.add(method, API + path, **answer)
    done = run(f"path {line}")
    assert (done.code, done.out) == (1, "")
    error: dict[str, Any] = json.loads(done.err)["error"]
    return error


BROKEN = requests.ConnectionError(ProtocolError("aborted", ConnectionResetError(104, "reset")))


@pytest.mark.parametrize("line", WRITES)
@pytest.mark.parametrize("answer", [{"body": BROKEN}, {"status": 502}], ids=["cut", "502"])
def test_a_write_that_may_have_happened_says_how_to_see_it(
    http: responses.RequestsMock, line: str, answer: dict[str, Any]
) -> None:
    hint = fail(http, line, **answer)["hint"]
    assert hint.startswith("it may have happened all the same; ")
    assert hint.endswith(f" {WRITES[line][1]} shows it")


@pytest.mark.parametrize("line", WRITES)
def test_the_page_of_a_captive_portal_is_no_success(
    http: responses.RequestsMock, line: str
) -> None:
    error = fail(http, line, body=b"<html>log in", content_type="text/html")
    assert error["code"] == "UNEXPECTED_ANSWER"
    assert f"{WRITES[line][1]} shows it" in error["hint"]


def test_a_tag_is_seen_with_a_channel_or_an_event(http: responses.RequestsMock) -> None:
    hint = fail(http, "tag attach 7 --tag-id 9", status=502)["hint"]
    assert " path channel list or " in hint


@pytest.mark.parametrize("status", [400, 409, 422, 429])
def test_a_refusal_is_certain(http: responses.RequestsMock, status: int) -> None:
    assert "hint" not in fail(http, "channel create --name x", status=status)


def test_a_write_that_reached_nobody_is_certain(http: responses.RequestsMock) -> None:
    refused = requests.ConnectionError(NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    assert "hint" not in fail(http, "channel create --name x", body=refused)
    assert len(http.calls) == 3


def test_a_write_that_was_stopped_says_so_and_keeps_the_code_of_the_signal(
    http: responses.RequestsMock,
) -> None:
    def stop(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        raise Interrupted(15)

    http.add_callback("DELETE", f"{API}/path/tag/9", stop)
    done = run("path tag delete 9 --confirm")
    assert (done.code, done.out) == (143, "")
    error = json.loads(done.err)["error"]
    assert error["message"] == "interrupted (SIGTERM) before the server answered"
    assert error["hint"].endswith("path tag list shows it")
