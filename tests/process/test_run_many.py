"""`path import run` of several files, and several runs at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness import Running, Sandbox, wait_for
from tests.process.desk import Desk, rows

StartSandbox = Callable[..., Sandbox]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox as fast as it can be."""
    sandbox = Sandbox(tmp_path_factory.mktemp("many"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def desk(server: Sandbox, tmp_path: Path) -> Desk:
    """An empty folder and the sandbox of this module."""
    return Desk(server, tmp_path)


def test_the_document_has_all_files_in_the_order_given(desk: Desk) -> None:
    names = [
        desk.write("c.csv", rows(2, "orderc")),
        desk.write("a.csv", rows(2, "ordera", bad=1)),
        desk.write("b.csv", rows(2, "orderb")),
    ]
    done = desk.run(*names, "--interval=1s")
    assert done.code == 6
    assert [job["fileName"] for job in done.json["data"]] == names
    assert [each["file"] for each in done.json["runs"]] == names
    assert {each["action"] for each in done.json["runs"]} == {"created"}
    wait = done.json["wait"]
    assert wait["exitCode"] == 6
    assert [job["exitCode"] for job in wait["jobs"]] == [0, 6, 0]
    assert [job["id"] for job in wait["jobs"]] == [job["id"] for job in done.json["data"]]
    assert done.error["message"].startswith("1 of 3 imports did not succeed\n")
    assert desk.new_people == 6
    assert desk.steps == ["finished"] * 3
    again = desk.run(*names, "--quiet", "--allow-partial")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert len(desk.jobs) == 3


def test_one_content_under_two_names_is_imported_once(desk: Desk) -> None:
    text = rows(2, "double")
    done = desk.run(desk.write("a.csv", text), desk.write("b.csv", text), "--interval=1s")
    assert done.code == 0
    assert len(desk.jobs) == 1
    first, second = done.json["data"]
    assert first["id"] == second["id"]
    assert done.json["runs"][0]["action"] == "created"
    assert done.json["runs"][1]["action"] in ("attached", "known")


@pytest.mark.parametrize(("parallel", "most"), [("1", 1), ("2", 2), ("3", 3)])
def test_no_more_imports_are_in_flight_than_wanted(
    start_sandbox: StartSandbox, tmp_path: Path, parallel: str, most: int
) -> None:
    desk = Desk(start_sandbox("--rows-per-second=10"), tmp_path)
    names = [desk.write(f"{n}.csv", rows(8, f"p{n}")) for n in range(4)]
    seen = set()
    with desk.watch(*names, "--parallel", parallel, "--interval=1s") as running:
        while running.process.poll() is None:
            live = [job for job in desk.jobs if job["completedAt"] is None]
            seen.add(len(live))
            time.sleep(0.05)
        done = running.finish()
    assert done.code == 0
    assert max(seen) == most
    assert [job["fileName"] for job in done.json["data"]] == names
    assert desk.new_people == 32


def test_one_deadline_holds_for_all(start_sandbox: StartSandbox, tmp_path: Path) -> None:
    desk = Desk(start_sandbox("--rows-per-second=1"), tmp_path)
    names = [desk.write(f"{n}.csv", rows(60, f"p{n}")) for n in range(3)]
    began_at = time.monotonic()
    done = desk.run(*names, "--timeout=2s")
    assert 2 <= time.monotonic() - began_at < 8
    assert done.code == 124
    assert [job and job["id"] for job in done.json["data"]] == [1, 2, None]
    codes = [job["exitCode"] for job in done.json["wait"]["jobs"]]
    assert codes == [124, 124, 8]
    assert done.json["wait"]["jobs"][2]["error"]["code"] == "NOT_STARTED"
    assert " path import wait 1 2 " in done.error["resumeCommand"] + " "
    assert len(desk.jobs) == 2


BAD = "Email,Name\nx\n"


def test_a_bad_file_stops_everything_before_anything_is_sent(desk: Desk) -> None:
    names = [
        desk.write("good.csv", rows(2, "stopped")),
        desk.write("bad.csv", BAD),
        "missing.csv",
    ]
    # there is nobody to be asked
    done = desk.run(*names, environ=desk.environ(TALKVALUE_API_URL="http://127.0.0.1:1"))
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == (
        "2 of 3 files cannot be imported; nothing was sent:\n"
        "  bad.csv: row 1 (line 2) has 1 cells, the header has 2\n"
        "  file not found: missing.csv"
    )
    assert done.error["hint"] == "--keep-going imports the others"
    assert desk.steps == []


def test_keep_going_imports_the_others(desk: Desk) -> None:
    names = [
        desk.write("bad.csv", BAD),
        desk.write("good.csv", rows(2, "keepgoing")),
        "missing.csv",
    ]
    done = desk.run(*names, "--keep-going", "--interval=1s")
    assert done.code == 2
    assert [job and job["fileName"] for job in done.json["data"]] == [None, "good.csv", None]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [2, 0, 2]
    assert [each["action"] for each in done.json["runs"]] == ["none", "created", "none"]
    assert "file not found: missing.csv" in done.error["message"]
    assert desk.new_people == 2


def test_a_file_that_the_server_refuses_stops_those_behind_it(desk: Desk) -> None:
    names = [
        desk.write("a.csv", rows(2, "refuseda")),
        desk.write("b.csv", "Nr,Wer\n1,x\n"),
        desk.write("c.csv", rows(2, "refusedc")),
    ]
    done = desk.run(*names, "--parallel=1", "--interval=1s")
    assert done.code == 2
    assert [job and job["fileName"] for job in done.json["data"]] == ["a.csv", None, None]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [0, 2, 8]
    assert "no column is mapped to EMAIL" in done.error["message"]
    kept = desk.run(*names, "--parallel=1", "--interval=1s", "--keep-going")
    assert kept.code == 2
    assert [job and job["fileName"] for job in kept.json["data"]] == ["a.csv", None, "c.csv"]
    assert [each["action"] for each in kept.json["runs"]] == ["known", "none", "created"]


def test_no_wait_creates_all_and_prints_all_ids(desk: Desk) -> None:
    names = [desk.write(f"{n}.csv", rows(2, f"nowait{n}")) for n in range(4)]
    done = desk.run(*names, "--no-wait")
    assert done.code == 0
    ids = [job["id"] for job in desk.jobs]
    assert [each["importJobId"] for each in done.json["data"]] == ids
    assert [each["file"] for each in done.json["data"]] == names


def test_dry_run_shows_all_and_creates_nothing(desk: Desk) -> None:
    names = [desk.write(f"{n}.csv", rows(n + 1, f"dry{n}")) for n in range(2)]
    done = desk.run(*names, "--dry-run")
    assert done.code == 0
    assert [(each["fileName"], each["rows"]) for each in done.json["data"]] == [
        ("0.csv", 1),
        ("1.csv", 2),
    ]
    assert desk.jobs == []


def run_at_once(desk: Desk, lines: list[tuple[str, ...]]) -> list[tuple[int, dict[str, str]]]:
    """Start runs all at the same moment; return their codes and what they did."""
    ended = []
    with ExitStack() as stack:
        running = [stack.enter_context(desk.watch(*line)) for line in lines]
        for each in running:
            done = each.finish(50)
            ended.append((done.code, json.loads(done.out)["run"]))
    return ended


def test_twenty_runs_of_one_file_at_once_make_one_import(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--rows-per-second=3"), tmp_path)
    name = desk.write("a.csv", rows(16, bad=1))
    ended = run_at_once(desk, [(name, "--interval=1s", "--no-failed-rows")] * 20)
    assert [code for code, _ in ended] == [6] * 20
    actions = sorted(done["action"] for _, done in ended)
    assert actions.count("created") == 1
    assert set(actions) <= {"attached", "created", "known"}
    assert "attached" in actions
    assert len(desk.jobs) == 1
    assert desk.new_people == 16


def test_different_files_do_not_wait_for_each_other(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    # the first upload hangs; the second file must not
    sandbox = start_sandbox("--fault=latency=20,path=/path/import/analyze,count=1")
    desk = Desk(sandbox, tmp_path)
    first, second = desk.write("a.csv", rows(2, "x")), desk.write("b.csv", rows(2, "y"))
    with desk.watch(first, "--verbose") as held:
        held.err.wait_for("/path/import/analyze\n")
        wait_for(lambda: desk.steps == ["uploading"], "the first upload")
        time.sleep(0.5)
        assert desk.run(second, "--interval=1s").code == 0
        assert held.process.poll() is None
        assert [job["fileName"] for job in desk.jobs] == ["b.csv"]


def test_who_waits_for_another_upload_gives_up_at_the_deadline(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--fault=latency=20,path=/path/import/analyze,count=1"), tmp_path)
    name = desk.write("a.csv", rows(2))
    with desk.watch(name) as held:
        desk.wait_for_step("uploading")
        done = desk.run(name, "--timeout=1s")
        assert held.process.poll() is None
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")
    assert done.error["message"] == (
        "the deadline passed while another run was sending the same file"
    )


def test_the_second_run_attaches_to_the_import_of_the_first(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--rows-per-second=10"), tmp_path)
    name = desk.write("a.csv", rows(30))
    with desk.watch(name, "--interval=1s") as first, desk.watch(name, "--interval=1s") as second:
        ended = [_finish(first), _finish(second)]
    assert sorted(ended) == [(0, "attached"), (0, "created")]
    assert len(desk.jobs) == 1


def _finish(running: Running) -> tuple[int, str]:
    done = running.finish()
    return done.code, str(done.json["run"]["action"])
