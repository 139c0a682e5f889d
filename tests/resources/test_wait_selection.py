"""Which imports `path import wait` waits for: ids, standard input, the newest, the live ones."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, World

WAIT = "path import wait --progress=none"


@pytest.fixture(scope="module")
def lively(share_world: MakeWorld) -> World:
    """A world: 1 and 2 COMPLETED, 3 and 4 PENDING for ever."""
    world = share_world("--fault=queue=3600,after=2")
    for _ in range(2):
        world.finish_import(rows(3))
    for _ in range(2):
        world.create_import(rows(3))
    return world


@pytest.mark.parametrize("stdin", ["2 1", "2\n1\n", "2\r\n\t1\n2\n"])
def test_a_dash_reads_ids_from_standard_input(lively: World, stdin: str) -> None:
    done = lively.run(WAIT, "-", stdin=stdin)
    assert done.code == 0, done.err
    assert [job["id"] for job in done.json["data"]] == [2, 1]


def test_a_single_id_on_standard_input_is_a_list_of_one(lively: World) -> None:
    done = lively.run(WAIT, "-", stdin="1")
    assert [job["id"] for job in done.json["data"]] == [1]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [0]


def test_ids_and_standard_input_add_up(lively: World) -> None:
    done = lively.run(WAIT, "2", "-", stdin="1 2")
    assert [job["id"] for job in done.json["data"]] == [2, 1]


def test_ids_can_come_from_a_list_of_this_program(lively: World) -> None:
    listed = lively.run("path import list --status completed --format csv")
    ids = [line.partition(",")[0] for line in listed.out.splitlines()[1:]]
    assert lively.run("path import wait - --quiet", stdin="\n".join(ids)).told == (0, "", "")


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        ("", "there are no ids on standard input"),
        ("\n \n", "there are no ids on standard input"),
        ("1 two", "standard input: 'two' must be a positive integer"),
        ("1, 2", "standard input: '1,' must be a positive integer"),
        ("id\n1\n", "standard input: 'id' must be a positive integer"),
    ],
)
def test_standard_input_without_ids_or_with_other_words_exits_2(
    lively: World, stdin: str, message: str
) -> None:
    done = lively.run(WAIT, "-", stdin=stdin)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)


def test_standard_input_that_is_no_text_exits_2(lively: World) -> None:
    done = lively.run(WAIT, "-", stdin=b"1 \xff\xfe")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "standard input is not text"


def test_active_waits_for_all_that_are_alive(lively: World) -> None:
    done = lively.run(WAIT, "--active", "--timeout=0")
    assert done.code == 8
    assert [job["id"] for job in done.json["data"]] == [4, 3]
    assert done.json["wait"]["resumeCommand"].endswith("path import wait 4 3")


def test_without_an_id_and_several_alive_the_candidates_are_listed(lively: World) -> None:
    done = lively.run(WAIT)
    assert (done.code, done.out, done.error["code"]) == (2, "", "USAGE")
    assert done.error["message"] == (
        "2 imports are PENDING or RUNNING:\n  4  PENDING  contacts.csv\n  3  PENDING  contacts.csv"
    )
    assert done.error["hint"] == "name one by its id; `wait --active` waits for all of them"


def test_the_latest_is_the_newest_and_a_single_document(lively: World) -> None:
    done = lively.run(WAIT, "--latest", "--timeout=0")
    assert (done.code, done.json["data"]["id"]) == (8, 4)
    assert done.json["wait"]["outcome"] == "not-finished"


@pytest.mark.parametrize("arguments", ["1 --latest", "1 --active", "--latest --active"])
def test_ways_to_choose_exclude_each_other(lively: World, arguments: str) -> None:
    done = lively.run(WAIT, arguments)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "ids, --latest and --active exclude each other"


def test_nothing_alive_is_nothing_to_do(world: World) -> None:
    world.finish_import(rows(3))
    done = world.run(WAIT, "--active")
    assert (done.code, done.json["data"], done.err) == (0, [], "")
    assert (done.json["wait"]["exitCode"], done.json["wait"]["jobs"]) == (0, [])
    assert world.run(WAIT, "--active", "--quiet").told == (0, "", "")
    table = world.run(WAIT, "--active", "--format=table")
    assert (table.code, table.err) == (0, "No import is PENDING or RUNNING.\n")
    assert world.run(WAIT).json["data"] == []
    assert world.run(WAIT, "--format=table").told == table.told
    got = world.run("path import get --active", is_terminal=True)
    assert got.told == (0, "", "No import is PENDING or RUNNING.\n")
    assert world.run("path import get --active").json == {"data": None}


def test_no_import_at_all_has_no_latest(make_world: MakeWorld) -> None:
    done = make_world().run(WAIT, "--latest")
    assert (done.code, done.out, done.error["code"]) == (4, "", "NOT_FOUND")
    assert done.error["message"] == "there is no import yet"


def test_without_an_id_the_only_one_alive_is_waited_for(
    make_world: MakeWorld,
) -> None:
    world = make_world("--fault=queue=1,after=1")
    world.finish_import(rows(3))
    job_id = world.create_import(rows(3))
    done = world.run(WAIT)
    assert done.code == 0
    # one import: the document of one
    assert (done.json["data"]["id"], done.json["data"]["status"]) == (job_id, "COMPLETED")
