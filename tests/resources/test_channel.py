"""`path channel` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from typing import Any

from tests.world import World

KEYS = ["id", "name", "icon", "color", "peopleCount", "tags", "createdAt"]
JOINED = "2026-02-03T04:05:06Z"


def make(world: World, name: str, *more: str) -> dict[str, Any]:
    """Make a channel and return it."""
    channel: dict[str, Any] = world.run("path channel create --name", words=[name, *more]).data
    return channel


def test_a_channel_is_made_listed_and_shown(world: World) -> None:
    done = world.run('path channel create -n "Fair, ""20""" --icon 🎉 --color "#FFD700"')
    assert done.lines == [
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
    tag = world.run(f"path tag attach {made['id']} --name in-list").data
    listed = world.run("path channel list")
    assert (listed.lines, list(listed.json)) == (["GET /path/channel"], ["data"])
    assert listed.data[:2][0]["name"] == "Newsletter"
    assert [each for each in listed.data if each["id"] == made["id"]] == [{**made, "tags": [tag]}]
    csv = world.run("path channel list --format csv").out
    assert csv.startswith("ID,Name,Icon,Color,People,Tags,Created At\n1,Newsletter,mail,")
    assert (
        f'{made["id"]},"Fair, 20",🎉,#FFD700,0,"[{{""id"":{tag["id"]},""name"":""in-list""}}]",'
        f"{made['createdAt']}\n"
    ) in csv
    got = world.run(f"path channel get {made['id']}")
    assert (got.lines, got.data) == (["GET /path/channel"], {**made, "tags": [tag]})
    table = world.run(f"path channel get {made['id']} --format table").out.splitlines()
    assert table[3:8] == [
        "Name        Fair, 20",
        "Icon        🎉",
        "Color       #FFD700",
        "People      0",
        "Tags        in-list",
    ]


def test_a_name_is_taken_only_once(world: World) -> None:
    make(world, "Only once")
    again = world.run('path channel create --name "Only once"')
    assert (again.code, again.raw, again.error["status"]) == (1, b"", 409)
    missing = world.run("path channel create")
    assert (missing.code, missing.lines) == (2, [])


def test_an_update_keeps_what_was_not_named(world: World) -> None:
    made = make(world, "Keeps", "--icon=star", "--color=red")
    update = f"path channel update {made['id']}"
    renamed = world.run(update + " --name Kept")
    assert renamed.lines == [
        "GET /path/channel",
        f'PUT /path/channel/{made["id"]} {{"name": "Kept", "icon": "star", "color": "red"}}',
    ]
    assert renamed.data == {**made, "name": "Kept"}
    cleared = world.run(update + " --clear icon --color green")
    assert cleared.data == {**made, "name": "Kept", "icon": None, "color": "green"}
    assert list(cleared.data) == KEYS
    unknown = world.run("path channel update 999999 --name x")
    assert (unknown.code, unknown.lines) == (4, ["GET /path/channel"])


def test_an_update_that_names_everything_does_not_read_first(world: World) -> None:
    made = make(world, "Whole", "--icon=star", "--color=red")
    update = f"path channel update {made['id']} --name All --clear icon --color green"
    assert world.run(update).lines == [
        f'PUT /path/channel/{made["id"]} {{"name": "All", "icon": null, "color": "green"}}'
    ]


def test_a_channel_is_deleted_and_its_people_stay(world: World) -> None:
    made = make(world, "Short life")
    add = f"path channel add-person {made['id']} --email stays@channel.example"
    person_id = world.run(add).data["id"]
    line = f"path channel delete {made['id']}"
    without = world.run(line)
    assert (without.code, without.lines) == (2, [])
    assert without.error["message"] == "delete requires --confirm"
    done = world.run(line + " --confirm")
    assert done.lines == [f"DELETE /path/channel/{made['id']}"]
    assert list(done.data.items()) == [("deleted", True), ("id", made["id"])]
    for gone in (line + " --confirm", f"path channel get {made['id']}"):
        assert world.run(gone).code == 4
    assert world.run(f"path channel people {made['id']}").code == 4
    assert world.run(f"path person get {person_id}").data["channels"] == []


def test_a_person_is_added_once_and_linked_the_second_time(world: World) -> None:
    made = make(world, "Adds people")
    new = world.run(
        f"path channel add-person {made['id']} -e ann@add.example --first-name Ann --phone 1 "
        "--phone 2 --linkedin-url https://linkedin.com/in/ann --avatar-url https://a.example/1 "
        f"--company-name Add --joined-at {JOINED}"
    )
    assert new.lines == [
        f'POST /path/channel/{made["id"]}/person {{"email": "ann@add.example", '
        '"phones": ["1", "2"], "firstName": "Ann", "avatarUrl": "https://a.example/1", '
        '"linkedInUrl": "https://linkedin.com/in/ann", "companyName": "Add", '
        f'"joinedAt": "{JOINED}"}}'
    ]
    assert new.data["linkedInUrl"] == "https://linkedin.com/in/ann"
    again = world.run(
        "path channel add-person 4 --email ann@add.example "
        "--linked-in-url https://linkedin.com/in/ann"
    )
    assert '"linkedInUrl": "https://linkedin.com/in/ann"' in again.lines[0]
    assert again.data["id"] == new.data["id"]
    assert {channel["id"] for channel in again.data["channels"]} == {4, made["id"]}


def test_the_people_of_a_channel_are_as_the_server_has_them(world: World) -> None:
    made = make(world, "Has people")
    add = f"path channel add-person {made['id']} --joined-at {JOINED} --email"
    person = world.run(add, words=["pia@people.example", "--phone=+49 1"]).data
    nobody = world.run(f"path channel people {made['id']} --event-id 1001 --format table")
    assert nobody.out.splitlines()[2:] == []
    assert nobody.err == "There are no such people in this channel.\n"
    line = f"path channel people {made['id']} --keyword pia"
    done = world.run(line)
    assert done.lines == [f"GET /path/channel/{made['id']}/person?keyword=pia"]
    [found] = done.data
    assert list(found) == [
        *("id", "name", "primaryEmail", "primaryPhone", "company", "jobTitle"),
        *("channels", "events", "joinedAt", "createdAt"),
    ]
    assert (found["joinedAt"], found["company"]) == (JOINED, person["company"])
    company_id = person["company"]["id"]
    assert world.run(line + " --format csv").out == (
        "ID,Name,Email,Phone,Company,Job Title,Joined At\n"
        f'{person["id"]},pia@people.example,pia@people.example,+49 1,"{{""id"":{company_id},'
        '""domain"":""people.example"",""displayName"":null,""nameUpdatable"":false}",'
        f",{JOINED}\n"
    )
    table = world.run(line + " --format table").out.splitlines()
    assert table[2].split() == [
        *(str(person["id"]), "pia@people.example", "pia@people.example", "+49", "1"),
        JOINED,
    ]
