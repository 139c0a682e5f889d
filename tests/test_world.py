"""That the world is one: its clock, its answers, its failures are those of the real thing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.csv_texts import rows
from tests.replies import HANG_UP, REFUSAL, SILENCE, Reply, job
from tests.world import TOKEN, World

MakeWorld = Callable[..., World]


def test_a_run_of_half_an_hour_takes_none(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1")
    world.write("a.csv", rows(2000, bad=2))
    done = world.run("path import run a.csv --source-id 1 --mode UPDATE")
    assert done.code == 6
    assert done.json["data"]["newCount"] == 2000
    assert 2002 <= done.took_s <= 2070
    assert done.took_s == pytest.approx(sum(done.slept))
    # another machine may have imported it
    assert done.lines[0].startswith("GET /path/import?")
    assert done.lines[1].startswith("POST /path/import/analyze ")
    assert world.machine.steps == ["finished"]


@pytest.mark.parametrize(
    ("reply", "took_s", "says"),
    [
        (SILENCE, 30.0, "no complete answer within 30 s"),
        (HANG_UP, 0.0, "the server closed the connection without an answer"),
        (REFUSAL, 0.0, "connection refused"),
        (Reply(b"abc", length=10), 0.0, "the answer was cut off"),
        (Reply(b"abc", length=10, holds=True), 30.0, "no complete answer within 30 s"),
    ],
)
def test_a_server_fails_as_on_a_socket(
    world: World, reply: Reply, took_s: float, says: str
) -> None:
    world.answer(reply)
    done = world.run("path import wait 7 --retry-for 0")
    assert (done.code, done.took_s) == (8, took_s)
    assert says in done.error["message"]


def test_a_deadline_cuts_an_exchange_off(world: World) -> None:
    world.answer(Reply(job("RUNNING")), SILENCE)
    done = world.run("path import wait 7 --interval 2s --timeout 10s")
    assert (done.code, done.took_s) == (124, 10.0)


@pytest.mark.parametrize(
    ("fault", "took_s"),
    [("latency=20", 20.0), ("delay-answer=20", 20.0), ("drip,pause=0.25", None), ("hang", 30.0)],
)
def test_a_slow_sandbox_takes_the_worlds_time(
    make_world: MakeWorld, fault: str, took_s: float | None
) -> None:
    world = make_world(f"--fault={fault},path=/path/import/1")
    world.create_import(rows(1))
    done = world.run("path import wait 1 --retry-for 0 --timeout 0")
    assert done.code == (8 if took_s in (None, 30.0) else 0)
    assert took_s is None or done.took_s == min(took_s, 30.0)


def test_what_is_planned_happens_in_its_time(world: World) -> None:
    world.answer(Reply(job("RUNNING")), path="/path/import/7")
    world.clock.at(5, lambda: world.answer_as_ever())
    done = world.run("path import wait 7 --interval 2s")
    assert (done.code, done.took_s) == (4, 6.0)


def test_requests_are_kept_as_they_are_sent(world: World) -> None:
    done = world.run("path tag create --name 'a b'")
    [sent] = done.sent
    assert sent.line == 'POST /path/tag {"name": "a b"}'
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert done.data["name"] == "a b"
