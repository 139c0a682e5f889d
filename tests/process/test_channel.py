"""`path channel` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from typing import Any

from tests.process.relay import Relay

KEYS = ["id", "name", "icon", "color", "peopleCount", "tags", "createdAt"]
JOINED = "2026-02-03T04:05:06.000Z"


def make(relay: Relay, name: str, *more: str) -> dict[str, Any]:
    """Make a channel and return it."""
    channel: dict[str, Any] = relay.call("path channel create --name", name, *more).data
    return channel


def test_a_channel_is_made_listed_and_shown(relay: Relay) -> None:
    done = relay.call('path channel create -n "Fair, ""20""" --icon 🎉 --color "#FFD700"')
    assert done.sent == [
        'POST /path/channel {"name": "Fair, 20", "icon": "\\ud83c\\udf89", "color": "#FFD700"}'
    ]
    made = done.data
    assert list(made) == KEYS
    assert made == {
        "id": made["id"],
        "name": "Fair, 20",
        "icon": "🎉",
        "color": "#FFD700",
        "peopleCount": 0,
        "tags": [],
        "createdAt": made["createdAt"],
    }
    tag = relay.call(f"path tag attach {made['id']} --name in-list").data
    listed = relay.call("path channel list")
    assert (listed.sent, list(listed.json)) == (["GET /path/channel"], ["data"])
    assert listed.data[:2][0]["name"] == "Newsletter"
    assert [each for each in listed.data if each["id"] == made["id"]] == [{**made, "tags": [tag]}]
    csv = relay.call("path channel list --format csv").out
    assert csv.startswith("ID,Name,Icon,Color,People,Tags,Created At\n1,Newsletter,mail,")
    assert (
        f'{made["id"]},"Fair, 20",🎉,#FFD700,0,"[{{""id"":{tag["id"]},""name"":""in-list""}}]",'
        f"{made['createdAt']}\n"
    ) in csv
    got = relay.call(f"path channel get {made['id']}")
    assert (got.sent, got.data) == (["GET /path/channel"], {**made, "tags": [tag]})
    table = relay.call(f"path channel get {made['id']} --format table").out.splitlines()
    assert table[3:8] == [
        "Name        Fair, 20",
        "Icon        🎉",
        "Color       #FFD700",
        "People      0",
        "Tags        in-list",
    ]


def test_a_name_is_taken_only_once(relay: Relay) -> None:
    make(relay, "Only once")
    again = relay.call('path channel create --name "Only once"')
    assert (again.code, again.raw, again.error["status"]) == (1, b"", 409)
    missing = relay.call("path channel create")
    assert (missing.code, missing.sent) == (2, [])


def test_an_update_keeps_what_was_not_named(relay: Relay) -> None:
    made = make(relay, "Keeps", "--icon=star", "--color=red")
    update = f"path channel update {made['id']}"
    renamed = relay.call(update + " --name Kept")
    assert renamed.sent == [
        "GET /path/channel",
        f'PUT /path/channel/{made["id"]} {{"name": "Kept", "icon": "star", "color": "red"}}',
    ]
    assert renamed.data == {**made, "name": "Kept"}
    cleared = relay.call(update + " --clear icon --color green")
    assert cleared.data == {**made, "name": "Kept", "icon": None, "color": "green"}
    assert list(cleared.data) == KEYS
    unknown = relay.call("path channel update 999999 --name x")
    assert (unknown.code, unknown.sent) == (4, ["GET /path/channel"])


def test_a_channel_is_deleted_and_its_people_stay(relay: Relay) -> None:
    made = make(relay, "Short life")
    add = f"path channel add-person {made['id']} --email stays@channel.example"
    person_id = relay.call(add).data["id"]
    line = f"path channel delete {made['id']}"
    without = relay.call(line)
    assert (without.code, without.sent) == (2, [])
    assert without.error["message"] == "delete requires --confirm"
    done = relay.call(line + " --confirm")
    assert done.sent == [f"DELETE /path/channel/{made['id']}"]
    assert list(done.data.items()) == [("deleted", True), ("id", made["id"])]
    for gone in (line + " --confirm", f"path channel get {made['id']}"):
        assert relay.call(gone).code == 4
    assert relay.call(f"path channel people {made['id']}").code == 4
    assert relay.call(f"path person get {person_id}").data["channels"] == []


def test_a_person_is_added_once_and_linked_the_second_time(relay: Relay) -> None:
    made = make(relay, "Adds people")
    new = relay.call(
        f"path channel add-person {made['id']} -e ann@add.example --first-name Ann --phone 1 "
        "--phone 2 --linkedin-url https://linkedin.com/in/ann --avatar-url https://a.example/1 "
        f"--company-name Add --joined-at {JOINED}"
    )
    assert new.sent == [
        f'POST /path/channel/{made["id"]}/person {{"email": "ann@add.example", '
        '"phones": ["1", "2"], "firstName": "Ann", "avatarUrl": "https://a.example/1", '
        '"linkedInUrl": "https://linkedin.com/in/ann", "companyName": "Add", '
        f'"joinedAt": "{JOINED}"}}'
    ]
    assert new.data["linkedInUrl"] == "https://linkedin.com/in/ann"
    again = relay.call(
        "path channel add-person 4 --email ann@add.example "
        "--linked-in-url https://linkedin.com/in/ann"
    )
    assert '"linkedInUrl": "https://linkedin.com/in/ann"' in again.sent[0]
    assert again.data["id"] == new.data["id"]
    assert {channel["id"] for channel in again.data["channels"]} == {4, made["id"]}


def test_the_people_of_a_channel_are_as_the_server_has_them(relay: Relay) -> None:
    made = make(relay, "Has people")
    add = f"path channel add-person {made['id']} --joined-at {JOINED} --email"
    person = relay.call(add, "pia@people.example", "--phone=+49 1").data
    nobody = relay.call(f"path channel people {made['id']} --event-id 1001 --format table")
    assert nobody.out.splitlines()[2:] == []
    assert nobody.err == "There are no such people in this channel.\n"
    line = f"path channel people {made['id']} --keyword pia"
    done = relay.call(line)
    assert done.sent == [f"GET /path/channel/{made['id']}/person?keyword=pia"]
    [found] = done.data
    assert list(found) == [
        *("id", "name", "primaryEmail", "primaryPhone", "company", "jobTitle"),
        *("channels", "events", "joinedAt", "createdAt"),
    ]
    assert (found["joinedAt"], found["company"]) == (JOINED, person["company"])
    company_id = person["company"]["id"]
    assert relay.call(line + " --format csv").out == (
        "ID,Name,Email,Phone,Company,Job Title,Joined At\n"
        f'{person["id"]},pia@people.example,pia@people.example,+49 1,"{{""id"":{company_id},'
        '""domain"":""people.example"",""displayName"":""People"",""nameUpdatable"":false}",'
        f",{JOINED}\n"
    )
    table = relay.call(line + " --format table").out.splitlines()
    assert table[2].split() == [
        *(str(person["id"]), "pia@people.example", "pia@people.example", "+49", "1", "People"),
        JOINED,
    ]


def test_an_installed_program_does_the_same(relay: Relay) -> None:
    before = len(relay.sent)
    done = relay.run("path", "channel", "create", "-n=Übersicht", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == ",".join(KEYS)
    assert ",Übersicht,,,0,[]," in done.out
    assert relay.sent[before:] == ['POST /path/channel {"name": "\\u00dcbersicht"}']
