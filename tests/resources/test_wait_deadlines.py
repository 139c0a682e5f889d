"""Deadlines: how long a wait lasts, and what it says when it gives up."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.replies import SILENCE, Reply, job
from tests.world import MakeWorld, World


def test_the_deadline_exits_124_and_says_that_nothing_failed(world: World) -> None:
    world.answer(Reply(job("RUNNING", totalRows=200, processedRows=114)))
    done = world.run("path import wait 7 --timeout=1s --interval=1s")
    assert done.code == 124
    assert done.json["data"]["processedRows"] == 114
    assert done.json["wait"]["outcome"] == "timeout"
    assert done.json["wait"]["elapsedSeconds"] == 1
    error = done.error
    assert error["code"] == "WAIT_TIMEOUT"
    assert error["message"] == "timed out after 1s; import 7 is still RUNNING (57 %), not failed"
    assert error["resumeCommand"].endswith("path import wait 7")
    assert "do not create the import again" in error["hint"]


def test_a_last_look_is_made_at_the_deadline(world: World) -> None:
    world.answer(Reply(job("RUNNING")), Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --timeout=1s --interval=1h")
    assert done.code == 0
    assert done.json["wait"]["requests"] == 2
    assert done.json["wait"]["elapsedSeconds"] == 1


def test_a_timeout_of_zero_looks_once(world: World) -> None:
    world.answer(Reply(job("PENDING", processedRows=0)))
    done = world.run("path import get 7 --wait --timeout=0 --progress=none")
    assert (done.code, done.error["code"]) == (8, "NOT_FINISHED")
    assert len(world.requests) == 1


def test_a_timeout_of_zero_that_sees_nothing_is_lost(world: World) -> None:
    world.answer(Reply({}, 503))
    done = world.run("path import wait 7 --timeout=0 --progress=none")
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert len(world.requests) == 1


def test_a_hung_server_does_not_outlive_the_deadline(world: World) -> None:
    world.answer(SILENCE)
    done = world.run("path import wait 7 --timeout=2s")
    assert done.took_s == 2
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")
    assert done.error["message"] == "timed out after 2s; import 7 was never seen"


def test_an_answer_that_drips_does_not_outlive_the_deadline(
    make_world: MakeWorld,
) -> None:
    world = make_world("--fault=drip,pause=0.3,path=/path/import/1")
    world.create_import(rows(3))
    done = world.run("path import wait 1 --timeout=2s")
    assert done.took_s == 2
    assert done.code == 124


def test_a_stalled_job_is_given_up_after_the_stall_timeout(
    make_world: MakeWorld,
) -> None:
    world = make_world("--fault=stall=0.5", "--rows-per-second=10")
    world.create_import(rows(10))
    done = world.run("path import wait 1 --stall-timeout=2s --interval=1s")
    assert done.code == 124
    assert done.json["data"]["processedRows"] == 5
    assert (done.json["wait"]["outcome"], done.error["code"]) == ("stalled", "WAIT_STALLED")
    assert done.error["message"].startswith("no progress for 2s; import 1 is still RUNNING")


def test_a_job_that_moves_is_not_stalled_however_long_it_takes(world: World) -> None:
    moving = [Reply(job("RUNNING", processedRows=rows)) for rows in range(4)]
    world.answer(*moving, Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --stall-timeout=2s --interval=1s")
    assert done.code == 0
    assert done.json["wait"]["elapsedSeconds"] == 4


@pytest.mark.parametrize("flag", ["--timeout", "--wait-timeout"])
def test_the_flag_goes_before_the_environment(world: World, flag: str) -> None:
    world.answer(Reply(job("RUNNING")))
    done = world.run("path import wait 7", flag, "0", TALKVALUE_WAIT_TIMEOUT="1h")
    assert done.code == 8


def test_the_environment_can_set_the_timeout(world: World) -> None:
    world.answer(Reply(job("RUNNING")))
    done = world.run("path import wait 7", TALKVALUE_WAIT_TIMEOUT="1s")
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")


def test_a_timeout_of_the_environment_that_cannot_be_read_is_a_usage_error(
    world: World,
) -> None:
    world.answer(Reply(job("RUNNING")))
    done = world.run("path import wait 7", TALKVALUE_WAIT_TIMEOUT="soon")
    assert (done.code, world.requests) == (2, [])
    assert done.error["message"].startswith("TALKVALUE_WAIT_TIMEOUT: 'soon' is not a duration")


@pytest.mark.parametrize(
    "flags",
    ["--timeout=5s", "--interval=2s", "--progress=none", "--failed-rows", "--quiet", "--notify"],
)
def test_a_wait_flag_without_waiting_is_a_usage_error(world: World, flags: str) -> None:
    world.answer(Reply(job("RUNNING")))
    done = world.run("path import get 7 --json", flags)
    assert (done.code, world.requests) == (2, [])
    assert "only makes sense when the command waits" in done.error["message"]


@pytest.mark.parametrize("alias", ["--poll-interval", "--polling-interval", "--wait-interval"])
def test_other_names_of_the_flags_work_too(world: World, alias: str) -> None:
    world.answer(Reply(job("RUNNING")), Reply(job("COMPLETED")))
    done = world.run("path import get 7 --watch", alias, "1s")
    assert (done.code, len(world.requests)) == (0, 2)
