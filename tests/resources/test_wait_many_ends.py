"""Waits for several imports that end before the imports do, and what goes wrong meanwhile."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.replies import REFUSAL
from tests.world import MakeWorld


def test_at_the_deadline_the_resume_command_names_the_rest_and_works_when_it_is_pasted(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=20")
    ended = world.finish_import(rows(1))
    slow, slower = world.create_import(rows(60)), world.create_import(rows(60, bad=1))
    done = world.run(
        f"path import wait {slower} {ended} {slow} --timeout=1s --interval=1s --allow-partial"
    )
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [124, 0, 124]
    resume = done.json["wait"]["resumeCommand"]
    assert resume == done.error["resumeCommand"]
    assert resume.endswith(f"path import wait {slower} {slow} --allow-partial")
    assert f"import {slow} is still RUNNING" in done.error["message"]
    assert f"import {ended} " not in done.error["message"]
    resumed = world.paste(resume)
    assert resumed.code == 0, resumed.err
    assert [job["status"] for job in resumed.json["data"]] == ["PARTIAL_SUCCESS", "COMPLETED"]


def test_fail_fast_returns_at_the_first_that_failed_and_reports_all(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=20", "--fault=fail=0.1,after=2,count=1")
    for text in (rows(1), rows(1000), rows(20)):
        world.create_import(text)
    done = world.run("path import wait 1 2 3 --fail-fast --interval=1s")
    assert (done.code, done.error["code"]) == (7, "IMPORT_FAILED")
    assert [job["id"] for job in done.json["data"]] == [1, 2, 3]
    found = done.json["wait"]["jobs"]
    assert [(job["outcome"], job["exitCode"]) for job in found] == [
        ("completed", 0),
        ("not-finished", 8),
        ("failed", 7),
    ]
    assert done.error["resumeCommand"].endswith("path import wait 2")
    assert done.json["wait"]["elapsedSeconds"] < 20
    assert world.job(2)["status"] == "RUNNING"


def test_the_stall_of_one_import_does_not_end_the_wait_for_the_others(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=20", "--fault=stall=0.1,after=1")
    world.create_import(rows(60))
    world.create_import(rows(60))
    # the fault begins with import 2
    done = world.run(*("path", "import", "wait", "1", "2", "--stall-timeout=1.5s", "--interval=1s"))
    assert done.code == 124
    assert [job["outcome"] for job in done.json["wait"]["jobs"]] == ["completed", "stalled"]
    assert done.error["resumeCommand"].endswith("path import wait 2")


def test_a_server_that_is_away_for_a_while_in_the_middle(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=30")
    for count in (1, 90, 100):
        world.create_import(rows(count))
    world.clock.at(1.5, lambda: world.answer(REFUSAL))
    world.clock.at(60, world.answer_as_ever)
    done = world.run("path import wait 1 2 3 --interval=1s")
    assert done.code == 0, done.err
    assert [job["status"] for job in done.json["data"]] == ["COMPLETED"] * 3
    assert [job["processedRows"] for job in done.json["data"]] == [1, 90, 100]
    # one line that contact was lost, not one for each import
    assert [line for line in done.err.splitlines() if "retrying in" in line]
    assert done.err.count("retrying in") == done.err.count("contact is back") == 1


def test_a_token_that_is_revoked_in_the_middle_ends_it_with_3(make_world: MakeWorld) -> None:
    revoke = "--fault=revoke,method=GET,path=/path/import,after=2"
    world = make_world(revoke, "--rows-per-second=10")
    for text in (rows(1), rows(1000), rows(1000)):
        world.create_import(text)
    done = world.run("path import wait 1 2 3 --interval=1s")
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")
    assert [job["status"] for job in done.json["data"]] == ["COMPLETED", "RUNNING", "RUNNING"]
    found = done.json["wait"]["jobs"]
    assert [job["exitCode"] for job in found] == [0, 3, 3]
    assert found[0]["resumeCommand"] is None
    assert found[1]["resumeCommand"].endswith("path import wait 2")
    assert found[2]["resumeCommand"].endswith("path import wait 3")
    assert done.error["resumeCommand"].endswith("path import wait 2 3")


@pytest.mark.parametrize("fault", ["503,retry-after=1", "429,retry-after=1", "cut-middle", "html"])
def test_a_page_that_fails_once_is_asked_for_again(make_world: MakeWorld, fault: str) -> None:
    when = "method=GET,path=/path/import,after=1,count=1"
    world = make_world(f"--fault={fault},{when}", "--rows-per-second=20")
    for _ in range(2):
        world.create_import(rows(25))
    done = world.run("path import wait 1 2 --interval=1s")
    assert done.code == 0, done.err
    assert done.err.count("retrying in") == 1


def test_a_server_that_hangs_cannot_make_many_looks_outlive_the_deadline(
    make_world: MakeWorld,
) -> None:
    world = make_world("--fault=hang,path=/path/import*,method=GET")
    done = world.run("path import wait", *map(str, range(1, 30)), "--timeout=1s")
    assert done.code == 124
    assert done.json["wait"]["elapsedSeconds"] == 2
