"""`path import wait 1 2 3`: one document, one exit code and one error for several imports."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.csv_texts import rows
from tests.world import Machine, MakeWorld, Result, World

HEADER = "ID,Status,Mode,File Name,Total,Processed,New,Failed,Completed At\n"


@pytest.fixture(scope="module")
def mixed(share_world: MakeWorld) -> World:
    """A world: 1 COMPLETED, 2 PARTIAL_SUCCESS, 3 FAILED, 4 PARTIAL_SUCCESS, 5 PENDING."""
    world = share_world(
        "--fault=fail=0.5,after=2,count=1",
        "--fault=queue=3600,after=4",
    )
    for text in (rows(3), rows(3, bad=2), rows(4), rows(1, bad=1)):
        world.finish_import(text)
    world.create_import(rows(3))
    return world


def wait(world: World | Machine, arguments: str) -> Result:
    """Wait for several imports; keep progress out of what is looked at."""
    return world.run("path import wait --progress=none", arguments)


@pytest.fixture
def machine(mixed: World, tmp_path: Path) -> Machine:
    """A machine with an empty folder."""
    return Machine(mixed, tmp_path / "machine")


def test_json_has_the_records_in_the_order_given_and_how_each_ended(mixed: World) -> None:
    done = wait(mixed, "3 1 2")
    assert [(job["id"], job["status"]) for job in done.json["data"]] == [
        (3, "FAILED"),
        (1, "COMPLETED"),
        (2, "PARTIAL_SUCCESS"),
    ]
    found = done.json["wait"]
    assert list(found) == ["exitCode", "elapsedSeconds", "requests", "resumeCommand", "jobs"]
    assert (found["exitCode"], found["requests"], found["resumeCommand"]) == (7, 1, None)
    assert [(job["id"], job["outcome"], job["exitCode"]) for job in found["jobs"]] == [
        (3, "failed", 7),
        (1, "completed", 0),
        (2, "partial", 6),
    ]
    assert [job["resumeCommand"] for job in found["jobs"]] == [None, None, None]
    assert "error" not in found["jobs"][1]
    assert found["jobs"][2]["error"]["code"] == "IMPORT_PARTIAL"


def test_there_is_one_error_on_stderr(mixed: World) -> None:
    done = wait(mixed, "1 2 3")
    assert done.code == 7
    assert done.err.startswith('{\n  "error"')
    assert done.err.count('"error"') == 1
    lines = done.error["message"].splitlines()
    assert lines[0] == "2 of 3 imports did not succeed"
    assert lines[1] == ("  import 2 ended as PARTIAL_SUCCESS: 2 of 5 rows failed (2 INVALID_EMAIL)")
    assert lines[2].startswith("  import 3 ended as FAILED")
    assert (done.error["code"], done.error["jobIds"]) == ("IMPORT_FAILED", [2, 3])
    assert done.error["resumeCommand"] is None
    assert "path import failed-export 2 -o import-2-failed.csv" in done.error["hint"]


def test_csv_has_a_line_for_each(mixed: World) -> None:
    done = wait(mixed, "2 1 --format=csv")
    lines = done.out.splitlines(keepends=True)
    assert (done.code, lines[0], len(lines)) == (6, HEADER, 3)
    assert lines[1].startswith("2,PARTIAL_SUCCESS,UPDATE,contacts.csv,5,5,0,2,")
    assert lines[2].startswith("1,COMPLETED,UPDATE,contacts.csv,3,3,")
    assert done.err.startswith("error,message\n")


def test_a_table_has_a_line_for_each(mixed: World) -> None:
    done = wait(mixed, "3 1 --format=table")
    lines = done.out.splitlines()
    assert (done.code, lines[0].split()[:2], len(lines)) == (7, ["ID", "Status"], 4)
    assert [line.split()[:2] for line in lines[2:]] == [["3", "FAILED"], ["1", "COMPLETED"]]
    assert done.err.startswith("Error: 1 of 2 imports did not succeed\n  import 3 ended as FAILED")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("1 1", 0),
        ("1 2", 6),
        ("1 2 4 --allow-partial", 0),
        ("1 2 4 --max-failed=1", 6),
        ("1 2 4 --max-failed=2", 0),
        ("1 2 5 --timeout=0", 8),
        ("2 5 --timeout=1s --interval=1s", 124),
        ("1 999", 4),
        ("2 999 5 --timeout=0", 4),
        ("3 999", 7),
        ("2 3 1 --allow-partial", 7),
    ],
)
def test_the_worst_end_decides_the_exit_code(mixed: World, arguments: str, code: int) -> None:
    done = wait(mixed, arguments)
    assert (done.code, done.json["wait"]["exitCode"]) == (code, code)


def test_an_import_that_does_not_exist_is_null_and_keeps_its_place(mixed: World) -> None:
    done = wait(mixed, "1 999 2 --allow-partial")
    assert [job and job["id"] for job in done.json["data"]] == [1, None, 2]
    missing = done.json["wait"]["jobs"][1]
    assert (missing["id"], missing["exitCode"], missing["resumeCommand"]) == (999, 4, None)
    assert missing["error"]["code"] == "NOT_FOUND"
    assert done.error["code"] == "NOT_FOUND"
    assert done.error["hint"].splitlines()[-1] == "talkvalue path import list shows the imports"


def test_an_id_given_twice_is_waited_for_once(mixed: World) -> None:
    done = wait(mixed, "2 1 2 02 --allow-partial")
    assert [job["id"] for job in done.json["data"]] == [2, 1]
    assert [job["id"] for job in done.json["wait"]["jobs"]] == [2, 1]
    assert done.json["wait"]["requests"] == 1


def test_quiet_says_nothing_when_all_is_well_and_everything_otherwise(mixed: World) -> None:
    command = "path import wait --quiet 1 2"
    assert mixed.run(command, "--allow-partial").told == (0, "", "")
    done = mixed.run(command)
    assert done.code == 6
    # for people, who read it as mail
    assert [line.split()[:2] for line in done.out.splitlines()[2:4]] == [
        ["1", "COMPLETED"],
        ["2", "PARTIAL_SUCCESS"],
    ]
    assert done.err.startswith("Error: 1 of 2 imports did not succeed")
    done = mixed.run(command, "--json")
    assert [job["id"] for job in done.json["data"]] == [1, 2]
    assert done.err.startswith('{\n  "error"')


def test_a_log_has_a_line_for_each_import_that_ended(mixed: World) -> None:
    done = mixed.run("path import wait 3 1 --format=table")
    lines = done.err.splitlines()
    assert sorted(line.split(" ", 1)[1] for line in lines[:2]) == [
        "import 1 COMPLETED 100 % (3/3 rows)",
        "import 3 FAILED 50 % (2/4 rows)",
    ]
    assert lines[2].startswith("Error: ")


@pytest.mark.parametrize("flag", ["--failed-rows", "--failed-rows=rows"])
def test_rejected_rows_are_saved_for_each_import_into_a_folder(machine: Machine, flag: str) -> None:
    (machine.folder / "rows").mkdir()
    done = wait(machine, f"1 2 4 {flag}")
    prefix = "rows/" if "=" in flag else ""
    assert done.code == 6
    for job_id, count in ((2, 2), (4, 1)):
        saved = machine.folder / f"{prefix}import-{job_id}-failed.csv"
        assert saved.read_text().count("INVALID_EMAIL") == count
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        assert f"failed rows are in {prefix}import-{job_id}-failed.csv\n" in done.err
    assert len(list(machine.folder.rglob("*.csv"))) == 2
    files = [job.get("failedRowsFile") for job in done.json["wait"]["jobs"]]
    assert files == [None, f"{prefix}import-2-failed.csv", f"{prefix}import-4-failed.csv"]
    assert "failed-export" not in done.err


def test_rows_that_cannot_be_saved_concern_their_import_only(machine: Machine) -> None:
    (machine.folder / "import-2-failed.csv").write_text("mine")
    done = wait(machine, "1 2 4 --failed-rows --allow-partial")
    assert (machine.folder / "import-2-failed.csv").read_text() == "mine"
    assert (machine.folder / "import-4-failed.csv").exists()
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [0, 1, 0]
    assert done.code == 1
    assert "Warning: failed rows were not saved: import-2-failed.csv exists" in done.err


@pytest.mark.parametrize("path", ["rows.csv", "-", "nowhere/rows.csv"])
def test_one_file_for_the_rows_of_several_imports_is_a_usage_error(
    machine: Machine, path: str
) -> None:
    done = wait(machine, f"1 2 --failed-rows={path}")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == f"--failed-rows: {path} is one file for several imports"
    assert done.error["hint"] == "name a folder"
