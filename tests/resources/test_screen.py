"""What is written to a terminal: tables, colours, and the line that shows how an import goes on."""

from __future__ import annotations

import re

import pytest

from tests.csv_texts import people
from tests.replies import Reply, job
from tests.world import MakeWorld, Result, World

ESC, HIDE, SHOW, CLEAR = "\x1b", "\x1b[?25l", "\x1b[?25h", "\x1b[K"


def _show(world: World, line: str, **variables: str | None) -> Result:
    """Run a command on a terminal that has colours."""
    settings = {"NO_COLOR": None, "TERM": "xterm-256color", **variables}
    return world.run(line, is_terminal=True, **settings)  # type: ignore[arg-type]


def _frames(done: Result) -> list[str]:
    """Return the texts of the line that shows progress, one after the other, without colour."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.err)
    return [part.rpartition("\r")[2].strip() for part in plain.split(CLEAR)]


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ({"NO_COLOR": "1"}, ""),
        ({"FORCE_COLOR": "0"}, ""),
        ({"TERM": "dumb"}, ""),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, ""),
        ({}, "--no-color"),
        ({"FORCE_COLOR": "1"}, "--no-color"),
    ],
)
def test_colour_can_be_turned_off(world: World, variables: dict[str, str], flags: str) -> None:
    listed = _show(world, f"path channel list {flags}", **variables)
    failed = _show(world, f"path channel get 99 {flags}", **variables)
    assert (listed.code, failed.code) == (0, 4)
    assert "Newsletter" in listed.out
    assert ESC not in listed.out + listed.err + failed.out + failed.err


def test_colour_is_there_on_a_terminal_and_can_be_forced_into_a_pipe(world: World) -> None:
    name = f"{ESC}[1;36mName"
    assert name in _show(world, "path channel list").out
    line = "path channel list --format=table"
    assert name in world.run(line, NO_COLOR=None, FORCE_COLOR="1").out
    assert ESC not in world.run(line, NO_COLOR=None).out


def test_an_import_is_read_at_a_glance(world: World) -> None:
    job_id = world.finish_import(people(1200, bad=2))
    done = _show(world, f"path import get {job_id}", NO_COLOR="1")
    lines = done.out.splitlines()

    def find(part: str) -> str:
        return next(line for line in lines if part in line)

    assert find("Status").split() == ["Status", "PARTIAL_SUCCESS"]
    assert find("Rows").split(maxsplit=1) == ["Rows", "1,202 of 1,202 (100 %)"]
    assert find("Failed").split() == ["Failed", "2"]
    assert find("Duration").endswith("s")
    assert find("Failed rows") == "Failed rows (2 of 2)"
    rows = [line.split() for line in lines if "INVALID_EMAIL" in line]
    assert [row[:2] for row in rows] == [["1201", "1202"], ["1202", "1203"]]
    assert "{" not in done.out


def test_the_line_moves_between_looks_but_no_more_than_four_times_a_second(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=10")
    world.create_import(people(1000))
    done = _show(world, "path import wait 1 --interval=20s --json")
    wait = done.json["wait"]
    shown = "\n".join(_frames(done))
    # the bar moves on, but rows are told as the server has told them
    assert wait["requests"] < 10 < len(set(re.findall(r"~(\d+) %", shown)))
    assert len(set(re.findall(r"(\d+)/1,000", shown))) <= wait["requests"]
    assert 100 < done.err.count(CLEAR) <= 4 * wait["elapsedSeconds"] + wait["requests"] + 1
    assert (done.err.count(HIDE), done.err.count(SHOW)) == (1, 1)


def test_an_error_in_the_middle_brings_the_cursor_back(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1", "--fault=revoke,path=/path/import/1,after=1")
    world.create_import(people(100))
    done = _show(world, "path import wait 1 --interval=1s", NO_COLOR="1")
    assert done.code == 3
    assert (done.err.count(HIDE), done.err.count(SHOW)) == (1, 1)
    assert done.err.index(SHOW) < done.err.index("Error: The token was revoked.")


def test_pending_shows_how_long_it_has_lasted(make_world: MakeWorld) -> None:
    world = make_world("--fault=queue=3600")
    world.create_import(people(5))
    done = _show(world, "path import wait 1 --timeout=5s")
    shown = [re.fullmatch("import 1  PENDING.*  for ([0-9]+)s", each) for each in _frames(done)]
    assert sorted({int(each[1]) for each in shown if each} - {0, 5}) == [1, 2, 3, 4]


def test_lost_contact_is_part_of_the_line_and_goes_away_again(world: World) -> None:
    running = Reply(job("RUNNING", processedRows=5))
    world.answer(running, Reply({}, 503), running, Reply(job("COMPLETED")))
    done = _show(world, "path import wait 7 --interval=5s")
    assert done.code == 0
    lost = ["503" in frame for frame in _frames(done)]
    assert any(lost)
    assert not any(lost[-5:])
    assert "503" not in done.out


def test_a_dumb_terminal_gets_lines_without_escape_codes(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=30")
    world.create_import(people(60))
    done = _show(world, "path import wait 1 --interval=1s", TERM="dumb")
    assert (done.code, ESC in done.out + done.err) == (0, False)
    first, *_, last = done.err.splitlines()
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ import 1 RUNNING", first)
    assert last.endswith("COMPLETED 100 % (60/60 rows)")


def test_a_dumb_terminal_gets_a_line_for_each_of_many_that_ends(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=30")
    for count in (5, 30):
        world.create_import(people(count))
    done = _show(world, "path import wait 1 2 --interval=1s", TERM="dumb")
    assert (done.code, ESC in done.out + done.err) == (0, False)
    assert "Z import 1 COMPLETED 100 % (5/5 rows)" in done.err
    assert "Z import 2 COMPLETED 100 % (30/30 rows)" in done.err
    assert "RUNNING" not in done.err


def test_a_line_without_colour_is_drawn_as_ever(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=30")
    world.create_import(people(150))
    done = _show(world, "path import wait 1 --interval=1s", NO_COLOR="1")
    assert done.code == 0
    assert "RUNNING" in done.err
    # cursor and line are handled as ever, but no colour is set
    assert re.findall(r"\x1b\[[0-9;]*m", done.err + done.out) == []
    assert HIDE in done.err


def test_a_line_can_be_asked_for_on_a_dumb_terminal(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=30")
    world.create_import(people(100))
    done = _show(world, "path import wait 1 --interval=1s --progress=bar", TERM="dumb")
    assert (done.code, ESC in done.out + done.err) == (0, False)
    assert "RUNNING" in done.err
    assert done.err.endswith("\r")


@pytest.mark.parametrize("flags", ["--quiet", "--quiet --notify", "-q --json"])
def test_quiet_leaves_the_screen_as_it_was(make_world: MakeWorld, flags: str) -> None:
    world = make_world("--rows-per-second=30")
    world.create_import(people(40))
    assert _show(world, f"path import wait 1 {flags}").told == (0, "", "")


def test_an_import_that_stands_still_is_never_shown_beyond_the_servers_rows(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=50", "--fault=stall=0.5")
    world.create_import(people(600))
    done = _show(world, "path import wait 1 --timeout 2m")
    assert done.code == 124
    shown = _frames(done)
    assert max(int(rows) for rows in re.findall(r"(\d+)/600", "\n".join(shown))) == 300
    # an estimate ends with the poll that shows that nothing moves
    assert [frame for frame in shown[len(shown) // 2 :] if "~" in frame] == []
    assert "50 %  300/600  no progress for" in shown[-3]
