"""Sending, repeating, redirects and refused answers, faked at the transport."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, TypeVar

import pytest
import requests
import responses
from requests_toolbelt.multipart.encoder import MultipartEncoder
from urllib3.exceptions import NewConnectionError, ProtocolError

from talkvalue_cli.errors import (
    AuthError,
    NetworkError,
    NotFoundError,
    RefusedError,
    TalkValueError,
    UnexpectedAnswerError,
)
from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, make_session
from tests.unit.wire import TOKEN, make_client

T = TypeVar("T")
BASE = "http://api.test"
URL = f"{BASE}/path/thing"


def never_sent() -> requests.ConnectionError:
    """Return what requests raises when nobody listens."""
    cause = NewConnectionError(None, "refused")  # type: ignore[arg-type]
    return requests.ConnectionError(cause)


def broken() -> requests.ConnectionError:
    """Return what requests raises when a connection breaks after the request was sent."""
    return requests.ConnectionError(ProtocolError("aborted", ConnectionResetError(104, "reset")))


def test_get_returns_the_value_and_the_time_of_the_server(http: responses.RequestsMock) -> None:
    headers = {"Date": "Mon, 23 Nov 2026 08:00:00 GMT"}
    http.get(URL, json={"b": 1, "a": None}, headers=headers)
    answer = make_client(BASE)[0].get("/path/thing")
    assert answer.value == {"b": 1, "a": None}
    assert list(answer.value) == ["b", "a"]
    assert answer.server_time == datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
    assert answer.request == "GET /path/thing"


@pytest.mark.parametrize("date", [None, "soon", ""])
def test_a_date_that_cannot_be_told_is_none(http: responses.RequestsMock, date: str | None) -> None:
    http.get(URL, json={}, headers={"Date": date} if date is not None else {})
    assert make_client(BASE)[0].get("/path/thing").server_time is None


def test_a_request_carries_token_and_user_agent(http: responses.RequestsMock) -> None:
    http.get(URL, json={})
    make_client(BASE)[0].get("/path/thing")
    sent = http.calls[0].request
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["User-Agent"].startswith("talkvalue-cli/")
    assert sent.headers["Accept"] == "*/*"
    assert "Content-Type" not in sent.headers


def test_parameters_that_are_none_are_left_out(http: responses.RequestsMock) -> None:
    http.get(f"{URL}?pageSize=5", json={})
    make_client(BASE)[0].get("/path/thing", {"pageNumber": None, "pageSize": 5})
    assert http.calls[0].request.url == f"{URL}?pageSize=5"


def test_a_base_path_is_kept(http: responses.RequestsMock) -> None:
    http.get(f"{BASE}/base/path/thing", json=1)
    assert make_client(f"{BASE}/base")[0].get("/path/thing").value == 1


@pytest.mark.parametrize(
    "failure",
    [
        *({"status": status} for status in (408, 425, 429, 500, 502, 503, 504, 522)),
        {"body": broken()},
        {"body": never_sent()},
        {"body": requests.ReadTimeout("slow")},
        {"body": b""},
        {"body": b"<html>"},
    ],
    ids=str,
)
def test_get_is_repeated_with_growing_pauses_after_a_passing_trouble(
    http: responses.RequestsMock, failure: dict[str, Any]
) -> None:
    http.get(URL, **failure)
    http.get(URL, **failure)
    http.get(URL, json={"ok": True})
    client, slept = make_client(BASE)
    assert client.get("/path/thing").value == {"ok": True}
    assert len(slept) == 2
    assert 0.5 <= slept[0] <= 1.0 <= slept[1] <= 2.0


def test_get_is_not_tried_more_than_three_times(http: responses.RequestsMock) -> None:
    for _ in range(3):
        http.get(URL, status=503)
    client, slept = make_client(BASE)
    with pytest.raises(RefusedError) as caught:
        client.get("/path/thing")
    assert caught.value.text == "service unavailable (HTTP 503, GET /path/thing)"
    assert len(slept) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, RefusedError), (401, AuthError), (404, NotFoundError), (409, RefusedError)],
)
def test_get_is_not_repeated_after_a_refusal(
    http: responses.RequestsMock, status: int, kind: type[TalkValueError]
) -> None:
    http.get(URL, status=status)
    client, slept = make_client(BASE)
    with pytest.raises(kind):
        client.get("/path/thing")
    assert slept == []


def test_the_server_decides_how_long_the_pause_is(http: responses.RequestsMock) -> None:
    http.get(URL, status=429, headers={"Retry-After": "7"})
    http.get(URL, status=429, headers={"Retry-After": "0"})
    http.get(URL, json=1)
    client, slept = make_client(BASE)
    client.get("/path/thing")
    assert slept[0] == 7.0
    # zero is no pause at all, and would only be refused again
    assert 1.0 <= slept[1] <= 2.0


def test_a_pause_of_more_than_a_minute_is_reported_instead_of_made(
    http: responses.RequestsMock,
) -> None:
    http.get(URL, status=429, headers={"Retry-After": "61"})
    client, slept = make_client(BASE)
    with pytest.raises(RefusedError) as caught:
        client.get("/path/thing")
    assert caught.value.retry_after_s == 61.0
    assert slept == []


def test_one_look_of_a_wait_is_not_repeated(http: responses.RequestsMock) -> None:
    http.get(URL, status=503)
    client, slept = make_client(BASE)
    with pytest.raises(RefusedError):
        client.for_one_poll(None, lambda: None).get("/path/thing")
    assert slept == []


def test_every_exchange_has_a_limit_and_each_chunk_of_a_download(
    http: responses.RequestsMock,
) -> None:
    limits: list[float | None] = []

    def run(limit_s: float | None, work: Callable[[], T], on_tick: object = None) -> T:
        limits.append(limit_s)
        return work()

    session = make_session(BearerAuth(TOKEN))
    session.run_within = run
    client = Client(session, BASE)
    methods = ("GET", "GET", "GET", "POST", "POST", "POST", "POST", "GET", "GET", "GET")
    for method in methods:
        http.add(method, URL, body=b"1")
    client.get("/path/thing")
    with client.download("/path/thing") as chunks:
        assert limits == [60, 60, 60]
        # the end of the body is found out by asking for more
        assert list(chunks) == [b"1"]
    with client.call("GET", "/path/thing"):
        pass
    assert limits == [60, 60, 60, 60, 60]
    client.post("/path/thing", {})
    client.trigger("/path/thing")
    # a minute to write, five for the server to read it, and 2000 bytes a second
    with client.call("POST", "/path/thing", body=b"x" * 1000):
        pass
    client.upload("/path/thing", lambda: MultipartEncoder({"file": ("a", b"x" * 100_000)}))
    for limit_s in (None, 7, 90):
        client.for_one_poll(limit_s, lambda: None).get("/path/thing")
    assert limits[5:8] == [60, 60, 360.5]
    assert 410 < (limits[8] or 0) < 411
    assert limits[9:] == [30, 7, 30]


@pytest.mark.parametrize(
    ("target", "authorization"),
    [
        (f"{BASE}/moved", f"Bearer {TOKEN}"),
        ("https://api.test/moved", f"Bearer {TOKEN}"),
        ("http://other.test/moved", None),
        ("http://api.test:8080/moved", None),
        ("https://sub.api.test/moved", None),
    ],
)
def test_get_follows_a_redirect_and_gives_the_token_to_nobody_else(
    http: responses.RequestsMock, target: str, authorization: str | None
) -> None:
    http.get(URL, status=302, headers={"Location": target})
    http.get(target, json={"id": 1})
    assert make_client(BASE)[0].get("/path/thing").value == {"id": 1}
    assert http.calls[1].request.headers.get("Authorization") == authorization


def test_the_token_does_not_come_back_when_a_redirect_leads_home_again(
    http: responses.RequestsMock,
) -> None:
    http.get(URL, status=302, headers={"Location": "http://other.test/"})
    http.get("http://other.test/", status=302, headers={"Location": f"{BASE}/home"})
    http.get(f"{BASE}/home", json=1)
    make_client(BASE)[0].get("/path/thing")
    assert [call.request.headers.get("Authorization") for call in http.calls] == [
        *(f"Bearer {TOKEN}", None, None)
    ]


def test_a_circle_of_redirects_is_left_after_five(http: responses.RequestsMock) -> None:
    for _ in range(6):
        http.get(URL, status=302, headers={"Location": URL})
    client, slept = make_client(BASE)
    with pytest.raises(NetworkError) as caught:
        client.get("/path/thing")
    assert caught.value.message == f"{URL} redirects in circles"
    assert slept == []


def test_a_redirect_to_something_else_than_http_is_not_followed(
    http: responses.RequestsMock,
) -> None:
    http.get(URL, status=302, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(NetworkError) as caught:
        make_client(BASE)[0].get("/path/thing")
    assert caught.value.message.startswith(f"cannot use {URL}: ")
    assert not caught.value.is_transient


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "an empty body"),
        (b" \r\n", "an empty body"),
        (b"<html></html>", "something that is not JSON (text/plain)"),
        (b'{"id": 7', "something that is not JSON (text/plain)"),
        (b'{"id": NaN}', "something that is not JSON (text/plain)"),
        (b'{"id": -Infinity}', "something that is not JSON (text/plain)"),
        # a float that Python reads as infinity, and would print as no JSON at all
        (b'{"id": 1e999}', "something that is not JSON (text/plain)"),
        (b'{"id": ' + b"9" * 5000 + b"}", "something that is not JSON (text/plain)"),
        (b'{"name": "\xe9"}', "something that is not JSON (text/plain)"),
        (b"[" * 100_000, "something that is not JSON (text/plain)"),
        (b"{'id': 7}", "something that is not JSON (text/plain)"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_success_that_is_not_strict_json_is_no_success(
    http: responses.RequestsMock, body: bytes, what: str
) -> None:
    http.post(URL, body=body)
    with pytest.raises(UnexpectedAnswerError) as caught:
        make_client(BASE)[0].post("/path/thing", {})
    assert caught.value.text == f"POST /path/thing was answered with {what} (HTTP 200)"
    assert caught.value.is_transient


def test_numbers_keep_all_their_digits(http: responses.RequestsMock) -> None:
    http.get(URL, body=b'{"id": 9007199254740993, "big": 123456789012345678901234567890}')
    value = make_client(BASE)[0].get("/path/thing").value
    assert value == {"id": 9007199254740993, "big": 123456789012345678901234567890}


def test_a_whole_number_has_no_decimals(http: responses.RequestsMock) -> None:
    body = b"[1.0, 0.0, -0.0, -2.0, 3e2, 1e20, 0.98, 1e21, 1.5]"
    http.get(URL, body=body)
    value = make_client(BASE)[0].get("/path/thing").value
    assert repr(value) == "[1, 0, 0, -2, 300, 100000000000000000000, 0.98, 1e+21, 1.5]"


def test_an_answer_that_is_far_too_large_is_not_read_to_its_end(
    http: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talkvalue_cli.transport.responses.LARGEST_JSON", 1 << 20)
    http.get(URL, body=b" " * (2 << 20))
    with pytest.raises(UnexpectedAnswerError, match="the answer is larger than 1 MiB"):
        make_client(BASE)[0].get("/path/thing")


def test_an_error_page_that_is_far_too_large_still_has_its_status(
    http: responses.RequestsMock,
) -> None:
    http.get(URL, status=404, body=b"x" * (2 << 20))
    with pytest.raises(NotFoundError) as caught:
        make_client(BASE)[0].get("/path/thing")
    assert caught.value.text == "not found (HTTP 404, GET /path/thing)"


def test_a_download_hands_out_the_bytes_unchanged(http: responses.RequestsMock) -> None:
    body = b"\xef\xbb\xbfEmail;Name\r\n\xff\x00\n" * 10_000
    http.get(URL, body=body, content_type="text/csv; charset=iso-8859-1")
    with make_client(BASE)[0].download("/path/thing") as chunks:
        assert b"".join(chunks) == body


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"status": 204}, "nothing"),
        ({"body": b"", "content_type": "text/csv"}, "nothing"),
        ({"json": {"rows": []}}, "application/json"),
        ({"body": b"<html>", "content_type": "text/html; charset=utf-8"}, "text/html"),
        ({"body": b"<html>", "content_type": "Text/HTML"}, "text/html"),
        ({"body": b"{}", "content_type": "application/problem+json"}, "application/problem+json"),
    ],
)
def test_a_download_refuses_what_is_certainly_no_csv(
    http: responses.RequestsMock, settings: dict[str, Any], what: str
) -> None:
    http.get(URL, **settings)
    client = make_client(BASE)[0]
    with pytest.raises(UnexpectedAnswerError) as caught, client.download("/path/thing"):
        pytest.fail("it was taken for CSV")
    assert caught.value.message == f"GET /path/thing should answer with CSV, not {what}"


def test_a_download_is_repeated_until_it_has_begun(http: responses.RequestsMock) -> None:
    http.get(URL, status=502)
    http.get(URL, body=b"Email\n", content_type="text/csv")
    client, slept = make_client(BASE)
    with client.download("/path/thing") as chunks:
        assert list(chunks) == [b"Email\n"]
    assert len(slept) == 1


def test_a_refused_download_has_the_error_of_its_problem_document(
    http: responses.RequestsMock,
) -> None:
    http.get(URL, status=404, json={"detail": "no such import"})
    client = make_client(BASE)[0]
    with pytest.raises(NotFoundError) as caught, client.download("/path/thing"):
        pytest.fail("there is nothing to read")
    assert caught.value.text == "no such import (HTTP 404, GET /path/thing)"
