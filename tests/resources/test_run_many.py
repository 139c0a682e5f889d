"""`path import run` of several files, and several runs at once."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows, without_tag
from tests.replies import Request
from tests.world import MakeWorld, World


def test_the_document_has_all_files_in_the_order_given(world: World) -> None:
    names = [
        world.write("c.csv", rows(2, "orderc")),
        world.write("a.csv", rows(2, "ordera", bad=1)),
        world.write("b.csv", rows(2, "orderb")),
    ]
    done = world.import_files(*names, "--interval=1s")
    assert done.code == 6
    assert [without_tag(job["fileName"]) for job in done.json["data"]] == names
    assert [each["file"] for each in done.json["runs"]] == names
    assert {each["action"] for each in done.json["runs"]} == {"created"}
    wait = done.json["wait"]
    assert wait["exitCode"] == 6
    assert [job["exitCode"] for job in wait["jobs"]] == [0, 6, 0]
    assert [job["id"] for job in wait["jobs"]] == [job["id"] for job in done.json["data"]]
    assert done.error["message"].startswith("1 of 3 imports did not succeed\n")
    assert world.new_people == 6
    assert world.steps == ["finished"] * 3
    assert world.import_files(*names, "--quiet", "--allow-partial").told == (0, "", "")
    assert len(world.jobs) == 3


def test_one_content_under_two_names_is_imported_once(world: World) -> None:
    text = rows(2, "double")
    done = world.import_files(
        world.write("a.csv", text), world.write("b.csv", text), "--interval=1s"
    )
    assert done.code == 0
    assert len(world.jobs) == 1
    first, second = done.json["data"]
    assert first["id"] == second["id"]
    assert done.json["runs"][0]["action"] == "created"
    assert done.json["runs"][1]["action"] in ("attached", "known")


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_imports_are_in_flight_than_wanted(make_world: MakeWorld, most: int) -> None:
    world = make_world("--rows-per-second=10")
    names = [world.write(f"{n}.csv", rows(8, f"p{n}")) for n in range(4)]
    seen = set()

    def count(request: Request) -> None:
        seen.add(len([job for job in world.jobs if job["completedAt"] is None]))

    world.on_request = count
    done = world.import_files(*names, f"--parallel {most} --interval=1s")
    assert done.code == 0
    assert max(seen) == most
    assert [without_tag(job["fileName"]) for job in done.json["data"]] == names
    assert world.new_people == 32


def test_one_deadline_holds_for_all(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1")
    names = [world.write(f"{n}.csv", rows(60, f"p{n}")) for n in range(3)]
    done = world.import_files(*names, "--timeout=2s")
    assert done.took_s == 2
    assert done.code == 124
    assert [job and job["id"] for job in done.json["data"]] == [1, 2, None]
    codes = [job["exitCode"] for job in done.json["wait"]["jobs"]]
    assert codes == [124, 124, 8]
    assert done.json["wait"]["jobs"][2]["error"]["code"] == "NOT_STARTED"
    assert " path import wait 1 2 " in done.error["resumeCommand"] + " "
    assert len(world.jobs) == 2


BAD = "Email,Name\nx\n"


def test_a_bad_file_stops_everything_before_anything_is_sent(world: World) -> None:
    names = [
        world.write("good.csv", rows(2, "stopped")),
        world.write("bad.csv", BAD),
        "missing.csv",
    ]
    done = world.import_files(*names)
    assert done.sent == []
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == (
        "2 of 3 files cannot be imported; nothing was sent:\n"
        "  bad.csv: the row of line 2 has 1 cells, the header has 2\n"
        "  file not found: missing.csv"
    )
    assert done.error["hint"] == "--keep-going imports the others"
    assert world.steps == []


def test_keep_going_imports_the_others(world: World) -> None:
    names = [
        world.write("bad.csv", BAD),
        world.write("good.csv", rows(2, "keepgoing")),
        "missing.csv",
    ]
    done = world.import_files(*names, "--keep-going", "--interval=1s")
    assert done.code == 2
    assert [job and without_tag(job["fileName"]) for job in done.json["data"]] == [
        None,
        "good.csv",
        None,
    ]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [2, 0, 2]
    assert [each["action"] for each in done.json["runs"]] == ["none", "created", "none"]
    assert "file not found: missing.csv" in done.error["message"]
    assert world.new_people == 2


def test_a_file_that_the_server_refuses_stops_those_behind_it(world: World) -> None:
    names = [
        world.write("a.csv", rows(2, "refuseda")),
        world.write("b.csv", "Nr,Wer\n1,x\n"),
        world.write("c.csv", rows(2, "refusedc")),
    ]
    done = world.import_files(*names, "--parallel=1", "--interval=1s")
    assert done.code == 2
    assert [job and without_tag(job["fileName"]) for job in done.json["data"]] == [
        "a.csv",
        None,
        None,
    ]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [0, 2, 8]
    assert "no column is mapped to EMAIL" in done.error["message"]
    kept = world.import_files(*names, "--parallel=1", "--interval=1s", "--keep-going")
    assert kept.code == 2
    assert [job and without_tag(job["fileName"]) for job in kept.json["data"]] == [
        "a.csv",
        None,
        "c.csv",
    ]
    assert [each["action"] for each in kept.json["runs"]] == ["known", "none", "created"]


def test_no_wait_creates_all_and_prints_all_ids(world: World) -> None:
    names = [world.write(f"{n}.csv", rows(2, f"nowait{n}")) for n in range(4)]
    done = world.import_files(*names, "--no-wait")
    assert done.code == 0
    ids = [job["id"] for job in world.jobs]
    assert [each["importJobId"] for each in done.json["data"]] == ids
    assert [each["file"] for each in done.json["data"]] == names


def test_dry_run_shows_all_and_creates_nothing(world: World) -> None:
    names = [world.write(f"{n}.csv", rows(n + 1, f"dry{n}")) for n in range(2)]
    done = world.import_files(*names, "--dry-run")
    assert done.code == 0
    assert [(each["fileName"], each["rows"]) for each in done.json["data"]] == [
        ("0.csv", 1),
        ("1.csv", 2),
    ]
    assert world.jobs == []


def test_a_dry_run_of_several_has_a_place_for_each_and_says_what_is_wrong(world: World) -> None:
    names = [world.write("bad.csv", BAD), world.write("good.csv", rows(2, "drygood"))]
    done = world.import_files(*names, "--dry-run --keep-going")
    assert done.code == 2
    assert [each and each["fileName"] for each in done.json["data"]] == [None, "good.csv"]
    runs = [(each["file"], each["prepared"] is None) for each in done.json["runs"]]
    assert runs == [("bad.csv", True), ("good.csv", False)]
    assert "bad.csv" in done.error["message"]


@pytest.mark.parametrize("flags", ["", "--again", "--parallel 1"])
def test_the_same_content_twice_is_one_import_and_said_to_be(world: World, flags: str) -> None:
    text = rows(20, bad=1)
    paths = [world.write("a.csv", text), world.write("b.csv", text)]
    done = world.import_files(*paths, paths[0], flags, "--format table --progress none")
    assert (done.code, len(world.jobs), done.out.count("PARTIAL_SUCCESS")) == (6, 1, 1)
    told = done.err.splitlines()
    assert "b.csv has the content of a.csv: it is one import, 1" in told
    assert "a.csv is named twice: it is one import, 1" in told
    assert told.count("failed rows are in import-1-failed.csv") == 1
    assert told[-1] == (
        "Error: import 1 ended as PARTIAL_SUCCESS: 1 of 21 rows failed (1 INVALID_EMAIL)"
    )
    # the document has a place for each file
    again = world.import_files(*paths, "--json").json
    assert [job["id"] for job in again["data"]] == [1, 1]
    assert [run["file"] for run in again["runs"]] == ["a.csv", "b.csv"]


def test_imports_that_run_are_not_said_to_have_failed(make_world: MakeWorld) -> None:
    world = make_world("--fault=queue=3600")
    for count in (5, 6, 7):
        world.create_import(rows(count))
    done = world.run("path import wait 1 2 3 --timeout 5s --format table")
    assert done.code == 124
    assert "Error: 3 of 3 imports have not finished\n" in done.err
    assert "failed-export" not in done.err
