"""Imports from the made-up ticket service."""

from __future__ import annotations

from typing import Any

import pytest

from ..bench import Bench

PATH = "/path/integration/1/import"


def start(bench: Bench, external_id: str, mode: str = "UPDATE") -> int:
    """Create a job and return its id."""
    body = {"externalEventId": external_id, "mode": mode}
    job_id: int = bench.do("POST", PATH, body)["jobId"]
    return job_id


def age(bench: Bench) -> None:
    """Let all jobs have begun long ago."""
    with bench.store.write() as connection:
        connection.execute("UPDATE integration_imports SET started_at = '2026-01-01T00:00:00Z'")


def test_candidates_are_listed(bench: Bench) -> None:
    assert bench.get(f"{PATH}/candidates") == [
        {"externalId": "tix-101", "name": "Ticketed Dinner"},
        {"externalId": "tix-102", "name": "Ticketed Workshop"},
        {"externalId": "tix-103", "name": "Ticketed Livestream"},
    ]


def test_a_job_ends_after_a_while_and_its_guests_are_at_the_event(bench: Bench) -> None:
    job_id = start(bench, "tix-101")
    young = bench.get(f"{PATH}/{job_id}")
    assert young["status"] in ("PENDING", "RUNNING")
    assert (young["processedCount"], young["completedAt"]) == (0, None)
    age(bench)
    assert bench.get(f"{PATH}/{job_id}") == {
        "id": 1,
        "status": "COMPLETED",
        "mode": "UPDATE",
        "totalCount": 6,
        "processedCount": 6,
        "newCount": 3,
        "updatedCount": 3,
        "duplicatedCount": 0,
        "skipCount": 0,
        "failedCount": 0,
        "startedAt": "2026-01-01T00:00:00Z",
        "completedAt": "2026-01-01T00:00:02Z",
    }
    event = bench.get("/path/event")[-1]
    assert (event["id"], event["name"], event["peopleCount"]) == (1013, "Ticketed Dinner", 6)
    people = bench.get("/path/event/1013/person?sort=name:asc")["content"]
    assert people[-2]["name"] == "Marie Dubois"


def test_a_connection_is_a_channel_that_all_guests_of_its_events_join(bench: Bench) -> None:
    assert len(bench.get("/path/channel")) == 4
    start(bench, "tix-101")
    channel = bench.get("/path/channel")[-1]
    assert (channel["id"], channel["name"]) == (10, "Ticket service")
    assert channel["peopleCount"] == 6
    start(bench, "tix-102", "SKIP")
    assert [each["peopleCount"] for each in bench.get("/path/channel")[4:]] == [10]
    guests = bench.get("/path/person?channelId=10&eventId=1013")["totalElements"]
    assert guests == bench.get("/path/event/1013/person")["totalElements"] == 6


@pytest.mark.parametrize(("mode", "updated", "skipped"), [("UPDATE", 2, 0), ("SKIP", 0, 2)])
def test_each_guest_is_counted_in_one_way(
    bench: Bench, mode: str, updated: int, skipped: int
) -> None:
    job_id = start(bench, "tix-102", mode)
    age(bench)
    job = bench.get(f"{PATH}/{job_id}")
    assert (job["status"], job["totalCount"], job["newCount"]) == ("PARTIAL_SUCCESS", 6, 2)
    assert (job["updatedCount"], job["skipCount"]) == (updated, skipped)
    assert (job["duplicatedCount"], job["failedCount"]) == (1, 1)
    again = start(bench, "tix-102", mode)
    age(bench)
    assert bench.get(f"{PATH}/{again}")["newCount"] == 0
    assert [event["name"] for event in bench.get("/path/event")].count("Ticketed Workshop") == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (PATH, {"externalEventId": "tix-999", "mode": "SKIP"}, 400),
        (PATH, {"externalEventId": "tix-101", "mode": "skip"}, 400),
        (PATH, {"mode": "SKIP"}, 400),
        ("/path/integration/2/import", {"externalEventId": "tix-101", "mode": "SKIP"}, 404),
    ],
)
def test_a_wrong_job_is_refused(bench: Bench, path: str, body: dict[str, Any], status: int) -> None:
    assert bench.send("POST", path, json=body).status_code == status
    assert len(bench.get("/path/event")) == 12


def test_what_does_not_exist_is_not_found(bench: Bench) -> None:
    for path in (
        f"{PATH}/1",
        "/path/integration/2/import/1",
        "/path/integration/2/import/candidates",
    ):
        assert bench.send("GET", path).status_code == 404
