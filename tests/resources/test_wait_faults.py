"""A wait outlives every fault that passes."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from tests.csv_texts import rows
from tests.replies import SILENCE, Reply, job
from tests.world import MakeWorld, World

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


@pytest.mark.parametrize("fault", PASSING)
def test_two_bad_answers_in_a_row_are_waited_out(make_world: MakeWorld, fault: str) -> None:
    world = make_world(f"--fault={fault},path=/path/import/1,count=2")
    world.create_import(rows(3))
    done = world.run("path import wait 1 --interval=1s")
    assert done.code == 0
    assert done.json["data"]["status"] == "COMPLETED"
    assert done.json["wait"]["requests"] == 3
    # one line when contact was lost, one when it came back, none for each failed look
    lost, back = done.err.splitlines()
    assert PASSING[fault] in lost
    assert "retrying in" in lost
    assert back.endswith("contact is back")
    assert "import 1 COMPLETED" in back


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])
def test_no_transient_status_ends_a_wait_by_itself(world: World, status: int) -> None:
    world.answer(Reply({}, status), Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --interval=1s")
    assert (done.code, len(done.sent)) == (0, 2)
    assert f"HTTP {status}" in done.err


def test_a_retry_after_wins_over_the_interval(world: World) -> None:
    world.answer(Reply({}, 429, {"Retry-After": "1"}), Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --interval=30m")
    assert done.code == 0
    assert done.json["wait"]["elapsedSeconds"] == 1
    assert "retrying in 1s" in done.err


def test_a_retry_after_may_be_a_date(world: World) -> None:
    later = formatdate(time.time() + 600, usegmt=True)
    world.answer(Reply({}, 503, {"Retry-After": later}), Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --interval=30m")
    assert done.code == 0
    # a date has whole seconds, and this machine may be busy
    assert 500 < done.json["wait"]["elapsedSeconds"] <= 600


def test_a_retry_after_never_passes_the_deadline(world: World) -> None:
    world.answer(Reply(job("RUNNING")), Reply({}, 429, {"Retry-After": "600"}))
    done = world.run("path import wait 7 --interval=1s --timeout=2s")
    assert done.code == 124
    assert done.json["wait"]["elapsedSeconds"] == 2


def test_latency_only_makes_it_slower(make_world: MakeWorld) -> None:
    world = make_world("--fault=latency=0.5,path=/path/import/1")
    world.create_import(rows(3))
    done = world.run("path import wait 1 --interval=1s")
    assert done.code == 0
    assert done.json["wait"]["elapsedSeconds"] == 0.5


def test_a_revoked_token_ends_it_with_3(make_world: MakeWorld) -> None:
    world = make_world("--fault=revoke,path=/path/import/1,after=1", "--rows-per-second=1")
    world.create_import(rows(100))
    done = world.run("path import wait 1 --interval=1s")
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")
    assert done.error["message"] == "The token was revoked."
    assert done.error["status"] == 401
    assert "check TALKVALUE_TOKEN; it may be wrong, expired or revoked" in done.err
    assert "auth login" not in done.err
    assert done.json["data"]["id"] == 1
    assert done.error["resumeCommand"].endswith("path import wait 1")


def test_a_stall_that_ends_is_waited_out(make_world: MakeWorld) -> None:
    world = make_world("--fault=stall=0.5,seconds=1.5")
    world.create_import(rows(10))
    done = world.run("path import wait 1 --interval=1s")
    assert done.code == 0
    assert done.json["data"]["newCount"] == 10


def test_a_failing_job_exits_7_with_the_reason(make_world: MakeWorld) -> None:
    world = make_world("--fault=fail=0.5", "--fault=queue=0.5")
    world.create_import(rows(10))
    done = world.run("path import wait 1 --interval=1s")
    assert (done.code, done.error["code"]) == (7, "IMPORT_FAILED")
    assert done.json["data"]["failedRows"][0]["errorCode"] == "INTERNAL_ERROR"


def test_a_hung_request_is_shown_when_it_ends_at_the_deadline(
    world: World,
) -> None:
    world.answer(Reply(job("RUNNING", processedRows=3)), SILENCE)
    done = world.run("path import wait 7 --interval=1s --timeout=2s")
    assert done.code == 124
    assert done.json["data"]["processedRows"] == 3
    assert done.json["wait"]["requests"] == 2


def test_a_dropped_idle_connection_is_replayed_and_not_counted(
    make_world: MakeWorld,
) -> None:
    world = make_world(
        "--fault=cut-before,path=/path/import/1,after=1,count=1", "--rows-per-second=2"
    )
    world.create_import(rows(3))
    done = world.run("path import wait 1 --interval=1s --retry-for=0")
    assert done.code == 0
    assert "contact" not in done.err
