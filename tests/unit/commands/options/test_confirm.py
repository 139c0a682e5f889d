"""What cannot be taken back: --confirm, a question, or a refusal."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
import requests
import responses
from urllib3.exceptions import NewConnectionError, ProtocolError

from talkvalue_cli import cli
from talkvalue_cli.commands.options import confirm
from talkvalue_cli.errors import Interrupted, UsageError
from tests.fakes import FakeRuntime, FakeStream
from tests.unit.commands.command_line import API, run

#: command → message without --confirm, question, method and path
COMMANDS = {
    "path channel delete 7": (
        "delete requires --confirm",
        "Delete channel 7 'Fair' (12 people) and its memberships for good?",
        "DELETE /path/channel/7",
    ),
    "path event delete 16": (
        "delete requires --confirm",
        "Delete event 16 'Gala' (1 person) and its attendance for good?",
        "DELETE /path/event/16",
    ),
    "path tag delete 9": (
        "delete requires --confirm",
        "Delete tag 9 'VIP' for good, and take it off everything?",
        "DELETE /path/tag/9",
    ),
    "path person delete 5": (
        "delete requires --confirm",
        "Delete person 5 (Ada Baker <ada@x.org>) for good?",
        "DELETE /path/person/5",
    ),
    "path person merge 4 5": (
        "merge requires --confirm",
        "Merge person 4 (<bo@x.org>) into person 5 (Ada Baker <ada@x.org>), who is kept?",
        "POST /path/person/4/merge/5",
    ),
    "path person merge-undo 31": (
        "Pass --confirm to undo this merge",
        "Undo merge 31, and restore the person?",
        "POST /path/person/merge/31/undo",
    ),
}


#: what a question asks for: path → answer
THINGS: dict[str, Any] = {
    "/path/channel": [{"id": 7, "name": "Fair", "peopleCount": 12}],
    "/path/event": [{"id": 16, "name": "Gala", "peopleCount": 1}],
    "/path/tag": [{"id": 9, "name": "VIP"}],
    "/path/person/4": {"id": 4, "name": None, "primaryEmail": {"email": "bo@x.org"}},
    "/path/person/5": {"id": 5, "name": "Ada Baker", "primaryEmail": {"email": "ada@x.org"}},
}


def expect_question(http: responses.RequestsMock, line: str) -> None:
    """Answer what is asked before the question of a line, and nothing else."""
    kind, verb, *ids = line.split()[1:]
    if verb == "merge-undo":
        return
    for thing in ids if kind == "person" else [""]:
        path = f"/path/{kind}/{thing}".rstrip("/")
        http.get(API + path, json=THINGS[path])


def expect(http: responses.RequestsMock, line: str) -> None:
    method, _, path = COMMANDS[line][2].partition(" ")
    http.add(method, API + path, json={"id": 5, "name": "Ada"})


@pytest.mark.parametrize("line", COMMANDS)
def test_a_script_has_to_say_confirm(http: responses.RequestsMock, line: str) -> None:
    done = run(line)
    assert (done.code, done.out) == (2, "")
    assert json.loads(done.err)["error"]["message"] == COMMANDS[line][0]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_person_is_asked_what_is_to_happen(http: responses.RequestsMock, line: str) -> None:
    expect_question(http, line)
    expect(http, line)
    done = run(line, types="Yes\n")
    assert done.code == 0
    assert done.err == f"{COMMANDS[line][1]} [y/N] "


@pytest.mark.parametrize("answer", ["\n", "n\n", "yess\n"])
def test_anything_but_yes_does_nothing(http: responses.RequestsMock, answer: str) -> None:
    expect_question(http, "path tag delete 9")
    done = run("path tag delete 9 --format table", types=answer)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("[y/N] Error: cancelled, nothing was changed\n")


def test_the_end_of_input_is_no_answer(http: responses.RequestsMock) -> None:
    expect_question(http, "path tag delete 9")
    done = run("path tag delete 9 --format table", types="")
    assert done.code == 2
    assert done.err.endswith("[y/N] \nError: the question was not answered\n")


def test_what_is_not_there_is_told_instead_of_asked_about(http: responses.RequestsMock) -> None:
    http.get(f"{API}/path/tag", json=[])
    done = run("path tag delete 9", types="y\n")
    assert (done.code, "[y/N]" in done.err) == (4, False)


@pytest.mark.parametrize("flag", ["--confirm", "--yes", "-y"])
def test_confirm_asks_nothing(http: responses.RequestsMock, flag: str) -> None:
    expect(http, "path tag delete 9")
    done = run(f"path tag delete 9 {flag}", types="n\n")
    assert (done.code, done.err) == (0, "")


def test_nobody_is_asked_for_what_cannot_be_done_without_a_token() -> None:
    context = FakeRuntime(environ={"HOME": os.devnull}, is_terminal=True)
    context.stdin = FakeStream("y\n", is_terminal=True)
    assert cli.main(["path", "tag", "delete", "9"], context) == 3
    assert "[y/N]" not in context.fake_stderr.text


def test_taking_a_tag_off_does_not_ask(http: responses.RequestsMock) -> None:
    http.delete(f"{API}/path/tag/9/source/7", status=204)
    done = run("path tag detach 7 --tag-id 9", types="n\n")
    assert (done.code, done.err) == (0, "")


def typing(text: str) -> FakeRuntime:
    return FakeRuntime(stdin=text, is_terminal=True, can_type=True)


@pytest.mark.parametrize(
    ("is_terminal", "can_type", "can_ask"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_a_question_needs_somebody_to_see_it_and_to_type(
    is_terminal: bool, can_type: bool, can_ask: bool
) -> None:
    made = FakeRuntime(is_terminal=is_terminal, can_type=can_type)
    assert confirm.can_ask(made) is can_ask


def test_an_answer_that_is_no_text_is_a_usage_error() -> None:
    made = typing("")
    assert isinstance(made.stdin, FakeStream)
    made.stdin.buffer.write(b"\xff\xfe\n")
    made.stdin.seek(0)
    with pytest.raises(UsageError, match="the answer is not text"):
        confirm.ask_yes(made, "Remove it?")


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


def test_a_tag_is_seen_with_a_channel_or_an_event(http: responses.RequestsMock) -> None:
    hint = fail(http, "tag attach 7 --tag-id 9", status=502)["hint"]
    assert " path channel list or " in hint


@pytest.mark.parametrize("status", [400, 409, 422, 429])
def test_a_refusal_is_certain(http: responses.RequestsMock, status: int) -> None:
    assert "hint" not in fail(http, "channel create --name x", status=status)


def test_a_write_that_reached_nobody_is_certain(http: responses.RequestsMock) -> None:
    refused = requests.ConnectionError(NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    for _ in range(2):
        http.post(f"{API}/path/channel", body=refused)
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
