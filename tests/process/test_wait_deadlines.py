"""Deadlines: how long a wait lasts, and what it says when it gives up."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.harness import Sandbox, people
from tests.process.stub import Stub
from tests.replies import SILENCE, Reply, job

StartStub = Callable[..., Stub]


def test_the_deadline_exits_124_and_says_that_nothing_failed(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("RUNNING", totalRows=200, processedRows=114)))
    done = stub.run("path", "import", "wait", "7", "--timeout=1s", "--interval=1s")
    assert done.code == 124
    assert done.json["data"]["processedRows"] == 114
    assert done.json["wait"]["outcome"] == "timeout"
    assert 1 <= done.json["wait"]["elapsedSeconds"] < 5
    error = done.error
    assert error["code"] == "WAIT_TIMEOUT"
    assert error["message"] == "no end within 1s; import 7 is still RUNNING (57 %), not failed"
    assert error["resumeCommand"].endswith("path import wait 7")
    assert "do not create the import again" in error["hint"]


def test_a_last_look_is_made_at_the_deadline(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("RUNNING")), Reply(job("COMPLETED")))
    done = stub.run("path", "import", "wait", "7", "--timeout=1s", "--interval=1h")
    assert done.code == 0
    assert done.json["wait"]["requests"] == 2
    assert 1 <= done.json["wait"]["elapsedSeconds"] < 5


def test_a_timeout_of_zero_looks_once(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("PENDING", processedRows=0)))
    done = stub.run("path", "import", "get", "7", "--wait", "--timeout=0", "--progress=none")
    assert (done.code, done.error["code"]) == (8, "NOT_FINISHED")
    assert len(stub.requests) == 1


def test_a_timeout_of_zero_that_sees_nothing_is_lost(start_stub: StartStub) -> None:
    stub = start_stub(Reply({}, 503))
    done = stub.run("path", "import", "wait", "7", "--timeout=0", "--progress=none")
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert len(stub.requests) == 1


def test_a_hung_server_does_not_outlive_the_deadline(start_stub: StartStub) -> None:
    stub = start_stub(SILENCE)
    began_at = time.monotonic()
    done = stub.run("path", "import", "wait", "7", "--timeout=2s")
    assert time.monotonic() - began_at < 5
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")
    assert done.error["message"] == "no end within 2s; import 7 was never seen"


def test_an_answer_that_drips_does_not_outlive_the_deadline(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = start_sandbox("--fault=drip,pause=0.3,path=/path/import/1")
    sandbox.create_import(people(3))
    began_at = time.monotonic()
    done = sandbox.run("path", "import", "wait", "1", "--timeout=2s")
    assert time.monotonic() - began_at < 5
    assert done.code == 124


def test_a_stalled_job_is_given_up_after_the_stall_timeout(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = start_sandbox("--fault=stall=0.5", "--rows-per-second=10")
    sandbox.create_import(people(10))
    done = sandbox.run("path", "import", "wait", "1", "--stall-timeout=2s", "--interval=1s")
    assert done.code == 124
    assert done.json["data"]["processedRows"] == 5
    assert (done.json["wait"]["outcome"], done.error["code"]) == ("stalled", "WAIT_STALLED")
    assert done.error["message"].startswith("no move for 2s; import 1 is still RUNNING")


def test_a_job_that_moves_is_not_stalled_however_long_it_takes(start_stub: StartStub) -> None:
    moving = [Reply(job("RUNNING", processedRows=rows)) for rows in range(4)]
    stub = start_stub(*moving, Reply(job("COMPLETED")))
    done = stub.run("path", "import", "wait", "7", "--stall-timeout=2s", "--interval=1s")
    assert done.code == 0
    assert done.json["wait"]["elapsedSeconds"] > 3


@pytest.mark.parametrize("flag", ["--timeout", "--wait-timeout"])
def test_the_flag_goes_before_the_environment(start_stub: StartStub, flag: str) -> None:
    stub = start_stub(Reply(job("RUNNING")))
    environ = stub.environ(TALKVALUE_WAIT_TIMEOUT="1h")
    done = stub.run("path", "import", "wait", "7", flag, "0", environ=environ)
    assert done.code == 8


def test_the_environment_can_set_the_timeout(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("RUNNING")))
    environ = stub.environ(TALKVALUE_WAIT_TIMEOUT="1s")
    done = stub.run("path", "import", "wait", "7", environ=environ)
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")


def test_a_timeout_of_the_environment_that_cannot_be_read_is_a_usage_error(
    start_stub: StartStub,
) -> None:
    stub = start_stub(Reply(job("RUNNING")))
    environ = stub.environ(TALKVALUE_WAIT_TIMEOUT="soon")
    done = stub.run("path", "import", "wait", "7", environ=environ)
    assert (done.code, stub.requests) == (2, [])
    assert done.error["message"].startswith("TALKVALUE_WAIT_TIMEOUT: 'soon' is not a duration")


@pytest.mark.parametrize(
    "flags",
    ["--timeout=5s", "--interval=2s", "--progress=none", "--failed-rows", "--quiet", "--notify"],
)
def test_a_wait_flag_without_waiting_is_a_usage_error(start_stub: StartStub, flags: str) -> None:
    stub = start_stub(Reply(job("RUNNING")))
    done = stub.run("path", "import", "get", "7", flags)
    assert (done.code, stub.requests) == (2, [])
    assert "only makes sense when the command waits" in done.error["message"]


@pytest.mark.parametrize("alias", ["--poll-interval", "--polling-interval", "--wait-interval"])
def test_other_names_of_the_flags_work_too(start_stub: StartStub, alias: str) -> None:
    stub = start_stub(Reply(job("RUNNING")), Reply(job("COMPLETED")))
    done = stub.run("path", "import", "get", "7", "--watch", alias, "1s")
    assert (done.code, len(stub.requests)) == (0, 2)
