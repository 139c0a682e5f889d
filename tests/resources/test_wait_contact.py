"""Contact that is lost for a while, and contact that is lost for good."""

from __future__ import annotations

from tests.replies import REFUSAL, Reply, job
from tests.world import World


def test_a_dead_server_is_given_up_after_the_time_for_retries(world: World) -> None:
    world.answer(REFUSAL)
    done = world.run("path import wait 7 --retry-for=5m --interval=1s")
    assert 300 <= done.took_s <= 360
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert f"cannot reach {world.url}" in done.error["message"]
    assert "connection refused; import 7 was never seen" in done.error["message"]
    assert done.error["resumeCommand"].endswith("path import wait 7")
    assert done.json["data"] is None
    assert (done.json["wait"]["outcome"], done.json["wait"]["exitCode"]) == ("lost", 8)
    # one line that contact was lost, however often it was tried
    assert done.err.count("retrying in") == 1


def test_no_time_for_retries_means_that_the_first_failure_is_the_last(world: World) -> None:
    world.answer(Reply(job("RUNNING", processedRows=4)), Reply({}, 500))
    done = world.run("path import wait 7 --retry-for=0 --interval=1s")
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert len(done.sent) == 2
    assert done.json["data"]["processedRows"] == 4
    assert "import 7 is still RUNNING (40 %), not failed" in done.error["message"]


def test_a_good_answer_starts_the_time_for_retries_afresh(world: World) -> None:
    bad, good = Reply({}, 500), Reply(job("RUNNING"))
    world.answer(bad, bad, good, bad, bad, Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --retry-for=2.5s --interval=1s")
    assert done.code == 0, done.err
    assert done.json["wait"]["elapsedSeconds"] > 2.5


def test_a_plain_read_of_a_dead_server_says_why(world: World) -> None:
    world.answer(REFUSAL)
    done = world.run("path import get 7 --verbose")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert done.error["message"].startswith(f"cannot reach {world.url}/path/")
    assert done.error["message"].endswith(": connection refused")
    assert done.err.count("> GET ") == 3
    assert done.err.count("trying again in") == 2
