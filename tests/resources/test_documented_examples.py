"""What the vendor's pages show, done with the program: their pipelines and what they promise."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, World

GUESTS = "E-mail,First name,Shoe size\nnia@guests.example,Nia,41\noto@guests.example,Oto,44\n"


@pytest.mark.parametrize("no_guess", ["null", "NULL", " null"])
def test_the_pairs_of_an_analysis_are_a_mapping(world: World, no_guess: str) -> None:
    world.write("guests.csv", GUESTS)
    analysis = world.run("path import analyze --file guests.csv").data
    pairs = [
        f"{column['csvIndex']}:{column.get('suggestedField') or no_guess}"
        for column in analysis["columnMappings"]
    ]
    assert pairs == ["0:EMAIL", "1:FIRST_NAME", f"2:{no_guess}"]
    flags = [word for pair in pairs for word in ("--mapping", pair)]
    line = "path import create --source-id 4 --mode UPDATE --file-key"
    done = world.run(line, words=[analysis["fileKey"], *flags])
    assert (done.code, done.err) == (0, "column 2 is not imported\n")
    assert len(re.findall("csvIndex", done.lines[0])) == 2
    job_id = done.json["data"]["importJobId"]
    job = world.run(f"path import get {job_id} --wait").json["data"]
    assert (job["status"], job["newCount"]) == ("COMPLETED", 2)


def test_analyzing_changes_nothing_and_stores_a_file_each_time(world: World) -> None:
    world.write("Guest list (May).csv", GUESTS)
    before = world.count_people(4)
    keys = [
        world.run("path import analyze --file", words=["Guest list (May).csv"]).data["fileKey"]
        for _ in range(2)
    ]
    for key in keys:
        assert re.fullmatch(r"u/[0-9]{4}/[0-9]{2}/[0-9a-f]{4,}-Guest-list-May-\.csv", key)
    assert keys[0] != keys[1]
    assert (world.jobs, world.count_people(4)) == ([], before)


def test_times_are_whole_seconds_that_jq_can_read(world: World) -> None:
    line = "path channel add-person 4 --email ada@times.example"
    person = world.run(f"{line} --joined-at=2026-02-03T04:05:06.789+01:00").data
    assert person["channels"][0]["joinedAt"] == "2026-02-03T03:05:06Z"
    job = world.job(world.finish_import(rows(1)))
    event = world.run("path event list").data[0]
    times = [
        *(job["processStartedAt"], job["completedAt"], person["createdAt"]),
        *(event["startAt"], event["endAt"], event["createdAt"]),
        world.run("path channel list").data[0]["createdAt"],
        world.run(f"path person activity {person['id']}").data[0]["createdAt"],
    ]
    for text in times:
        # what jq's fromdateiso8601 understands
        assert datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(("fault", "code"), [("", 5), (",status=402", 1)])
def test_an_expired_workspace_can_use_nothing_until_it_is_renewed(
    make_world: MakeWorld, fault: str, code: int
) -> None:
    world = make_world(f"--fault=expired-workspace,count=3{fault}")
    for line in ("path channel list", "path import list", "path person get 1"):
        done = world.run(line)
        assert (done.code, done.out) == (code, "")
        assert done.error["message"].startswith("The plan of this workspace has expired")
    assert world.run("path channel list").code == 0


def test_nobody_is_signed_in_to_an_expired_workspace(make_world: MakeWorld) -> None:
    done = make_world("--fault=expired-workspace").run("auth status")
    assert (done.code, done.json["data"]["loggedIn"]) == (0, False)
    assert done.err.startswith("The plan of this workspace has expired")


@pytest.mark.parametrize(("fault", "code"), [("", 4), (",status=422", 1)])
def test_a_file_key_that_has_expired_is_told_and_nothing_is_created(
    make_world: MakeWorld, fault: str, code: int
) -> None:
    world = make_world(f"--fault=expired-key{fault}")
    line = "path import create --source-id 4 --mode SKIP --mapping 0:EMAIL --file-key"
    done = world.run(line, words=[world.analyze(rows(1))])
    assert (done.code, done.out, len(done.lines)) == (code, "", 1)
    assert done.error["code"] != "CREATE_UNCERTAIN"
    assert done.error["message"].startswith("The fileKey has expired; analyze the file again.")
    assert world.jobs == []


def test_exports_are_csv_whatever_the_format(world: World) -> None:
    texts = {
        world.run(f"--format {name} path event person export 1001").out
        for name in ("json", "csv", "table")
    }
    assert len(texts) == 1
    assert texts.pop().startswith("Person ID,Email,Name,")
