"""What cannot be taken back: --confirm, a question, or a refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import responses

from talkvalue_cli import cli
from tests.fakes import FakeRuntime, FakeStream
from tests.unit.commands.command_line import API, run

#: command → message without --confirm, question, method and path
COMMANDS = {
    "path channel delete 7": (
        "delete requires --confirm",
        "Delete channel 7 and its memberships for good?",
        "DELETE /path/channel/7",
    ),
    "path event delete 16": (
        "delete requires --confirm",
        "Delete event 16 and its attendance for good?",
        "DELETE /path/event/16",
    ),
    "path tag delete 9": (
        "delete requires --confirm",
        "Delete tag 9 for good, and take it off everything?",
        "DELETE /path/tag/9",
    ),
    "path person delete 5": (
        "delete requires --confirm",
        "Delete person 5 for good?",
        "DELETE /path/person/5",
    ),
    "path person merge 4 5": (
        "merge requires --confirm",
        "Merge person 4 into person 5, who stays?",
        "POST /path/person/4/merge/5",
    ),
    "path person merge-undo 31": (
        "Pass --confirm to undo this merge",
        "Take back merge 31, and restore the person?",
        "POST /path/person/merge/31/undo",
    ),
}


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


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
    expect(http, line)
    done = run(line, types="Yes\n")
    assert done.code == 0
    assert done.err == f"{COMMANDS[line][1]} [y/N] "


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("answer", ["\n", "n\n", "yess\n"])
def test_anything_but_yes_does_nothing(
    http: responses.RequestsMock, line: str, answer: str
) -> None:
    done = run(f"{line} --format table", types=answer)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("[y/N] Error: you did not confirm it; nothing was done\n")


def test_the_end_of_input_is_no_answer(http: responses.RequestsMock) -> None:
    done = run("path tag delete 9 --format table", types="")
    assert done.code == 2
    assert done.err.endswith("[y/N] \nError: the question was not answered\n")


def test_confirm_asks_nothing(http: responses.RequestsMock) -> None:
    expect(http, "path tag delete 9")
    done = run("path tag delete 9 --confirm", types="n\n")
    assert (done.code, done.err) == (0, "")


def test_nobody_is_asked_where_the_question_would_not_be_seen() -> None:
    context = FakeRuntime(environ={"TALKVALUE_TOKEN": "token-of-this-test"})
    context.stdin = FakeStream("y\n", is_terminal=True)
    assert cli.main(["path", "tag", "delete", "9"], context) == 2
    assert "delete requires --confirm" in context.fake_stderr.text


def test_nobody_is_asked_for_what_cannot_be_done_without_a_token() -> None:
    context = FakeRuntime(environ={"HOME": "/nonexistent"}, is_terminal=True)
    context.stdin = FakeStream("y\n", is_terminal=True)
    assert cli.main(["path", "tag", "delete", "9"], context) == 3
    assert "[y/N]" not in context.fake_stderr.text


def test_taking_a_tag_off_does_not_ask(http: responses.RequestsMock) -> None:
    http.delete(f"{API}/path/tag/9/source/7", status=204)
    done = run("path tag detach 7 --tag-id 9", types="n\n")
    assert (done.code, done.err) == (0, "")
