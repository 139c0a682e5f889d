"""Channels, events, companies, tags and people from argv to the sandbox and back.

What each command sends, and lists as CSV: test_requests.py. Tables:
tests/unit/commands/test_resource_tables.py. What the server makes of it: tests/unit/sandbox/.
Here both meet: records come in the keys and the order of the API, and what one command leaves
behind is what the next one finds.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.world import Result, World

JOINED = "2026-02-03T04:05:06Z"
#: what is made → its keys, in the order in which the API has them
KEYS = {
    "channel": ["id", "name", "icon", "color", "peopleCount", "tags", "createdAt"],
    "event": [
        *("id", "name", "timeZone", "startAt", "endAt", "location", "peopleCount", "tags"),
        "createdAt",
    ],
    "company": ["id", "domain", "displayName", "peopleCount"],
    "person": [
        *("id", "name", "firstName", "lastName", "primaryEmail", "emails", "primaryPhone"),
        *("phones", "company", "jobTitle", "address", "avatarUrl", "linkedInUrl", "xUrl"),
        *("channels", "events", "mergeOperations", "createdAt"),
    ],
    "person list": [
        *("id", "name", "primaryEmail", "primaryPhone", "company", "jobTitle", "channels"),
        *("events", "joinedAt", "createdAt", "companyName"),
    ],
    "activity": [
        *("id", "action", "actor", "changes", "source", "mergedFrom", "createdAt", "actorName"),
    ],
    "overview": [
        *("eventCount", "peopleCount", "channelCount", "newPeopleThisMonth", "totalCompanies"),
        *("diversification", "growth", "retention"),
    ],
    # http-api.md, section 13
    "overview stats": [
        *("totalPeople", "newPeopleThisMonth", "totalChannels", "totalEvents", "totalCompanies"),
        *("topChannels", "latestTrend"),
    ],
    "analysis channel audience --channel-id 1 --channel-id 2": [
        *("channels", "intersections", "metrics"),
    ],
    "analysis channel attribution 1": ["channel", "events", "metrics"],
    "analysis event trend": ["events", "summary"],
    "analysis event insights": [
        *("limitedData", "audienceMix", "reachMomentum", "standout", "acquisitionDrop"),
        "concentrationRisk",
    ],
}


def make(world: World, kind: str, name: str, *more: str) -> dict[str, Any]:
    """Make a channel or an event and return it."""
    needed = "--start-at 2027-03-01T18:30:00Z --time-zone UTC" if kind == "event" else ""
    made: dict[str, Any] = world.run(f"path {kind} create {needed} -n", words=[name, *more]).data
    return made


def add(world: World, email: str, *more: str) -> dict[str, Any]:
    """Add a person to channel 4 and return what is known then."""
    line = f"path channel add-person 4 --joined-at {JOINED} --email"
    person: dict[str, Any] = world.run(line, words=[email, *more]).data
    return person


def refuse(done: Result, status: int, code: int = 1) -> None:
    """Expect that the server has refused a command."""
    assert (done.code, done.raw, done.error["status"]) == (code, b"", status)


@pytest.mark.parametrize(
    "line", [line for line in KEYS if line.startswith(("overview", "analysis"))]
)
def test_figures_have_their_members_in_the_order_of_the_api(world: World, line: str) -> None:
    data = world.run(f"path {line}").data
    assert list(data) == KEYS[line]
    assert world.run(f"path {line} --format csv").out.splitlines()[0] == ",".join(data)
    assert "{" not in world.run(f"path {line} --format table").out
    unknown = f"path {line} --tag-id 999999"
    if "audience" not in line and "stats" not in line:
        refuse(world.run(unknown), 404, 4)


@pytest.mark.parametrize(
    ("kind", "needed", "cleared", "changed"),
    [
        ("channel", "", "icon", "color"),
        ("event", "--start-at 2027-04-01T10:00:00Z --timezone UTC", "end-at", "location"),
    ],
)
def test_a_channel_and_an_event_live_and_their_people_outlive_them(
    world: World, kind: str, needed: str, cleared: str, changed: str
) -> None:
    name = 'Fair, "20"'
    made = make(world, kind, name, f"--{cleared}=2027-04-02", f"--{changed}=Rome")
    assert list(made) == KEYS[kind]
    assert made.items() >= {"name": name, "peopleCount": 0, "tags": [], changed: "Rome"}.items()
    assert made in world.run(f"path {kind} list").data
    assert world.run(f"path {kind} get {made['id']}").data == made
    refuse(world.run(f"path {kind} create {needed} --name", words=[name]), 409)

    update = f"path {kind} update {made['id']} --clear {cleared} --{changed}"
    done = world.run(update, "Oslo")
    assert [line.partition(" {")[0] for line in done.lines] == [
        f"GET /path/{kind}",
        f"PUT /path/{kind}/{made['id']}",
    ]
    now = {**made, {"icon": "icon", "end-at": "endAt"}[cleared]: None, changed: "Oslo"}
    assert list(done.data.items()) == list(now.items())
    # who names everything need not read first
    whole = world.run(update, f"Bonn --name All {needed}")
    assert [line.partition(" {")[0] for line in whole.lines] == [f"PUT /path/{kind}/{made['id']}"]
    assert (whole.data["name"], whole.data[changed]) == ("All", "Bonn")

    added = "channel add-person" if kind == "channel" else "event person add"
    person = world.run(f"path {added} {made['id']} -e stays@{kind}.example").data
    assert [each["id"] for each in person[f"{kind}s"]] == [made["id"]]
    delete = f"path {kind} delete {made['id']}"
    unsure = world.run(delete)
    assert (unsure.code, unsure.lines) == (2, [])
    assert unsure.error["message"] == "delete requires --confirm"
    assert world.run(delete + " --confirm").data == {"deleted": True, "id": made["id"]}
    people = "channel people" if kind == "channel" else "event person list"
    for gone in (f"{delete} --confirm", f"path {kind} get {made['id']}", f"path {people} 999999"):
        assert world.run(gone).code == 4
    assert (world.run(update, "x").code, world.run(update, "x").lines) == (4, [f"GET /path/{kind}"])
    assert world.run(f"path person get {person['id']}").data[f"{kind}s"] == []


def test_the_people_of_a_channel_are_as_the_server_has_them(world: World) -> None:
    made = make(world, "channel", "Has people")
    line = f"path channel add-person {made['id']} --joined-at {JOINED} --email"
    person = world.run(line, words=["pia@people.example", "--phone=+49 1"]).data
    nobody = world.run(f"path channel people {made['id']} --event-id 1001 --format table")
    assert nobody.out.splitlines()[2:] == []
    assert nobody.err == "There are no such people in this channel.\n"
    [found] = world.run(f"path channel people {made['id']} --keyword pia").data
    # without a name of the company behind it
    assert list(found) == KEYS["person list"][:-1]
    assert (found["joinedAt"], found["company"]) == (JOINED, person["company"])
    again = world.run("path channel add-person 4 --email pia@people.example").data
    assert again["id"] == person["id"]
    assert {channel["id"] for channel in again["channels"]} == {4, made["id"]}


def test_a_company_gets_a_name_that_its_people_have_too(world: World) -> None:
    boss = add(world, "boss@renamed.example", "--job-title=Boss")
    company_id = boss["company"]["id"]
    listed = world.run("path company list --keyword renamed. --page 1 --page-size 3").json
    assert [list(each) for each in listed["data"]] == [KEYS["company"]]
    assert listed["pagination"] == {"page": 1, "pageSize": 3, "totalElements": 1, "totalPages": 1}
    done = world.run(f"path company update {company_id} --display-name", words=["=Re, named"])
    assert (list(done.data), done.data["displayName"]) == (KEYS["company"], "=Re, named")
    assert world.run(f"path company get {company_id}").data == done.data
    [person] = world.run(f"path company person list {company_id} --job-title boss").data
    assert (person["primaryEmail"], person["companyName"]) == ("boss@renamed.example", "=Re, named")
    world.run("path event person add 1001 -e boss@renamed.example")
    [guest] = world.run("path event person list 1001 --keyword boss@renamed").data
    assert [*guest.items()][-1] == ("companyName", "=Re, named")
    for line in ("get 999999", "update 999999 --display-name x", "person list 999999"):
        assert world.run(f"path company {line}").code == 4, line


@pytest.mark.parametrize("kind", ["channel", "event"])
def test_a_tag_is_made_attached_renamed_and_deleted(world: World, kind: str) -> None:
    source_id = make(world, kind, "to be marked")["id"]

    def list_tags() -> list[Any]:
        [tags] = [e["tags"] for e in world.run(f"path {kind} list").data if e["id"] == source_id]
        return list(tags)

    tag = world.run(f"path tag attach {source_id} --name", words=["Grün, 1"]).data
    assert list(tag.items()) == [("id", tag["id"]), ("name", "Grün, 1")]
    assert world.run("path tag list --name ün,").json == {"data": [tag]}
    assert list_tags() == [tag]
    detach = f"path tag detach {source_id} --tag-id {tag['id']}"
    off = {"detached": True, "sourceId": source_id, "tagId": tag["id"]}
    assert world.run(detach).data == off
    assert (world.run(detach).code, list_tags()) == (4, [])
    renamed = world.run(f"path tag update {tag['id']} --name blue").data
    assert world.run(f"path tag attach {source_id} --tag-id {tag['id']}").data == renamed
    assert list_tags() == [renamed] == [{"id": tag["id"], "name": "blue"}]
    delete = f"path tag delete {tag['id']}"
    assert (world.run(delete).code, world.run(delete).lines) == (2, [])
    assert world.run(f"{delete} --confirm").data == {"deleted": True, "id": tag["id"]}
    assert (world.run(f"{delete} --confirm").code, list_tags()) == (4, [])


def test_a_name_of_a_tag_is_taken_only_once(world: World) -> None:
    refuse(world.run("path tag create --name online"), 400)
    refuse(world.run("path tag update 2 --name online"), 409)


def test_people_are_found_by_filters_and_put_in_order(world: World) -> None:
    bo = add(world, "bo@list.example", "--first-name=Bo", "--last-name=List", "--phone=+49 1")
    al = add(world, "al@list.example", "--first-name=Al", "--company-name=A, B", "--job-title=Boss")
    line = "path person list --keyword @list.example --sort name:asc --sort createdAt:desc"
    done = world.run(f"{line} --channel-id 4 --channel-id 1 --page 1 --page-size 2")
    assert [list(person) for person in done.json["data"]] == [KEYS["person list"]] * 2
    assert [(each["id"], each["companyName"]) for each in done.json["data"]] == [
        (al["id"], "A, B"),
        (bo["id"], None),
    ]
    here = [{"id": 4, "name": "Customers", "icon": "star", "joinedAt": JOINED}]
    assert done.json["data"][1].items() >= {"primaryPhone": "+49 1", "channels": here}.items()
    page = {"page": 1, "pageSize": 2, "totalElements": 2, "totalPages": 1}
    assert list(done.json["pagination"].items()) == list(page.items())
    table = world.run(line + " --page-size 1 --page 2 --format table").out.splitlines()
    header = ["ID", "Name", "Primary Email", "Company", "Job Title", "Joined At", "Created At"]
    assert re.split("  +", table[0]) == header
    row = [str(bo["id"]), "Bo List", "bo@list.example", JOINED, bo["createdAt"]]
    assert re.split("  +", table[2]) == row
    assert table[3] == "Page 2 of 2 (2 total)"


def test_a_person_is_changed_and_deleted_only_when_it_is_meant(world: World) -> None:
    before = add(world, "up@update.example", "--first-name=Una", "--job-title=Boss", "--phone=1")
    assert list(before) == KEYS["person"]
    line = f"path person update {before['id']}"
    done = world.run(f"{line} --last-name Up --x-url https://x.com/una --clear job-title")
    named = {"name": "Una Up", "lastName": "Up", "xUrl": "https://x.com/una", "jobTitle": None}
    assert list(done.data.items()) == list({**before, **named}.items())
    assert world.run(f"{line} --company-name Acme").data["company"]["displayName"] == "Acme"
    assert world.run(f"{line} --company-id 1").data["company"]["domain"] == "acme.example.com"
    assert world.run(f"{line} --remove-company").data["company"] is None
    refuse(world.run(f"{line} --primary-email ada.abbott@example.com"), 409)
    delete = f"path person delete {before['id']}"
    assert (world.run(delete).code, world.run(delete).lines) == (2, [])
    refused = world.run(delete, types="n\n")
    assert (refused.code, refused.lines) == (1, [f"GET /path/person/{before['id']}"])
    done = world.run(delete, types="y\n")
    assert (done.code, done.json) == (0, {"data": {"deleted": True, "id": before["id"]}})
    refuse(world.run(f"{delete} --confirm"), 404, 4)
    assert world.run("path person list --keyword up@update.example").data == []


def test_a_merge_is_made_and_taken_back(world: World) -> None:
    source = add(world, "src@merge.example", "--first-name=Sol", "--phone=1")
    target = add(world, "dst@merge.example", "--first-name=Tam", "--phone=2")
    line = f"path person merge {source['id']} {target['id']}"
    assert (world.run(line).code, world.run(line).lines) == (2, [])
    merged = world.run(f"{line} --confirm").data
    assert (merged["id"], merged["name"], merged["phones"]) == (target["id"], "Tam", ["2", "1"])
    other = add(world, "other@merge.example")
    world.run(f"path person merge {other['id']} {target['id']} --confirm")
    # the newest is shown first
    newest, operation = world.run(f"path person get {target['id']}").data["mergeOperations"]
    assert [operation] == merged["mergeOperations"]
    assert list(operation) == ["id", "sourcePersonName", "sourcePrimaryEmail", "mergedAt"]
    assert world.run(f"path person get {source['id']}").code == 4
    assert world.run(f"path person merge-undo {newest['id']} --confirm").code == 0
    undo = f"path person merge-undo {operation['id']} --confirm"
    undone = {"undone": True, "mergeOperationId": operation["id"]}
    assert list(world.run(undo).data.items()) == list(undone.items())
    for before in (source, target):
        assert world.run(f"path person get {before['id']}").data == before
    refuse(world.run(undo), 409)
    refuse(world.run("path person merge-undo 999999 --confirm"), 404, 4)


def test_activity_is_walked_page_by_page_or_at_once(world: World) -> None:
    person_id = add(world, "act@activity.example")["id"]
    for title in ("One", "Two", "Three"):
        world.run(f"path person update {person_id} --job-title {title}")
    line = f"path person activity {person_id} --page-size 2"
    pages: list[Any] = []
    page = {"hasNext": True, "nextCursor": ""}
    while page["hasNext"]:
        done = world.run(line, f"--cursor {page['nextCursor']}" if pages else "")
        pages += done.json["data"]
        page = done.json["pagination"]
    assert list(page.items()) == [("nextCursor", None), ("hasNext", False)]
    assert [entry["action"] for entry in pages] == [
        *("UPDATED", "UPDATED", "UPDATED", "SOURCE_CONNECTED", "CREATED")
    ]
    assert list(pages[0]) == KEYS["activity"]
    assert pages[0]["changes"] == [{"field": "jobTitle", "before": "Two", "after": "Three"}]
    assert pages[0]["actorName"] == pages[0]["actor"]["name"] == "Sandbox"
    whole = world.run(line + " --all")
    assert (whole.json, len(whole.lines)) == ({"data": pages}, 3)
    table = world.run(line, words=["--format=table"], is_terminal=True)
    assert table.out.splitlines()[2].split()[1:3] == ["UPDATED", "Sandbox"]
    assert table.err.endswith(f"Next page: --cursor {pages[1]['id']}\n")


def test_a_person_a_channel_and_an_event_are_counted(world: World) -> None:
    names = {
        "totalPeople": "peopleCount",
        "newPeopleThisMonth": "newPeopleThisMonth",
        "totalChannels": "channelCount",
        "totalEvents": "eventCount",
        "totalCompanies": "totalCompanies",
    }

    def look() -> dict[str, int]:
        data, stats = world.run("path overview").data, world.run("path overview stats").data
        assert {other: stats[name] for name, other in names.items()} == {
            name: data[name] for name in names.values()
        }
        return {name: data[name] for name in names.values()}

    before = look()
    channel, _ = make(world, "channel", "counted"), make(world, "event", "counted")
    world.run(f"path channel add-person {channel['id']} -e me@counted.example")
    assert look() == {name: count + 1 for name, count in before.items()}


def test_the_event_before_is_the_one_before_it_in_time(world: World) -> None:
    late, early = (
        world.run(f"path event create --start-at {day} --time-zone UTC -n {day}").data["id"]
        for day in ("2030-03-01", "2030-01-01")
    )
    channel_id = make(world, "channel", "Members")["id"]
    for email, joined in (("a@x.example", "2029-12-01"), ("b@x.example", "2030-01-10")):
        world.run(f"path channel add-person {channel_id} -e {email} --joined-at {joined}")
        world.run(f"path event person add {late} -e {email}")
    events = world.run(f"path analysis channel attribution {channel_id}").data["events"]
    assert [event["id"] for event in events[-2:]] == [early, late]
    assert (events[-1]["alreadyInChannel"], events[-1]["joinedSinceLastEvent"]) == (1, 1)
