"""Channels, authentication and strictness, through the routes."""

from __future__ import annotations

import pytest

from ..bench import Bench


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


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/path/channel"), ("PUT", "/path/channel/2")]
)
def test_a_taken_name_is_a_conflict(bench: Bench, method: str, path: str) -> None:
    answer = bench.send(method, path, json={"name": "Newsletter"})
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": 'A channel named "Newsletter" exists already.',
    }
