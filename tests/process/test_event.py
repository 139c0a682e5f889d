"""`path event` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from typing import Any

from tests.process.relay import Relay

KEYS = [
    *("id", "name", "timeZone", "startAt", "endAt", "location", "peopleCount", "tags"),
    "createdAt",
]


def make(relay: Relay, name: str, *more: str) -> dict[str, Any]:
    """Make an event and return it."""
    line = "path event create --start-at 2027-03-01T18:30:00Z --time-zone UTC --name"
    event: dict[str, Any] = relay.call(line, name, *more).data
    return event


def test_an_event_is_made_listed_and_shown(relay: Relay) -> None:
    done = relay.call(
        "path event create -n Gala --start-at 2027-03-01T18:30:00 --time-zone Europe/Berlin "
        '--end-at 2027-03-01T22:00:00+01:00 --location "Rome, Italy"'
    )
    assert done.sent == [
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
        "startAt": "2027-03-01T17:30:00.000Z",
        "endAt": "2027-03-01T21:00:00.000Z",
        "location": "Rome, Italy",
        "peopleCount": 0,
        "tags": [],
        "createdAt": made["createdAt"],
    }
    listed = relay.call("path event list")
    assert (listed.sent, list(listed.json)) == (["GET /path/event"], ["data"])
    assert made in listed.data
    csv = relay.call("path event list --format csv").out
    assert csv.startswith(
        "ID,Name,Time Zone,Start At,Location,People,Tags,Created At\n1001,Summer Meetup,"
    )
    assert (
        f'{made["id"]},Gala,Europe/Berlin,2027-03-01T17:30:00.000Z,"Rome, Italy",0,[],'
        f"{made['createdAt']}\n"
    ) in csv
    got = relay.call(f"path event get {made['id']}")
    assert (got.sent, got.data) == (["GET /path/event"], made)
    table = relay.call(f"path event get {made['id']} --format table").out
    assert "End At      2027-03-01T21:00:00.000Z\nLocation    Rome, Italy\n" in table


def test_an_update_keeps_what_was_not_named(relay: Relay) -> None:
    made = make(relay, "Keeps", "--end-at=2027-03-02", "--location=Rome")
    update = f"path event update {made['id']}"
    moved = relay.call(update + " --location Oslo")
    assert moved.sent == [
        "GET /path/event",
        f'PUT /path/event/{made["id"]} {{"name": "Keeps", "timeZone": "UTC", '
        '"startAt": "2027-03-01T18:30:00.000Z", "endAt": "2027-03-02T00:00:00.000Z", '
        '"location": "Oslo"}',
    ]
    assert moved.data == {**made, "location": "Oslo"}
    cleared = relay.call(update + " --clear end-at --clear location --timezone Asia/Tokyo")
    assert cleared.data == {**made, "timeZone": "Asia/Tokyo", "endAt": None, "location": None}
    assert list(cleared.data) == KEYS


def test_what_cannot_be_is_refused(relay: Relay) -> None:
    make(relay, "Only once")
    create = "path event create --start-at 2027-01-02 --timezone UTC -n"
    again = relay.call(create, "Only once")
    assert (again.code, again.raw, again.error["status"]) == (1, b"", 409)
    before = relay.call(create, "Ends early", "--end-at=2027-01-01")
    assert (before.code, before.error["status"]) == (1, 400)
    for line in ("get 999999", "update 999999 --name x", "delete 999999 --confirm"):
        assert relay.call(f"path event {line}").code == 4, line


def test_an_event_is_deleted_and_its_people_stay(relay: Relay) -> None:
    made = make(relay, "Short life")
    person_id = relay.call(f"path event person add {made['id']} -e stays@event.example").data["id"]
    line = f"path event delete {made['id']}"
    assert (relay.call(line).code, relay.call(line).sent) == (2, [])
    done = relay.call(line + " --confirm")
    assert done.sent == [f"DELETE /path/event/{made['id']}"]
    assert list(done.data.items()) == [("deleted", True), ("id", made["id"])]
    assert relay.call(f"path event person list {made['id']}").code == 4
    assert relay.call(f"path person get {person_id}").data["events"] == []


def test_the_people_of_an_event_are_added_and_listed(relay: Relay) -> None:
    made = make(relay, "Has people")
    added = relay.call(
        f"path event person add {made['id']} --email gil@guest.example --first-name Gil "
        "--linkedin-url https://linkedin.com/in/gil --joined-at 2026-02-03T04:05:06Z"
    )
    assert added.sent == [
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
            "startAt": "2027-03-01T18:30:00.000Z",
            "location": None,
            "joinedAt": "2026-02-03T04:05:06.000Z",
        }
    ]
    company_id = person["company"]["id"]
    line = f"path event person list {made['id']} --company-id {company_id} --page-size 5"
    done = relay.call(line)
    assert done.sent == [f"GET /path/event/{made['id']}/person?companyId={company_id}&pageSize=5"]
    [found] = done.data
    assert list(found)[-1] == "companyName"
    assert (found["id"], found["companyName"]) == (person["id"], "Guest")
    assert relay.call(line + " --format csv").out == (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At\n"
        f"{person['id']},Gil,gil@guest.example,Guest,,2026-02-03T04:05:06.000Z,"
        f"{person['createdAt']}\n"
    )
    assert relay.call(f"path event get {made['id']}").data["peopleCount"] == 1


def test_an_installed_program_does_the_same(relay: Relay) -> None:
    before = len(relay.sent)
    done = relay.run("path", "event", "person", "list", "1001", "--page-size=1", "--sort=name:asc")
    assert (done.code, done.err) == (0, "")
    assert done.json["pagination"]["pageSize"] == len(done.json["data"]) == 1
    assert relay.sent[before:] == ["GET /path/event/1001/person?sort=name%3Aasc&pageSize=1"]
