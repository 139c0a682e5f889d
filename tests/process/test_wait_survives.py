"""Contact that is lost for a while, and contact that is lost for good."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import TOKEN, Running, Sandbox, clean_environ, people, run_cli
from tests.process.stub import Stub
from tests.replies import Reply, job


def _dead_url() -> str:
    """Return the URL of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _environ(url: str, home: Path) -> dict[str, str]:
    return clean_environ(home, TALKVALUE_API_URL=url, TALKVALUE_TOKEN=TOKEN)


def test_a_wait_survives_a_server_that_is_killed_and_started_again(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, "--db", str(tmp_path / "data.db"), "--rows-per-second=30")
    try:
        job_id = sandbox.create_import(people(100, bad=5))
        with Running(
            sandbox.start("path", "import", "wait", str(job_id), "--interval=1s", "--allow-partial")
        ) as waiting:
            waiting.err.wait_for("RUNNING")
            before = sandbox.job(job_id)
            sandbox.kill()
            waiting.err.wait_for("looking again")
            sandbox.restart()
            waiting.err.wait_for("contact is back")
            done = waiting.finish()
        assert 0 < before["processedRows"] < 105
        assert done.code == 0, done.err
        record = done.json["data"]
        assert record["status"] == "PARTIAL_SUCCESS"
        assert (record["totalRows"], record["processedRows"]) == (105, 105)
        assert (record["newCount"], record["failedCount"]) == (100, 5)
        assert (record["updatedCount"], record["duplicatedCount"], record["skipCount"]) == (0, 0, 0)
        # the sample data has 141 people in this channel
        channel = sandbox.run("path", "channel", "get", "1")
        assert channel.json["data"]["peopleCount"] == 141 + 100
    finally:
        sandbox.stop()


def test_a_dead_server_is_given_up_after_the_time_for_retries(tmp_path: Path) -> None:
    began_at = time.monotonic()
    done = run_cli(
        *("path", "import", "wait", "7", "--retry-for=2s", "--interval=1s"),
        environ=_environ(_dead_url(), tmp_path),
    )
    assert 2 < time.monotonic() - began_at < 6
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert "cannot reach http://127.0.0.1:" in done.error["message"]
    assert "connection refused; import 7 was never seen" in done.error["message"]
    assert done.error["resumeCommand"].endswith("path import wait 7")
    assert done.json["data"] is None
    assert (done.json["wait"]["outcome"], done.json["wait"]["exitCode"]) == ("lost", 8)
    # one line that contact was lost, however often it was tried
    assert sum("looking again" in line for line in done.err.splitlines()) == 1


def test_no_time_for_retries_means_that_the_first_failure_is_the_last(
    start_stub: Callable[..., Stub],
) -> None:
    stub = start_stub(Reply(job("RUNNING", processedRows=4)), Reply({}, 500))
    done = stub.run("path", "import", "wait", "7", "--retry-for=0", "--interval=1s")
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert len(stub.requests) == 2
    assert done.json["data"]["processedRows"] == 4
    assert "import 7 is still RUNNING (40 %), not failed" in done.error["message"]


def test_a_good_answer_starts_the_time_for_retries_afresh(start_stub: Callable[..., Stub]) -> None:
    bad, good = Reply({}, 500), Reply(job("RUNNING"))
    stub = start_stub(bad, bad, good, bad, bad, Reply(job("COMPLETED")))
    done = stub.run("path", "import", "wait", "7", "--retry-for=2.5s", "--interval=1s")
    assert done.code == 0, done.err
    assert done.json["wait"]["elapsedSeconds"] > 2.5


@pytest.mark.parametrize(
    ("arguments", "tries"),
    [("path channel list", 3), ("path import get 7", 3), ("path import failed-export 7", 3)],
)
def test_a_plain_read_of_a_dead_server_says_why(tmp_path: Path, arguments: str, tries: int) -> None:
    url = _dead_url()
    done = run_cli(*arguments.split(), "--verbose", environ=_environ(url, tmp_path))
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert done.error["message"].startswith(f"cannot reach {url}/path/")
    assert done.error["message"].endswith(": connection refused")
    assert done.err.count("> GET ") == tries
    assert done.err.count("trying again in") == tries - 1
