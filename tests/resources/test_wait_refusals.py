"""Answers that end a wait at once.

Each refusal in each way to wait: tests/test_failure_matrix.py.
"""

from __future__ import annotations

import pytest

from tests.replies import Reply, job
from tests.world import World

WAYS = {
    "wait": "path import wait 7 --progress none",
    "get --wait": "path import get 7 --wait --progress none",
    "get --exit-status": "path import get 7 --exit-status",
}


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [(401, 3, "AuthError", "not authenticated"), (404, 4, "NotFoundError", "not found")],
)
def test_a_refusal_before_the_first_look_leaves_stdout_empty_in_table_and_csv(
    world: World, status: int, code: int, kind: str, said: str
) -> None:
    world.answer(Reply(b"<html>", status))
    wait = "path import wait 7 --progress=none --format"
    table, csv = world.run(wait, "table"), world.run(wait, "csv")
    assert (table.code, table.out) == (csv.code, csv.out) == (code, "")
    assert table.err.startswith(f"Error: {said} (HTTP {status}, GET /path/import/7)\n")
    assert csv.err == f"error,message\n{kind},{said}\n"


def test_a_refusal_in_the_middle_still_prints_the_last_record(
    world: World,
) -> None:
    world.answer(Reply(job("RUNNING", processedRows=4)), Reply({}, 401))
    done = world.run("path import wait 7 --interval=1s")
    assert done.code == 3
    assert done.json["data"]["processedRows"] == 4
    assert done.json["wait"]["outcome"] == "error"
    assert done.error["resumeCommand"].endswith("path import wait 7")


def test_an_unknown_id_cannot_be_resumed(world: World) -> None:
    world.answer(Reply({}, 404))
    done = world.run("path import wait 7 --progress=none")
    assert done.json["wait"]["resumeCommand"] is None
    assert done.error["hint"] == "talkvalue path import list shows the imports"


def test_a_404_just_after_the_own_create_means_not_visible_yet(
    world: World,
) -> None:
    world.answer(
        Reply({"importJobId": 7, "status": "PENDING"}),
        Reply({"detail": "no such import"}, 404),
        Reply(job("COMPLETED")),
    )
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    done = world.run(create, "--interval=1s")
    assert done.code == 0, done.err
    assert done.json["data"]["status"] == "COMPLETED"
    assert [request.method for request in world.requests] == ["POST", "GET", "GET"]


def test_without_a_token_nothing_is_sent(world: World) -> None:
    world.answer(Reply(job("COMPLETED")))
    for way in WAYS.values():
        done = world.run(way, TALKVALUE_TOKEN=None)
        assert (done.code, done.out) == (3, "")
        assert done.error["message"] == "not logged in"
    assert world.requests == []
