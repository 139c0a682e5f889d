"""Adding people to channels and events, changing and removing them, and their activity."""

from __future__ import annotations

from typing import Any

from ..bench import Bench

ADA = {"email": "ada.new@quartz.example", "phones": ["+1 5", "+1 6"]}


def add(bench: Bench, path: str = "channel/4", **fields: Any) -> Any:
    """Add a person and return the answer."""
    return bench.do("POST", f"/path/{path}/person", {**ADA, **fields})


def patch(bench: Bench, person_id: int, **fields: Any) -> Any:
    """Change a person and return the answer."""
    return bench.do("PATCH", f"/path/person/{person_id}", fields)


def list_emails(person: Any) -> list[str]:
    """Return all addresses of a person."""
    assert person["primaryEmail"] == person["emails"][0]
    return [email["email"] for email in person["emails"]]


def test_a_new_person_is_created_with_all_fields(bench: Bench) -> None:
    fields = {
        "firstName": "Ada",
        "lastName": "New",
        "jobTitle": "Miner",
        "address": "Pit 1",
        "avatarUrl": "https://img.example.com/a.png",
        "linkedInUrl": "https://linkedin.com/in/ada",
        "xUrl": "https://x.com/ada",
        "companyName": "Quartz GmbH",
    }
    person = add(bench, joinedAt="2026-02-03T04:05:06+01:00", **fields)
    for name, value in fields.items():
        if name != "companyName":
            assert person[name] == value
    assert person["name"] == "Ada New"
    assert person["company"]["displayName"] == "Quartz GmbH"
    assert (person["primaryPhone"], person["phones"]) == ("+1 5", ["+1 5", "+1 6"])
    assert person["channels"][0]["joinedAt"] == "2026-02-03T03:05:06Z"
    assert bench.get(f"/path/person/{person['id']}") == person


def test_a_known_address_is_linked_to_a_channel_and_left_alone(bench: Bench) -> None:
    first = add(bench, firstName="Ada")
    fields = {"firstName": "Other", "phones": ["+1 7"]}
    again = add(bench, "channel/2", email="ADA.NEW@quartz.example", **fields)
    assert [channel["id"] for channel in again["channels"]] == [2, 4]
    assert again == {**first, "channels": again["channels"]}


def test_a_known_address_is_linked_to_an_event_and_gets_the_fields_given(bench: Bench) -> None:
    first = add(bench, firstName="Ada", jobTitle="Miner")
    fields = {"lastName": "Lode", "jobTitle": "Smith", "firstName": None, "phones": ["+1 7"]}
    again = add(bench, "event/1001", email="ADA.NEW@quartz.example", **fields)
    assert again == {
        **first,
        "name": "Ada Lode",
        "lastName": "Lode",
        "jobTitle": "Smith",
        "phones": ["+1 5", "+1 6", "+1 7"],
        "events": again["events"],
    }
    assert [event["id"] for event in again["events"]] == [1001]
    newest = bench.get(f"/path/person/{first['id']}/activity")["content"][0]
    assert newest["action"] == "UPDATED"
    assert {"field": "jobTitle", "before": "Miner", "after": "Smith"} in newest["changes"]


def test_nobody_is_added_to_what_does_not_exist(bench: Bench) -> None:
    for path in ("channel/1001", "channel/9", "event/1", "event/1099"):
        assert bench.send("POST", f"/path/{path}/person", json=ADA).status_code == 404
    assert bench.send("POST", "/path/company/1/person", json=ADA).status_code == 405


def test_absent_fields_stay_and_nulls_clear(bench: Bench) -> None:
    person_id = add(bench, firstName="Ada", lastName="New", jobTitle="Miner")["id"]
    changed = patch(bench, person_id, jobTitle="Smith", lastName=None)
    assert (changed["firstName"], changed["lastName"]) == ("Ada", None)
    assert (changed["name"], changed["jobTitle"]) == ("Ada", "Smith")
    assert patch(bench, person_id) == changed
    assert patch(bench, person_id, jobTitle=None)["jobTitle"] is None


def test_a_new_primary_address_keeps_the_old_one_beside_it(bench: Bench) -> None:
    person_id = add(bench)["id"]
    changed = patch(bench, person_id, primaryEmail="ada@pyrite.example")
    assert list_emails(changed) == ["ada@pyrite.example", "ada.new@quartz.example"]
    assert changed["company"]["domain"] == "pyrite.example"
    back = patch(bench, person_id, primaryEmail="Ada.New@quartz.example")
    assert list_emails(back) == ["Ada.New@quartz.example", "ada@pyrite.example"]


def test_emails_join_those_there_are_behind_the_primary_one(bench: Bench) -> None:
    person_id = add(bench)["id"]
    one, two, three = "ada.new@quartz.example", "b@x.example", "c@x.example"
    assert list_emails(patch(bench, person_id, emails=[two])) == [one, two]
    assert list_emails(patch(bench, person_id, emails=[three, one])) == [one, two, three]
    both = patch(bench, person_id, emails=["d@x.example"], primaryEmail=two)
    assert list_emails(both) == [two, one, three, "d@x.example"]
    assert list_emails(patch(bench, person_id, emails=[])) == [two]
    assert list_emails(patch(bench, person_id, emails=[one])) == [two, one]
    assert list_emails(patch(bench, person_id, emails=None)) == [two]


def test_an_address_belongs_to_one_person_only(bench: Bench) -> None:
    person_id = add(bench, email="first@x.example")["id"]
    patch(bench, person_id, emails=["first@x.example", "second@x.example"])
    other = add(bench, email="other@x.example")["id"]
    for body in (
        {"primaryEmail": "SECOND@x.example"},
        {"emails": ["other@x.example", "first@x.example"]},
    ):
        refused: Any = bench.send("PATCH", f"/path/person/{other}", json=body)
        assert refused.status_code == 409
        assert f"belongs to person {person_id}" in refused.json["detail"]
    assert add(bench, email="second@x.example")["id"] == person_id
    job = bench.run("Email,Title\nsecond@x.example,Boss\n", ("EMAIL", "JOB_TITLE"))
    assert (job["newCount"], job["updatedCount"]) == (0, 1)
    assert bench.get(f"/path/person/{person_id}")["jobTitle"] == "Boss"


def test_phone_numbers_join_those_there_are_and_one_is_the_primary(bench: Bench) -> None:
    person_id = add(bench)["id"]

    def phones(**fields: Any) -> tuple[str | None, list[str]]:
        person = patch(bench, person_id, **fields)
        return person["primaryPhone"], person["phones"]

    assert phones(primaryPhone="+1 6") == ("+1 6", ["+1 6", "+1 5"])
    assert phones(primaryPhone="+1 7") == ("+1 7", ["+1 7", "+1 6", "+1 5"])
    assert phones(primaryPhone=None) == (None, ["+1 6", "+1 5"])
    assert phones(phones=["2", "+1 6"]) == ("+1 6", ["+1 6", "+1 5", "2"])
    assert phones(phones=["3"], primaryPhone="2") == ("2", ["2", "+1 6", "+1 5", "3"])
    assert phones(phones=["4"], primaryPhone="5")[1] == ["5", "2", "+1 6", "+1 5", "3", "4"]
    assert phones(phones=[], primaryPhone="5") == ("5", ["5"])
    assert phones(phones=None) == (None, [])
    assert phones(phones=["6", "7"]) == ("6", ["6", "7"])


def test_the_company_is_named_linked_and_removed(bench: Bench) -> None:
    person = add(bench)
    derived = person["company"]
    assert (derived["displayName"], derived["nameUpdatable"]) == (None, False)
    own = patch(bench, person["id"], companyName="Mine")["company"]
    assert own == {**derived, "displayName": "Mine", "nameUpdatable": True}
    assert patch(bench, person["id"], companyName=None)["company"] == derived
    linked = patch(bench, person["id"], companyId=1)["company"]
    assert (linked["id"], linked["domain"]) == (1, bench.get("/path/company/1")["domain"])
    assert patch(bench, person["id"], removeCompany=True)["company"] is None
    free = patch(bench, person["id"], companyName="Free")["company"]
    assert free == {"id": None, "domain": None, "displayName": "Free", "nameUpdatable": True}
    for body, status in (
        ({"companyId": 999}, 404),
        ({"companyId": 1, "removeCompany": True}, 400),
        ({"companyId": "1"}, 400),
        ({"removeCompany": 1}, 400),
    ):
        assert bench.send("PATCH", f"/path/person/{person['id']}", json=body).status_code == status


def test_a_deleted_person_is_gone_and_the_id_is_not_used_again(bench: Bench) -> None:
    person_id = add(bench)["id"]
    people = bench.get("/path/person")["totalElements"]
    deleted = bench.send("DELETE", f"/path/person/{person_id}")
    assert (deleted.status_code, deleted.data) == (200, b"")
    assert "Content-Type" not in deleted.headers
    for method in ("GET", "PATCH", "DELETE"):
        answer = bench.send(
            method, f"/path/person/{person_id}", json={} if method[0] == "P" else None
        )
        assert answer.status_code == 404
    assert bench.send("GET", f"/path/person/{person_id}/activity").status_code == 404
    assert bench.get("/path/person")["totalElements"] == people - 1
    assert bench.get("/path/channel")[3]["peopleCount"] == 0
    assert add(bench)["id"] == person_id + 1
    bench.run("Email\nnext@x.example\n")
    assert bench.get("/path/person?keyword=next@x")["content"][0]["id"] == person_id + 2


def describe(entry: Any) -> tuple[Any, ...]:
    """Return action and source of an entry."""
    return entry["action"], entry["source"] and entry["source"]["name"]


def test_activity_tells_what_happened_newest_first(bench: Bench) -> None:
    bench.run("Email,Name\nada.new@quartz.example,Ada\n", ("EMAIL", "NAME"))
    [found] = bench.get("/path/channel/4/person")["content"]
    add(bench, "event/1001")
    patch(bench, found["id"], jobTitle="Smith")
    bench.run("Email,Name\nada.new@quartz.example,Adah\n", ("EMAIL", "NAME"), channel=2)
    activity = bench.get(f"/path/person/{found['id']}/activity")
    assert [describe(entry) for entry in activity["content"]] == [
        ("SOURCE_CONNECTED", "Community"),
        ("UPDATED", None),
        ("UPDATED", None),
        ("UPDATED", None),
        ("SOURCE_CONNECTED", "Summer Meetup"),
        ("SOURCE_CONNECTED", "Customers"),
        ("CREATED", None),
    ]
    assert (activity["nextCursor"], activity["hasNext"]) == (None, False)
    patched = activity["content"][2]
    assert set(patched) == {
        "id", "action", "actor", "changes", "source", "mergedFrom", "createdAt",
    }  # fmt: skip
    assert patched["changes"] == [{"field": "jobTitle", "before": None, "after": "Smith"}]
    assert patched["actor"] == {"id": 1, "name": "Sandbox", "email": "sandbox@example.com"}
    assert activity["content"][4]["source"] == {
        "id": 1001, "type": "EVENT", "name": "Summer Meetup", "icon": None, "color": None,
    }  # fmt: skip


def test_activity_is_walked_with_the_cursor(bench: Bench) -> None:
    person_id = add(bench)["id"]
    for number in range(5):
        patch(bench, person_id, jobTitle=f"T{number}")
    whole = bench.get(f"/path/person/{person_id}/activity")["content"]
    walked: list[Any] = []
    query = "pageSize=2"
    while True:
        page = bench.get(f"/path/person/{person_id}/activity?{query}")
        walked += page["content"]
        if not page["hasNext"]:
            break
        query = f"pageSize=2&cursor={page['nextCursor']}"
    assert walked == whole
    assert len({entry["id"] for entry in whole}) == len(whole) == 7
    assert page["nextCursor"] is None


def test_activity_remembers_a_channel_that_was_deleted(bench: Bench) -> None:
    person_id = add(bench)["id"]
    bench.run("Email\nimported@x.example\n")
    bench.send("DELETE", "/path/channel/4")
    for each in (person_id, person_id + 1):
        entries = bench.get(f"/path/person/{each}/activity")["content"]
        assert [describe(entry) for entry in entries] == [
            ("SOURCE_DISCONNECTED", "Customers"),
            ("SOURCE_CONNECTED", "Customers"),
            ("CREATED", None),
        ]
