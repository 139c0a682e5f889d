"""`sandbox run` and its command: how it is started, and which exit code is passed on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from talkvalue_cli.commands import sandbox
from tests.world import World


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a URL where nobody answers in the place of the server."""

    @contextlib.contextmanager
    def serve(*arguments: Any) -> Iterator[tuple[None, str]]:
        yield None, "http://127.0.0.1:1"

    monkeypatch.setattr(sandbox, "_server", serve)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("-- sh -c 'exit 3'", 3),
        ("sh -c 'exit 3'", 3),
        ("-- sh -c 'kill -KILL $$'", 137),
    ],
)
def test_the_exit_code_is_that_of_a_shell(world: World, line: str, code: int) -> None:
    assert world.run(f"sandbox run {line}").told == (code, "", "")


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("", 2, "Missing argument '-- COMMAND...'."),
        ("--port=70000 -- true", 2, "'--port': '70000' must be a number from 0 to 65535"),
        ("-- ./notes.txt", 126, "cannot run ./notes.txt: Permission denied"),
        ("-- no-such-command", 127, "cannot run no-such-command: No such file or directory"),
    ],
)
def test_a_command_that_cannot_be_run_says_why(
    world: World, line: str, code: int, message: str
) -> None:
    world.write("notes.txt", "no program")
    done = world.run(f"sandbox run {line}")
    assert (done.code, done.out) == (code, "")
    assert message in done.error["message"]


def test_a_whole_line_in_quotes_is_said_to_need_none(world: World) -> None:
    done = world.run("sandbox run --", words=["talkvalue channel list"])
    hint = "leave the quotes out: talkvalue sandbox run -- talkvalue channel list"
    assert (done.code, done.error["hint"]) == (127, hint)
