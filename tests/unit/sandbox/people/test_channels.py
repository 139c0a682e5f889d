"""Channels, authentication and strictness, through the routes."""

from __future__ import annotations

from typing import Any

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
    created: Any = bench.send("POST", "/path/channel", json=body).json
    path = f"/path/channel/{created['id']}"
    assert (created["name"], created["icon"]) == ("VIP", "crown")
    replaced: Any = bench.send("PUT", path, json={"name": "Very"}).json
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


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "name", "is required"),
        ({"name": None}, "name", "must not be null"),
        ({"name": 7}, "name", "must be a string"),
        ({"name": "  "}, "name", "must not be blank"),
        ({"name": "x" * 201}, "name", "is longer than 200 characters"),
        ({"name": "x", "icon": False}, "icon", "must be a string"),
        ({"name": "x", "colour": "red"}, "colour", "unknown field"),
    ],
)
def test_a_bad_field_is_named(
    bench: Bench, body: dict[str, object], field: str, message: str
) -> None:
    answer = bench.send("POST", "/path/channel", json=body)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["errors"] == [{"field": field, "message": message}]


def test_half_a_surrogate_pair_is_no_name(bench: Bench) -> None:
    body = b'{"name": "\\ud800"}'
    answer = bench.send("POST", "/path/channel", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["errors"] == [{"field": "name", "message": "is not valid Unicode"}]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"name": NaN}', "application/json"),
        (b'{"name": "\xff"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"name": "x"}', "text/plain"),
        (b"name=x", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(bench: Bench, data: bytes, kind: str) -> None:
    answer = bench.send("POST", "/path/channel", data=data, content_type=kind)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("header", "code"),
    [(None, 1100), ("Basic abc", 1100), ("Bearer", 1100), ("Bearer wrong", 1101)],
)
def test_without_the_right_token_even_unknown_paths_are_401(
    bench: Bench, header: str | None, code: int
) -> None:
    headers = {"Authorization": header} if header else {}
    for path in ("/path/channel", "/nowhere"):
        answer = bench.client.get(path, headers=headers)
        assert answer.status_code == 401
        assert answer.json is not None
        assert answer.json["errorCode"] == code


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/path/channel/", 404),
        ("GET", "//path/channel", 404),
        ("DELETE", "/path/channel/0", 404),
        ("DELETE", "/path/channel/-1", 404),
        ("DELETE", "/path/channel/1.0", 404),
        ("DELETE", "/path/channel/01", 404),
        ("DELETE", "/path/channel/9223372036854775808", 404),
        ("GET", "/path/import/9223372036854775807", 404),
        ("PATCH", "/path/channel", 405),
        ("OPTIONS", "/path/channel", 405),
        ("GET", "/path/channel/1", 405),
        ("GET", "/path/channel?x=1", 400),
        ("DELETE", "/path/channel/1?force=1", 400),
    ],
)
def test_wrong_paths_methods_and_queries_are_problem_documents(
    bench: Bench, method: str, path: str, status: int
) -> None:
    answer = bench.send(method, path)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == status
    if status == 405:
        assert answer.headers["Allow"]


def test_an_unexpected_error_is_a_500_with_a_traceback_on_stderr(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(bench.store, "connect", fail)
    answer = bench.send("GET", "/path/channel")
    monkeypatch.undo()
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    captured = capsys.readouterr()
    assert "RuntimeError: boom" in captured.err
    assert captured.out == ""
