"""Channels and events, and the one space of ids that they share."""

from __future__ import annotations

import pytest

from ..bench import Bench

BODY = {"name": "Fair", "timeZone": "Europe/Berlin", "startAt": "2026-07-01T10:00"}


def test_seeded_channels_have_stable_ids_and_names(bench: Bench) -> None:
    listed = bench.get("/path/channel")
    assert [(channel["id"], channel["name"]) for channel in listed] == [
        (1, "Newsletter"),
        (2, "Community"),
        (3, "Conference"),
        (4, "Customers"),
    ]
    assert set(listed[0]) == {
        "id", "name", "icon", "color", "peopleCount", "tags", "createdAt",
    }  # fmt: skip
    assert listed[0]["peopleCount"] > 0
    assert listed[3]["peopleCount"] == 0
    assert listed[0]["createdAt"] == "2026-01-05T09:00:00Z"


def test_a_channel_is_created_replaced_and_deleted(bench: Bench) -> None:
    body = {"name": "  VIP ", "icon": "crown", "color": "#123456"}
    created = bench.do("POST", "/path/channel", body)
    path = f"/path/channel/{created['id']}"
    assert (created["name"], created["icon"]) == ("VIP", "crown")
    replaced = bench.do("PUT", path, {"name": "Very"})
    assert (replaced["name"], replaced["icon"], replaced["color"]) == ("Very", None, None)
    deleted = bench.send("DELETE", path)
    assert (deleted.status_code, deleted.data) == (200, b"")
    assert bench.send("DELETE", path).status_code == 404


def test_sample_events_have_every_field_of_the_contract(bench: Bench) -> None:
    events = bench.get("/path/event")
    assert [event["id"] for event in events] == list(range(1001, 1013))
    assert events[3] == {
        "id": 1004,
        "name": "Autumn Summit",
        "timeZone": "Europe/Berlin",
        "startAt": "2025-11-06T08:00:00Z",
        "endAt": "2025-11-06T17:00:00Z",
        "location": "Berlin",
        "peopleCount": 24,
        "tags": [{"id": 4, "name": "europe"}, {"id": 3, "name": "flagship"}],
        "createdAt": "2025-09-07T08:00:00Z",
    }


def test_an_event_is_created_replaced_and_deleted(bench: Bench) -> None:
    body = {**BODY, "endAt": "2026-07-01T18:00:00+03:00", "location": "Hall 4"}
    created = bench.do("POST", "/path/event", body)
    assert (created["id"], created["peopleCount"], created["tags"]) == (1013, 0, [])
    # ten in Berlin in July is eight in UTC
    assert created["startAt"] == "2026-07-01T08:00:00Z"
    assert created["endAt"] == "2026-07-01T15:00:00Z"
    replaced = bench.do("PUT", "/path/event/1013", {**BODY, "name": "Show"})
    assert (replaced["name"], replaced["endAt"], replaced["location"]) == ("Show", None, None)
    person = {"email": "a@x.example", "phones": []}
    assert bench.send("POST", "/path/event/1013/person", json=person).status_code == 200
    assert bench.get("/path/event")[12]["peopleCount"] == 1
    deleted = bench.send("DELETE", "/path/event/1013")
    assert (deleted.status_code, deleted.data) == (200, b"")
    assert bench.get("/path/person?keyword=a@x.ex")["content"][0]["events"] == []
    for method in ("PUT", "DELETE"):
        answer = bench.send(method, "/path/event/1013", json=BODY if method == "PUT" else None)
        assert answer.status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("kind", "number", "name"), [("channel", 2, "Newsletter"), ("event", 1002, "Summer Meetup")]
)
def test_a_taken_name_is_a_conflict(
    bench: Bench, method: str, kind: str, number: int, name: str
) -> None:
    path = f"/path/{kind}" if method == "POST" else f"/path/{kind}/{number}"
    body = {"name": name} if kind == "channel" else {**BODY, "name": name}
    answer = bench.send(method, path, json=body)
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    article = "A" if kind == "channel" else "An"
    assert answer.json == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": f'{article} {kind} named "{name}" exists already.',
    }


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-01-01", "2025-12-31T23:00:00Z"),
        ("2026-01-01T10:00", "2026-01-01T09:00:00Z"),
        ("2026-01-01 10:00:30", "2026-01-01T09:00:30Z"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("2026-01-01T10:00:00.1234567-05:30", "2026-01-01T15:30:00Z"),
    ],
)
def test_a_time_without_an_offset_is_local_to_the_event(
    bench: Bench, text: str, start: str
) -> None:
    created = bench.do("POST", "/path/event", {**BODY, "startAt": text})
    assert created["startAt"] == start


def test_a_channel_and_an_event_never_have_the_same_id(bench: Bench) -> None:
    def create(kind: str, name: str) -> int:
        body = {**BODY, "name": name} if kind == "event" else {"name": name}
        answer = bench.do("POST", f"/path/{kind}", body)
        number: int = answer["id"]
        return number

    assert [create("channel", "a"), create("event", "a"), create("channel", "b")] == [10, 1013, 11]
    with bench.store.write() as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 999 WHERE name = 'channels'")
    given = [create(kind, f"{kind}{n}") for n in range(3) for kind in ("channel", "event")]
    assert given == [1000, 1014, 1015, 1016, 1017, 1018]


def test_an_id_is_not_used_again(bench: Bench) -> None:
    bench.send("POST", "/path/event", json=BODY)
    bench.send("DELETE", "/path/event/1013")
    again = bench.do("POST", "/path/event", BODY)
    assert again["id"] == 1014
