"""Servers that keep a file under another name, and that list an import late."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, World

TAGGED = "Guests, (Day 1).tv-3f9ac21b7d04-8e21c9.csv"


def import_as(world: World, name: str) -> str:
    """Upload a file of this name, import it, and return the name that the server shows."""
    world.write(name, rows(1))
    analysis = world.run("path import analyze", words=["--file", name]).data
    made = world.run(
        "path import create --source-id 1 --mode SKIP --mapping 0:EMAIL --file-key",
        words=[analysis["fileKey"]],
    )
    shown: str = world.run(f"path import get {made.data['importJobId']}").data["fileName"]
    return shown


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ("clean", "guestsday1.tv-3f9ac21b7d04-8e21c9.csv"),
        ("truncate", "Guests, (Day 1).tv-3f9ac21b7d04-8e21.csv"),
        ("truncate,characters=12", "Guests, .csv"),
        ("truncate,characters=99", TAGGED),
    ],
)
def test_a_file_is_kept_under_another_name(make_world: MakeWorld, fault: str, shown: str) -> None:
    assert import_as(make_world(f"--fault=rename={fault}"), TAGGED) == shown


def test_a_name_of_the_servers_own_has_the_stem_inside(make_world: MakeWorld) -> None:
    world = make_world("--fault=rename=replace")
    first, second = import_as(world, TAGGED), import_as(world, TAGGED)
    for shown in (first, second):
        assert shown.startswith("upload ")
        assert shown.endswith(" (Guests, (Day 1).tv-3f9ac21b7d04-8e21c9), 1.csv")
    assert first != second


def test_renaming_can_begin_later_and_end_sooner(make_world: MakeWorld) -> None:
    world = make_world("--fault=rename=clean,after=1,count=1")
    assert [import_as(world, "A B.csv") for _ in range(3)] == ["A B.csv", "ab.csv", "A B.csv"]


def test_an_import_is_listed_when_its_time_has_come(make_world: MakeWorld) -> None:
    world = make_world("--fault=list-late=75")
    first = world.create_import(rows(1))
    world.clock.advance(50)
    second = world.create_import(rows(2))
    assert world.run("path import list --page-size 5").json["pagination"]["totalElements"] == 0
    world.clock.advance(26)
    listed = world.run("path import list").json
    assert [job["id"] for job in listed["data"]] == [first]
    assert listed["pagination"]["totalElements"] == 1
    assert world.run(f"path import get {second}").data["id"] == second
    world.clock.advance(50)
    assert [job["id"] for job in world.run("path import list").data] == [second, first]


def test_an_import_that_cannot_be_got_yet_is_one_that_does_not_exist(make_world: MakeWorld) -> None:
    world = make_world("--fault=list-late=10,get=late")
    job_id = world.create_import(rows(1))
    assert world.run(f"path import get {job_id}").code == 4
    world.clock.advance(11)
    assert world.run(f"path import get {job_id}").data["id"] == job_id
