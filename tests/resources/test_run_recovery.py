"""`path import run` that does not know what became of its import, or cannot write it down."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import stat
from typing import Any

import pytest

from tests.csv_texts import rows
from tests.replies import Reply, Request
from tests.world import MakeWorld, World

CREATE = "method=POST,path=/path/import"


def test_a_lost_answer_is_looked_for_in_the_same_run(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=yes,count=1")
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "adopted")
    assert len(world.jobs) == 1
    assert world.new_people == 3


def test_a_create_that_never_arrived_is_sent_once_more_when_it_has_settled(
    make_world: MakeWorld,
) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=no,count=1")
    done = world.import_files(world.write("a.csv", rows(3)), "--settle=40s")
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert 40 <= done.took_s < 50
    assert len(world.jobs) == 1


def test_the_deadline_ends_the_search(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=503,{CREATE},processed=no")
    name = world.write("a.csv", rows(3))
    done = world.import_files(name, "--timeout=5s")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    assert done.took_s <= 6
    assert sum(line.startswith("POST /path/import {") for line in done.lines) == 1
    assert world.jobs == []


def test_a_create_that_is_lost_twice_is_left_to_the_next_run(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=503,{CREATE},processed=no,count=2")
    name = world.write("a.csv", rows(3))
    done = world.import_files(name, "--settle=30s")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    assert 60 <= done.took_s < 80
    again = world.import_files(name, "--settle=30s")
    assert (again.code, again.json["run"]["action"]) == (0, "created")
    assert len(world.jobs) == 1
    # the next run goes on with the same attempt: a late import of it would be recognized
    assert world.steps == ["finished"]


def test_a_refusal_does_not_make_a_run_forget_an_earlier_request(make_world: MakeWorld) -> None:
    lost = f"--fault=503,{CREATE},processed=yes,count=1"
    world = make_world(lost, f"--fault=403,{CREATE},count=1", "--fault=list-late=300")
    name = world.write("a.csv", rows(3))
    first = world.import_files(name, "--settle=10s", "--timeout=5s")
    assert first.error["code"] == "CREATE_UNCERTAIN"
    world.clock.sleep(20)
    refused = world.import_files(name, "--settle=10s")
    assert refused.error["code"] == "FORBIDDEN"
    assert world.steps == ["creating"]
    world.clock.sleep(300)
    done = world.import_files(name, "--settle=10s", "--no-server-check")
    assert (done.code, done.json["run"]["action"]) == (0, "adopted")
    assert len(world.jobs) == 1


def test_an_import_of_somebody_else_with_that_name_is_not_taken(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=yes,count=1")

    def import_another(request: Request) -> None:
        if request.method == "GET" and len(world.jobs) == 1:
            world.create_import(rows(3, "other"))

    world.on_request = import_another
    done = world.import_files(world.write("contacts.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "adopted")
    assert done.json["data"]["newCount"] == 3
    assert done.json["data"]["id"] == 1


def test_an_import_of_somebody_else_is_not_taken_for_one_that_was_never_made(
    make_world: MakeWorld,
) -> None:
    world = make_world(f"--fault=503,{CREATE},processed=no,count=1")

    def import_another(request: Request) -> None:
        if request.method == "GET" and not world.jobs:
            world.create_import(rows(3, "other"))

    world.on_request = import_another
    done = world.import_files(world.write("contacts.csv", rows(3)), "--settle=10s")
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert (len(world.jobs), world.new_people) == (2, 6)


@pytest.mark.parametrize(
    "name",
    [
        " a.csv",
        'a\\b\t"%22b.csv',
        "Ünïcode 東京.csv",
        "-a.csv",
        "a.CSV",
        "noending",
        "a" * 200 + ".csv",
    ],
)
def test_a_lost_answer_is_found_whatever_the_file_is_called(
    make_world: MakeWorld, name: str
) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=yes,count=1")
    (world.folder / name).write_text(rows(3))
    done = world.import_files(world.folder / name)
    assert (done.code, done.json["run"]["action"]) == (0, "adopted")
    assert len(world.jobs) == 1
    [sent] = {job["fileName"] for job in world.jobs}
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,60}\.tv-[0-9a-f]{12}-[0-9a-f]{6}\.csv", sent)


def test_a_table_shows_the_name_of_the_file(world: World) -> None:
    path = world.folder / world.write("my contacts.csv", rows(3))
    assert "\nFile        my_contacts.csv\n" in world.import_files(path, "--format=table").out
    listed = world.run("path import list --format table").out
    assert "my_contacts.csv" in listed
    assert ".tv-" not in listed


@pytest.mark.parametrize("skew_s", [-86_400, -5, 3_600])
@pytest.mark.parametrize("lost", ["yes", "no"])
def test_a_clock_that_is_wrong_changes_nothing(
    make_world: MakeWorld, skew_s: float, lost: str
) -> None:
    world = make_world(f"--fault=502,{CREATE},processed={lost},count=1")
    name = world.write("a.csv", rows(3))
    for action in ("adopted" if lost == "yes" else "created", "known", "known"):
        done = world.import_files(name, "--settle=20s")
        assert (done.code, done.json["run"]["action"]) == (0, action)
        world.machine.ahead_s += skew_s
    assert len(world.jobs) == 1


def test_after_again_after_it_is_imported_again(world: World) -> None:
    name = world.write("a.csv", rows(3))
    assert world.import_files(name).code == 0
    world.clock.advance(25 * 3600)
    assert world.import_files(name, "--again-after=30h").json["run"]["action"] == "known"
    assert world.import_files(name).json["run"]["action"] == "created"


def test_another_mapping_is_another_import(world: World) -> None:
    name = world.write("a.csv", rows(3))
    assert world.import_files(name).json["run"]["action"] == "created"
    corrected = world.import_files(name, "--mapping Email:EMAIL --mapping Name:LAST_NAME")
    assert corrected.json["run"]["action"] == "created"
    # the same rules, said otherwise
    again = world.import_files(name, "--mapping 1:LAST_NAME --mapping 0:EMAIL")
    assert again.json["run"]["action"] == "known"
    assert len(world.jobs) == 2


def test_what_another_machine_has_imported_is_known(world: World) -> None:
    world.import_files(world.write("a.csv", rows(3)))
    other = world.another_machine("other")
    other.write("b.csv", rows(3))
    done = other.import_files("b.csv")
    assert (done.code, done.json["run"]["action"]) == (0, "known")
    assert "b.csv was imported by import 1 on another machine\n" in done.err
    assert len(world.jobs) == 1
    unasked = world.another_machine("unasked")
    unasked.write("b.csv", rows(3))
    assert unasked.import_files("b.csv --no-server-check").json["run"]["action"] == "created"


def test_what_another_machine_is_importing_is_waited_for(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1")
    started = world.import_files(world.write("a.csv", rows(9)), "--no-wait")
    assert started.json["data"]["action"] == "created"
    other = world.another_machine("other")
    other.write("b.csv", rows(9))
    done = other.import_files("b.csv")
    assert (done.code, done.json["run"]["action"]) == (0, "attached")
    assert len(world.jobs) == 1


def test_a_failed_import_of_another_machine_does_not_count(make_world: MakeWorld) -> None:
    world = make_world("--fault=fail=0.5,count=1")
    assert world.import_files(world.write("a.csv", rows(4))).code == 7
    other = world.another_machine("other")
    other.write("a.csv", rows(4))
    assert other.import_files("a.csv").json["run"]["action"] == "created"
    assert world.new_people == 4


def test_a_list_without_end_is_left_after_ten_pages(world: World) -> None:
    page = {"pageNumber": 1, "pageSize": 100, "totalElements": 10**9, "totalPages": 10**7}
    job = {"id": 5, "status": "RUNNING", "fileName": "x.csv"}
    world.answer(Reply({"content": [job], **page}), method="GET", path="/path/import")
    done = world.import_files(world.write("a.csv", rows(3)), "--no-wait")
    assert done.code == 0
    assert sum(line.startswith("GET /path/import?") for line in done.lines) == 10


def test_an_upload_that_fails_for_now_is_sent_again(make_world: MakeWorld) -> None:
    world = make_world("--fault=503,method=POST,path=/path/import/analyze,count=3")
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert sum(line.startswith("POST /path/import/analyze") for line in done.lines) == 4
    assert "retrying in" in done.err


def test_a_create_that_is_not_let_in_is_sent_again_after_the_pause(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=429,retry-after=7,{CREATE},count=2")
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert done.slept[:2] == [7, 7]
    assert len(world.jobs) == 1


def test_a_plain_name_is_sent_as_it_is(world: World) -> None:
    path = world.folder / world.write("my contacts.csv", rows(3))
    done = world.import_files(path, "--plain-name")
    assert done.json["data"]["fileName"] == "my contacts.csv"


def test_a_plain_name_stops_where_its_import_cannot_be_told_from_others(
    make_world: MakeWorld,
) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=yes,count=1")
    done = world.import_files(world.write("a.csv", rows(3)), "--plain-name --settle=5s")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    assert "nobody can tell whether it is one of these:\n  1  " in done.error["message"]
    assert "it was sent under its own name" in done.err
    assert len(world.jobs) == 1


def test_failed_rows_of_a_known_import_are_saved_too(world: World) -> None:
    name = world.write("a.csv", rows(3, bad=1))
    assert world.import_files(name, "--no-failed-rows").code == 6
    again = world.import_files(name)
    assert (again.code, again.json["run"]["action"]) == (6, "known")
    assert b"INVALID_EMAIL" in (world.folder / "import-1-failed.csv").read_bytes()


def test_a_night_after_failures_is_no_worse_than_the_one_before(world: World) -> None:
    name = world.write("a.csv", rows(3, bad=1))
    assert world.import_files(name, "--allow-partial").code == 0
    # somebody has begun to correct them
    saved = world.folder / "import-1-failed.csv"
    saved.write_text("being corrected")
    assert world.import_files(name, "--allow-partial").code == 0
    assert saved.read_text() == "being corrected"


def test_saved_failed_rows_are_left_out_of_a_batch(world: World) -> None:
    first = world.write("a.csv", rows(3, "one", bad=1))
    world.import_files(first)
    done = world.import_files("a.csv import-1-failed.csv", world.write("b.csv", rows(2, "two")))
    assert [each["file"] for each in done.json["runs"]] == ["a.csv", "b.csv"]
    assert "import-1-failed.csv holds failed rows of an import, and is left out" in done.err


def test_a_corrected_file_needs_no_flags_and_what_is_wrong_still_comes_out_again(
    world: World,
) -> None:
    text = "Nr,Mail of them,Wer\n1,ada@new.example,Ada\n2,bad,Bob\n3,worse,Cid\n"
    name = world.write("a.csv", text)
    mapping = "--mapping 'Mail of them:EMAIL' --mapping Wer:NAME"
    assert world.import_files(name, mapping).code == 6
    saved = world.folder / "import-1-failed.csv"
    corrected = saved.read_text().replace("2,bad,", "2,bob@new.example,")
    saved.write_text(corrected)
    done = world.import_files("import-1-failed.csv")
    assert (done.code, done.json["data"]["newCount"]) == (6, 1)
    assert done.err.startswith("import-1-failed.csv: Mail of them → EMAIL, Wer → NAME\n")
    again = (world.folder / "import-2-failed.csv").read_text().splitlines()
    assert again[0] == "Nr,Mail of them,Wer,rowNum,errorCode,errorMessage"
    assert [line.split(",")[:3] for line in again[1:]] == [["3", "worse", "Cid"]]


def test_failed_rows_do_not_go_through_a_link(world: World) -> None:
    name = world.write("a.csv", rows(3, bad=1))
    elsewhere = world.folder / "elsewhere.txt"
    elsewhere.write_text("mine")
    (world.folder / "import-1-failed.csv").symlink_to(elsewhere)
    done = world.import_files(name)
    assert done.code == 6
    assert "import-1-failed.csv is no plain file, and was left as it is" in done.err
    assert elsewhere.read_text() == "mine"


def _fail_to_journal(world: World, **variables: Any) -> str:
    """Run with a journal that cannot be used; return the message."""
    done = world.import_files(world.write("a.csv", rows(3)), **variables)
    assert (done.code, done.out, done.error["code"]) == (1, "", "JOURNAL")
    assert done.error["hint"] == (
        "without it nobody could tell whether a file was imported already; "
        "XDG_STATE_HOME names another folder"
    )
    assert world.jobs == []
    message: str = done.error["message"]
    return message


def test_a_home_that_cannot_be_written_is_told_before_anything_is_created(world: World) -> None:
    # nobody can make a folder there, not even root
    assert _fail_to_journal(world, HOME="/proc/nobody").startswith(
        "cannot use the journal /proc/nobody/.local/state/talkvalue/journal.db: "
    )


def test_xdg_state_home_is_the_way_out(world: World) -> None:
    name = world.write("a.csv", rows(3))
    state = world.folder / "state"
    done = world.import_files(name, HOME="/proc/nobody", XDG_STATE_HOME=str(state))
    assert done.code == 0
    journal = state / "talkvalue" / "journal.db"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"damaged " * 1000, "file is not a database"),
        (b"", "it is empty, and must have been damaged"),
    ],
)
def test_a_damaged_journal_is_told_before_anything_is_created(
    world: World, content: bytes, message: str
) -> None:
    journal = world.machine.state / "journal.db"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(content)
    assert _fail_to_journal(world).startswith(f"cannot use the journal {journal}: {message}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("PRAGMA user_version = 99", "a newer version of this program has written it"),
        ("UPDATE attempts SET record = '{'", "row 1 is damaged"),
    ],
)
def test_a_journal_that_this_version_cannot_read_is_told(
    world: World, change: str, message: str
) -> None:
    name = world.write("a.csv", rows(1))
    world.import_files(name)
    with contextlib.closing(sqlite3.connect(world.machine.state / "journal.db")) as database:
        database.execute(change)
        database.commit()
    done = world.import_files(name)
    assert (done.code, done.error["code"]) == (1, "JOURNAL")
    assert message in done.error["message"]
    assert len(world.jobs) == 1


def test_a_file_whose_name_is_no_utf_8_is_imported_once(world: World) -> None:
    name = os.fsdecode(b"l\xe9ads.csv")
    (world.folder / name).write_text(rows(3))
    assert [world.import_files(world.folder / name).code for _ in range(2)] == [0, 0]
    assert len(world.jobs) == 1


@pytest.mark.parametrize("characters", [12, 30, 40])
def test_a_server_that_cuts_the_key_off_is_told_of_and_nothing_is_guessed(
    make_world: MakeWorld, characters: int
) -> None:
    """Not one digit less than the whole tag counts as one: a stranger could have the rest."""
    world = make_world(
        f"--fault=rename=truncate,characters={characters}",
        "--fault=cut-before,method=POST,path=/path/import,processed=yes,after=1",
    )
    first = world.write("Guests of the day.csv", rows(3))
    run = "path import run --source-id 1 --mode UPDATE"
    done = world.run(run, words=[first])
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    [warning] = done.json["run"]["warnings"]
    assert warning == (
        "Guests of the day.csv: the server has cut the key off its name, and another machine would "
        "not know that it was imported; a shared journal tells them"
    )
    assert warning in done.err
    assert world.run(run, words=[first]).json["run"]["action"] == "known"
    # the answer to the second is lost: it may be anybody's
    second = world.write("Guests of tomorrow.csv", rows(2, "t"))
    for _ in range(2):
        lost = world.run(run, words=[second])
        assert (lost.code, lost.error["code"]) == (1, "CREATE_UNCERTAIN")
        assert (
            "nobody can tell whether it is one of these:\n  2  COMPLETED" in lost.error["message"]
        )
    assert len(world.jobs) == 2


def test_whoever_asks_for_a_plain_name_is_not_told_of_it(make_world: MakeWorld) -> None:
    world = make_world()
    done = world.run(
        f"path import run {world.write('a.csv', rows(1))} --source-id 1 --mode UPDATE --plain-name"
    )
    assert done.code == 0
    assert "cut the key off" not in done.err


def test_corrected_rows_of_another_machine_s_import_say_that_its_mapping_is_not_known(
    world: World,
) -> None:
    run = "path import run --source-id 1 --mode UPDATE"
    rules = "--mapping Nr:NAME"
    text = "Email,Nr\nbad,1\na@b.example,2\n"
    name = world.write("a.csv", text)
    assert world.run(f"{run} {rules}", words=[name]).code == 6
    other = world.another_machine("other")
    other.write("a.csv", text)
    taken = other.run(f"{run} {rules}", words=["a.csv"])
    assert (taken.code, taken.json["run"]["action"]) == (6, "known")
    saved = other.folder / "import-1-failed.csv"
    saved.write_text(saved.read_text().replace("bad", "c@d.example"))
    told = (
        "import-1-failed.csv: the mapping of import 1 is not in the journal, as of one made on "
        "another machine; the columns are recognized as those of any file\n"
    )
    done = other.run(f"{run} --quiet", words=[saved.name])
    assert done.told == (0, "", "")
    again = other.run(f"{run} --again", words=[saved.name])
    assert again.err.count(told) == 1
    # where it was made, it is
    (world.folder / saved.name).write_text(saved.read_text())
    assert told not in world.run(run, words=[saved.name]).err


def test_a_plain_name_is_not_taken_for_one_that_lost_its_tag(make_world: MakeWorld) -> None:
    world = make_world()
    # that this server keeps tags is known from here on
    assert world.import_files(world.write("first.csv", rows(2, "first"))).code == 0
    lost = Reply({"title": "Bad Gateway"}, status=502)
    world.on_request = lambda request: _make_and_lose(world, request, lost)
    name = world.write("a.csv", rows(3))
    done = world.import_files(name, "--plain-name --settle=5s")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    assert len(world.jobs) == 2


def _make_and_lose(world: World, request: Request, lost: Reply) -> Reply | None:
    """Let the sandbox create an import, and lose its answer."""
    if not request.line.startswith("POST /path/import {"):
        return None
    world.post("/path/import", json=json.loads(request.body))
    return lost


@pytest.mark.parametrize(
    ("file_name", "is_own"),
    [
        ("{own}", True),
        # a server may call it as it likes, but a tag tells whose it is
        ("renamed.csv", True),
        ("a.tv-000000000000-000000.csv", False),
    ],
)
def test_the_number_of_an_import_may_be_that_of_another(
    make_world: MakeWorld, file_name: str, is_own: bool
) -> None:
    world = make_world("--rows-per-second=1")
    name = world.write("a.csv", rows(2))
    assert world.import_files(name, "--no-wait").code == 0
    world.clock.advance(60)
    [made] = world.jobs
    found = file_name.format(own=made["fileName"])
    world.answer(Reply({**made, "fileName": found}), path="/path/import/1")
    done = world.import_files(name)
    assert done.code == (0 if is_own else 4)
    assert is_own or "the server has no such import" in done.error["message"]
