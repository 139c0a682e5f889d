"""What --verbose shows, and what nobody ever sees."""

from __future__ import annotations

import re

import pytest
import responses

from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, make_session
from talkvalue_cli.transport.trace import Trace

BASE = "http://api.test"
URL = f"{BASE}/path/thing"
TOKEN = "tok-3f9a1c77e2"


def make_traced(*, is_verbose: bool) -> tuple[Client, list[str], list[str]]:
    """Return a client, the lines for people, and the lines of --verbose."""
    told: list[str] = []
    told_all: list[str] = []
    trace = Trace(told.append, told_all.append if is_verbose else None)
    session = make_session(BearerAuth(TOKEN))
    return Client(session, BASE, sleep=lambda _: None, trace=trace), told, told_all


def test_a_request_and_its_answer_are_shown_without_the_token(http: responses.RequestsMock) -> None:
    headers = {"Set-Cookie": "session=abc", "X-Request-Id": "r1"}
    http.post(URL, json={"id": 1}, headers=headers)
    client, told, lines = make_traced(is_verbose=True)
    client.post("/path/thing", {"name": "x"})
    assert told == []
    assert lines[0] == f"> POST {URL}"
    assert "> Authorization: ***" in lines
    assert '> {"name": "x"}' in lines
    assert f"< 200 OK {URL}" in lines
    assert "< X-Request-Id: r1" in lines
    assert "< Set-Cookie: ***" in lines
    assert '< {"id": 1}' in lines
    assert sum(bool(re.fullmatch(r"< after \d+\.\d{3} s", line)) for line in lines) == 1
    assert not any(TOKEN in line or "session=abc" in line for line in lines)


def test_a_refused_answer_is_shown_with_its_body(http: responses.RequestsMock) -> None:
    http.post(URL, status=409, body=b"<html>taken</html>")
    client, _, lines = make_traced(is_verbose=True)
    with pytest.raises(Exception, match="conflict"):
        client.post("/path/thing", {})
    assert f"< 409 Conflict {URL}" in lines
    assert lines[-1] == "< <html>taken</html>"


def test_each_step_of_a_redirect_is_shown(http: responses.RequestsMock) -> None:
    http.get(URL, status=302, headers={"Location": "http://other.test/b"})
    http.get("http://other.test/b", json=1)
    client, _, lines = make_traced(is_verbose=True)
    client.get("/path/thing")
    steps = [line for line in lines if line.startswith(("< 2", "< 3"))]
    assert steps == [f"< 302 Found {URL}", "< 200 OK http://other.test/b"]


def test_a_long_body_is_shown_in_part(http: responses.RequestsMock) -> None:
    body = b'"' + b"x" * 3000 + b'"'
    http.get(URL, body=body)
    client, _, lines = make_traced(is_verbose=True)
    client.get("/path/thing")
    assert lines[-1] == '< "' + "x" * 1999 + " … (3002 bytes)"


def test_without_verbose_nothing_is_said_about_a_good_answer(http: responses.RequestsMock) -> None:
    http.get(URL, json={})
    client, told, lines = make_traced(is_verbose=False)
    client.get("/path/thing")
    assert (told, lines) == ([], [])


@pytest.mark.parametrize("is_verbose", [True, False])
def test_a_repetition_is_told_once_with_its_cause(
    http: responses.RequestsMock, is_verbose: bool
) -> None:
    http.get(URL, status=429, headers={"Retry-After": "7"})
    http.get(URL, json={})
    client, told, lines = make_traced(is_verbose=is_verbose)
    client.get("/path/thing")
    text = "too many requests (HTTP 429, GET /path/thing); trying again in 7s"
    assert [line for line in told + lines if "again" in line] == [text]


def test_sandbox_that_answers_is_passed_on_once(http: responses.RequestsMock) -> None:
    for _ in range(2):
        http.get(URL, json={}, headers={"X-TalkValue-Sandbox": "1"})
    met: list[bool] = []
    trace = Trace(lambda line: None, on_sandbox=lambda: met.append(True))
    client = Client(make_session(BearerAuth(TOKEN)), BASE, sleep=lambda _: None, trace=trace)
    client.get("/path/thing")
    client.get("/path/thing")
    assert met == [True]
