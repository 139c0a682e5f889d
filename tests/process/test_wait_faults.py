"""A wait outlives every fault that passes."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate

from tests.harness import Running, Sandbox, people
from tests.process.stub import Stub
from tests.replies import SILENCE, Reply, job

#: fault of two looks → what standard error says of it
PASSING = {
    "429,retry-after=1": "HTTP 429",
    "500": "HTTP 500",
    "502": "HTTP 502",
    "503": "HTTP 503",
    "503,retry-after=1,retry-after-form=date": "HTTP 503",
    "cut-before": "closed the connection without an answer",
    "cut-middle": "cut off",
    "html": "something that is not JSON (text/html",
    "html,status=502": "HTTP 502",
    "empty": "an empty body",
}


def test_two_bad_answers_in_a_row_are_waited_out(start_sandbox: Callable[..., Sandbox]) -> None:
    # a disconnect is replayed at once, so it takes one more of them
    counts = {fault: 3 if fault == "cut-before" else 2 for fault in PASSING}
    sandbox = start_sandbox(
        *(
            f"--fault={fault},path=/path/import/{job_id},count={counts[fault]}"
            for job_id, fault in enumerate(PASSING, start=1)
        )
    )
    waits: dict[str, Running] = {}
    for fault in PASSING:
        job_id = sandbox.create_import(people(3))
        waits[fault] = Running(
            sandbox.start("path", "import", "wait", str(job_id), "--interval=1s")
        )
    for job_id, (fault, said) in enumerate(PASSING.items(), start=1):
        with waits[fault] as wait:
            done = wait.finish()
        assert done.code == 0, fault
        assert done.json["data"]["status"] == "COMPLETED"
        assert done.json["wait"]["requests"] >= 3
        # one line when contact was lost, one when it came back, none for each failed look
        lost, back = done.err.splitlines()
        assert said in lost
        assert "looking again in" in lost
        assert back.endswith("contact is back")
        assert f"import {job_id} COMPLETED" in back


def test_no_transient_status_ends_a_wait_by_itself(start_stub: Callable[..., Stub]) -> None:
    statuses = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
    stubs = {status: start_stub(Reply({}, status), Reply(job("COMPLETED"))) for status in statuses}
    waits = {
        status: Running(stub.start("path", "import", "wait", "7", "--interval=1s"))
        for status, stub in stubs.items()
    }
    for status, stub in stubs.items():
        with waits[status] as wait:
            done = wait.finish()
        assert (done.code, len(stub.requests)) == (0, 2), status
        assert f"HTTP {status}" in done.err


def test_a_retry_after_wins_over_the_interval(start_stub: Callable[..., Stub]) -> None:
    stub = start_stub(Reply({}, 429, {"Retry-After": "1"}), Reply(job("COMPLETED")))
    done = stub.run("path", "import", "wait", "7", "--interval=30m")
    assert done.code == 0
    assert 1 <= done.json["wait"]["elapsedSeconds"] < 3
    assert "looking again in 1s" in done.err


def test_a_retry_after_may_be_a_date(start_stub: Callable[..., Stub]) -> None:
    soon = formatdate(time.time() + 2, usegmt=True)
    stub = start_stub(Reply({}, 503, {"Retry-After": soon}), Reply(job("COMPLETED")))
    done = stub.run("path", "import", "wait", "7", "--interval=30m")
    assert done.code == 0
    assert done.json["wait"]["elapsedSeconds"] < 4


def test_a_retry_after_never_passes_the_deadline(start_stub: Callable[..., Stub]) -> None:
    stub = start_stub(Reply(job("RUNNING")), Reply({}, 429, {"Retry-After": "600"}))
    done = stub.run("path", "import", "wait", "7", "--interval=1s", "--timeout=2s")
    assert done.code == 124
    assert done.json["wait"]["elapsedSeconds"] < 4


def test_latency_only_makes_it_slower(start_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = start_sandbox("--fault=latency=0.5,path=/path/import/1")
    sandbox.create_import(people(3))
    done = sandbox.run("path", "import", "wait", "1", "--interval=1s")
    assert done.code == 0
    assert done.json["wait"]["elapsedSeconds"] >= 0.5


def test_a_revoked_token_ends_it_with_3(start_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = start_sandbox("--fault=revoke,path=/path/import/1,after=1", "--rows-per-second=1")
    sandbox.create_import(people(100))
    done = sandbox.run("path", "import", "wait", "1", "--interval=1s")
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")
    assert "The token was revoked. (HTTP 401" in done.error["message"]
    assert done.json["data"]["id"] == 1
    assert done.error["resumeCommand"].endswith("path import wait 1")


def test_a_stall_that_ends_is_waited_out(start_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = start_sandbox("--fault=stall=0.5,seconds=1.5")
    sandbox.create_import(people(10))
    done = sandbox.run("path", "import", "wait", "1", "--interval=1s")
    assert done.code == 0
    assert done.json["data"]["newCount"] == 10


def test_a_failing_job_exits_7_with_the_reason(start_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = start_sandbox("--fault=fail=0.5", "--fault=queue=0.5")
    sandbox.create_import(people(10))
    done = sandbox.run("path", "import", "wait", "1", "--interval=1s")
    assert (done.code, done.error["code"]) == (7, "IMPORT_FAILED")
    assert done.json["data"]["failedRows"][0]["errorCode"] == "INTERNAL_ERROR"


def test_a_hung_request_is_shown_when_it_ends_at_the_deadline(
    start_stub: Callable[..., Stub],
) -> None:
    stub = start_stub(Reply(job("RUNNING", processedRows=3)), SILENCE)
    done = stub.run("path", "import", "wait", "7", "--interval=1s", "--timeout=2s")
    assert done.code == 124
    assert done.json["data"]["processedRows"] == 3
    assert done.json["wait"]["requests"] == 2


def test_a_dropped_idle_connection_is_replayed_and_not_counted(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = start_sandbox(
        "--fault=cut-before,path=/path/import/1,after=1,count=1", "--rows-per-second=2"
    )
    sandbox.create_import(people(3))
    done = sandbox.run("path", "import", "wait", "1", "--interval=1s", "--retry-for=0")
    assert done.code == 0
    assert "contact" not in done.err
