"""The token is in the environment of processes and in no command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.forks import NOT_FORKED
from tests.harness import Running, clean_environ, run_cli, wait_for
from tests.process.stub_server import StubServer
from tests.replies import SILENCE, Reply, job

SECRET = "tv_live_9f8e7d6c5b4a39281706f5e4d3c2b1a0"


def test_it_is_in_no_command_line(start_stub: Callable[..., StubServer]) -> None:
    stub = start_stub(Reply(job("RUNNING")), SILENCE)
    arguments = ("path", "import", "wait", "7", "--interval=1s", "--verbose")
    environ = stub.environ(TALKVALUE_TOKEN=SECRET, **NOT_FORKED)
    with Running(stub.start(*arguments, environ=environ)) as waiting:
        wait_for(lambda: len(stub.requests) == 2, "the second look")
        command_line = Path(f"/proc/{waiting.process.pid}/cmdline").read_bytes()
    assert b"wait\x007\x00" in command_line
    assert SECRET.encode() not in command_line
    assert SECRET not in waiting.err.text


def test_the_sandbox_and_its_command_get_it_by_environment_only(tmp_path: Path) -> None:
    environ = clean_environ(tmp_path, TALKVALUE_SANDBOX_TOKEN=SECRET)
    # a process may end while it is looked at
    look = "cat /proc/[0-9]*/cmdline 2>/dev/null; true"
    done = run_cli("sandbox", "run", "--", "sh", "-c", look, environ=environ)
    assert done.code == 0
    assert "\0-m\0talkvalue_cli.sandbox\0--host=127.0.0.1\0" in done.out
    assert SECRET not in done.out + done.err
