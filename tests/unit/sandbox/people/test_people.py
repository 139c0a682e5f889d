"""Lists of people: filters, order, pages, shapes, export."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from ..bench import Bench

PERSON_KEYS = {
    "id", "name", "primaryEmail", "primaryPhone", "company", "jobTitle", "channels", "events",
    "joinedAt", "createdAt",
}  # fmt: skip
DETAIL_KEYS = {
    "id", "name", "firstName", "lastName", "primaryEmail", "emails", "primaryPhone", "phones",
    "company", "jobTitle", "address", "avatarUrl", "linkedInUrl", "xUrl", "channels", "events",
    "mergeOperations", "createdAt",
}  # fmt: skip
FILE = """Email,Name,Phone,Company,Title,On
zoe@quartz.example,Zoë Quartz,+49 1,Quartz GmbH,Geologist,2026-02-01
abe@quartz.example,Abe Quartz,,,Geologist,2026-03-01
mia@pyrite.example,Mia Pyrite,,,Welder,2026-01-01
nil@pyrite.example,,,,,
"""
TARGETS = ("EMAIL", "NAME", "PHONE", "COMPANY_NAME", "JOB_TITLE", "JOINED_AT")


def import_four(bench: Bench) -> None:
    """Put four people into channel 4, which has nobody else."""
    assert bench.run(FILE, TARGETS)["status"] == "COMPLETED"


def names(page: Any) -> list[str]:
    """Return the names on a page."""
    return [person["name"] for person in page["content"]]


def test_imported_people_are_listed_with_what_the_file_says(bench: Bench) -> None:
    import_four(bench)
    page = bench.get("/path/channel/4/person")
    assert {key: page[key] for key in page if key != "content"} == {
        "totalElements": 4,
        "totalPages": 1,
        "pageNumber": 1,
        "pageSize": 20,
    }
    zoe, abe, _, nil = page["content"]
    assert set(zoe) == PERSON_KEYS
    company = zoe["company"]
    assert zoe == {
        "id": zoe["id"],
        "name": "Zoë Quartz",
        "primaryEmail": "zoe@quartz.example",
        "primaryPhone": "+49 1",
        "company": {
            "id": company["id"],
            "domain": "quartz.example",
            "displayName": "Quartz GmbH",
            "nameUpdatable": True,
        },
        "jobTitle": "Geologist",
        "channels": [
            {"id": 4, "name": "Customers", "icon": "star", "joinedAt": "2026-02-01T00:00:00Z"}
        ],
        "events": [],
        "joinedAt": "2026-02-01T00:00:00Z",
        "createdAt": zoe["createdAt"],
    }
    assert abe["company"] == {**company, "displayName": None, "nameUpdatable": False}
    assert (nil["name"], nil["primaryPhone"]) == ("nil@pyrite.example", None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=name:asc", ["Abe Quartz", "Mia Pyrite", "nil@pyrite.example", "Zoë Quartz"]),
        ("sort=name:desc", ["Zoë Quartz", "nil@pyrite.example", "Mia Pyrite", "Abe Quartz"]),
        ("sort=joinedAt:asc&pageSize=3", ["Mia Pyrite", "Zoë Quartz", "Abe Quartz"]),
        (
            "sort=createdAt:desc&sort=name:desc",
            ["Zoë Quartz", "nil@pyrite.example", "Mia Pyrite", "Abe Quartz"],
        ),
        ("pageSize=3&pageNumber=2", ["nil@pyrite.example"]),
        ("pageNumber=9", []),
        ("keyword=QUARTZ", ["Zoë Quartz", "Abe Quartz"]),
        ("keyword=abe@", ["Abe Quartz"]),
        ("keyword=%25", []),
        ("keyword=_e@", []),
        ("companyName=gmbh", ["Zoë Quartz"]),
        ("companyName=quartz", ["Zoë Quartz"]),
        ("jobTitle=geo", ["Zoë Quartz", "Abe Quartz"]),
        ("jobTitle=geo&keyword=abe", ["Abe Quartz"]),
        ("eventId=1001", []),
        ("companyId=1", []),
    ],
)
def test_filters_and_order_choose_people(bench: Bench, query: str, expected: list[str]) -> None:
    import_four(bench)
    assert names(bench.get(f"/path/channel/4/person?{query}")) == expected


def test_of_several_channels_one_is_enough_and_filters_add_up(bench: Bench) -> None:
    import_four(bench)
    sizes = [channel["peopleCount"] for channel in bench.get("/path/channel")]
    in_one, in_four = (
        bench.get(f"/path/person?channelId={number}")["totalElements"] for number in (1, 4)
    )
    both = bench.get("/path/person?channelId=1&channelId=4")["totalElements"]
    assert (in_one, in_four) == (sizes[0], 4)
    assert both == sizes[0] + 4
    at_event = bench.get("/path/event/1012/person?channelId=1")["totalElements"]
    assert 0 < at_event == bench.get("/path/channel/1/person?eventId=1012")["totalElements"]
    assert at_event == bench.get("/path/person?channelId=1&eventId=1012")["totalElements"]


def test_everybody_is_on_exactly_one_page(bench: Bench) -> None:
    seen: list[int] = []
    for number in range(1, 10):
        page = bench.get(f"/path/person?pageSize=50&pageNumber={number}&sort=joinedAt:desc")
        seen += [person["id"] for person in page["content"]]
    assert len(seen) == len(set(seen)) == page["totalElements"] == 348
    assert page["totalPages"] == 7


def test_one_person_has_every_field_of_the_contract(bench: Bench) -> None:
    import_four(bench)
    [found] = bench.get("/path/channel/4/person?keyword=zoe")["content"]
    person = bench.get(f"/path/person/{found['id']}")
    assert set(person) == DETAIL_KEYS
    email = {"email": "zoe@quartz.example", "type": "WORK", "domain": "quartz.example"}
    assert (person["primaryEmail"], person["emails"]) == (email, [email])
    assert (person["primaryPhone"], person["phones"]) == ("+49 1", ["+49 1"])
    assert person["channels"] == [{**found["channels"][0], "color": "green"}]
    assert person["company"] == found["company"]
    assert bench.send("GET", "/path/person/99999").status_code == 404


def test_what_lists_say_of_a_person_is_what_the_person_says(bench: Bench) -> None:
    [listed] = bench.get("/path/event/1012/person?pageSize=1")["content"]
    person = bench.get(f"/path/person/{listed['id']}")
    assert [event["id"] for event in person["events"]] == [e["id"] for e in listed["events"]]
    assert 1012 in [event["id"] for event in person["events"]]
    assert set(person["events"][0]) == {"id", "name", "startAt", "location", "joinedAt"}


def read_csv(bench: Bench, path: str) -> list[dict[str, str]]:
    """Return the rows of an export."""
    answer = bench.send("GET", path)
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_exports_have_the_people_of_the_lists(bench: Bench) -> None:
    import_four(bench)
    rows = read_csv(bench, "/path/channel/4/person/export")
    assert [row["Email"] for row in rows] == [
        "zoe@quartz.example", "abe@quartz.example", "mia@pyrite.example", "nil@pyrite.example",
    ]  # fmt: skip
    assert rows[0]["Company"] == "Quartz GmbH"
    assert rows[0]["Joined At"] == "2026-02-01T00:00:00Z"
    for path in ("person", "channel/1/person", "event/1012/person", "company/1/person"):
        exported = [int(row["Person ID"]) for row in read_csv(bench, f"/path/{path}/export")]
        assert len(exported) == bench.get(f"/path/{path}")["totalElements"] > 0
        assert exported == sorted(exported)
    for path in ("channel/9", "event/9", "company/99"):
        assert bench.send("GET", f"/path/{path}/person/export").status_code == 404


def test_an_export_can_be_imported_again(bench: Bench) -> None:
    import_four(bench)
    text = bench.send("GET", "/path/channel/4/person/export").text
    suggested = {
        mapping["csvHeader"]: mapping.get("suggestedField")
        for mapping in bench.analyze(text)["columnMappings"]
    }
    assert suggested["Email"] == "EMAIL"
    assert suggested["LinkedIn URL"] == "LINKEDIN_URL"
    assert (suggested["Joined At"], suggested["Person ID"]) == ("JOINED_AT", None)


def test_an_export_reads_the_database_in_pieces(bench: Bench) -> None:
    rows = "".join(f"p{number}@many.example\n" for number in range(1800))
    bench.run(f"Email\n{rows}")
    answer = bench.client.get(
        "/path/channel/4/person/export",
        headers={"Authorization": "Bearer unit-token"},
        buffered=False,
    )
    pieces = list(answer.iter_encoded())
    assert len(pieces) == 5
    assert max(map(len, pieces)) < 100_000
    assert b"".join(pieces).count(b"\n") == 1801
