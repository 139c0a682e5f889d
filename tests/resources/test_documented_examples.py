"""What the vendor's pages show, done with the program: their pipelines and what they promise."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, World

COUNTERS = ("newCount", "updatedCount", "duplicatedCount", "skipCount", "failedCount")
GUESTS = "E-mail,First name,Shoe size\nnia@guests.example,Nia,41\noto@guests.example,Oto,44\n"


def load(world: World, text: str, mode: str, channel: int = 4) -> Any:
    """Import a file with an address and a first name, and return the job when it has ended."""
    job_id = world.create_import(text, mode=mode, source_id=channel, fields=("EMAIL", "FIRST_NAME"))
    return world.run(f"path import get {job_id} --wait --allow-partial").json["data"]


def add(world: World, email: str, *more: str, channel: int = 4) -> Any:
    """Add a person to a channel, and return the record."""
    line = f"path channel add-person {channel} --email {email}"
    return world.run(line, words=more).data


def merge(world: World, source: Any, target: Any) -> Any:
    """Merge two people, and return the record of the target."""
    return world.run(f"path person merge {source['id']} {target['id']} --confirm").data


# imports


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


def test_the_same_file_created_twice_is_two_imports(world: World) -> None:
    key = world.analyze(rows(2))
    line = "path import create --source-id 4 --mode SKIP --mapping 0:EMAIL --file-key"
    made = [world.run(line, words=[key]).data["importJobId"] for _ in range(2)]
    assert [job["id"] for job in world.run("path import list").data] == made[::-1]


@pytest.mark.parametrize(
    ("mode", "counts", "name"),
    [("SKIP", (1, 0, 1, 1, 1), "Old"), ("UPDATE", (1, 1, 1, 0, 1), "New")],
)
def test_the_counters_add_up_and_everybody_joins_the_channel(
    world: World, mode: str, counts: tuple[int, ...], name: str
) -> None:
    known = add(world, "known@sums.example", "--first-name=Old", channel=2)
    text = (
        "Email,First\nknown@sums.example,New\nfresh@sums.example,Fay\n"
        "FRESH@sums.example,Fay\nno address,Nil\n"
    )
    job = load(world, text, mode)
    assert job["status"] == "PARTIAL_SUCCESS"
    assert tuple(job[name] for name in COUNTERS) == counts
    assert sum(counts) == job["processedRows"] == job["totalRows"] == 4
    person = world.run(f"path person get {known['id']}").data
    assert person["firstName"] == name
    assert [channel["id"] for channel in person["channels"]] == [2, 4]


def test_nothing_has_landed_of_an_import_that_failed(make_world: MakeWorld) -> None:
    world = make_world("--fault=fail=0.5")
    before = world.count_people(4)
    job = load(world, rows(40), "UPDATE")
    assert (job["status"], job["newCount"]) == ("FAILED", 0)
    assert world.count_people(4) == before


def test_times_are_whole_seconds_that_jq_can_read(world: World) -> None:
    person = add(world, "ada@times.example", "--joined-at=2026-02-03T04:05:06.789+01:00")
    assert person["channels"][0]["joinedAt"] == "2026-02-03T03:05:06Z"
    job = load(world, rows(1), "UPDATE")
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


# people


def test_an_event_gives_a_known_person_the_fields_and_a_channel_only_links(world: World) -> None:
    first = add(world, "ines@known.example", "--first-name=Ines", "--phone=1")
    flags = "--email INES@known.example --job-title Buyer --phone 2"
    linked = world.run(f"path channel add-person 2 {flags}").data
    assert (linked["id"], linked["jobTitle"], linked["phones"]) == (first["id"], None, ["1"])
    assert {channel["id"] for channel in linked["channels"]} == {2, 4}
    registered = world.run(f"path event person add 1001 {flags}").data
    assert (registered["id"], registered["firstName"]) == (first["id"], "Ines")
    assert (registered["jobTitle"], registered["phones"]) == ("Buyer", ["1", "2"])
    assert [event["id"] for event in registered["events"]] == [1001]


def test_an_update_adds_addresses_and_numbers_and_changes_what_is_named(world: World) -> None:
    before = add(world, "jo@more.example", "--first-name=Jo", "--phone=1")
    line = f"path person update {before['id']}"
    changed = world.run(f"{line} --email jo@private.example --phone 2").data
    emails = [email["email"] for email in changed["emails"]]
    assert emails == ["jo@more.example", "jo@private.example"]
    assert changed == {**before, "emails": changed["emails"], "phones": ["1", "2"]}
    titled = world.run(f"{line} --job-title Chair").data
    assert titled == {**changed, "jobTitle": "Chair"}


def test_the_first_merge_shown_is_the_newest_and_can_be_undone(world: World) -> None:
    target = add(world, "kept@merged.example", "--phone=1")
    one = add(world, "one@merged.example", "--phone=2", channel=1)
    two = add(world, "two@merged.example", "--phone=3", channel=2)
    world.run("path event person add 1001 --email two@merged.example")
    two = world.run(f"path person get {two['id']}").data
    history = world.run(f"path person activity {two['id']} --all").data
    before = merge(world, one, target)
    merged = merge(world, two, target)
    newest, oldest = merged["mergeOperations"]
    assert newest["sourcePrimaryEmail"] == "two@merged.example"
    assert [oldest] == before["mergeOperations"]
    assert merged["phones"] == ["1", "2", "3"]
    undo = f"path person merge-undo {newest['id']} --confirm"
    assert world.run(undo).data["undone"] is True
    assert world.run(f"path person get {target['id']}").data == before
    assert world.run(f"path person get {two['id']}").data == two
    restored, *old = world.run(f"path person activity {two['id']} --all").data
    assert (restored["action"], old) == ("RESTORED", history)
    again = world.run(undo)
    assert (again.code, again.error["status"]) == (1, 409)
    world.clock.advance(31 * 86_400)
    late = world.run(f"path person merge-undo {oldest['id']} --confirm")
    assert (late.code, late.error["status"]) == (1, 409)
    assert world.run("path person merge-undo 999999 --confirm").code == 4


def test_there_is_a_company_for_each_full_domain_without_a_name_at_first(world: World) -> None:
    emails = ("a@firm.example", "b@firm.example", "c@mail.firm.example", "d@gmail.com")
    companies = [add(world, email)["company"] for email in emails]
    assert [company["domain"] for company in companies] == [
        *("firm.example", "firm.example", "mail.firm.example", "gmail.com")
    ]
    assert companies[0] == companies[1]
    assert len({company["id"] for company in companies}) == 3
    assert {company["displayName"] for company in companies} == {None}
    company_id = companies[0]["id"]
    world.run(f"path company update {company_id} --display-name", words=["The Firm"])
    assert world.run(f"path company get {company_id}").data["displayName"] == "The Firm"
    named = world.run("path person list --company-name firm").data
    assert [person["primaryEmail"] for person in named] == list(emails[:2])


# channels, integrations, figures


def test_importing_an_event_makes_the_connection_a_channel(world: World) -> None:
    before = world.run("path channel list").data
    candidates = world.run("api GET /path/integration/1/import/candidates").json
    fields = f"-f externalEventId={candidates[0]['externalId']} -f mode=SKIP"
    assert world.run(f"api POST /path/integration/1/import {fields}").code == 0
    *old, channel = world.run("path channel list").data
    assert old == before
    [event] = [
        event
        for event in world.run("path event list").data
        if event["name"] == candidates[0]["name"]
    ]
    guests = world.run(f"path event person list {event['id']}").data
    assert {person["id"] for person in guests} == {
        person["id"] for person in world.run(f"path channel people {channel['id']}").data
    }
    assert channel["peopleCount"] == event["peopleCount"] == len(guests) == 6


def test_attribution_counts_across_all_events_and_takes_the_one_before_by_time(
    world: World,
) -> None:
    channel_id = world.run("path channel create --name Members").data["id"]
    events = [
        world.run(
            f"path event create --start-at 2030-0{month}-01 --time-zone UTC --name",
            words=[f"Of month {month}"],
        ).data["id"]
        for month in (3, 1, 2)
    ]
    for letter, joined in (("a", "2029-12-01"), ("b", "2030-02-10"), ("c", "2030-01-10")):
        email = f"{letter}@months.example"
        add(world, email, f"--joined-at={joined}", channel=channel_id)
        world.run(f"path event person add {events[0]} --email {email}")
    add(world, "d@months.example", channel=channel_id)
    world.run(f"path event person add {events[1]} --email d@months.example")
    add(world, "e@months.example", channel=channel_id)
    line = f"path analysis channel attribution {channel_id} --event-id"
    whole, some = (
        world.run(f"{line} {' --event-id '.join(map(str, ids))}").data
        for ids in (events, events[:1])
    )
    [march] = some["events"]
    assert whole["events"][-1] == march
    assert (march["total"], march["joinedSinceLastEvent"], march["alreadyInChannel"]) == (3, 1, 2)
    assert (
        some["metrics"]
        == whole["metrics"]
        == {
            "channelSize": 5,
            "membersEverRegistered": 4,
            "eventParticipationRate": 0.8,
        }
    )


# accounts, output


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


def test_what_is_forbidden_is_exit_5(make_world: MakeWorld) -> None:
    done = make_world("--fault=403,path=/path/event").run("path event list")
    assert (done.code, done.out, done.error["status"]) == (5, "", 403)
    assert len(done.lines) == 1


def test_exports_are_csv_whatever_the_format(world: World) -> None:
    texts = {
        world.run(f"--format {name} path event person export 1001").out
        for name in ("json", "csv", "table")
    }
    assert len(texts) == 1
    assert texts.pop().startswith("Person ID,Email,Name,")
