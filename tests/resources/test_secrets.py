"""The token is never printed, at any verbosity, whoever tries to have it printed."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.replies import Reply
from tests.world import World

SECRET = "tv_live_9f8e7d6c5b4a39281706f5e4d3c2b1a0"
COMMANDS = (
    "path channel list",
    "path channel create --name x",
    "path import list",
    "path import get 7",
    "path import get 7 --exit-status",
    "path import wait 7 --timeout 0",
    "path import analyze --file -",
    "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL",
    "path import failed-export 7 -o rows.csv",
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("status", [200, 400])
def test_a_server_that_echoes_it_does_not_get_it_printed(
    world: World, command: str, status: int
) -> None:
    echo = {"title": SECRET, "detail": f"token {SECRET} is bad", "id": 7, "status": SECRET}
    headers = {"X-Echo": SECRET, "Set-Cookie": f"session={SECRET}"}
    world.answer(Reply({**echo, "name": SECRET, "importJobId": 7}, status, headers))
    done = world.run(command, "--verbose", TALKVALUE_TOKEN=SECRET, stdin=rows(1))
    assert world.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert "> Authorization: ***" in done.err
    assert "< X-Echo: ***" in done.err
    assert SECRET not in done.out + done.err


def test_it_is_not_in_the_message_about_a_token_that_cannot_be_sent(world: World) -> None:
    done = world.run("path channel list", "--verbose", TALKVALUE_TOKEN=f"{SECRET}\nsecond-line")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"].startswith("TALKVALUE_TOKEN holds characters that a token cannot")
    assert SECRET not in done.err


@pytest.mark.parametrize("url", [f"http://joe:{SECRET}@127.0.0.1:9", f"http://{SECRET}@h/a"])
def test_a_url_with_a_password_is_refused_without_being_repeated(world: World, url: str) -> None:
    done = world.run("path channel list --verbose --api-url", url, TALKVALUE_TOKEN="another-token")
    assert done.code == 2
    assert "must not hold a user name or password" in done.error["message"]
    assert SECRET not in done.err


def test_the_resume_command_does_not_have_it(world: World) -> None:
    job_id = world.finish_import(rows(5))
    done = world.run(f"path import wait {job_id}", TALKVALUE_TOKEN=SECRET)
    assert done.code == 3
    assert SECRET not in done.out + done.err
