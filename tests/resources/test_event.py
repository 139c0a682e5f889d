"""`path event` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from typing import Any

from tests.world import World

KEYS = [
    *("id", "name", "timeZone", "startAt", "endAt", "location", "peopleCount", "tags"),
    "createdAt",
]


def make(world: World, name: str, *more: str) -> dict[str, Any]:
    """Make an event and return it."""
    line = "path event create --start-at 2027-03-01T18:30:00Z --time-zone UTC --name"
    event: dict[str, Any] = world.run(line, words=[name, *more]).data
    return event


def test_an_event_is_made_listed_and_shown(world: World) -> None:
    done = world.run(
        "path event create -n Gala --start-at 2027-03-01T18:30:00 --time-zone Europe/Berlin "
        '--end-at 2027-03-01T22:00:00+01:00 --location "Rome, Italy"'
    )
    assert done.lines == [
        'POST /path/event {"name": "Gala", "timeZone": "Europe/Berlin", '
        '"startAt": "2027-03-01T18:30:00", "endAt": "2027-03-01T22:00:00+01:00", '
        '"location": "Rome, Italy"}'
    ]
    made = done.data
    assert list(made) == KEYS
    assert made == {
        "id": made["id"],
        "name": "Gala",
        "timeZone": "Europe/Berlin",
        "startAt": "2027-03-01T17:30:00Z",
        "endAt": "2027-03-01T21:00:00Z",
        "location": "Rome, Italy",
        "peopleCount": 0,
        "tags": [],
        "createdAt": made["createdAt"],
    }
    listed = world.run("path event list")
    assert (listed.lines, list(listed.json)) == (["GET /path/event"], ["data"])
    assert made in listed.data
    csv = world.run("path event list --format csv").out
    assert csv.startswith(
        "ID,Name,Time Zone,Start At,Location,People,Tags,Created At\n1001,Summer Meetup,"
    )
    assert (
        f'{made["id"]},Gala,Europe/Berlin,2027-03-01T17:30:00Z,"Rome, Italy",0,[],'
        f"{made['createdAt']}\n"
    ) in csv
    got = world.run(f"path event get {made['id']}")
    assert (got.lines, got.data) == (["GET /path/event"], made)
    table = world.run(f"path event get {made['id']} --format table").out
    assert "End At      2027-03-01T21:00:00Z\nLocation    Rome, Italy\n" in table


def test_an_update_keeps_what_was_not_named(world: World) -> None:
    made = make(world, "Keeps", "--end-at=2027-03-02", "--location=Rome")
    update = f"path event update {made['id']}"
    moved = world.run(update + " --location Oslo")
    assert moved.lines == [
        "GET /path/event",
        f'PUT /path/event/{made["id"]} {{"name": "Keeps", "timeZone": "UTC", '
        '"startAt": "2027-03-01T18:30:00Z", "endAt": "2027-03-02T00:00:00Z", '
        '"location": "Oslo"}',
    ]
    assert moved.data == {**made, "location": "Oslo"}
    cleared = world.run(update + " --clear end-at --clear location --timezone Asia/Tokyo")
    assert cleared.data == {**made, "timeZone": "Asia/Tokyo", "endAt": None, "location": None}
    assert list(cleared.data) == KEYS


def test_an_update_that_names_everything_does_not_read_first(world: World) -> None:
    made = make(world, "Whole", "--end-at=2027-03-02", "--location=Rome")
    done = world.run(
        f"path event update {made['id']} --name All --start-at 2027-04-01T10:00:00Z "
        "--timezone UTC --clear end-at --location Oslo"
    )
    assert [line.partition(" {")[0] for line in done.lines] == [f"PUT /path/event/{made['id']}"]
    assert done.data == {
        **made,
        "name": "All",
        "startAt": "2027-04-01T10:00:00Z",
        "endAt": None,
        "location": "Oslo",
    }


def test_what_cannot_be_is_refused(world: World) -> None:
    make(world, "Only once")
    create = "path event create --start-at 2027-01-02 --timezone UTC -n"
    again = world.run(create, words=["Only once"])
    assert (again.code, again.raw, again.error["status"]) == (1, b"", 409)
    before = world.run(create, words=["Ends early", "--end-at=2027-01-01"])
    assert (before.code, before.error["status"]) == (1, 400)
    for line in ("get 999999", "update 999999 --name x", "delete 999999 --confirm"):
        assert world.run(f"path event {line}").code == 4, line


def test_an_event_is_deleted_and_its_people_stay(world: World) -> None:
    made = make(world, "Short life")
    person_id = world.run(f"path event person add {made['id']} -e stays@event.example").data["id"]
    line = f"path event delete {made['id']}"
    assert (world.run(line).code, world.run(line).lines) == (2, [])
    done = world.run(line + " --confirm")
    assert done.lines == [f"DELETE /path/event/{made['id']}"]
    assert list(done.data.items()) == [("deleted", True), ("id", made["id"])]
    assert world.run(f"path event person list {made['id']}").code == 4
    assert world.run(f"path person get {person_id}").data["events"] == []


def test_the_people_of_an_event_are_added_and_listed(world: World) -> None:
    made = make(world, "Has people")
    added = world.run(
        f"path event person add {made['id']} --email gil@guest.example --first-name Gil "
        "--linkedin-url https://linkedin.com/in/gil --joined-at 2026-02-03T04:05:06Z"
    )
    assert added.lines == [
        f'POST /path/event/{made["id"]}/person {{"email": "gil@guest.example", "phones": [], '
        '"firstName": "Gil", "linkedInUrl": "https://linkedin.com/in/gil", '
        '"joinedAt": "2026-02-03T04:05:06Z"}'
    ]
    person = added.data
    assert person["linkedInUrl"] == "https://linkedin.com/in/gil"
    assert person["events"] == [
        {
            "id": made["id"],
            "name": "Has people",
            "startAt": "2027-03-01T18:30:00Z",
            "location": None,
            "joinedAt": "2026-02-03T04:05:06Z",
        }
    ]
    company_id = person["company"]["id"]
    line = f"path event person list {made['id']} --company-id {company_id} --page-size 5"
    done = world.run(line)
    assert done.lines == [f"GET /path/event/{made['id']}/person?companyId={company_id}&pageSize=5"]
    [found] = done.data
    assert list(found)[-1] == "companyName"
    assert (found["id"], found["companyName"]) == (person["id"], None)
    assert world.run(line + " --format csv").out == (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At\n"
        f"{person['id']},Gil,gil@guest.example,,,2026-02-03T04:05:06Z,"
        f"{person['createdAt']}\n"
    )
    assert world.run(f"path event get {made['id']}").data["peopleCount"] == 1
