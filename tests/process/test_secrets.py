"""The token is never printed, at any verbosity, whoever tries to have it printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.csv_texts import people
from tests.harness import Running, Sandbox, clean_environ, run_cli, wait_for
from tests.process.stub import Stub
from tests.replies import SILENCE, Reply, job

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
    start_stub: Callable[..., Stub], command: str, status: int
) -> None:
    echo = {"title": SECRET, "detail": f"token {SECRET} is bad", "id": 7, "status": SECRET}
    headers = {"X-Echo": SECRET, "Set-Cookie": f"session={SECRET}"}
    stub = start_stub(Reply({**echo, "name": SECRET, "importJobId": 7}, status, headers))
    environ = stub.environ(TALKVALUE_TOKEN=SECRET)
    done = stub.run(*command.split(), "--verbose", environ=environ, stdin=people(1))
    assert stub.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert "> Authorization: ***" in done.err
    assert "< X-Echo: ***" in done.err
    assert SECRET not in done.out + done.err


def test_it_is_not_in_the_message_about_a_token_that_cannot_be_sent(tmp_path: Path) -> None:
    environ = clean_environ(tmp_path, TALKVALUE_TOKEN=f"{SECRET}\nsecond-line")
    done = run_cli("path", "channel", "list", "--verbose", environ=environ)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"].startswith("TALKVALUE_TOKEN holds characters that a token cannot")
    assert SECRET not in done.err


@pytest.mark.parametrize("url", [f"http://joe:{SECRET}@127.0.0.1:9", f"http://{SECRET}@h/a"])
def test_a_url_with_a_password_is_refused_without_being_repeated(tmp_path: Path, url: str) -> None:
    environ = clean_environ(tmp_path, TALKVALUE_TOKEN="another-token")
    done = run_cli("path", "channel", "list", "--api-url", url, "--verbose", environ=environ)
    assert done.code == 2
    assert "must not hold a user name or password" in done.error["message"]
    assert SECRET not in done.err


def test_it_is_in_no_command_line(start_stub: Callable[..., Stub]) -> None:
    stub = start_stub(Reply(job("RUNNING")), SILENCE)
    arguments = ("path", "import", "wait", "7", "--interval=1s", "--verbose")
    environ = stub.environ(TALKVALUE_TOKEN=SECRET)
    with Running(stub.start(*arguments, environ=environ)) as waiting:
        wait_for(lambda: len(stub.requests) == 2, "the second look")
        command_line = Path(f"/proc/{waiting.process.pid}/cmdline").read_bytes()
    assert b"wait\x007\x00" in command_line
    assert SECRET.encode() not in command_line
    assert SECRET not in waiting.err.text


def test_the_sandbox_and_its_command_get_it_by_environment_only(tmp_path: Path) -> None:
    environ = clean_environ(tmp_path, TALKVALUE_SANDBOX_TOKEN=SECRET)
    look = 'for each in /proc/[0-9]*/cmdline; do tr "\\0" " " <$each; echo; done 2>/dev/null'
    done = run_cli("sandbox", "run", "--", "sh", "-c", look, environ=environ)
    assert done.code == 0
    assert "-m talkvalue_cli.sandbox --host=127.0.0.1" in done.out
    assert SECRET not in done.out + done.err


def test_the_resume_command_does_not_have_it(sandbox: Sandbox) -> None:
    job_id = sandbox.finish_import(people(5))
    environ = sandbox.environ(TALKVALUE_TOKEN=SECRET)
    done = sandbox.run("path", "import", "wait", str(job_id), environ=environ)
    assert done.code == 3
    assert SECRET not in done.out + done.err
