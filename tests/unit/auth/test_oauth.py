"""What is sent to the sign-in server, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses

from talkvalue_cli import __version__
from talkvalue_cli.auth.oauth import OAuthError, OAuthServer
from talkvalue_cli.errors import NetworkError, RefusedError, TalkValueError, UnexpectedAnswerError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.transport.session import NoAuth, make_session
from tests.unit.auth.sessions import AUTH, DEVICE_URL, TOKEN_URL

GRANT = {
    "device_code": "secret-device-code",
    "user_code": "ABCD-EFGH",
    "verification_uri": "https://auth.test/device",
    "verification_uri_complete": "https://auth.test/device?user_code=ABCD-EFGH",
    "expires_in": 300,
    "interval": 7,
}


def make_server(told: list[str] | None = None) -> OAuthServer:
    session = make_session(NoAuth())
    tell = (lambda line: None) if told is None else told.append
    return OAuthServer(session, AUTH, "client_1", tell=tell)


def sent(http: responses.RequestsMock) -> requests.PreparedRequest:
    """Return the one request that was sent."""
    (call,) = http.calls
    return call.request


def form_of(request: requests.PreparedRequest) -> dict[str, list[str]]:
    assert isinstance(request.body, str)
    return parse_qs(request.body, strict_parsing=True)


def test_a_sign_in_begins_with_a_form(http: responses.RequestsMock) -> None:
    http.post(DEVICE_URL, json=GRANT)
    grant = make_server().begin_device_grant()
    assert grant == (
        "secret-device-code",
        "ABCD-EFGH",
        "https://auth.test/device",
        "https://auth.test/device?user_code=ABCD-EFGH",
        300.0,
        7.0,
    )
    request = sent(http)
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["User-Agent"] == f"talkvalue-cli/{__version__}"
    assert form_of(request) == {
        "client_id": ["client_1"],
        "scope": ["openid profile email offline_access"],
    }


def test_a_poll_is_a_form(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, json={"access_token": "a"})
    assert make_server().ask_for_tokens("secret-device-code") == {"access_token": "a"}
    request = sent(http)
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert form_of(request) == {
        "client_id": ["client_1"],
        "device_code": ["secret-device-code"],
        "grant_type": ["urn:ietf:params:oauth:grant-type:device_code"],
    }


@pytest.mark.parametrize(
    ("organization_id", "more"), [("", {}), ("org_7", {"organization_id": "org_7"})]
)
def test_a_refresh_is_json(
    http: responses.RequestsMock, organization_id: str, more: dict[str, str]
) -> None:
    http.post(TOKEN_URL, json={"access_token": "a"})
    make_server().refresh("refresh-1", organization_id)
    request = sent(http)
    assert request.headers["Content-Type"] == "application/json"
    assert request.body is not None
    assert json.loads(request.body) == {
        "client_id": "client_1",
        "grant_type": "refresh_token",
        "refresh_token": "refresh-1",
        **more,
    }


def test_no_request_carries_a_token_or_an_entry_of_netrc(
    http: responses.RequestsMock, own_home: Any
) -> None:
    (own_home / ".netrc").write_text("machine auth.test login a password b\n")
    (own_home / ".netrc").chmod(0o600)
    http.post(DEVICE_URL, json=GRANT)
    http.post(TOKEN_URL, json={})
    http.post(TOKEN_URL, json={})
    server = make_server()
    server.begin_device_grant()
    server.ask_for_tokens("d")
    server.refresh("r")
    assert ["Authorization" in call.request.headers for call in http.calls] == [False] * 3


@pytest.mark.parametrize(
    ("members", "life_s", "interval_s"),
    [
        ({}, 900.0, 5.0),
        ({"expires_in": None, "interval": "2"}, 900.0, 5.0),
        ({"expires_in": True, "interval": -1}, 900.0, 5.0),
        ({"expires_in": 1e12, "interval": 0}, 900.0, 0.0),
        ({"expires_in": 30.5, "interval": 1.5}, 30.5, 1.5),
    ],
)
def test_a_grant_without_times_has_those_of_the_rfc(
    http: responses.RequestsMock, members: dict[str, Any], life_s: float, interval_s: float
) -> None:
    codes = {key: GRANT[key] for key in ("device_code", "user_code", "verification_uri")}
    http.post(DEVICE_URL, json={**codes, **members})
    grant = make_server().begin_device_grant()
    assert (grant.complete_uri, grant.life_s, grant.interval_s) == ("", life_s, interval_s)


NO_REASON = "the sign-in server refuses: it gives no reason"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("device_code", 7), ("user_code", 7), ("verification_uri", 7)),
        # it goes back in a form
        ("device_code", "half a character: \ud800"),
    ],
)
def test_a_grant_without_a_code_that_can_be_sent_is_an_error(
    http: responses.RequestsMock, key: str, value: Any
) -> None:
    http.post(DEVICE_URL, json={**GRANT, key: value})
    with pytest.raises(UnexpectedAnswerError) as caught:
        make_server().begin_device_grant()
    assert caught.value.message == "https://auth.test began no sign-in: codes are missing"


@pytest.mark.parametrize(
    ("status", "body", "message", "said", "error"),
    [
        (400, {"error": "invalid_grant"}, "invalid_grant", "invalid_grant", "invalid_grant"),
        (
            400,
            {"error": "slow_down", "error_description": "Too\nfast"},
            "Too\nfast",
            "Too fast",
            "slow_down",
        ),
        (401, {"error": 7, "error_description": None}, NO_REASON, "it gives no reason", ""),
        (403, [], NO_REASON, "it gives no reason", ""),
        (404, {"message": "no"}, NO_REASON, "it gives no reason", ""),
    ],
)
def test_a_refusal_is_told_in_the_servers_own_words(
    http: responses.RequestsMock, status: int, body: Any, message: str, said: str, error: str
) -> None:
    http.post(TOKEN_URL, status=status, json=body)
    with pytest.raises(OAuthError) as caught:
        make_server().refresh("refresh-1")
    assert caught.value.message == message
    assert caught.value.text == (
        f"the sign-in server refuses: {said} (HTTP {status}, POST /user_management/authenticate)"
    )
    assert caught.value.details == {
        "status": status,
        "method": "POST",
        "path": "/user_management/authenticate",
    }
    assert caught.value.error == error
    assert (code_of(caught.value), caught.value.is_transient) == (3, False)


def test_a_redirect_is_not_followed(http: responses.RequestsMock) -> None:
    """The mock fails the test when anything else than the one request is sent."""
    http.post(TOKEN_URL, status=307, headers={"Location": "https://evil.test/"})
    with pytest.raises(UnexpectedAnswerError) as caught:
        make_server().refresh("refresh-1")
    assert caught.value.message == (
        "POST /user_management/authenticate was answered with a redirect, which is not followed "
        "(HTTP 307)"
    )
    assert len(http.calls) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_does_not_work_is_worth_another_try(
    http: responses.RequestsMock, status: int
) -> None:
    http.post(TOKEN_URL, status=status, body="<html>", headers={"Retry-After": "12"})
    with pytest.raises(RefusedError) as caught:
        make_server().ask_for_tokens("d")
    assert caught.value.message == "the sign-in server does not work: no reason given"
    assert caught.value.text == (
        "the sign-in server does not work: no reason given "
        f"(HTTP {status}, POST /user_management/authenticate)"
    )
    assert caught.value.is_transient
    assert caught.value.retry_after_s == 12
    assert code_of(caught.value) == 1


def test_a_lost_connection_is_worth_another_try(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, body=requests.ConnectionError("reset"))
    with pytest.raises(NetworkError) as caught:
        make_server().ask_for_tokens("d")
    assert caught.value.is_transient
    assert f"lost contact with {TOKEN_URL}" in caught.value.message


@pytest.mark.parametrize("body", ["[]", '"x"', "null"])
def test_a_success_that_is_no_object_is_an_error(http: responses.RequestsMock, body: str) -> None:
    http.post(TOKEN_URL, body=body)
    with pytest.raises(UnexpectedAnswerError):
        make_server().ask_for_tokens("d")


def test_secrets_are_neither_told_nor_in_messages(http: responses.RequestsMock) -> None:
    http.post(DEVICE_URL, json=GRANT)
    http.post(TOKEN_URL, json={"access_token": "secret-access", "refresh_token": "secret-next"})
    http.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})
    http.post(TOKEN_URL, body="secret-access", status=200)
    told: list[str] = []
    server = make_server(told)
    shown = [repr(server.begin_device_grant())]
    server.ask_for_tokens("secret-device-code")
    for _ in range(2):
        with pytest.raises(TalkValueError) as caught:
            server.refresh("secret-refresh")
        shown += [caught.value.message, str(caught.value.hint), str(caught.value.details)]
    assert "secret-" not in "".join([*told, *shown])
    assert told[2:4] == [f"> POST {TOKEN_URL} (the body is secret)", f"< 200 OK {TOKEN_URL}"]
