"""`path import list` by status, in full, and watched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.csv_texts import rows
from tests.world import World

LIST = "path import list"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world: 1 to 23 COMPLETED, 24 FAILED, 25 PARTIAL_SUCCESS, 26 PENDING."""
    world = World(
        tmp_path_factory.mktemp("mixed"),
        "--fault=fail=0.5,after=23,count=1",
        "--fault=queue=3600,after=25",
    )
    for _ in range(24):
        world.create_import(rows(2))
    world.finish_import(rows(1, bad=1))
    world.create_import(rows(1))
    yield world
    world.close()


def _ids(world: World, *arguments: str) -> list[int]:
    done = world.run(LIST, *arguments)
    assert done.code == 0, done.err
    return [job["id"] for job in done.json["data"]]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--status=FAILED"], [24]),
        (["--status", "partial_success"], [25]),
        (["--status=PENDING", "--status=RUNNING"], [26]),
        (["--status=FAILED", "--status=PENDING", "--status=FAILED"], [26, 24]),
        (["--status=COMPLETED"], list(range(23, 3, -1))),
        (["--status=COMPLETED", "--page-size=3"], [23, 22, 21]),
        (["--status=COMPLETED", "--all"], list(range(23, 0, -1))),
        (["--all"], list(range(26, 0, -1))),
        (["--status=RUNNING"], []),
        ([], list(range(26, 6, -1))),
    ],
)
def test_a_list_can_be_narrowed_and_widened(
    mixed: World, arguments: list[str], ids: list[int]
) -> None:
    assert _ids(mixed, *arguments) == ids


def test_a_list_of_all_pages_has_no_page(mixed: World) -> None:
    assert list(mixed.run(LIST, "--all").json) == ["data"]
    assert list(mixed.run(LIST, "--status=FAILED").json) == ["data"]
    assert list(mixed.run(LIST).json) == ["data", "pagination"]


def test_a_list_by_status_is_csv_and_a_table_too(mixed: World) -> None:
    csv = mixed.run(LIST, "--status=FAILED", "--status=PENDING", "--format=csv")
    assert [line.split(",")[:2] for line in csv.out.splitlines()] == [
        ["ID", "Status"],
        ["26", "PENDING"],
        ["24", "FAILED"],
    ]
    table = mixed.run(LIST, "--status=FAILED", "--format=table")
    assert (table.code, table.out.splitlines()[2].split()[:2]) == (0, ["24", "FAILED"])
    nothing = mixed.run(LIST, "--status=RUNNING", "--format=table")
    assert (nothing.code, nothing.err) == (0, "There are no such imports here.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--status=DONE", "'DONE' is not one of PENDING, RUNNING, COMPLETED, PARTIAL_SUCCESS"),
        ("--status=FAILED --page=2", "--page goes with neither --status nor --watch"),
        ("--all --page=1", "--page and --all exclude each other"),
        ("--watch", "--watch draws on a terminal; without one use `path import wait`"),
        ("--watch --format=table", "--watch draws on a terminal"),
        ("--watch --status=RUNNING --json", "--watch draws on a terminal"),
    ],
)
def test_a_list_that_makes_no_sense_exits_2(mixed: World, arguments: str, message: str) -> None:
    done = mixed.run(LIST, arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
