"""A server that starts a job again, and one whose answers are old now and then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.replies import Reply, Request, job
from tests.world import MakeWorld, World

TOLD = "import 7: the server has started it again (RUNNING 6 → PENDING 0 rows)"
RUNNING, PENDING = job("RUNNING", processedRows=6), job("PENDING", processedRows=0)
AGAIN, DONE = job("RUNNING", processedRows=2), job("COMPLETED", processedRows=10)


def test_a_restart_is_told_in_a_line_and_counted_from_there(world: World) -> None:
    world.answer(*map(Reply, [RUNNING, PENDING, PENDING, AGAIN, DONE]))
    done = world.run("path import wait 7 --stall-timeout=30s --interval=10s")
    assert done.code == 0
    assert done.err.count(TOLD) == 1
    assert "RUNNING 20 % (2/10 rows" in done.err


def test_json_hears_of_it_as_a_warning(world: World) -> None:
    world.answer(*map(Reply, [RUNNING, PENDING, PENDING, AGAIN, DONE]))
    done = world.run("path import wait 7 --interval=10s --progress=json")
    events = [json.loads(line) for line in done.err.splitlines()]
    [warning] = [event for event in events if event["event"] == "warning"]
    assert warning["message"] == TOLD
    statuses = [event["status"] for event in events if event["event"] == "status"]
    assert statuses == ["RUNNING", "PENDING", "RUNNING", "COMPLETED"]


def test_one_old_answer_is_no_restart(world: World) -> None:
    world.answer(*map(Reply, [RUNNING, PENDING, RUNNING, AGAIN, RUNNING, DONE]))
    done = world.run("path import wait 7 --interval=10s")
    assert done.code == 0
    assert "again" not in done.err
    assert len(done.sent) == 6


def test_an_old_page_of_the_list_is_checked_by_asking_for_the_import_itself(world: World) -> None:
    old = [{**PENDING, "id": job_id} for job_id in (8, 7)]
    live = {job_id: {**RUNNING, "id": job_id} for job_id in (7, 8)}
    lists = 0

    def answer(request: Request) -> Reply | None:
        nonlocal lists
        path = request.path.partition("?")[0]
        if path != "/path/import":
            job_id = int(path.rpartition("/")[2])
            return Reply(live[job_id] if lists < 6 else {**DONE, "id": job_id})
        lists += 1
        # the first page is as it should be, and then it is kept somewhere
        rows: list[dict[str, Any]] = [live[8], live[7]] if lists == 1 else old
        page = {"pageNumber": 1, "pageSize": 100, "totalElements": 2, "totalPages": 1}
        return Reply({"content": rows, **page})

    world.on_request = answer
    done = world.run("path import wait 7 8 --interval=10s")
    assert done.code == 0, done.err
    assert "again" not in done.err
    assert lists >= 6


@pytest.mark.parametrize("step_s", [-86400.0, 86400.0])
@pytest.mark.parametrize("whose", ["program", "server"])
@pytest.mark.parametrize("after_s", [0.0, 20.0])
def test_a_clock_that_is_wrong_changes_neither_the_end_nor_much_of_the_requests(
    make_world: MakeWorld, step_s: float, whose: str, after_s: float
) -> None:
    world = make_world("--rows-per-second=10")
    world.clock.drive(world.work)
    lines = "email\n" + "".join(f"p{number}@example.org\n" for number in range(600))
    one = world.machine if whose == "program" else world
    counts = []
    for skewed in (False, True):
        one.ahead_s = 0.0
        job_id = world.create_import(lines)
        if skewed and after_s:
            world.clock.at(after_s, lambda: setattr(one, "ahead_s", step_s))
        elif skewed:
            one.ahead_s = step_s
        done = world.run(f"path import wait {job_id}")
        assert done.code == 0, done.err
        counts.append((len(done.sent), done.took_s))
    (requests, took_s), (skewed_requests, skewed_took_s) = counts
    assert skewed_requests <= 1.5 * requests + 2
    assert abs(skewed_took_s - took_s) <= 5
