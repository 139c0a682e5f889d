"""Which error an answer stands for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.transport import problems

REQUEST = "GET /path/channel"
ASKED = {"method": "GET", "path": "/path/channel"}


def problem(**members: Any) -> bytes:
    """Return the body of a problem document."""
    return json.dumps(members).encode()


def complete(status: int) -> bytes:
    """Return a problem document with everything in it."""
    return problem(type="about:blank", title="T", status=status, detail="Said by the server")


def error_from(
    status: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> TalkValueError:
    return problems.error_from(status, headers or {}, body, REQUEST)


@pytest.fixture
def far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine be in a zone where local time is not UTC."""
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


BODIES = {
    "html": b"<html><body>Sorry</body></html>",
    "empty": b"",
    "broken": b'{"detail": "cut of',
    "list": b"[]",
    "text": b'"no"',
    "latin-1": b'{"detail": "\xe9"}',
    "deep": b"[" * 100_000,
    "object": b"{}",
    "without type": problem(title="T", detail="D"),
    "other status": complete(500),
    "null code": problem(type="about:blank", title="T", status=1, detail="D", errorCode=None),
    "text code": problem(type="about:blank", title="T", status=1, detail="D", errorCode="1200"),
    "code beside the range": problem(detail="D", errorCode=1501),
    "null key": problem(type="about:blank", title="T", status=1, detail="D", messageKey=None),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize(
    ("status", "exit_code"),
    [(400, 1), (401, 3), (403, 5), (404, 4), (409, 1), (410, 4), (422, 1), (429, 1), (503, 1)],
)
def test_the_exit_code_comes_from_the_real_status_whatever_the_body(
    status: int, exit_code: int, body: bytes
) -> None:
    assert code_of(error_from(status, body)) == exit_code


@pytest.mark.parametrize("content_type", ["text/plain", "application/problem+json", ""])
def test_a_problem_document_is_read_whatever_its_content_type(content_type: str) -> None:
    error = error_from(404, complete(404), {"Content-Type": content_type})
    assert error.message == "Said by the server"
    assert error.text == "Said by the server (HTTP 404, GET /path/channel)"


@pytest.mark.parametrize(
    ("error_code", "exit_code"), [(1099, 4), (1100, 3), (1200, 3), (1500, 3), (1501, 4)]
)
def test_the_documented_codes_of_authentication_go_before_the_status(
    error_code: int, exit_code: int
) -> None:
    error = error_from(404, problem(detail="Session expired", errorCode=error_code))
    assert code_of(error) == exit_code
    assert error.details == {"status": 404, **ASKED, "errorCode": error_code}


def test_a_refused_session_is_not_asked_for_again_even_when_the_status_says_503() -> None:
    assert not error_from(503, problem(errorCode=1200)).is_transient


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "conflict"),
        (b"<html>", "conflict"),
        (problem(title="Name is taken"), "Name is taken"),
        (problem(title="Conflict", detail="Name is taken"), "Name is taken"),
        (problem(title="Conflict", detail=""), "Conflict"),
        (problem(title="Conflict", detail=["odd"]), "Conflict"),
        (problem(title=7, detail=None), "conflict"),
    ],
)
def test_the_message_is_the_best_that_the_body_has(body: bytes, message: str) -> None:
    error = error_from(409, body)
    assert error.message == message
    assert error.text == f"{message} (HTTP 409, GET /path/channel)"


def test_what_the_server_says_stays_as_it_is_and_is_one_line_for_people() -> None:
    said = " Two lines,\n\tthe second one  indented\r\n"
    error = error_from(400, problem(detail=said, errors=[{"field": "a\nb", "message": "c\nd"}]))
    assert error.message == said
    assert error.text == (
        "Two lines, the second one indented (HTTP 400, GET /path/channel)\n  a b: c d"
    )


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "bad request"),
        (401, "not authenticated"),
        (403, "forbidden"),
        (404, "not found"),
        (405, "method not allowed"),
        (408, "request timeout"),
        (409, "conflict"),
        (410, "gone"),
        (413, "too large"),
        (422, "not accepted"),
        (429, "too many requests"),
        (500, "internal server error"),
        (502, "bad gateway"),
        (503, "service unavailable"),
        (504, "gateway timeout"),
    ],
)
def test_a_status_that_says_nothing_is_told_by_its_name(status: int, title: str) -> None:
    assert error_from(status).text == f"{title} (HTTP {status}, GET /path/channel)"


def test_a_status_without_a_name_is_still_explained() -> None:
    text = error_from(418).text
    assert text == "the server refused the request (HTTP 418, GET /path/channel)"


@pytest.mark.parametrize(
    ("errors", "lines"),
    [
        ([{"field": "name", "message": "must not be blank"}], ["name: must not be blank"]),
        ([{"name": "a", "detail": "x"}, {"path": "b", "defaultMessage": "y"}], ["a: x", "b: y"]),
        ({"name": "too long", "icon": "unknown"}, ["name: too long", "icon: unknown"]),
        ([{"field": "name"}, {"message": "no"}, "plain", 7], ["name", "no", "plain", "7"]),
        ([{}, {"else": 1}], []),
    ],
)
def test_field_errors_are_shown_one_a_line(errors: Any, lines: list[str]) -> None:
    error = error_from(400, problem(detail="Invalid", errors=errors))
    assert error.message == "Invalid"
    head, *rest = error.text.split("\n")
    assert head == "Invalid (HTTP 400, GET /path/channel)"
    assert rest == [f"  {line}" for line in lines]


def test_a_field_error_that_the_message_says_already_is_not_said_twice() -> None:
    body = problem(detail="name: must not be blank", errors={"name": "must not be blank"})
    assert error_from(400, body).text == "name: must not be blank (HTTP 400, GET /path/channel)"


def test_field_errors_are_passed_on_in_the_details() -> None:
    errors = [{"field": "name", "message": "no", "code": "X"}]
    details = error_from(422, problem(errors=errors)).details
    assert details == {"status": 422, **ASKED, "errors": errors}


@pytest.mark.parametrize("errors", [None, [], {}, "text", 7])
def test_errors_that_are_no_list_are_left_out(errors: Any) -> None:
    details = error_from(400, problem(detail="Invalid", errors=errors)).details
    assert details == {"status": 400, **ASKED}


@pytest.mark.parametrize(
    "status", [408, 425, 429, 500, 502, 503, 504, 506, 507, 508, 511, 520, 524, 525, 529, 530, 599]
)
def test_a_passing_trouble_is_transient(status: int) -> None:
    assert error_from(status).is_transient


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 410, 413, 422, 501, 505])
def test_a_refusal_is_final(status: int) -> None:
    assert not error_from(status).is_transient


def test_a_redirect_that_is_not_followed_names_its_target() -> None:
    error = error_from(301, b"<html>", {"Location": "https://new.example.com/path/channel"})
    assert error.text == (
        "redirected to https://new.example.com/path/channel; only reads follow a redirect, "
        "set the API URL to it (HTTP 301, GET /path/channel)"
    )
    assert code_of(error) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("9" * 30, 999999999.0),
        ("Mon, 23 Nov 2026 08:00:30 GMT", 30.0),
        # the older forms of RFC 9110 section 5.6.7 are in UTC as well
        ("Monday, 23-Nov-26 08:00:30 GMT", 30.0),
        ("Mon Nov 23 08:00:30 2026", 30.0),
        ("Mon, 23 Nov 2026 07:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 08:00:30 -0000", 30.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    value: str, seconds: float, far_from_greenwich: None
) -> None:
    headers = {"Retry-After": value, "Date": "Mon, 23 Nov 2026 08:00:00 GMT"}
    assert problems.read_retry_after(headers) == seconds


def test_without_a_usable_date_of_the_answer_our_clock_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.time", lambda: 1795420800.0)
    for date in ({}, {"Date": "now"}):
        headers = {"Retry-After": "Mon, 23 Nov 2026 08:00:30 GMT", **date}
        assert problems.read_retry_after(headers) == 30.0


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "7s", "٣", "Mon, 99 Nov 2026"])
def test_an_unusable_retry_after_counts_as_none(value: str | None) -> None:
    assert problems.read_retry_after({} if value is None else {"Retry-After": value}) is None


def test_the_error_carries_the_pause_that_the_server_asked_for() -> None:
    assert error_from(429, b"", {"Retry-After": "12"}).retry_after_s == 12.0
    assert error_from(429).retry_after_s is None
