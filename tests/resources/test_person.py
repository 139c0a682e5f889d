"""`path person` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

import re
from typing import Any

from tests.world import World

#: the members of a person, in the order in which the API has them
DETAIL_KEYS = [
    *("id", "name", "firstName", "lastName", "primaryEmail", "emails", "primaryPhone", "phones"),
    *("company", "jobTitle", "address", "avatarUrl", "linkedInUrl", "xUrl", "channels", "events"),
    *("mergeOperations", "createdAt"),
]
JOINED = "2026-02-03T04:05:06Z"


def add(world: World, email: str, *more: str) -> dict[str, Any]:
    """Add a person to channel 4 and return what is known then."""
    line = f"path channel add-person 4 --joined-at {JOINED} --email"
    person: dict[str, Any] = world.run(line, words=[email, *more]).data
    return person


def test_people_are_found_by_filters_and_put_in_order(world: World) -> None:
    bo = add(world, "bo@list.example", "--first-name=Bo", "--last-name=List", "--phone=+49 1")
    al = add(world, "al@list.example", "--first-name=Al", "--company-name=A, B", "--job-title=Boss")
    line = "path person list --keyword @list.example --sort name:asc --sort createdAt:desc"
    done = world.run(f"{line} --channel-id 4 --channel-id 1 --page 1 --page-size 2")
    assert done.lines == [
        "GET /path/person?keyword=%40list.example&channelId=4&channelId=1"
        "&sort=name%3Aasc&sort=createdAt%3Adesc&pageNumber=1&pageSize=2"
    ]
    company = bo["company"]
    here = [{"id": 4, "name": "Customers", "icon": "star", "joinedAt": JOINED}]
    assert done.json == {
        "data": [
            {
                "id": al["id"],
                "name": "Al",
                "primaryEmail": "al@list.example",
                "primaryPhone": None,
                "company": {**company, "displayName": "A, B", "nameUpdatable": True},
                "jobTitle": "Boss",
                "channels": here,
                "events": [],
                "joinedAt": JOINED,
                "createdAt": al["createdAt"],
                "companyName": "A, B",
            },
            {
                "id": bo["id"],
                "name": "Bo List",
                "primaryEmail": "bo@list.example",
                "primaryPhone": "+49 1",
                "company": {
                    "id": company["id"],
                    "domain": "list.example",
                    "displayName": None,
                    "nameUpdatable": False,
                },
                "jobTitle": None,
                "channels": here,
                "events": [],
                "joinedAt": JOINED,
                "createdAt": bo["createdAt"],
                "companyName": None,
            },
        ],
        "pagination": {"page": 1, "pageSize": 2, "totalElements": 2, "totalPages": 1},
    }
    assert [list(person) for person in done.json["data"]] == [
        [
            *("id", "name", "primaryEmail", "primaryPhone", "company", "jobTitle"),
            *("channels", "events", "joinedAt", "createdAt", "companyName"),
        ]
    ] * 2
    assert list(done.json["pagination"]) == ["page", "pageSize", "totalElements", "totalPages"]
    assert world.run(line + " --format csv").out == (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At\n"
        f'{al["id"]},Al,al@list.example,"A, B",Boss,{JOINED},{al["createdAt"]}\n'
        f"{bo['id']},Bo List,bo@list.example,,,{JOINED},{bo['createdAt']}\n"
    )
    table = world.run(line + " --page-size 1 --page 2 --format table").out.splitlines()
    header = ["ID", "Name", "Primary Email", "Company", "Job Title", "Joined At", "Created At"]
    assert re.split("  +", table[0]) == header
    row = [str(bo["id"]), "Bo List", "bo@list.example", JOINED, bo["createdAt"]]
    assert re.split("  +", table[2]) == row
    assert table[3] == "Page 2 of 2 (2 total)"


def test_a_person_is_shown_with_everything_that_is_known(world: World) -> None:
    person_id = add(world, "full@get.example", "--phone=1", "--phone=2", "--address=Main St. 1")[
        "id"
    ]
    done = world.run(f"path person get {person_id}")
    assert done.lines == [f"GET /path/person/{person_id}"]
    assert list(done.data) == DETAIL_KEYS
    mail = {"email": "full@get.example", "type": "WORK", "domain": "get.example"}
    assert done.data["emails"] == [done.data["primaryEmail"]] == [mail]
    assert done.data["phones"] == ["1", "2"]
    header, row = world.run(f"path person get {person_id} --format csv").out.splitlines()
    assert header == ",".join(DETAIL_KEYS)
    assert row.startswith(
        f'{person_id},full@get.example,,,"{{""email"":""full@get.example"",""type"":""WORK"",'
    )
    table = world.run(f"path person get {person_id} --format table").out
    assert "Address    Main St. 1\n" in table
    assert "4     Customers  2026-02-03 04:05:06 UTC\n" in table


def test_an_update_sends_what_is_named_and_leaves_the_rest(world: World) -> None:
    before = add(world, "up@update.example", "--first-name=Una", "--job-title=Boss", "--phone=1")
    person_id = before["id"]
    links = ("https://x.com/una", "https://linkedin.com/in/una")
    done = world.run(
        f"path person update {person_id} --last-name Up --x-url {links[0]} "
        f"--linked-in-url {links[1]} --clear job-title --clear phone"
    )
    assert done.lines == [
        f'PATCH /path/person/{person_id} {{"lastName": "Up", "linkedInUrl": "{links[1]}", '
        f'"xUrl": "{links[0]}", "jobTitle": null, "phones": []}}'
    ]
    assert list(done.data) == DETAIL_KEYS
    assert done.data == {
        **before,
        "name": "Una Up",
        "lastName": "Up",
        "xUrl": links[0],
        "linkedInUrl": links[1],
        "jobTitle": None,
        "primaryPhone": None,
        "phones": [],
    }
    assert world.run(f"path person get {person_id}").data == done.data


def test_an_address_of_somebody_else_and_no_change_at_all_are_refused(world: World) -> None:
    add(world, "one@taken.example")
    two = add(world, "two@taken.example")
    taken = world.run(f"path person update {two['id']} --primary-email one@taken.example")
    assert (taken.code, taken.raw, taken.error["status"]) == (1, b"", 409)
    nothing = world.run(f"path person update {two['id']}")
    assert (nothing.code, nothing.lines) == (2, [])
    assert world.run(f"path person get {two['id']}").data == two


def test_a_company_is_given_and_taken_away(world: World) -> None:
    person_id = add(world, "em@company-of.example")["id"]
    named = world.run(f"path person update {person_id} --company-name Acme")
    assert named.lines == [f'PATCH /path/person/{person_id} {{"companyName": "Acme"}}']
    assert named.data["company"]["displayName"] == "Acme"
    moved = world.run(f"path person update {person_id} --company-id 1").data["company"]
    assert (moved["id"], moved["domain"]) == (1, "acme.example.com")
    gone = world.run(f"path person update {person_id} --remove-company")
    assert gone.lines == [f'PATCH /path/person/{person_id} {{"removeCompany": true}}']
    assert gone.data["company"] is None


def test_a_person_is_deleted_once_and_only_when_it_is_meant(world: World) -> None:
    person_id = add(world, "gone@delete.example")["id"]
    line = f"path person delete {person_id}"
    assert (world.run(line).code, world.run(line).lines) == (2, [])
    refused = world.run(line, types="n\n")
    assert (refused.code, refused.lines) == (1, [f"GET /path/person/{person_id}"])
    done = world.run(line, types="y\n")
    assert done.lines[1:] == [f"DELETE /path/person/{person_id}"]
    assert done.out == f'{{\n  "data": {{\n    "deleted": true,\n    "id": {person_id}\n  }}\n}}\n'
    again = world.run(line + " --confirm")
    assert (again.code, again.raw, again.error["status"]) == (4, b"", 404)
    assert world.run(f"path person get {person_id}").code == 4
    assert world.run("path person list --keyword gone@delete.example").data == []


def test_a_merge_is_made_and_taken_back(world: World) -> None:
    source = add(world, "src@merge.example", "--first-name=Sol", "--phone=1")
    world.run("path event person add 1001 -e src@merge.example")
    source = world.run(f"path person get {source['id']}").data
    target = add(world, "dst@merge.example", "--first-name=Tam", "--phone=2")
    line = f"path person merge {source['id']} {target['id']}"
    assert (world.run(line).code, world.run(line).lines) == (2, [])
    merged = world.run(f"{line} --confirm")
    assert merged.lines == [f"POST /path/person/{source['id']}/merge/{target['id']}"]
    assert list(merged.data) == DETAIL_KEYS
    assert (merged.data["id"], merged.data["name"]) == (target["id"], "Tam")
    assert [mail["email"] for mail in merged.data["emails"]] == [
        "dst@merge.example",
        "src@merge.example",
    ]
    assert [event["id"] for event in merged.data["events"]] == [1001]
    [operation] = merged.data["mergeOperations"]
    assert list(operation) == ["id", "sourcePersonName", "sourcePrimaryEmail", "mergedAt"]
    assert operation["sourcePersonName"] == "Sol"
    assert world.run(f"path person get {source['id']}").code == 4
    [entry] = [
        entry
        for entry in world.run(f"path person activity {target['id']} --all").data
        if entry["action"] == "MERGED"
    ]
    assert entry["mergedFrom"] == {
        "personId": source["id"],
        "name": "Sol",
        "primaryEmail": "src@merge.example",
    }
    undo = world.run(f"path person merge-undo {operation['id']} --confirm")
    assert undo.lines == [f"POST /path/person/merge/{operation['id']}/undo"]
    assert list(undo.data.items()) == [("undone", True), ("mergeOperationId", operation["id"])]
    assert world.run(f"path person get {source['id']}").data == source
    assert world.run(f"path person get {target['id']}").data == target
    again = world.run(f"path person merge-undo {operation['id']} --confirm")
    assert (again.code, again.raw, again.error["status"]) == (1, b"", 409)
    assert world.run("path person merge-undo 999999 --confirm").code == 4


def test_activity_is_walked_page_by_page_or_at_once(world: World) -> None:
    person_id = add(world, "act@activity.example")["id"]
    for title in ("One", "Two", "Three"):
        world.run(f"path person update {person_id} --job-title {title}")
    line = f"path person activity {person_id} --page-size 2"
    pages, cursor = [], ""
    while True:
        done = world.run(line + cursor)
        assert list(done.json) == ["data", "pagination"]
        assert list(done.json["pagination"]) == ["nextCursor", "hasNext"]
        pages += done.json["data"]
        if not done.json["pagination"]["hasNext"]:
            break
        cursor = f" --cursor {done.json['pagination']['nextCursor']}"
        assert done.lines[0].startswith(f"GET /path/person/{person_id}/activity?")
    assert done.json["pagination"] == {"nextCursor": None, "hasNext": False}
    assert [entry["action"] for entry in pages] == [
        *("UPDATED", "UPDATED", "UPDATED", "SOURCE_CONNECTED", "CREATED")
    ]
    assert list(pages[0]) == [
        *("id", "action", "actor", "changes", "source", "mergedFrom", "createdAt", "actorName")
    ]
    assert pages[0]["changes"] == [{"field": "jobTitle", "before": "Two", "after": "Three"}]
    assert pages[0]["actorName"] == pages[0]["actor"]["name"]
    whole = world.run(line + " --all")
    assert (whole.json, len(whole.lines)) == ({"data": pages}, 3)
    assert world.run(line + " --all --format csv").out == "ID,Action,Actor,Created At\n" + "".join(
        f"{entry['id']},{entry['action']},Sandbox,{entry['createdAt']}\n" for entry in pages
    )
    table = world.run(line, words=["--format=table"], is_terminal=True)
    assert table.out.splitlines()[2].split()[1:3] == ["UPDATED", "Sandbox"]
    assert table.err.endswith(f"Next page: --cursor {pages[1]['id']}\n")
