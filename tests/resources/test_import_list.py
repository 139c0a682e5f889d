"""`path import list` by status, in full, and watched."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from talkvalue_cli import times
from tests.conftest import set_zone
from tests.csv_texts import rows
from tests.replies import Reply, Request, job
from tests.world import MakeWorld, World

LIST = "path import list"


@pytest.fixture(scope="module")
def mixed(share_world: MakeWorld) -> World:
    """A world: 1 to 23 COMPLETED, 24 FAILED, 25 PARTIAL_SUCCESS, 26 PENDING."""
    world = share_world(
        "--fault=fail=0.5,after=23,count=1",
        "--fault=queue=3600,after=25",
    )
    for _ in range(24):
        world.create_import(rows(2))
    world.finish_import(rows(1, bad=1))
    world.create_import(rows(1))
    return world


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
        ("--status=FAILED --page=2", "--page and what chooses imports exclude each other"),
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


def test_a_terminal_that_cannot_clear_its_screen_draws_no_list(mixed: World) -> None:
    done = mixed.run(LIST, "--watch", is_terminal=True, TERM="dumb")
    assert (done.code, done.sent) == (2, [])


def _jobs(
    world: World, *ages_s: float | None, status: str = "COMPLETED"
) -> list[dict[str, object]]:
    """Return imports, newest first, that began so many seconds ago; None: not yet."""
    return [
        {
            **job(status if age_s is not None else "PENDING"),
            "id": len(ages_s) - place,
            "processStartedAt": None
            if age_s is None
            else times.format_timestamp(times.from_epoch(world.now() - age_s)),
        }
        for place, age_s in enumerate(ages_s)
    ]


def _serve(world: World, jobs: list[dict[str, object]]) -> None:
    """Have the server list these imports."""

    def answer(request: Request) -> Reply | None:
        path, _, query = request.path.partition("?")
        if path != "/path/import":
            return None
        asked = {key: int(value) for key, value in (p.split("=") for p in query.split("&") if p)}
        size, number = asked.get("pageSize", 20), asked.get("pageNumber", 1)
        pages = -(-len(jobs) // size)
        return Reply(
            {
                "content": jobs[(number - 1) * size : number * size],
                "pageNumber": number,
                "pageSize": size,
                "totalElements": len(jobs),
                "totalPages": pages,
            }
        )

    world.on_request = answer


HOUR_S, DAY_S = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ("--since 1h", [6, 5]),
        ("--since 2d", [6, 5, 4, 3, 2]),
        ("--since 2d --until 1h", [4, 3, 2]),
        ("--until 1d", [2, 1]),
        ("--since 2d --limit 2", [6, 5]),
        ("--until 1h --limit 2", [4, 3]),
        ("--latest", [6]),
        ("--latest --until 1h", [4]),
        ("--active", [6]),
        ("--since 2d --status completed --latest", [5]),
        ("--limit 3", [6, 5, 4]),
    ],
)
def test_imports_are_chosen_by_when_they_began(
    world: World, arguments: str, ids: list[int]
) -> None:
    _serve(world, _jobs(world, None, 60, 2 * HOUR_S, 3 * HOUR_S, 30 * HOUR_S, 3 * DAY_S))
    assert _ids(world, arguments) == ids


def test_yesterday_is_the_day_before_on_the_clock_of_whoever_asks(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_zone(monkeypatch, "Asia/Seoul")
    world = make_world()
    now = datetime.fromtimestamp(world.now())
    midnight_s = now.hour * HOUR_S + now.minute * 60 + now.second
    _serve(world, _jobs(world, midnight_s - 2, midnight_s + 2, midnight_s + DAY_S + 2))
    assert _ids(world, "--since yesterday") == [3, 2]
    assert _ids(world, "--since today") == [3]
    assert _ids(world, "--until yesterday") == [2, 1]


@pytest.mark.parametrize(
    ("arguments", "pages"),
    [
        ("--limit 5", ["1&pageSize=5"]),
        ("--limit 250", ["1&pageSize=100", "2&pageSize=100", "3&pageSize=100"]),
        ("--latest", ["1&pageSize=1"]),
        # the page that has no such import is the last one
        ("--active", ["1&pageSize=100"]),
        ("--since 150m", ["1&pageSize=100", "2&pageSize=100", "3&pageSize=100"]),
        ("--since 150m --all", ["1&pageSize=100", "2&pageSize=100", "3&pageSize=100"]),
        ("--since 150m --limit 7", ["1&pageSize=100"]),
        ("--status failed --limit 1", [f"{page}&pageSize=100" for page in range(1, 11)]),
    ],
)
def test_the_list_is_walked_only_as_far_as_needed(
    world: World, arguments: str, pages: list[str]
) -> None:
    _serve(world, _jobs(world, *(60.0 * minutes for minutes in range(1000))))
    done = world.run(LIST, arguments)
    assert done.code == 0
    assert [r.path for r in done.sent] == [f"/path/import?pageNumber={page}" for page in pages]


def test_a_search_without_an_end_is_given_up_and_says_so(world: World) -> None:
    _serve(world, _jobs(world, *(60.0 for _ in range(10_200))))
    done = world.run(LIST, "--status failed --format table")
    assert (done.code, len(done.sent)) == (0, 101)
    assert done.err.splitlines() == [
        "There are no such imports here.",
        "Warning: only the newest 10,000 imports were looked at; --all looks at every one",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--since soon", "'soon' is not a time; write 2d, yesterday, 2027-03-01"),
        ("--since 1h --until 2d", "--since is not before --until"),
        ("--active --status failed", "--active and --status exclude each other"),
        ("--latest --limit 2", "--latest and --limit exclude each other"),
        ("--all --limit 2", "--all and --limit exclude each other"),
        ("--page 2 --limit 2", "--page and what chooses imports exclude each other"),
    ],
)
def test_what_chooses_nothing_is_a_usage_error(world: World, arguments: str, message: str) -> None:
    done = world.run(LIST, arguments)
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert message in done.err


def test_a_list_tells_how_far_imports_have_come_and_when_they_began(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=10")
    world.run(
        "path import run --no-wait --source-id 3 --mode SKIP", world.write("a.csv", rows(200))
    )
    world.clock.advance(10)
    shown = world.run(LIST, columns=120).out.splitlines()
    head, row = (re.split("  +", line.strip()) for line in (shown[0], shown[2]))
    found = dict(zip(head, row, strict=False))
    assert (found["Channel"], found["File Name"]) == ("3", "a.csv")
    assert re.fullmatch("4[0-9]%|5[0-9]%", found["Done"])
    assert re.fullmatch("~1?[0-9]s", found["ETA"])
    assert re.fullmatch("1?[0-9]s ago", found["Started"])
    record = world.run("path import get --latest", columns=80).out
    assert re.search("^Channel +3$", record, re.M)
    # the existing columns of CSV stay
    assert world.run(LIST, "--format csv").out.splitlines()[0].split(",") == [
        *("ID", "Status", "Mode", "File Name", "Total", "Processed", "New", "Failed"),
        "Completed At",
    ]


def test_get_takes_the_latest_or_the_active_one(mixed: World) -> None:
    assert mixed.run("path import get --latest").data["id"] == 26
    assert mixed.run("path import get --active").data["id"] == 26
    both = mixed.run("path import get 7 --latest")
    assert (both.code, both.sent) == (2, [])
    none = mixed.run("path import get")
    assert (none.code, none.sent) == (2, [])
    assert "Missing argument 'ID'." in none.err
