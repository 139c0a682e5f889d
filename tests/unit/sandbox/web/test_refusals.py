"""What is wrong with a request is named, and nothing comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ..bench import Bench

CHANNEL: tuple[str, dict[str, Any]] = ("/path/channel", {})
EVENT = (
    "/path/event",
    {"name": "Fair", "timeZone": "Europe/Berlin", "startAt": "2026-07-01T10:00"},
)
PERSON = ("/path/channel/4/person", {"email": "ada.new@quartz.example", "phones": ["+1 5"]})
EMAIL = {"csvIndex": 0, "targetField": "EMAIL"}
JOB = (
    "/path/import",
    {"fileKey": "u/none", "sourceId": 1, "mode": "SKIP", "columnMappings": [EMAIL]},
)


def mapped(*mappings: object) -> dict[str, Any]:
    """Return a change of JOB: its mappings."""
    return {"columnMappings": list(mappings)}


@pytest.mark.parametrize(
    ("about", "change", "said"),
    [
        (CHANNEL, {}, "name: is required"),
        (CHANNEL, {"name": None}, "name: must not be null"),
        (CHANNEL, {"name": 7}, "name: must be a string"),
        (CHANNEL, {"name": " "}, "name: must not be blank"),
        (CHANNEL, {"name": "x" * 201}, "name: is longer than 200 characters"),
        (CHANNEL, {"name": "x", "icon": False}, "icon: must be a string"),
        (CHANNEL, {"name": "x", "colour": "red"}, "colour: unknown field"),
        (EVENT, {"name": " "}, "name"),
        (EVENT, {"timeZone": "Mars/Base"}, "timeZone"),
        (EVENT, {"timeZone": "+02:00"}, "timeZone"),
        (EVENT, {"timeZone": "../../etc/passwd"}, "timeZone"),
        (EVENT, {"timeZone": "Europe"}, "timeZone"),
        (EVENT, {"startAt": None}, "startAt"),
        (EVENT, {"startAt": "July 1"}, "startAt"),
        (EVENT, {"startAt": "2026-02-30T10:00"}, "startAt"),
        (EVENT, {"startAt": "0001-01-01T00:00"}, "startAt"),
        (EVENT, {"startAt": 1767225600}, "startAt"),
        (EVENT, {"endAt": "later"}, "endAt"),
        (EVENT, {"endAt": "2026-06-30"}, "endAt"),
        (EVENT, {"location": 4}, "location"),
        (EVENT, {"start_at": "2026-01-01"}, "start_at"),
        (PERSON, {"email": "no-at"}, "email"),
        (PERSON, {"email": None}, "email"),
        (PERSON, {"phones": None}, "phones"),
        (PERSON, {"phones": "1"}, "phones"),
        (PERSON, {"phones": [1]}, "phones[0]"),
        (PERSON, {"joinedAt": "yesterday"}, "joinedAt"),
        (PERSON, {"joinedAt": "2026-02-30"}, "joinedAt"),
        (PERSON, {"xUrl": "ftp://x.com/a"}, "xUrl"),
        (PERSON, {"firstName": 7}, "firstName"),
        (PERSON, {"linkedinUrl": "https://linkedin.com/in/a"}, "linkedinUrl"),
        (JOB, {"fileKey": 5}, "fileKey"),
        (JOB, {"fileKey": ""}, "fileKey"),
        (JOB, {}, "fileKey"),
        (JOB, {"sourceId": "1"}, "sourceId"),
        (JOB, {"sourceId": True}, "sourceId"),
        (JOB, {"sourceId": 1.0}, "sourceId"),
        (JOB, {"sourceId": 0}, "sourceId"),
        (JOB, {"sourceId": 2**63}, "sourceId"),
        (JOB, {"mode": "skip"}, "mode"),
        (JOB, {"mode": None}, "mode"),
        (JOB, {"columnMappings": []}, "columnMappings"),
        (JOB, {"columnMappings": {}}, "columnMappings"),
        (JOB, mapped(7), "columnMappings[0]"),
        (JOB, mapped({**EMAIL, "csvIndex": -1}), "columnMappings[0].csvIndex"),
        (JOB, mapped({**EMAIL, "csvIndex": "0"}), "columnMappings[0].csvIndex"),
        (JOB, mapped({**EMAIL, "x": 1}), "columnMappings[0].x"),
        (JOB, mapped({"csvIndex": 0}), "columnMappings[0].targetField"),
        (JOB, mapped({**EMAIL, "targetField": "Mail"}), "columnMappings[0].targetField"),
        (JOB, mapped(EMAIL, {**EMAIL, "csvIndex": 1}), "columnMappings[1].targetField"),
        (JOB, mapped(EMAIL, {"csvIndex": 0, "targetField": "NAME"}), "columnMappings[1].csvIndex"),
        (JOB, {"dryRun": True}, "dryRun"),
    ],
)
def test_a_wrong_field_is_named(
    bench: Bench, about: tuple[str, dict[str, Any]], change: Any, said: str
) -> None:
    connection = bench.store.connect()
    before = connection.total_changes
    path, body = about
    [error] = bench.refuse("POST", path, json={**body, **change})
    field, _, message = said.partition(": ")
    assert error["field"] == field
    assert message in ("", error["message"])
    assert connection.total_changes == before


def test_half_a_surrogate_pair_is_no_name(bench: Bench) -> None:
    body = b'{"name": "\\ud800"}'
    errors = bench.refuse("POST", "/path/channel", data=body, content_type="application/json")
    assert errors == [{"field": "name", "message": "is not valid Unicode"}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("person?sort=email:asc", "sort"),
        ("person?sort=name", "sort"),
        ("person?sort=name:up", "sort"),
        ("person?channelId=x", "channelId"),
        ("person?channelId=1&channelId=0", "channelId"),
        ("person?eventId=9223372036854775808", "eventId"),
        ("person?companyId=1&companyId=2", "companyId"),
        ("person?pageSize=101", "pageSize"),
        ("person?pageNumber=0", "pageNumber"),
        ("person?channelIds=1", "channelIds"),
        ("channel/4/person?channelId=1", "channelId"),
        ("event/1001/person?eventId=1", "eventId"),
        ("company/1/person?companyId=1", "companyId"),
        ("import?pageNumber=-1", "pageNumber"),
        ("import?pageNumber=a", "pageNumber"),
        ("import?pageNumber=", "pageNumber"),
        ("import?pageNumber=1.0", "pageNumber"),
        ("import?pageSize=0", "pageSize"),
        ("import?size=5", "size"),
        ("import?pageSize=5&pageSize=6", "pageSize"),
        ("overview?timeZone=Nowhere", "timeZone"),
        ("overview/stats?timeZone=Nowhere", "timeZone"),
        ("overview/stats?tagId=1", "tagId"),
        ("analysis/channel/audience", "channelIds"),
        ("analysis/channel/audience?channelIds=1", "channelIds"),
        ("analysis/channel/audience?channelIds=1&channelIds=1", "channelIds"),
        ("analysis/channel/audience?channelIds=1,2", "channelIds"),
        (
            f"analysis/channel/audience?{'&'.join(f'channelIds={n}' for n in range(1, 7))}",
            "channelIds",
        ),
    ],
)
def test_a_wrong_parameter_is_named(bench: Bench, query: str, field: str) -> None:
    assert [error["field"] for error in bench.refuse("GET", f"/path/{query}")] == [field]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
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
    answer: Any = bench.send(method, path)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
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
