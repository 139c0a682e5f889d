"""PUT, PATCH, DELETE and POST without a body: sent once, and believed only when confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError

from talkvalue_cli.errors import RefusedError, TalkValueError, UnexpectedAnswerError
from talkvalue_cli.transport.client import Client
from tests.unit.wire import make_client

BASE = "http://api.test"
URL = f"{BASE}/path/thing"
JSON_WRITES: dict[str, Callable[[Client], Any]] = {
    "POST": lambda client: client.post("/path/thing", {"a": None}),
    "PUT": lambda client: client.put("/path/thing", {"a": None}),
    "PATCH": lambda client: client.patch("/path/thing", {"a": None}),
}
BARE_WRITES: dict[str, Callable[[Client], Any]] = {
    "DELETE": lambda client: client.delete("/path/thing"),
    "POST": lambda client: client.trigger("/path/thing"),
}
WRITES = [*JSON_WRITES.items(), *BARE_WRITES.items()]


@pytest.mark.parametrize("method", JSON_WRITES)
def test_a_json_write_sends_its_nulls_and_returns_the_answer(
    http: responses.RequestsMock, method: str
) -> None:
    http.add(method, URL, json={"id": 1})
    assert JSON_WRITES[method](make_client(BASE)[0]).value == {"id": 1}
    sent = http.calls[0].request
    assert (sent.body, sent.headers["Content-Type"]) == (b'{"a": null}', "application/json")


@pytest.mark.parametrize("method", BARE_WRITES)
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 204},
        {"status": 200, "body": b""},
        {"status": 200, "body": b" \n"},
        {"status": 200, "json": {"id": 7}},
        {"status": 200, "body": b"null", "content_type": "text/plain"},
    ],
    ids=str,
)
def test_a_bare_write_is_confirmed_by_nothing_or_json(
    http: responses.RequestsMock, method: str, answer: dict[str, Any]
) -> None:
    http.add(method, URL, **answer)
    BARE_WRITES[method](make_client(BASE)[0])
    sent = http.calls[0].request
    assert sent.body is None
    assert "Content-Type" not in sent.headers
    assert sent.headers["Content-Length"] == "0"


@pytest.mark.parametrize("method", BARE_WRITES)
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            {"status": 200, "body": b"<html>log in</html>", "content_type": "text/html"},
            "{} /path/thing was answered with something that is not JSON (text/html) (HTTP 200)",
        ),
        ({"status": 200, "body": b"OK"}, None),
        ({"status": 202}, "{} /path/thing was answered with HTTP 202, which confirms nothing"),
    ],
    ids=str,
)
def test_a_bare_write_is_not_confirmed_by_anything_else(
    http: responses.RequestsMock, method: str, answer: dict[str, Any], message: str | None
) -> None:
    http.add(method, URL, **answer)
    with pytest.raises(UnexpectedAnswerError) as caught:
        BARE_WRITES[method](make_client(BASE)[0])
    if message:
        assert caught.value.message == message.format(method)
    # it may have been done all the same
    assert caught.value.is_transient


def test_a_post_without_a_body_returns_its_answer(http: responses.RequestsMock) -> None:
    http.post(URL, json={"id": 5})
    assert make_client(BASE)[0].post("/path/thing").value == {"id": 5}
    sent = http.calls[0].request
    assert (sent.body, sent.headers["Content-Length"]) == (None, "0")
    assert "Content-Type" not in sent.headers


BROKEN = requests.ConnectionError(ProtocolError("aborted", ConnectionResetError(104, "reset")))


@pytest.mark.parametrize(("method", "write"), WRITES)
@pytest.mark.parametrize(
    "failure",
    [
        *({"status": status} for status in (404, 408, 425, 500, 502, 503, 504, 520)),
        {"status": 429, "headers": {"Retry-After": "1"}},
        {"body": BROKEN},
        {"body": requests.ReadTimeout("slow")},
        {"body": requests.exceptions.ChunkedEncodingError("cut")},
        {"body": requests.exceptions.SSLError("handshake")},
        {"body": b"<html>", "status": 200},
    ],
    ids=str,
)
def test_a_write_that_may_have_arrived_is_sent_once(
    http: responses.RequestsMock,
    method: str,
    write: Callable[[Client], Any],
    failure: dict[str, Any],
) -> None:
    http.add(method, URL, **failure)
    client, slept = make_client(BASE)
    with pytest.raises(TalkValueError) as caught:
        write(client)
    assert not caught.value.was_never_sent
    assert slept == []


@pytest.mark.parametrize(("method", "write"), WRITES)
@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError(NewConnectionError(None, "refused")),  # type: ignore[arg-type]
        requests.ConnectTimeout(ConnectTimeoutError(None, "no connection")),
    ],
    ids=["refused", "connect timeout"],
)
def test_a_write_that_reached_nobody_is_sent_again_as_it_was(
    http: responses.RequestsMock,
    method: str,
    write: Callable[[Client], Any],
    failure: requests.RequestException,
) -> None:
    http.add(method, URL, body=failure)
    http.add(method, URL, json={})
    client, slept = make_client(BASE)
    write(client)
    assert len(slept) == 1
    assert http.calls[1].request.body == http.calls[0].request.body


@pytest.mark.parametrize(("method", "write"), WRITES)
@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_write_does_not_follow_a_redirect(
    http: responses.RequestsMock, method: str, write: Callable[[Client], Any], status: int
) -> None:
    http.add(method, URL, status=status, headers={"Location": f"{BASE}/elsewhere"})
    with pytest.raises(RefusedError, match=f"redirected to {BASE}/elsewhere"):
        write(make_client(BASE)[0])
