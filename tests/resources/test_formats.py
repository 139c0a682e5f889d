"""What stands on standard output in each format."""

from __future__ import annotations

import re

import pytest

from tests.replies import Reply
from tests.world import World


def test_json_keeps_the_keys_in_the_order_of_the_server(world: World) -> None:
    channel = {"zebra": 1, "name": "Fair", "id": 3, "new": None, "icon": "é", "a": {"b": []}}
    world.answer(Reply([channel]))
    done = world.run("path channel list")
    assert done.out == (
        '{\n  "data": [\n    {\n      "zebra": 1,\n      "name": "Fair",\n      "id": 3,\n'
        '      "new": null,\n      "icon": "é",\n      "a": {\n        "b": []\n      }\n'
        "    }\n  ]\n}\n"
    )


def test_large_ids_lose_no_digits(world: World) -> None:
    world.answer(Reply([{"id": 9007199254740993, "name": "x"}]))
    done = world.run("path channel get 9007199254740993 --format=csv")
    assert done.out == "id,name\n9007199254740993,x\n"


def test_a_paged_list_has_its_pages_in_each_format(world: World) -> None:
    job = {"id": 7, "status": "COMPLETED", "mode": "SKIP", "fileName": "a,b.csv", "totalRows": 3}
    page = {
        "content": [job],
        "totalElements": 41,
        "totalPages": 3,
        "pageNumber": 2,
        "pageSize": 20,
    }
    world.answer(Reply(page))
    listing = "path import list --page=2 --page-size=20"
    assert world.run(listing).json == {
        "data": [job],
        "pagination": {"page": 2, "pageSize": 20, "totalElements": 41, "totalPages": 3},
    }
    assert world.requests[0].path == "/path/import?pageNumber=2&pageSize=20"
    assert world.run(listing, "--format=csv").out == (
        "ID,Status,Mode,File Name,Total,Processed,New,Failed,Completed At\n"
        '7,COMPLETED,SKIP,"a,b.csv",3,,,,\n'
    )
    table = world.run(listing, "--format=table").out.splitlines()
    assert re.split("  +", table[0]) == [
        *("ID", "Status", "Mode", "File Name", "Total", "Processed", "Done", "ETA"),
        *("New", "Failed", "Started", "Completed At"),
    ]
    assert set(table[1]) == {"-", " "}
    assert table[2].split() == ["7", "COMPLETED", "SKIP", "a,b.csv", "3"]
    assert table[3] == "Page 2 of 3 (41 total)"


@pytest.mark.parametrize(
    ("format", "out", "err"),
    [
        ("json", '{\n  "data": []\n}\n', ""),
        ("csv", "ID,Name,Icon,Color,People,Tags,Created At\n", ""),
        (
            "table",
            "ID    Name    Icon    Color      People  Tags    Created At\n"
            "----  ------  ------  -------  --------  ------  ------------\n",
            "There are no channels here.\n",
        ),
    ],
)
def test_an_empty_list_still_has_its_shape(world: World, format: str, out: str, err: str) -> None:
    world.answer(Reply([]))
    assert world.run("path channel list --format", format).told == (0, out, err)


def test_version_tells_what_it_runs_on(world: World) -> None:
    data = world.run("version").json["data"]
    assert list(data) == ["nodeVersion", "platform", "version", "pythonVersion"]
    assert data["version"] == "2.0.0.dev0"
